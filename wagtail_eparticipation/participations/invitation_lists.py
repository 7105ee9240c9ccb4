"""Lists of people to be invited, between upload and decision (R-5.1.3c)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import PersonKey

#: How long an uploaded list waits for whoever uploaded it.
ABANDONED_AFTER = timedelta(days=1)


class InvitationList(models.Model):
    """An uploaded file of people, sealed, of which nobody is invited yet.

    The row is deleted with its key when the list was carried out or cancelled, and by
    the periodic job after a day: it names people in the clear.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.CASCADE,
        related_name="invitation_lists",
    )
    file_name = models.CharField(_("file"), max_length=255)
    key = models.ForeignKey(PersonKey, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("list of people to be invited")
        verbose_name_plural = _("lists of people to be invited")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.consultation_id} {self.file_name}"
