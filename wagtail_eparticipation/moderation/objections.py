"""An author's objection to what was decided: once, answered by somebody else."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_eparticipation.languages import direction
from wagtail_eparticipation.participations.models import Participation


class Objection(models.Model):
    """What an author says against one decision (R-7.0.2d).

    One a decision, and one waiting a participation, by constraint. ``answer`` is what
    the author is told; no moderator is named in it (R-8.2c).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for another person")
        UPHELD = "upheld", _("Upheld, decided anew")
        DISMISSED = "dismissed", pgettext_lazy("objection", "Dismissed")
        SUPERSEDED = "superseded", _("Settled: the author changed or withdrew it")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.ForeignKey(
        Participation,
        on_delete=models.PROTECT,
        related_name="objections",
        verbose_name=_("participation"),
    )
    decision = models.OneToOneField(
        "wagtail_eparticipation.ModerationDecision",
        on_delete=models.PROTECT,
        related_name="objection_to_it",
    )
    text = models.TextField(_("objection"))
    language = models.CharField(_("language"), max_length=12)
    made_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("to be decided by"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    open_for = models.OneToOneField(
        Participation,
        null=True,
        on_delete=models.PROTECT,
        related_name="open_objection",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="eparticipation_objections")
        ]

    def __str__(self):
        return f"{self.participation_id} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.state == self.State.OPEN

    @property
    def direction(self) -> str:
        """Writing direction of its language."""
        return direction(self.language)

    def is_against(self, user) -> bool:
        """Whether ``user`` took part in the decision that it is about."""
        return user.pk in (self.decision.decided_by_id, self.decision.second_person_id)
