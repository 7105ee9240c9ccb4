"""What came in by each tool and channel, and what became of it (R-4.1h, R-4.3)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.channel_table import kinds_of, off_reason
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Channel,
    Participation,
    State,
)
from wagtail_eparticipation.replies.campaigns import CampaignMember
from wagtail_eparticipation.replies.models import CaseAnswer

#: What never was part of the register, or is not any more.
_NOT_RECEIVED = frozenset({State.UNCONFIRMED, State.ROLLED_BACK})


@dataclass(frozen=True)
class ChannelCount:
    """One tool in one channel.

    ``received`` is ``accepted + refused + rerouted + quarantined + late + withdrawn``;
    what waits in quarantine is in no other figure (R-7.9b). ``withdrawn`` are also
    those that a later one of the same person replaced or that were counted by another
    channel. ``answered`` are those with an official reply, their own or to their
    campaign, or with a reference of the complaint service.
    """

    channel: str
    channel_label: str
    tool_label: str
    received: int = 0
    accepted: int = 0
    refused: int = 0
    rerouted: int = 0
    quarantined: int = 0
    late: int = 0
    withdrawn: int = 0
    answered: int = 0
    named: bool = True
    off: str = ""


def counts_of(consultation) -> list[ChannelCount]:
    """Every channel of the table of means, and any other that was used.

    One aggregate query; a channel by which nothing came stands with zeros.
    """
    found: dict[str, list[dict]] = {}
    for row in _aggregate(consultation):
        found.setdefault(row["channel"], []).append(row)
    named = kinds_of(consultation)
    window = getattr(consultation, "window", None)
    labels = dict(Channel.choices)
    rows = []
    for channel in dict.fromkeys([*named, *found]):
        common = {
            "channel": channel,
            "channel_label": labels.get(channel, channel),
            "named": channel in named,
            "off": off_reason(window, channel),
        }
        for row in found.get(channel, [{"tool": ""}]):
            numbers = {key: row[key] for key in _NUMBERS if key in row}
            settled = (numbers.get(key, 0) for key in _SETTLED)
            rows.append(
                ChannelCount(
                    **common,
                    **numbers,
                    tool_label=_tool_label(row["tool"]),
                    withdrawn=numbers.get("received", 0) - sum(settled),
                )
            )
    return rows


#: Together with those withdrawn, all that was received.
_SETTLED = ("accepted", "refused", "rerouted", "quarantined", "late")
_NUMBERS = ("received", *_SETTLED, "answered")


def _tool_label(code: str) -> str:
    if not code:
        return _("None")
    try:
        return str(tools.get(code).label)
    except tools.UnknownTool:
        return code


def replied_to(consultation) -> int:
    """How many of those received have a reply, in public or by their case alone."""
    in_private = CaseAnswer.objects.filter(case__about=OuterRef("pk"))
    return _received(consultation).filter(_in_public() | Q(Exists(in_private))).count()


def _received(consultation):
    return Participation.objects.filter(consultation=consultation).exclude(
        state__in=_NOT_RECEIVED
    )


def _in_public() -> Q:
    official = PublishedComment.objects.filter(
        Q(root__participation=OuterRef("pk"))
        | Q(reply_to__participation=OuterRef("pk")),
        is_official=True,
        is_removed=False,
    )
    with_campaign = CampaignMember.objects.filter(participation=OuterRef("pk"))
    return Q(Exists(official)) | Q(Exists(with_campaign)) | Q(handover__state="handed")


def _aggregate(consultation):
    return (
        _received(consultation)
        .order_by("channel", "tool")
        .values("channel", "tool")
        .annotate(
            received=Count("pk"),
            accepted=Count("pk", filter=Q(state__in=COUNTED)),
            refused=Count("pk", filter=Q(state=State.REFUSED)),
            rerouted=Count("pk", filter=Q(state=State.REROUTED)),
            quarantined=Count("pk", filter=Q(state=State.QUARANTINED)),
            late=Count("pk", filter=Q(state=State.LATE)),
            answered=Count("pk", filter=_in_public()),
        )
    )
