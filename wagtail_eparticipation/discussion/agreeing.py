"""Agreeing with a published voice: once a person, while the topic is open (R-7.5a).

The window is held and the database's clock read, as for every participation; the
number is kept on the voice. Who agreed is told nobody: the row holds a hash of person
and voice alone, and no flag of the comments package is set, which would name accounts.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.channel_table import off_since
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import Agreement
from wagtail_eparticipation.participations import admission, persons
from wagtail_eparticipation.participations.door import stored_stage
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.participations.models import Channel
from wagtail_eparticipation.participations.refusals import DoorRefusal


class NotNow(DoorRefusal):
    """The topic is not open, or the voice is not shown any more."""


def agree(comment: PublishedComment, standing: persons.Standing, browser: str) -> bool:
    """Count a person's agreement; whether it is new. Raises a ``DoorRefusal``.

    ``browser`` tells people apart who share the code of a group.
    """
    try:
        with transaction.atomic():
            person = _admitted(comment, standing, browser)
            Agreement.objects.create(comment=comment, person_hash=person)
            _count(comment, +1)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def take_back(
    comment: PublishedComment, standing: persons.Standing, browser: str
) -> bool:
    """Count it no more; whether there was one. Raises a ``DoorRefusal``."""
    person = _admitted(comment, standing, browser)
    rows = Agreement.objects.filter(comment=comment.pk, person_hash=person)
    deleted, _by_model = rows.delete()
    if deleted:
        _count(comment, -1)
    return bool(deleted)


def agrees(comment: PublishedComment, standing: persons.Standing, browser: str) -> bool:
    """Whether this person agrees already; raises ``NotAdmitted``."""
    with transaction.atomic():
        person = _person(comment, standing, browser)
    rows = Agreement.objects.filter(comment=comment.pk, person_hash=person)
    return rows.exists()


def may_agree(comment: PublishedComment) -> bool:
    """Whether it is somebody's voice, not the municipality's own."""
    return comment.participation_id is not None


def forget_who(consultation) -> None:
    """Delete who agreed, at the end of a topic; the numbers stay."""
    Agreement.objects.filter(comment__consultation=consultation).delete()


def _admitted(comment: PublishedComment, standing, browser: str) -> str:
    """The person's hash, with the window and then the voice held."""
    consultation = comment.consultation
    window = hold_shared(consultation)
    now = clock.database_now()
    verdict = admission.judge(
        stored_stage(consultation),
        window and window.opens_at,
        window and window.closes_at,
        bool(window and window.accepting),
        now=now,
        channel=Channel.PORTAL,
        made_at=now,
        off_since=off_since(window, Channel.PORTAL),
    )
    if verdict != admission.ACCEPTED:
        raise NotNow(_("This topic is not open for participation now."))
    person = _person(comment, standing, browser)
    # Counted in one row: whoever writes there first makes the others wait, before
    # any of them holds something that another one wants.
    shown = PublishedComment.objects.filter(
        pk=comment.pk, removed_at=None, hidden=False, participation__isnull=False
    )
    if not shown.update(agree_count=F("agree_count")):
        raise NotNow(_("This contribution is not shown any more."))
    return person


def _person(comment: PublishedComment, standing, browser: str) -> str:
    key = persons.admit(comment.consultation, standing).key
    if key.startswith("g"):
        key = f"{key}:{browser}"
    return keyed_hash("agreement", f"{comment.pk}:{key}")


def _count(comment: PublishedComment, change: int) -> None:
    PublishedComment.objects.filter(pk=comment.pk).update(
        agree_count=F("agree_count") + change
    )
