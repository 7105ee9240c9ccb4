"""Mails about answers that stand in public: to who asked, and to a whole campaign."""

from typing import Any

from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.notifications import links
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.participations.models import COUNTED, Identity
from wagtail_eparticipation.replies.campaign_receipts import place_of
from wagtail_eparticipation.replies.campaigns import CampaignReply
from wagtail_eparticipation.replies.clarifications import Clarification
from wagtail_eparticipation.replies.models import CaseIdentity

Context = dict[str, Any] | None


def clarified(notice: Notice, about: dict[str, str]) -> Context:
    """Where the answer stands for everybody; nothing once it was withdrawn."""
    found = Clarification.objects.get(pk=notice.data["clarification"])
    page = links.page_url(notice.consultation, notice.language)
    if found.is_withdrawn or not page:
        return None
    return {**about, "public_url": f"{page}questions/{found.key}/"}


def campaign(notice: Notice, about: dict[str, str]) -> Context:
    """The reply to all; nothing to whom withdrew, nor once it was taken back."""
    if notice.participation.state not in COUNTED:
        return None
    reply = CampaignReply.objects.select_related(
        "consultation", "comment", "clarification"
    ).get(pk=notice.data["reply"])
    if reply.is_gone:
        return None
    return {
        **about,
        "number": notice.participation.number,
        "answer": reply.text,
        "public_url": place_of(reply, notice.language, absolute=True),
    }


@receiver(signals.clarification_published, dispatch_uid="eparticipation_notice_public")
def tell_who_asked(clarification, answered, now, **kwargs):
    """Who asked is told where it stands; the answer itself says it where it is new."""
    case = clarification.case
    if case is None or answered:
        return
    if not CaseIdentity.objects.filter(case=case, has_contact=True).exists():
        return
    queue(
        [
            new_notice(
                clarification.consultation,
                Kind.CLARIFIED,
                clarification.pk,
                language=case.language,
                now=now,
                case=case,
                clarification=clarification.pk,
            )
        ]
    )


@receiver(signals.campaign_replied, dispatch_uid="eparticipation_notice_campaign")
def tell_members(reply, participations, now, **kwargs):
    """One mail a person, with the code of their own receipt; in bulk."""
    rows = Identity.objects.filter(
        participation__in=participations, has_contact=True
    ).order_by("participation_id")
    values = rows.values_list("participation_id", "contact_hash", "language")
    queue(
        [
            new_notice(
                reply.consultation,
                Kind.CAMPAIGN,
                reply.pk,
                contact or f"participation:{pk}",
                language=language,
                now=now,
                participation_id=pk,
                reply=reply.pk,
            )
            for pk, contact, language in values
        ]
    )
