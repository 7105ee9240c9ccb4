"""Telling the people in charge what waits for them; called by the periodic job."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.participations.models import Participation


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Queue what staff should know: a full queue once a day, each request once.

    Returns how many notices were considered; those already sent are passed over.
    """
    now = now or clock.now()
    notices = [
        *_full_queues(now),
        *_waiting_acts(now),
        *_waiting_proposals(now),
        *_waiting_objections(now),
    ]
    queue(notices)
    return len(notices)


def holders(consultation: Consultation, role: str) -> list:
    """Active people with an address who hold a role in the consultation.

    Whoever is limited to departments hears of those alone.
    """
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    assigned = consultation.roles.filter(role=role)
    users = assigned.exclude(user=None).values_list("user_id", flat=True)
    groups = assigned.exclude(group=None).values_list("group_id", flat=True)
    named = people.filter(pk__in=list(users)) | people.filter(groups__in=list(groups))
    named = named.distinct().select_related("wagtail_userprofile").order_by("pk")
    return [user for user in named if access.within_limits(user, consultation)]


def language_of(user) -> str:
    """The language that a member of staff chose for the admin."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen or content_languages()[0][0]


def _full_queues(now: datetime) -> list[Notice]:
    day = now.astimezone(municipal_zone()).date()
    waiting = (
        Participation.objects.waiting()
        .order_by()
        .values("consultation")
        .annotate(n=Count("pk"))
        .values_list("consultation", flat=True)
    )
    return [
        new_notice(
            consultation,
            Kind.STAFF_QUEUE,
            user.pk,
            day,
            language=language_of(user),
            now=now,
            user=user,
        )
        for consultation in Consultation.objects.filter(pk__in=list(waiting))
        for user in holders(consultation, Role.MODERATOR)
    ]


def _waiting_acts(now: datetime) -> list[Notice]:
    found = []
    requested = Act.objects.filter(state=Act.State.REQUESTED)
    for act in requested.select_related("consultation"):
        for user in _who_may("authorise", act.consultation, act.requested_by_id):
            found.append(
                new_notice(
                    act.consultation,
                    Kind.STAFF_SECOND,
                    user.pk,
                    f"act:{act.pk}",
                    language=language_of(user),
                    now=now,
                    user=user,
                    act=act.pk,
                )
            )
    return found


def _waiting_proposals(now: datetime) -> list[Notice]:
    found = []
    proposals = ModerationDecision.objects.awaiting_confirmation()
    for decision in proposals.select_related("participation__consultation"):
        consultation = decision.participation.consultation
        for user in holders(consultation, Role.MODERATOR):
            if user.pk == decision.decided_by_id:
                continue
            found.append(
                new_notice(
                    consultation,
                    Kind.STAFF_SECOND,
                    user.pk,
                    f"decision:{decision.pk}",
                    language=language_of(user),
                    now=now,
                    user=user,
                    decision=decision.pk,
                )
            )
    return found


def _waiting_objections(now: datetime) -> list[Notice]:
    """Each open objection, once, to the moderators whom it is not against."""
    found = []
    rows = Objection.objects.filter(state=Objection.State.OPEN)
    for objection in rows.select_related("participation__consultation", "decision"):
        consultation = objection.participation.consultation
        for user in holders(consultation, Role.MODERATOR):
            if objection.is_against(user):
                continue
            found.append(
                new_notice(
                    consultation,
                    Kind.STAFF_SECOND,
                    user.pk,
                    f"objection:{objection.pk}",
                    language=language_of(user),
                    now=now,
                    user=user,
                    objection=objection.pk,
                )
            )
    return found


def _who_may(duty: str, consultation, except_id: int | None) -> list:
    """Holders of the decision maker's role who hold the duty, but one person."""
    return [
        user
        for user in holders(consultation, Role.DECISION_MAKER)
        if user.pk != except_id and access.may(user, duty, consultation)
    ]
