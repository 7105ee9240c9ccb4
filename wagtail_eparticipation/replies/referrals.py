"""Questions put to a competent department or an outside body (R-6.5.1d)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.replies.models import Case


class Referral(models.Model):
    """One question about a case to who knows, with a clock of its own.

    Asked of one ``department`` or of an outside ``body``. Several may follow each
    other; ``open_for`` lets the database allow one open referral a case. ``due_at``
    is the end of work on the last of ``due_days`` working days by the calendar of
    whoever is asked. ``question`` and ``answer`` are words of officials.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the answer")
        ANSWERED = "answered", _("Answered by the competent entity")
        RECALLED = "recalled", _("Taken back")

    class Reason(models.TextChoices):
        COMPETENCE = "competence", _("The matter is in their hands")
        FACTS = "facts", _("Facts or figures are needed")
        INSPECTION = "inspection", _("Somebody has to look on the spot")
        LEGAL = "legal", _("A legal opinion is needed")
        OTHER = "other", _("Another reason")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    open_for = models.OneToOneField(
        Case, null=True, on_delete=models.PROTECT, related_name="open_referral"
    )
    department = models.ForeignKey(
        "wagtail_eparticipation.Department",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    body = models.CharField(_("outside body"), max_length=200, blank=True)
    body_email = models.EmailField(_("e-mail address of the body"), blank=True)
    question = models.TextField(_("question"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    reason_text = models.CharField(_("reason in words"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_days = models.PositiveSmallIntegerField(_("working days"))
    due_at = models.DateTimeField(_("answer expected by"))
    calendar_version = models.ForeignKey(
        "wagtail_eparticipation.CalendarVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answer = models.TextField(_("answer of the competent entity"), blank=True)
    worked_minutes = models.PositiveIntegerField(null=True)
    elapsed_minutes = models.PositiveIntegerField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("question to a competent entity")
        verbose_name_plural = _("questions to competent entities")
        ordering = ["case", "id"]
        permissions = [
            ("answer_referral", _("Can answer questions put to the own department"))
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="eparticipation_referrals"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(department__isnull=False, body="")
                | (models.Q(department__isnull=True) & ~models.Q(body="")),
                name="eparticipation_referral_to_one",
            )
        ]

    def __str__(self):
        return f"{self.case_id}/{self.pk} ({self.state})"

    @property
    def number(self) -> str:
        """Short number for staff and messages."""
        return self.public_id.hex[:8].upper()

    @property
    def is_open(self) -> bool:
        """Whether the answer is still awaited."""
        return self.state == self.State.ASKED

    @property
    def entity(self) -> str:
        """Who was asked, in the active language."""
        return self.department.localized.name if self.department else self.body


class Escalation(models.Model):
    """That people in charge were told that something is late: once a step (AC-S3-D4).

    ``slot`` names what is late and the step; the database holds it once. It is empty
    again when a queue that was late is in order, so that a later delay is told, too.
    """

    class Subject(models.TextChoices):
        FIRST_ANSWER = "first_answer", _("First answer overdue")
        SETTLEMENT = "settlement", _("Settlement overdue")
        REFERRAL = "referral", _("Competent entity overdue")
        REVIEW = "review", _("Review overdue")

    subject = models.CharField(
        _("what is late"), max_length=20, choices=Subject.choices
    )
    step = models.PositiveSmallIntegerField(_("step"))
    # Null, not empty: unique while it is in force.
    slot = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        null=True,
        on_delete=models.PROTECT,
        related_name="escalations",
    )
    case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="escalations"
    )
    referral = models.ForeignKey(
        Referral, null=True, on_delete=models.PROTECT, related_name="escalations"
    )
    raised_at = models.DateTimeField(_("told at"))
    over_at = models.DateTimeField(_("in order again at"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("alert about a delay")
        verbose_name_plural = _("alerts about delays")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["consultation", "-id"], name="eparticipation_escalations"
            )
        ]

    def __str__(self):
        return f"{self.subject} {self.step}"
