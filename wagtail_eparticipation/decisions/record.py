"""Deciding and announcing: the two acts, and the embargo between them."""

from datetime import datetime

from django.db import transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.approving import approver_of
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.decisions.models import DecisionApproval
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.versions import keep
from wagtail_eparticipation.ledger.record import record


def decide(consultation: Consultation, *, actor):
    """Record that the decision was taken, by its approved page (P-5.5.1b).

    Returns the act. Raises ``ActRefused`` with everything that stands in the way.
    """
    from wagtail_eparticipation.consultations import acts

    return acts.perform(consultation, "decide", actor=actor)


def announce(consultation: Consultation, *, actor):
    """Make the decision public in all its languages at once (AC-S5-C1)."""
    from wagtail_eparticipation.consultations import acts

    return acts.perform(consultation, "announce", actor=actor)


def pages_of(consultation: Consultation) -> list[DecisionPage]:
    """The decision pages of a consultation, the one in which it was drafted first."""
    return list(
        consultation.decision_pages.filter(alias_of__isnull=True)
        .select_related("locale", "latest_revision")
        .order_by("pk")
    )


def as_drafted(page: DecisionPage) -> DecisionPage:
    """The page as its editors last saved it."""
    return page.get_latest_revision_as_object()


def is_approved(page: DecisionPage) -> bool:
    """Whether the page's latest wording was approved."""
    if page.live and not page.has_unpublished_changes:
        return True
    return DecisionApproval.objects.filter(
        page_id=page.pk, revision_id=page.latest_revision_id
    ).exists()


@transaction.atomic
def hold_back(page: DecisionPage, revision) -> None:
    """Turn a publication under embargo into an approval.

    Wagtail publishes when a workflow ends; the announcement alone may make a
    decision public. The approved revision is kept and published then.
    """
    approver = approver_of(revision)
    now = clock.database_now()
    DecisionApproval.objects.update_or_create(
        revision=revision,
        defaults={
            "page_id": page.pk,
            "approved_by": approver,
            "approved_at": now,
        },
    )
    page.unpublish(log_action=False)
    if page.consultation is not None:
        record(
            page.consultation,
            "decision_approved",
            actor=approver,
            at=now,
            data={"language": page.language, "revision": revision.pk},
        )


def release(consultation: Consultation, *, now: datetime) -> None:
    """Publish the approved wording of every language, keep it, tell the others.

    Called inside the transaction of the act 'announce'.
    """
    for page in pages_of(consultation):
        approval = (
            DecisionApproval.objects.filter(
                page_id=page.pk, revision_id=page.latest_revision_id
            )
            .select_related("revision", "approved_by")
            .first()
        )
        if approval is not None:
            approval.revision.publish(
                user=approval.approved_by, skip_permission_checks=True
            )
    live = list(
        DecisionPage.objects.filter(consultation=consultation, live=True)
        .select_related("locale")
        .order_by("pk")
    )
    for page in live:
        page.consultation = consultation
        keep(page, now=now)
    if live:
        signals.decision_announced.send(
            sender=DecisionPage, consultation=consultation, page=live[0], now=now
        )
