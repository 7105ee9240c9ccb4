"""Published suggestions as lists need them: beside the comment, one row each.

Written by this room alone, from the register and the comment; holds only what the
public reads. A row whose comment is not shown holds nothing of it.
"""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import LocalisedTextField
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.suggestions import (
    TOOL,
    Status,
    SuggestionStatus,
    latest,
)


class PublicSuggestion(models.Model):
    """One suggestion in the public list (R-4.1b).

    ``support_count`` is kept with each support; ``status`` and its reason are those
    of the latest step. ``reworded_at`` warns that people may have supported other
    words. Lists read this table along one index, and the comment beside.
    """

    comment = models.OneToOneField(
        PublishedComment, on_delete=models.PROTECT, related_name="suggestion"
    )
    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, related_name="public_suggestion"
    )
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="+",
        # The lists' indexes begin with it.
        db_index=False,
    )
    shown = models.BooleanField(default=True)
    published_at = models.DateTimeField(_("published at"))
    category = models.CharField(_("category"), max_length=36, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    sources = models.TextField(_("sources"), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.RECEIVED
    )
    status_reason = LocalisedTextField(_("reason"), blank=True)
    status_at = models.DateTimeField(_("changed at"), null=True)
    reworded_at = models.DateTimeField(_("reworded at"), null=True)
    support_count = models.PositiveIntegerField(_("supports"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("public suggestion")
        verbose_name_plural = _("public suggestions")
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(
                fields=["consultation", "shown", "-published_at", "-id"],
                name="eparticipation_suggest_new",
            ),
            models.Index(
                fields=["consultation", "shown", "-support_count", "-id"],
                name="eparticipation_suggest_top",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.comment_id}"


#: What is emptied when its comment is not shown.
_WORDS = {"place": "", "latitude": None, "longitude": None, "sources": ""}


def follow(comment: PublishedComment) -> None:
    """Bring the list in line with a comment that was published or shown again.

    In the transaction of the act. Anything but a suggestion is passed over.
    """
    participation = comment.participation
    if participation is None or participation.tool != TOOL:
        return
    data = participation.data
    step = latest(participation)
    PublicSuggestion.objects.update_or_create(
        participation=participation,
        defaults={
            "comment": comment,
            "consultation_id": comment.consultation_id,
            "shown": True,
            "published_at": comment.published_at,
            "category": str(data.get("category", ""))[:36],
            "place": str(data.get("place", ""))[:300],
            "latitude": data.get("latitude"),
            "longitude": data.get("longitude"),
            "sources": str(data.get("sources", "")),
            "reworded_at": _reworded_at(participation),
            **_step_fields(step),
        },
    )


def _reworded_at(participation: Participation):
    """When its author last gave it other words; ``None`` while they are the first."""
    now = {"title": participation.title, "text": participation.text}
    others = participation.revisions.exclude(**now).order_by("-number")
    return others.values_list("replaced_at", flat=True).first()


def _step_fields(step: SuggestionStatus | None) -> dict:
    return {
        "status": step.status if step else Status.RECEIVED,
        "status_reason": step.reason if step else {},
        "status_at": step.at if step else None,
    }


def leave_list(comment: PublishedComment) -> None:
    """Take a suggestion out of the list, because its comment was taken down."""
    rows = PublicSuggestion.objects.filter(comment=comment.pk)
    rows.update(shown=False, **_WORDS)


def show_step(participation: Participation, step: SuggestionStatus) -> None:
    """Put the latest step of a suggestion into the list, where it is listed."""
    rows = PublicSuggestion.objects.filter(participation=participation)
    rows.update(**_step_fields(step))


def change_count(participation_id: int, change: int) -> bool:
    """Add to the kept count of supports; ``False`` where it is not shown."""
    rows = PublicSuggestion.objects.filter(participation=participation_id)
    if change > 0:
        rows = rows.filter(shown=True)
    return bool(rows.update(support_count=F("support_count") + change))
