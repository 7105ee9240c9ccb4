"""What waits for an answer as cases, and complaints on their way (P-6.5, R-4.1e)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import direction, own_name
from wagtail_eparticipation.participations.models import PersonKey


class Case(models.Model):
    """One thing to be answered; never itself part of a topic's totals (R-4.1g).

    Written by ``replies.enquiries`` and ``replies.from_register``. ``consultation`` is
    empty for an enquiry that concerns no topic. ``about`` is the participation that
    needs a reply and ``report`` the report of a voice, whose words stand there alone;
    ``text`` is then what the moderator asks of the desk. ``open_for`` lets the
    database allow one open case a participation.

    ``due_at`` and ``resolve_due_at`` count working time by the calendar version in
    force on arrival, so that later changes of the calendar leave them alone
    (AC-S3-J6). ``paused_minutes`` were worked while somebody else had to answer
    first; ``paused_at`` is since when that is so. All minutes are whole ones, cut
    off. ``asked_at`` is when the sender was asked whether it may become a
    participation.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        IN_WORK = "in_work", _("In work")
        DEFERRED = "deferred", _("Waiting for the competent department")
        ANSWERED = "answered", _("Answered")
        OUTSIDE = "outside", _("Outside competence")
        CLOSED = "closed", _("Closed without an answer")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("consultation"),
    )
    about = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("participation"),
    )
    open_for = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="open_case",
    )
    report = models.OneToOneField(
        "wagtail_eparticipation.ContentReport",
        null=True,
        on_delete=models.PROTECT,
        related_name="case",
    )
    subject = models.CharField(_("Subject of the enquiry"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    suspicious = models.BooleanField(default=False)
    received_at = models.DateTimeField(_("received at"))
    resumes_at = models.DateTimeField(_("work resumes"), null=True)
    due_at = models.DateTimeField(_("answer due"), null=True)
    resolve_due_at = models.DateTimeField(_("to be settled by"), null=True)
    calendar_version = models.ForeignKey(
        "wagtail_eparticipation.CalendarVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_answered_at = models.DateTimeField(_("first answered at"), null=True)
    worked_minutes = models.PositiveIntegerField(null=True)
    elapsed_minutes = models.PositiveIntegerField(null=True)
    resolved_at = models.DateTimeField(_("settled at"), null=True)
    resolve_worked_minutes = models.PositiveIntegerField(null=True)
    resolve_elapsed_minutes = models.PositiveIntegerField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    competent_body = models.CharField(_("competent body"), max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="case",
    )
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    receipt_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_digest = models.CharField(max_length=64, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="eparticipation_cases_due"),
            models.Index(
                fields=["consultation", "state"], name="eparticipation_cases_of"
            ),
        ]

    def __str__(self):
        return f"{self.number} ({self.state})"

    @property
    def heading(self) -> str:
        """What it is about: the sender's subject, or which row of the register."""
        if self.about is not None:
            return gettext("Participation %(number)s") % {"number": self.about.number}
        if self.report is not None:
            return gettext("Report %(number)s") % {"number": self.report.number}
        return self.subject

    @property
    def next_due(self):
        """What is owed next by us: the first answer, then the last; else ``None``."""
        if not self.is_open or self.state == self.State.DEFERRED:
            return None
        return self.due_at if self.first_answered_at is None else self.resolve_due_at

    @property
    def number(self) -> str:
        """Short number for staff and messages; not the receipt."""
        return self.public_id.hex[:8].upper()

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self.state in OPEN

    @property
    def direction(self) -> str:
        """Writing direction of the language it was written in."""
        return direction(self.language)

    @property
    def language_name(self) -> str:
        """What the language it was written in calls itself."""
        return own_name(self.language, _("Another language"))


#: States in which the next step is ours, and the clocks run.
OURS = frozenset({Case.State.RECEIVED, Case.State.IN_WORK})
#: States in which an answer is still owed.
OPEN = OURS | {Case.State.DEFERRED}


class CaseIdentity(models.Model):
    """Who asked, sealed like the identity of a participation (R-7.8d).

    Deleting the key is the erasure; answers stay readable by the receipt.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="identity")
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sealed = models.BinaryField()
    contact_hash = models.CharField(max_length=64, blank=True, db_index=True)
    has_contact = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed identity of an enquiry")
        verbose_name_plural = _("sealed identities of enquiries")

    def __str__(self):
        return f"case identity {self.pk}"


class CaseAnswer(models.Model):
    """What the municipality answered, in private; kept as it was sent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"))
    language = models.CharField(max_length=12)
    answered_at = models.DateTimeField(_("answered at"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer to an enquiry")
        verbose_name_plural = _("answers to enquiries")
        ordering = ["case", "id"]

    def __str__(self):
        return f"{self.case_id}/{self.pk}"


class Handover(models.Model):
    """A complaint on its way to the complaint service: once, and never lost (R-4.1e).

    ``adapter`` is the dotted path of the service that took it. ``address`` is given
    where the reporter files the complaint there in person. ``error`` is the kind of
    the last failure, never a word of the text or of the answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be handed over")
        HANDED = "handed", _("Handed over")
        FAILED = "failed", _("Could not be handed over")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="handover",
    )
    adapter = models.CharField(_("service"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    reference = models.CharField(_("reference there"), max_length=120, blank=True)
    address = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last failure"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("begun at"))
    due_at = models.DateTimeField(_("next attempt"))
    claimed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(_("handed over at"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("handover of a complaint")
        verbose_name_plural = _("handovers of complaints")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="eparticipation_handover_due")
        ]

    def __str__(self):
        return f"{self.participation_id} ({self.state})"
