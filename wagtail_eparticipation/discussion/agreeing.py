"""Agreeing with a published voice: once a person, while the topic is open (R-7.5a).

The window is held and the database's clock read, as for every participation; the
number is kept on the voice. Who agreed is told nobody: the row holds a hash of person
and voice alone, and no flag of the comments package is set, which would name accounts.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import Agreement
from wagtail_eparticipation.participations import persons, portal
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.participations.refusals import DoorRefusal


class NotShown(DoorRefusal):
    """The voice is not shown any more."""


def agree(comment: PublishedComment, standing: persons.Standing) -> bool:
    """Count a person's agreement; whether it is new. Raises a ``DoorRefusal``."""
    try:
        with transaction.atomic():
            person = _admitted(comment, standing)
            Agreement.objects.create(comment=comment, person_hash=person)
            _count(comment, +1)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def take_back(comment: PublishedComment, standing: persons.Standing) -> bool:
    """Count it no more; whether there was one. Raises a ``DoorRefusal``."""
    person = _admitted(comment, standing)
    rows = Agreement.objects.filter(comment=comment.pk, person_hash=person)
    deleted, _by_model = rows.delete()
    if deleted:
        _count(comment, -1)
    return bool(deleted)


def agrees(comment: PublishedComment, standing: persons.Standing) -> bool:
    """Whether this person agrees already; raises ``NotAdmitted``."""
    with transaction.atomic():
        person = _person(comment, standing)
    rows = Agreement.objects.filter(comment=comment.pk, person_hash=person)
    return rows.exists()


def may_agree(comment: PublishedComment) -> bool:
    """Whether it is somebody's voice, not the municipality's own."""
    return comment.participation_id is not None


def forget_who(consultation) -> None:
    """Delete who agreed, at the end of a topic; the numbers stay."""
    Agreement.objects.filter(comment__consultation=consultation).delete()


def _admitted(comment: PublishedComment, standing) -> str:
    """The person's hash, with the window and then the voice held."""
    portal.hold_open(comment.consultation)
    person = _person(comment, standing)
    # Counted in one row: whoever writes there first makes the others wait, before
    # any of them holds something that another one wants.
    shown = PublishedComment.objects.filter(
        pk=comment.pk, removed_at=None, hidden=False, participation__isnull=False
    )
    if not shown.update(agree_count=F("agree_count")):
        raise NotShown(_("This contribution is not shown any more."))
    return person


def _person(comment: PublishedComment, standing) -> str:
    key = persons.one_person(comment.consultation, standing)
    return keyed_hash("agreement", f"{comment.pk}:{key}")


def _count(comment: PublishedComment, change: int) -> None:
    PublishedComment.objects.filter(pk=comment.pk).update(
        agree_count=F("agree_count") + change
    )
