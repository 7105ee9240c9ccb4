"""Who answers for what in one consultation: giving and taking roles (R-2.1c)."""

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.ledger.record import record


class RolesAreSettled(ValueError):
    """The topic was formally closed: its roles are part of the record."""


def give(consultation: Consultation, role: str, holder, *, actor) -> RoleAssignment:
    """Give a role to a user or a group; giving it again changes nothing.

    Recorded in the ledger by id, never by name. Raises :class:`RolesAreSettled`.
    """
    who = _who(holder)
    with transaction.atomic():
        _hold(consultation)
        assignment, is_new = RoleAssignment.objects.get_or_create(
            consultation=consultation, role=Role(role), **who
        )
        if is_new:
            record(consultation, "role_given", actor=actor, data=_data(assignment))
    return assignment


def take(assignment: RoleAssignment, *, actor) -> None:
    """Take a role back. Raises :class:`RolesAreSettled`."""
    with transaction.atomic():
        _hold(assignment.consultation)
        data = _data(assignment)
        deleted, _rows = RoleAssignment.objects.filter(pk=assignment.pk).delete()
        if deleted:
            record(assignment.consultation, "role_taken", actor=actor, data=data)


def _hold(consultation: Consultation) -> None:
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if held.stored_stage in SETTLED:
        raise RolesAreSettled(
            _("The topic was formally closed; its roles cannot be changed any more.")
        )


def _who(holder) -> dict:
    is_group = holder._meta.label == "auth.Group"
    return {
        "group": holder if is_group else None,
        "user": None if is_group else holder,
    }


def _data(assignment: RoleAssignment) -> dict:
    if assignment.user_id:
        return {"role": assignment.role, "holder": f"user:{assignment.user_id}"}
    return {"role": assignment.role, "holder": f"group:{assignment.group_id}"}
