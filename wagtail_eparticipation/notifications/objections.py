"""What is told about an objection: to its author, and to those who decide."""

from typing import Any

from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.notifications import links
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.notifications.recipients import language_if_contact
from wagtail_eparticipation.participations.receipts import code_matching


@receiver(signals.objection_decided, dispatch_uid="eparticipation_notice_objection")
def tell_author(objection, now, **kwargs):
    """What became of it, with the answer; not where the author settled it."""
    if objection.state == Objection.State.SUPERSEDED:
        return
    participation = objection.participation
    language = language_if_contact(participation)
    if language is None:
        return
    queue(
        [
            new_notice(
                participation.consultation,
                Kind.OBJECTION,
                objection.pk,
                language=language,
                now=now,
                participation_id=participation.pk,
                objection=objection.pk,
            )
        ]
    )


def objection(notice: Notice) -> dict[str, Any]:
    """The outcome and the answer; no moderator's name."""
    made = Objection.objects.get(pk=notice.data["objection"])
    participation = notice.participation
    return {
        "code": code_matching(
            participation.idempotency_key, participation.receipt_hash
        ),
        "receipt_url": links.receipt_url(notice.language),
        "number": notice.participation.number,
        "upheld": made.state == Objection.State.UPHELD,
        "answer": made.answer,
    }


def staff(notice: Notice) -> dict[str, Any] | None:
    """Where the objection is decided; nothing once it is."""
    open_ones = Objection.objects.filter(
        pk=notice.data["objection"], state=Objection.State.OPEN
    )
    if not open_ones.exists():
        return None
    return {"what": "objection", "desk_url": links.admin_url("objections")}


CONTEXTS = {Kind.OBJECTION: objection}
