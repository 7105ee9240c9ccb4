"""Parts 3 and 4 of the closing report: what the municipality said, and the figures.

Nothing here is typed: every figure comes from the register, the ledger or the log of
notices, and the same figure in two places comes from the same query (R-5.6.2c–d).
"""

from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.analysis.snapshot import count
from wagtail_eparticipation.archive.chapter_polls import report_polls
from wagtail_eparticipation.archive.chapter_surveys import report_surveys
from wagtail_eparticipation.archive.communication_log import messages_of
from wagtail_eparticipation.archive.report_articles import opinions_on_articles
from wagtail_eparticipation.archive.report_blocks import (
    Block,
    facts,
    heading,
    isolate,
    note,
    share,
    table,
    text,
)
from wagtail_eparticipation.archive.report_communications import said
from wagtail_eparticipation.archive.report_imports import import_blocks
from wagtail_eparticipation.archive.report_reports import content_reports
from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import PublicationAct
from wagtail_eparticipation.languages import content_languages, pick
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Capacity,
    Channel,
    Participation,
    State,
)


def communications(consultation, report, language: str) -> Iterable[Block]:
    """Part 3: publications, notices and replies during the collection."""
    yield heading(_("Publication"))
    yield table(
        _("Where the topic was made known"),
        [_("Medium"), _("Account"), _("State"), _("When"), _("Address or reason")],
        [
            [
                act.medium,
                act.account or "–",
                act.get_state_display(),
                instant_words(act.happened_at, language) or "–",
                isolate(act.url) if act.url else pick(act.reason, language) or "–",
            ]
            for act in consultation.publication_acts.order_by("happened_at", "id")
        ],
        empty=_("The topic was published on the portal only."),
    )
    not_used = consultation.publication_acts.filter(
        state=PublicationAct.State.NOT_USED
    ).count()
    if not_used:
        yield note(_("Media that were planned but not used are listed with reason."))
    yield heading(_("Messages to participants and staff"))
    yield table(
        _("Messages by kind and result"),
        [_("Kind"), _("Result"), pgettext("count", "Number"), _("First")],
        [
            [
                row.kind_label,
                row.result_label,
                row.number,
                date_words(row.first, language),
            ]
            for row in messages_of(consultation)
        ],
        numeric=[2],
        empty=_("No messages were sent."),
    )
    yield heading(_("What the municipality said"))
    yield from said(consultation, language)
    replies = consultation.ledger_events.filter(kind="communication.reply").count()
    yield facts([(_("Official replies in the discussion"), replies)])
    if report.communication_remarks:
        yield heading(_("Remarks"))
        yield text(pick(report.communication_remarks, language))


def statistics(consultation, report, language: str) -> Iterable[Block]:
    """Part 4: counts that reconcile with the closing snapshot and its addenda."""
    counts = count(consultation)
    yield facts(
        [
            (_("Participations in the register"), counts["rows"]),
            (_("Of these counted"), counts["counted"]),
            (_("Figures as of"), instant_words(report_instant(report), language)),
        ]
    )
    yield text(
        _(
            "Counted are participations that were received in time and not refused,"
            " withdrawn, quarantined or passed on as complaints. Each table below adds"
            " up to the number counted, the first one to the whole register."
        )
    )
    yield from _tables(counts)
    yield _refusals(consultation, language)
    yield from content_reports(consultation)
    yield _days(consultation, language)
    yield from opinions_on_articles(consultation, language)
    yield from report_surveys(consultation, language)
    yield from import_blocks(consultation, language)
    yield from report_polls(consultation, language)
    yield from _reconciliation(consultation, counts, language)
    yield heading(_("Limits of the figures"))
    yield text(pick(report.interpretation, language))


def report_instant(report):
    """The instant of a report's figures: its approval, or the present."""
    from wagtail_eparticipation import clock

    return report.approved_at or clock.now()


def _tables(counts: Mapping) -> Iterable[Block]:
    languages = dict(content_languages())
    labelled = (
        (_("By state"), "state", dict(State.choices)),
        (_("By channel"), "channel", dict(Channel.choices)),
        (_("By language"), "language", languages),
        (_("By tool"), "tool", {each.code: each.label for each in tools.registered()}),
        (_("By capacity"), "capacity", dict(Capacity.choices)),
    )
    for caption, dimension, labels in labelled:
        found = counts[dimension]
        total = sum(found.values())
        rows = [
            [str(labels.get(key, key)), number, share(number, total)]
            for key, number in sorted(found.items(), key=lambda pair: -pair[1])
        ]
        rows.append([_("Total"), total, share(total, total)])
        yield table(
            caption,
            [_("Group"), pgettext("count", "Number"), _("Share")],
            rows if total else [],
            numeric=[1, 2],
            empty=_("Nothing to count."),
        )


def _refusals(consultation, language: str) -> Block:
    policy = policy_for(consultation)
    refused = (
        ModerationDecision.objects.in_force()
        .filter(
            participation__consultation=consultation,
            participation__state__in=[State.REFUSED, State.TAKEN_DOWN],
            outcome__in=["refuse", "take_down"],
        )
        .exclude(reason_code="")
        .values("reason_code", "clause")
        .annotate(number=Count("participation", distinct=True))
        .order_by("-number", "reason_code")
    )
    return table(
        _("Refused or taken down, by reason"),
        [_("Reason"), _("Clause"), pgettext("count", "Number")],
        [
            [
                policy.reason(row["reason_code"]).label.in_language(language)
                if policy
                else row["reason_code"],
                isolate(row["clause"]),
                row["number"],
            ]
            for row in refused
        ],
        numeric=[2],
        empty=_("Nothing was refused or taken down."),
    )


def policy_for(consultation):
    """The pinned policy, or ``None`` before one is pinned."""
    from wagtail_eparticipation.policy.reading import policy_of

    version = consultation.policy_version
    return policy_of(version) if version else None


def _days(consultation, language: str) -> Block:
    days = (
        Participation.objects.filter(consultation=consultation, state__in=COUNTED)
        .annotate(day=TruncDate("received_at", tzinfo=municipal_zone()))
        .values("day")
        .annotate(number=Count("pk"))
        .order_by("day")
    )
    return table(
        _("By day of receipt"),
        [_("Day"), pgettext("count", "Number")],
        [[date_words(row["day"], language), row["number"]] for row in days],
        numeric=[1],
        empty=_("Nothing to count."),
    )


def _reconciliation(consultation, counts, language: str) -> Iterable[Block]:
    yield table(
        _("Frozen numbers"),
        [_("Number"), _("Kind"), _("Taken"), _("Counted"), _("Checksum")],
        [
            [
                snapshot.number,
                snapshot.get_kind_display(),
                instant_words(snapshot.taken_at, language),
                snapshot.counted,
                isolate(snapshot.checksum[:16]),
            ]
            for snapshot in consultation.snapshots.order_by("number")
        ],
        numeric=[0, 3],
        empty=_("The period never closed, so nothing was frozen."),
    )
    last = consultation.snapshots.order_by("-number").first()
    if last is None:
        return
    if difference := difference_explained(consultation, last, counts):
        yield note(difference)
    else:
        yield note(_("The figures of this report equal the last frozen numbers."))


def difference_explained(consultation, snapshot: Snapshot, counts) -> str:
    """Why the register differs from its last snapshot; empty when it does not.

    After closing only moderation and admissions change states; rows are never
    removed, so the difference is always one of states and is said as such, also
    where it leaves the number counted as it was.
    """
    moved = {
        state: counts["state"].get(state, 0) - snapshot.counts["state"].get(state, 0)
        for state in State.values
    }
    changes = [
        _("%(state)s: %(change)s")
        % {"state": State(state).label, "change": isolate(f"{number:+d}")}
        for state, number in moved.items()
        if number
    ]
    if not changes:
        return ""
    return _(
        "Since the last frozen numbers (%(frozen)d counted) decisions on single"
        " participations changed states: %(changes)s. Counted now: %(now)d."
    ) % {
        "frozen": snapshot.counted,
        "changes": "؛ ".join(changes),
        "now": counts["counted"],
    }
