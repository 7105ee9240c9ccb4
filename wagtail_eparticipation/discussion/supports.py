"""Supporting a published suggestion: once for each person, taken back at will.

A support is no participation: it says how many share a view, never who. It holds a
keyed hash of the person and the day, and stands in no list and no export.
"""

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.discussion.suggestions import (
    PublicSuggestion,
    change_count,
)
from wagtail_eparticipation.participations import once, persons, portal
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.refusals import DoorRefusal

#: Two acts of the same person at the same instant are done one after the other.
_ATTEMPTS = 5


class Support(models.Model):
    """That somebody supports a suggestion; only the day, so that no clock tells who."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="supports"
    )
    person_key = models.CharField(max_length=65, editable=False)
    created_on = models.DateField(gettext_lazy("day"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = gettext_lazy("support")
        verbose_name_plural = gettext_lazy("supports")
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "person_key"],
                name="eparticipation_support_once",
            )
        ]

    def __str__(self):
        return f"support of {self.participation_id}"


class NotShown(DoorRefusal):
    """The suggestion is not in the public list any more."""


class OwnSuggestion(DoorRefusal):
    """Nobody supports what they suggested themselves."""


def support(suggestion: PublicSuggestion, standing: persons.Standing) -> bool:
    """Count one person's support; ``False`` when it was counted before.

    Raises a ``DoorRefusal`` outside the period, for what is not shown, and for one's
    own.
    """
    return _in_turn(_give, suggestion, standing)


def take_back(suggestion: PublicSuggestion, standing: persons.Standing) -> bool:
    """Take one's support back; ``False`` when there was none."""
    return _in_turn(_take_back, suggestion, standing)


def supports(suggestion: PublicSuggestion, standing: persons.Standing) -> bool:
    """Whether this person supports it now; for the form, nothing is held."""
    with transaction.atomic():
        key = persons.one_person(suggestion.consultation, standing)
    return Support.objects.filter(
        participation=suggestion.participation_id, person_key=key
    ).exists()


def _in_turn(work, suggestion, standing) -> bool:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return work(suggestion, standing)
        except IntegrityError:
            if attempt == _ATTEMPTS:
                raise
    return False


def _give(suggestion, standing) -> bool:
    now = portal.hold_open(suggestion.consultation)
    key = persons.one_person(suggestion.consultation, standing)
    author = Participation.objects.only("person_key", "invited_key").get(
        pk=suggestion.participation_id
    )
    if key == once.person_of(author.person_key, author.invited_key):
        raise OwnSuggestion(
            _("This is your own suggestion: others can support it."), code="own"
        )
    held = Support.objects.filter(participation=author.pk, person_key=key)
    if held.exists():
        return False
    Support.objects.create(
        participation_id=author.pk,
        person_key=key,
        created_on=now.astimezone(municipal_zone()).date(),
    )
    if not change_count(author.pk, +1):
        raise NotShown(
            _("This suggestion is not shown any more, so it takes no support."),
            code="not_shown",
        )
    return True


def _take_back(suggestion, standing) -> bool:
    portal.hold_open(suggestion.consultation)
    key = persons.one_person(suggestion.consultation, standing)
    held = Support.objects.filter(
        participation=suggestion.participation_id, person_key=key
    )
    deleted, _models = held.delete()
    if deleted:
        change_count(suggestion.participation_id, -1)
    return bool(deleted)
