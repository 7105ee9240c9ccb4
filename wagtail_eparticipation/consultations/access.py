"""Who may do what to which consultation: one answer for menus, views and acts.

Permissions come from groups (made by ``eparticipation_setup``); a ``StaffScope``
narrows a user to departments. Every endpoint asks here; a hidden menu item is not
access control.
"""

from django.core.exceptions import PermissionDenied

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope

APP = "wagtail_eparticipation"

#: Where a user's own object keeps its departments for the request.
_LIMITS = "_eparticipation_departments"

#: Duties and the permission behind each.
DUTIES = {
    "request": f"{APP}.request_act",
    "authorise": f"{APP}.authorise_act",
    "moderate": f"{APP}.moderate_participation",
    "reply": f"{APP}.reply_officially",
    "analyse": f"{APP}.analyse_participation",
    "decide": f"{APP}.take_decision",
    "close": f"{APP}.close_consultation",
    "identity": f"{APP}.view_identity",
    "see": f"{APP}.view_consultation",
}


def has_duty(user, duty: str) -> bool:
    """Whether ``user`` holds ``duty`` for any consultation at all."""
    return user.is_active and user.has_perm(DUTIES[duty])


def departments_of(user) -> set[int] | None:
    """Ids of the departments a user is limited to; ``None`` when not limited.

    Limits name one language's department; its translations count as the same. Asked
    for once a request, as Django asks for a user's permissions.
    """
    if user.is_superuser:
        return None
    if not hasattr(user, _LIMITS):
        setattr(user, _LIMITS, _limits_of(user))
    return getattr(user, _LIMITS)


def _limits_of(user) -> set[int] | None:
    scope = StaffScope.objects.filter(user=user).first()
    if scope is None:
        return None
    keys = scope.departments.values_list("translation_key", flat=True)
    department = Consultation._meta.get_field("department").related_model
    return set(
        department.objects.filter(translation_key__in=list(keys)).values_list(
            "pk", flat=True
        )
    )


def visible_to(user, duty: str = "see"):
    """The consultations for which ``user`` holds ``duty``."""
    if not has_duty(user, duty):
        return Consultation.objects.none()
    limited = departments_of(user)
    if limited is None:
        return Consultation.objects.all()
    return Consultation.objects.filter(department_id__in=limited)


def within_limits(user, consultation) -> bool:
    """Whether the consultation's department is one of those a user is limited to."""
    limited = departments_of(user)
    return limited is None or consultation.department_id in limited


def may(user, duty: str, consultation) -> bool:
    """Whether ``user`` holds ``duty`` for this consultation."""
    return has_duty(user, duty) and within_limits(user, consultation)


def require(user, duty: str, consultation) -> None:
    """Raise ``PermissionDenied`` unless :func:`may`."""
    if not may(user, duty, consultation):
        raise PermissionDenied


def works_with_any(user) -> bool:
    """Whether ``user`` holds a duty for some consultation; then the desk is theirs."""
    return any(has_duty(user, duty) for duty in DUTIES)


def seen_by(user):
    """The consultations on whose desk ``user`` works, whatever the duty."""
    if not works_with_any(user):
        return Consultation.objects.none()
    limited = departments_of(user)
    if limited is None:
        return Consultation.objects.all()
    return Consultation.objects.filter(department_id__in=limited)


def works_with(user, consultation) -> bool:
    """Whether ``user`` holds any duty for this consultation."""
    return works_with_any(user) and within_limits(user, consultation)
