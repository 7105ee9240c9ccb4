"""One reasoned reply to everybody who sent the same words (R-5.3.1e).

A reply is recorded and shown once; each member of the campaign is noted as answered,
and whoever left an address is told. Rows are written by ``replies.campaign_replies``.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignReply(models.Model):
    """One reply to all with the same words, and how far its telling has come.

    Members are those counted when it was given: ids up to ``last_id``. ``done_id`` is
    the last one noted, so that whatever interrupts the work, it goes on from there.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="campaign_replies",
    )
    words_key = models.CharField(max_length=32, editable=False)
    text_digest = models.CharField(max_length=64, editable=False)
    text = models.TextField(_("reply"))
    language = models.CharField(_("language"), max_length=12)
    comment = models.ForeignKey(
        "wagtail_eparticipation.PublishedComment",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    clarification = models.ForeignKey(
        "wagtail_eparticipation.Clarification",
        null=True,
        on_delete=models.PROTECT,
        related_name="campaign_replies",
    )
    replied_at = models.DateTimeField(_("replied at"))
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    last_id = models.BigIntegerField(editable=False)
    done_id = models.BigIntegerField(default=0, editable=False)
    expected = models.PositiveIntegerField(_("members"))
    noted = models.PositiveIntegerField(_("noted as answered"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reply to a campaign")
        verbose_name_plural = _("replies to campaigns")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["finished_at"], name="eparticipation_campaign_open")
        ]
        constraints = [
            # Two presses of one button are one reply.
            models.UniqueConstraint(
                fields=["consultation", "words_key", "text_digest"],
                name="eparticipation_campaign_once",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"

    @property
    def number(self) -> str:
        """Short number for staff."""
        return self.public_id.hex[:8].upper()

    @property
    def is_gone(self) -> bool:
        """Whether what was said was taken back, wherever it stood in public."""
        if self.clarification is not None:
            return self.clarification.is_withdrawn
        return self.comment is not None and self.comment.is_taken_down


class CampaignMember(models.Model):
    """That one participation was answered by a reply to its campaign."""

    reply = models.ForeignKey(
        CampaignReply, on_delete=models.PROTECT, related_name="members"
    )
    participation = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="campaign_answers",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participation answered with its campaign")
        verbose_name_plural = _("participations answered with their campaign")
        ordering = ["reply", "participation"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "participation"],
                name="eparticipation_campaign_member",
            )
        ]

    def __str__(self):
        return f"{self.reply_id}/{self.participation_id}"
