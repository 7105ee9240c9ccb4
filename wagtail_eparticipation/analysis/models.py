"""Frozen numbers, themes and what each participation was put to (P-5.4.1, P-6.3.1)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import LocalisedTextField, pick


class Snapshot(models.Model):
    """The register's numbers at one instant, frozen and checksummed (AC-S4-A1).

    ``counts`` is ``{"rows", "counted", "state": {…}, "channel": {…}, "language": {…},
    "tool": {…}, "capacity": {…}, "external": […], "reach": {…}}``; language, channel,
    tool and capacity count only what is in the totals. What other places counted and
    what posts reached stands apart and is in no total.
    Written by ``analysis.snapshot`` alone.
    """

    class Kind(models.TextChoices):
        CLOSING = "closing", _("At closing")
        ADDENDUM = "addendum", _("After a later admission")
        DECISION = "decision", _("At the decision")

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="snapshots",
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    #: The closing that this froze: one snapshot for each. Null for the other kinds.
    closed_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(_("taken at"))
    counts = models.JSONField(encoder=DjangoJSONEncoder)
    counted = models.PositiveIntegerField(_("participations counted"))
    last_participation = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ledger_sequence = models.PositiveBigIntegerField()
    ledger_hash = models.CharField(max_length=64, blank=True)
    checksum = models.CharField(_("checksum"), max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="eparticipation_snapshot_number"
            ),
            models.UniqueConstraint(
                fields=["consultation", "closed_at"],
                name="eparticipation_snapshot_once_a_closing",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} #{self.number} {self.get_kind_display()}"


class Disposition(models.TextChoices):
    """What becomes of a theme: the bridge to the decision (R-5.4.1f)."""

    TAKEN_UP = "taken_up", _("Taken up")
    PARTLY = "partly", _("Taken up in part")
    ALREADY_PLANNED = "already_planned", _("Already planned")
    NOT_TAKEN_UP = "not_taken_up", _("Not taken up")
    OUTSIDE_COMPETENCE = "outside_competence", _("Outside our competence")
    NEEDS_STUDY = "needs_study", _("Needs further study")


#: Tone of the public tag beside each disposition; the words carry the meaning.
DISPOSITION_TONES = {
    Disposition.TAKEN_UP: "success",
    Disposition.PARTLY: "success",
    Disposition.ALREADY_PLANNED: "info",
    Disposition.NOT_TAKEN_UP: "warning",
    Disposition.OUTSIDE_COMPETENCE: "warning",
    Disposition.NEEDS_STUDY: "info",
}


class Theme(models.Model):
    """A matter that participations raise; its answer reaches each of their authors.

    Themes have at most two levels; the disposition and its reason belong to the top
    level and are what the decision answers (P-5.5.1, AC-S4-H1).
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="themes",
        editable=False,
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    titles = LocalisedTextField(_("title"), rows=1)
    description = LocalisedTextField(
        _("what people said"),
        blank=True,
        help_text=_("A fair summary in a few sentences. It is shown in public."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    disposition = models.CharField(
        _("disposition"), max_length=20, choices=Disposition.choices, blank=True
    )
    reason = LocalisedTextField(
        _("reason"),
        blank=True,
        rows=4,
        help_text=_(
            "Why this theme is treated like this. It is shown in public and sent to "
            "the people who raised it."
        ),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["consultation", "order", "id"]

    def __str__(self):
        return self.title or f"#{self.pk}"

    @property
    def title(self) -> str:
        """The title in the active language."""
        return pick(self.titles)

    @property
    def localised_description(self) -> str:
        """What people said, in the active language."""
        return pick(self.description)

    @property
    def localised_reason(self) -> str:
        """The reason in the active language."""
        return pick(self.reason)

    def clean(self):
        if self.parent is None:
            return
        if self.parent.consultation_id != self.consultation_id:
            raise ValidationError(
                {"parent": _("Choose a theme of the same consultation.")}
            )
        if self.parent_id == self.pk or self.parent.parent_id is not None:
            raise ValidationError({"parent": _("Themes have at most two levels.")})
        if self.pk and self.children.exists():
            raise ValidationError(
                {"parent": _("This theme has parts of its own; move them first.")}
            )


class ThemeAssignment(models.Model):
    """That somebody read a participation as raising a theme."""

    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="assignments"
    )
    participation = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="theme_assignments",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("theme of a participation")
        verbose_name_plural = _("themes of participations")
        ordering = ["theme", "participation"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "participation"], name="eparticipation_theme_once"
            )
        ]

    def __str__(self):
        return f"{self.theme_id}/{self.participation_id}"


class SetAside(models.Model):
    """That a participation was not reviewed individually, and on what ground.

    The policy allows it for repetition and for volume (P-6.3.1); it is recorded,
    never silent (R-6.3.1b). The participation stays counted.
    """

    class Ground(models.TextChoices):
        REPETITION = "repetition", _("It repeats another participation")
        VOLUME = "volume", _("Volume: a sample was read instead")

    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="set_aside",
    )
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices)
    representative = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        verbose_name=_("participation that was read for it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="represents",
    )
    sample_size = models.PositiveIntegerField(
        _("size of the sample"), null=True, blank=True
    )
    method = models.CharField(_("how the sample was drawn"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participation not reviewed individually")
        verbose_name_plural = _("participations not reviewed individually")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ground="repetition", representative__isnull=False)
                | models.Q(ground="volume", sample_size__isnull=False),
                name="eparticipation_set_aside_ground",
            )
        ]

    def __str__(self):
        return f"{self.participation_id} ({self.get_ground_display()})"
