"""Publishing at once what a topic lets be read before it is reviewed (R-5.3.1c).

The door is not kept waiting: once what came in is committed, a transaction of its own
publishes it. If that fails, or a person must look first, it stays in the queue as in
every other topic.
"""

from datetime import datetime
from functools import partial

from django.db import transaction

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.discussion.publish import may_be_published, publish
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import early, errors
from wagtail_eparticipation.moderation.claims import end_many
from wagtail_eparticipation.moderation.early import EarlyPublication
from wagtail_eparticipation.moderation.flagged import is_held_back
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.deadlocks import retried
from wagtail_eparticipation.participations.models import (
    Consent,
    Participation,
    State,
)


def publish_when_allowed(sender, participation, now, **kwargs) -> None:
    """A receiver of what came in, was confirmed or was amended.

    Imports are always reviewed first: nobody there was told that it would be shown.
    """
    if participation.consultation.moderation_mode == ModerationMode.BEFORE:
        return
    if not may_go_first(participation):
        return
    transaction.on_commit(partial(_publish_soon, participation.pk), robust=True)


def may_go_first(participation: Participation) -> bool:
    """Whether it may be shown before a moderator has read it, but for its words."""
    return (
        participation.state == State.RECEIVED
        and not participation.batch
        and not participation.suspicious
        and not participation.late_reason
        and participation.consent != Consent.NONE
        and may_be_published(participation)
    )


def _publish_soon(pk: int) -> None:
    retried(partial(publish_early, pk))


@transaction.atomic
def publish_early(pk: int, *, now: datetime | None = None) -> bool:
    """Publish one that waits, if its topic's mode and its words allow it.

    All is asked again of the row under lock; ``False`` where it stays in the queue.
    """
    row = Participation.objects.select_for_update().get(pk=pk)
    row.consultation = Consultation.objects.select_related("window").get(
        pk=row.consultation_id
    )
    now = now or clock.database_now()
    mode = row.consultation.moderation_mode
    if mode == ModerationMode.BEFORE or row.consultation.stage(now) in SETTLED:
        return False
    if not may_go_first(row) or is_held_back(row):
        return False
    if ModerationDecision.objects.filter(participation=row).exists():
        # A moderator kept it back or took it down before: a person looks again.
        return False
    Participation.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
    row.state = State.PUBLISHED
    EarlyPublication.objects.update_or_create(
        participation=row,
        defaults={
            "revision": row.revision,
            "published_at": now,
            "review_due": mode == ModerationMode.AFTER,
            "reviewed_at": None,
            "reviewed_by": None,
        },
    )
    publish(row, now=now)
    _record(row, "published_first", None, now)
    return True


@transaction.atomic
def leave_published(
    participation: Participation,
    *,
    actor,
    expected_revision: int,
    now: datetime | None = None,
) -> EarlyPublication:
    """Note that a moderator has read it and leaves it where it is.

    Raises ``PermissionDenied``; ``StateChanged`` where it is not what was seen.
    """
    held = Participation.objects.select_for_update().get(pk=participation.pk)
    access.require(actor, "moderate", held.consultation)
    now = now or clock.database_now()
    if held.state != State.PUBLISHED or held.revision != expected_revision:
        raise errors.StateChanged(held.get_state_display())
    if not early.close([held.pk], actor=actor, now=now):
        raise errors.StateChanged(held.get_state_display())
    _record(held, "left_published", actor, now)
    end_many([held.pk])
    return EarlyPublication.objects.get(participation=held)


def review_when_reported(sender, report, now, **kwargs) -> None:
    """A receiver of ``content_reported``: now a moderator is to read it."""
    if report.comment.participation_id is not None:
        EarlyPublication.objects.filter(
            participation=report.comment.participation_id, reviewed_at__isnull=True
        ).update(review_due=True)


def close_with_decision(sender, participation, decision, now, **kwargs) -> None:
    """A receiver of ``participation_moderated``: whoever decided has read it."""
    if decision.state_from != State.PUBLISHED:
        return
    early.close([participation.pk], actor=decision.decided_by, now=now)


def _record(participation, kind: str, actor, now: datetime) -> None:
    record(
        participation.consultation,
        f"moderation.{kind}",
        actor=actor,
        at=now,
        data={
            "participation": str(participation.public_id),
            "revision": participation.revision,
        },
    )
