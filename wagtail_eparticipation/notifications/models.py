"""What was told to whom; never an address, never a word of the message."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a notice is about; the name of its templates."""

    RECEIPT = "receipt", _("Receipt of a participation")
    CONFIRM = "confirm", _("Confirmation of an address")
    PERIOD = "period", _("Change of the period")
    WITHDRAWN = "withdrawn", _("Withdrawal of the topic")
    MODERATED = "moderated", _("Participation not published")
    OBJECTION = "objection", _("Answer to an objection")
    ANNOUNCED = "announced", _("Decision announced")
    REPORT_RECEIVED = "report_received", _("Report of a voice received")
    REPORT_DECIDED = "report_decided", _("Report of a voice decided")
    FOLLOW_ASKED = "follow_asked", _("Confirmation of mails about replies")
    FOLLOWED = "followed", _("New reply in a followed thread")
    STAFF_NAME = "staff_name", _("Name said to be false")
    HANDED = "handed", _("Reference of the complaint service")
    CASE_RECEIVED = "case_received", _("Receipt of an enquiry")
    CASE_ANSWERED = "case_answered", _("Answer to an enquiry")
    CLARIFIED = "clarified", _("Answer published for everybody")
    CAMPAIGN = "campaign", _("Reply to all with the same words")
    CASE_ASKED = "case_asked", _("Question whether an enquiry may count")
    CASE_OPENED = "case_opened", _("Reply to a participation is prepared")
    CASE_DEFERRED = "case_deferred", _("The competent entity was asked")
    REFERRAL_ASKED = "referral_asked", _("Question to an outside body")
    REFERRAL_REMINDER = "referral_reminder", _("Reminder to an outside body")
    INVITATION = "invitation", _("Invitation")
    INVITATION_REMINDER = "invitation_reminder", _("Reminder of an invitation")
    INVITATION_PERIOD = "invitation_period", _("New dates, to those invited")
    DRAFT_CLOSING = "draft_closing", _("Reminder of an unfinished participation")
    SUGGESTION = "suggestion", _("Status of a suggestion")
    STAFF_QUEUE = "staff_queue", _("Participations waiting for review")
    STAFF_REFERRAL = "staff_referral", _("Question to a department")
    STAFF_RETURNED = "staff_returned", _("Answer of the competent entity")
    STAFF_LATE = "staff_late", _("Alert about a delay")
    STAFF_SECOND = "staff_second", _("A second person is needed")


class Notice(models.Model):
    """One message to one person, to be sent exactly once (AC-S5-B1).

    ``key`` is the SHA-256 of what makes it the same message, so that telling again
    changes nothing. The address is opened when it is sent and forgotten again;
    ``data`` holds ids only.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer wanted")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        null=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    case = models.ForeignKey(
        "wagtail_eparticipation.Case",
        null=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    participation = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=12)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    created_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(
        _("error"),
        max_length=120,
        blank=True,
        help_text=_("Kind of failure and the server's code, without the address."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="eparticipation_notices_due")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.get_state_display()})"
