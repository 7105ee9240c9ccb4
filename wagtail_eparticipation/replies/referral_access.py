"""Who sees and answers which question to a department: the one place that says so."""

from django.db.models import Q

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.replies import answering
from wagtail_eparticipation.replies.referrals import Referral

#: What members of a department need beside a limit to it.
PERMISSION = "wagtail_eparticipation.answer_referral"


def answers_for_departments(user) -> bool:
    """Whether a user answers what departments are asked."""
    return user.is_active and user.has_perm(PERMISSION)


def sees_any(user) -> bool:
    """Whether the list of questions has a meaning for a user."""
    return answers_for_departments(user) or access.has_duty(user, "reply")


def visible_to(user):
    """The questions that a user may see: the desk's own, and those to the department.

    Who is limited to departments sees the questions put to these; an outside body's
    are the desk's alone.
    """
    limited = access.departments_of(user)
    seen = Q(pk__in=[])
    if access.has_duty(user, "reply"):
        if limited is None:
            return Referral.objects.all()
        seen |= Q(case__consultation__department__in=limited)
    if answers_for_departments(user):
        asked = Q(department__isnull=False)
        seen |= asked if limited is None else Q(department__in=limited)
    return Referral.objects.filter(seen)


def may_see(user, referral: Referral) -> bool:
    """Whether this one question is among :func:`visible_to`."""
    return may_manage(user, referral) or may_answer_for(user, referral)


def may_manage(user, referral: Referral) -> bool:
    """Whether a user answers the case itself: enters the answer, takes it back."""
    return answering.may_reply(user, referral.case)


def may_answer_for(user, referral: Referral) -> bool:
    """Whether a user answers in the name of the department that was asked."""
    if referral.department_id is None or not answers_for_departments(user):
        return False
    limited = access.departments_of(user)
    return limited is None or referral.department_id in limited
