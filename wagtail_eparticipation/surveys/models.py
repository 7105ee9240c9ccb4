"""Responses to surveys: one row each, one row per answer, keyed by id."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import AbstractFormSubmission

from wagtail_eparticipation.participations.models import COUNTED, State

#: States in which staff outside moderation read a person's own words.
READABLE = COUNTED - {State.TAKEN_DOWN} | {State.LATE}


class ResponseQuerySet(models.QuerySet):
    """Responses are part of the register and leave it by its acts only."""

    def delete(self):
        raise PermissionDenied(
            _("Responses cannot be deleted here; moderate the participation instead.")
        )

    def counted(self):
        """Those whose participation is in the topic's totals."""
        return self.filter(participation__state__in=COUNTED)

    def for_listing(self):
        """With all that :meth:`SurveyResponse.get_data` reads, in two queries."""
        return self.select_related("participation").prefetch_related("answers")


class SurveyResponse(AbstractFormSubmission):
    """One response: belongs to one participation of the register.

    ``survey_key`` is the survey's translation key, so that all languages are counted
    together; ``revision`` the page revision that was answered. ``form_data`` of the
    base stays empty: answers have rows of their own.
    """

    form_data = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, editable=False
    )
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.PROTECT, related_name="+"
    )
    submit_time = models.DateTimeField(_("submit time"))
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="survey_response",
    )
    survey_key = models.UUIDField(db_index=True)
    revision = models.PositiveBigIntegerField(null=True)

    objects = ResponseQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")

    def __str__(self):
        return f"{self.survey_key} {self.pk}"

    def get_data(self, labels: Mapping[str, str] | None = None) -> dict[str, object]:
        """Answers by question id, for Wagtail's list of submissions.

        ``labels`` gives each option's text by its id; without it the ids are shown.
        Words of a participation that was refused, taken down, taken back or put into
        quarantine stay with the moderators. Free of queries after ``for_listing``.
        """
        participation = self.participation
        readable = participation.state in READABLE
        data: dict[str, object] = {
            "submit_time": self.submit_time,
            "reference": participation.number,
            "state": participation.get_state_display(),
            "language": participation.language,
        }
        chosen: dict[str, list[str]] = {}
        for answer in self.answers.all():
            if answer.option_id:
                text = (labels or {}).get(answer.option_id, answer.option_id)
            else:
                text = answer.text if readable else "—"
            chosen.setdefault(answer.question_id, []).append(text)
        data.update({key: "; ".join(texts) for key, texts in chosen.items()})
        return data


class SurveyAnswer(models.Model):
    """One answer: an option of a question, or words (then ``option_id`` is empty)."""

    response = models.ForeignKey(
        SurveyResponse, on_delete=models.PROTECT, related_name="answers"
    )
    question_id = models.CharField(max_length=36)
    option_id = models.CharField(max_length=36, blank=True)
    text = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question_id", "option_id"],
                name="eparticipation_answer_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["question_id", "option_id"], name="eparticipation_tally"
            )
        ]

    def __str__(self):
        return f"{self.response_id} {self.question_id}"
