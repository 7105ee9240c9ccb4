"""What readers leave at a published voice: reports, following, agreement."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.participations.contacts import SealedContact


class ContentReport(SealedContact):
    """Somebody's notice that a published voice should be looked at (R-8.2b).

    It hides nothing by itself. ``explanation`` is for staff only; who sent it is
    sealed and never shown to them. ``withheld_name`` is the name that a report of
    false attribution took from public view, until a moderator has decided
    (AC-S4-D4).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for a decision")
        DISMISSED = "dismissed", _("Dismissed")
        UPHELD = "upheld", _("Upheld")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="content_reports",
        verbose_name=_("consultation"),
    )
    comment = models.ForeignKey(
        PublishedComment, on_delete=models.PROTECT, related_name="content_reports"
    )
    reason = models.CharField(_("reason"), max_length=80)
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    suspicious = models.BooleanField(_("perhaps sent by a program"), default=False)
    received_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("decide by"), null=True)
    target_hours = models.PositiveSmallIntegerField(default=0)
    withheld_name = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_code = models.CharField(_("reason code"), max_length=80, blank=True)
    decision_clause = models.CharField(_("clause"), max_length=20, blank=True)
    decision_note = models.TextField(_("note"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("report of a published voice")
        verbose_name_plural = _("reports of published voices")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="eparticipation_reports_open")
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"

    @property
    def number(self) -> str:
        """The short code that the person who sent it is given."""
        return self.public_id.hex[:8].upper()

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided about it."""
        return self.state == self.State.OPEN


class ThreadFollower(SealedContact):
    """Somebody without an account who wants to hear of replies in one thread.

    Only the keyed hash of the address tells two of them apart, once per thread; the
    row is deleted with its key when its owner wants no more mail or the topic closes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="+",
    )
    root = models.ForeignKey(
        PublishedComment, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("follower of a thread")
        verbose_name_plural = _("followers of threads")
        indexes = [
            models.Index(fields=["contact_hash"], name="eparticipation_followed")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["root", "contact_hash"], name="eparticipation_follow_once"
            )
        ]

    def __str__(self):
        return f"follower {self.pk}"


class Agreement(models.Model):
    """That somebody agrees with a published voice: once, and never said of whom.

    ``person_hash`` is a keyed hash of the person and this voice: it finds the same
    person at the same voice again, and ties nothing else together. The rows are
    deleted when the topic closes; the number on the voice stays.
    """

    comment = models.ForeignKey(
        PublishedComment, on_delete=models.PROTECT, related_name="+"
    )
    person_hash = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person_hash"], name="eparticipation_agree_once"
            )
        ]

    def __str__(self):
        return f"agreement {self.pk}"
