"""Telling who is asked, who asked, and who answers for what is late (R-6.5.1d)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations.access import DUTIES
from wagtail_eparticipation.consultations.people import Role, StaffScope
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.notifications import links
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.notifications.staff import holders, language_of
from wagtail_eparticipation.replies.referral_access import PERMISSION
from wagtail_eparticipation.replies.referrals import Escalation, Referral

Context = dict[str, Any] | None

#: Mails to outside bodies, at the address that stands with the question.
BODIES = frozenset({Kind.REFERRAL_ASKED, Kind.REFERRAL_REMINDER})


def address_of(notice: Notice) -> str:
    """The outside body's address; empty once the question is settled."""
    referral = referral_of(notice)
    return referral.body_email if referral and referral.is_open else ""


def referral_of(notice: Notice) -> Referral | None:
    rows = Referral.objects.select_related("department", "case")
    return rows.filter(pk=notice.data["referral"]).first()


def with_permission(permission: str):
    """Active people with an address who hold a permission, without superusers."""
    app, _dot, codename = permission.partition(".")
    own = Q(
        user_permissions__codename=codename,
        user_permissions__content_type__app_label=app,
    )
    of_group = Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=app,
    )
    people = get_user_model().objects.filter(own | of_group, is_active=True)
    people = people.exclude(email="").distinct()
    return people.select_related("wagtail_userprofile").order_by("pk")


def members_of(department) -> list:
    """Who answers for a department: those limited to it, else those not limited."""
    people = with_permission(PERMISSION)
    limited = StaffScope.objects.filter(
        departments__translation_key=department.translation_key
    )
    members = list(people.filter(pk__in=limited.values("user")))
    return members or list(people.exclude(pk__in=StaffScope.objects.values("user")))


def heads_of(department) -> list:
    """The head whom a mail reaches; one language's row of the department names them."""
    rows = (
        type(department)
        .objects.filter(
            translation_key=department.translation_key, head__is_active=True
        )
        .exclude(head__email="")
    )
    return [row.head for row in rows.select_related("head").order_by("pk")][:1]


def owners_of(case) -> list:
    """Who is responsible for a case: the topic's editor, else the whole desk."""
    if case.consultation is not None:
        return holders(case.consultation, Role.OWNER)
    people = with_permission(DUTIES["reply"])
    return list(people.exclude(pk__in=StaffScope.objects.values("user")))


@receiver(signals.case_referred, dispatch_uid="eparticipation_notice_referred")
def ask(case, referral, now, **kwargs):
    """The question goes to the department's members, or to the body's address."""
    if referral.department is not None:
        _tell_staff(referral, members_of(referral.department), now, "asked")
    else:
        _tell_body(referral, Kind.REFERRAL_ASKED, now, "asked")


@receiver(signals.referral_overdue, dispatch_uid="eparticipation_notice_overdue")
def remind(referral, step, now, **kwargs):
    """On the day who was asked and who asked; later the head (AC-S3-J3)."""
    asked = [referral.asked_by] if referral.asked_by_id else []
    if step == 1:
        people = members_of(referral.department) if referral.department else []
    else:
        people = heads_of(referral.department) if referral.department else []
        if not people:
            people = members_of(referral.department) if referral.department else []
            people += owners_of(referral.case)
    _tell_staff(referral, [*people, *asked], now, f"step:{step}")
    _tell_body(referral, Kind.REFERRAL_REMINDER, now, f"step:{step}")


@receiver(signals.referral_settled, dispatch_uid="eparticipation_notice_returned")
def tell_asker(case, referral, now, **kwargs):
    """That the answer is there, to who asked; not what they entered themselves."""
    if referral.state != Referral.State.ANSWERED or referral.asked_by_id is None:
        return
    if referral.asked_by_id != referral.settled_by_id:
        _tell_staff(referral, [referral.asked_by], now, "back", Kind.STAFF_RETURNED)


@receiver(signals.delay_escalated, dispatch_uid="eparticipation_notice_late")
def escalate(escalation, role, now, **kwargs):
    """Tell the holders of a role what is late in their topic (AC-S3-D4)."""
    topic, case = escalation.consultation, escalation.case
    people = holders(topic, role) if topic is not None else owners_of(case)
    queue(
        [
            new_notice(
                topic,
                Kind.STAFF_LATE,
                user.pk,
                f"escalation:{escalation.pk}",
                language=language_of(user),
                now=now,
                user=user,
                case=case,
                escalation=escalation.pk,
            )
            for user in people
        ]
    )


def _tell_staff(referral, people, now, what: str, kind: str = Kind.STAFF_REFERRAL):
    case = referral.case
    queue(
        [
            new_notice(
                case.consultation,
                kind,
                user.pk,
                f"referral:{referral.pk}:{what}",
                language=language_of(user),
                now=now,
                user=user,
                case=case,
                referral=referral.pk,
            )
            for user in {user.pk: user for user in people if user.email}.values()
        ]
    )


def _tell_body(referral, kind: str, now, what: str) -> None:
    if not referral.body_email:
        return
    queue(
        [
            new_notice(
                referral.case.consultation,
                kind,
                f"referral:{referral.pk}:{what}",
                language=content_languages()[0][0],
                now=now,
                case=referral.case,
                referral=referral.pk,
            )
        ]
    )


def question(notice: Notice) -> Context:
    """The question itself, for an outside body; nothing once it is settled."""
    referral = referral_of(notice)
    if referral is None or not referral.is_open:
        return None
    return {**_asked(referral, notice.language), "question": referral.question}


def for_staff(notice: Notice) -> Context:
    """That a question waits, or is overdue; nothing once it is settled."""
    referral = referral_of(notice)
    if referral is None or not referral.is_open:
        return None
    return {
        **_asked(referral, notice.language),
        "overdue": referral.due_at <= notice.created_at,
        "desk_url": links.admin_url("referral", referral.public_id),
    }


def returned(notice: Notice) -> Context:
    """That the answer is there; its words are read at the desk."""
    referral = referral_of(notice)
    if referral is None:
        return None
    return {
        **_asked(referral, notice.language),
        "desk_url": links.admin_url("case", referral.case.public_id),
    }


def late(notice: Notice) -> Context:
    """What is late; nothing once it is in order again."""
    row = (
        Escalation.objects.select_related("case", "consultation")
        .filter(pk=notice.data["escalation"], over_at=None)
        .first()
    )
    if row is None or (row.case is not None and not row.case.is_open):
        return None
    if row.case is not None:
        desk_url = links.admin_url("case", row.case.public_id)
    else:
        desk_url = links.admin_url("moderation")
        desk_url = f"{desk_url}?consultation={row.consultation_id}"
    return {
        "what": row.subject,
        "number": row.case.number if row.case else "",
        "step": row.step,
        "desk_url": desk_url,
    }


def _asked(referral: Referral, language: str) -> dict[str, Any]:
    return {
        "number": referral.number,
        "entity": referral.entity,
        "asked": date_words(referral.asked_at, language),
        "expected": date_words(referral.due_at, language),
    }


CONTEXTS = {
    Kind.REFERRAL_ASKED: question,
    Kind.REFERRAL_REMINDER: question,
    Kind.STAFF_REFERRAL: for_staff,
    Kind.STAFF_RETURNED: returned,
    Kind.STAFF_LATE: late,
}
