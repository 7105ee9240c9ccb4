"""Responses to surveys: one row each, one row per answer, keyed by id."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import AbstractFormSubmission


class ResponseQuerySet(models.QuerySet):
    """Responses are part of the register and leave it by its acts only."""

    def delete(self):
        raise PermissionDenied(
            _("Responses cannot be deleted here; moderate the participation instead.")
        )


class SurveyResponse(AbstractFormSubmission):
    """One response: belongs to one participation of the register.

    ``survey_key`` is the survey's translation key, so that all languages are counted
    together; ``revision`` the page revision that was answered.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.PROTECT, related_name="+"
    )
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

    def get_data(self):
        """Answers by question id, for Wagtail's list of submissions."""
        data: dict[str, object] = {"submit_time": self.submit_time}
        labels = self._option_labels()
        for answer in self.answers.all():
            shown = labels.get(answer.option_id, answer.option_id) or answer.text
            earlier = data.get(answer.question_id)
            data[answer.question_id] = f"{earlier}, {shown}" if earlier else shown
        return data

    def _option_labels(self) -> dict[str, str]:
        page = self.page.specific_deferred
        return {
            option.id: option.label
            for question in page.questions_list()
            for option in question.options
        }


class SurveyAnswer(models.Model):
    """One answer: an option of a question, or words."""

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
