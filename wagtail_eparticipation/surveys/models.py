"""Responses to surveys: one row each, one row per answer, keyed by id."""

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import AbstractFormSubmission

from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    open_text,
)
from wagtail_eparticipation.participations.models import COUNTED, PersonKey, State
from wagtail_eparticipation.surveys import open_answers
from wagtail_eparticipation.surveys.answer import Answer

#: States in which staff outside moderation read a person's own words.
READABLE = COUNTED - {State.TAKEN_DOWN} | {State.LATE}
#: What stands for an answer that nobody reads here.
_KEPT_APART = _("(kept encrypted, apart from the other answers)")
#: What stands for words that are not shown.
HIDDEN = "—"


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
    survey_key = models.UUIDField()
    revision = models.PositiveBigIntegerField(null=True)
    #: The public version of the questions that was answered (R-4.1c).
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    #: What the order of its options was drawn from; empty where it was the editor's.
    order_seed = models.CharField(max_length=8, blank=True, editable=False)
    #: How many texts its participation holds, one for each answer in words.
    texts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ResponseQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        indexes = [
            models.Index(fields=["survey_key", "id"], name="eparticipation_responses")
        ]

    def __str__(self):
        return f"{self.survey_key} {self.pk}"

    @cached_property
    def _texts(self) -> list[str] | None:
        return open_answers.parted(self.participation.text, self.texts)

    def own_words(self, answer: "SurveyAnswer") -> str:
        """What an answer says in words, as it stands now, for its author.

        “—” where they are gone. Free of queries where the participation is at hand.
        """
        if answer.words_at is None:
            return answer.text
        texts = self._texts
        return HIDDEN if texts is None else texts[answer.words_at - 1]

    def words_of(self, answer: "SurveyAnswer") -> str:
        """The same for staff: “—” for the words of what is not released to them."""
        words = self.own_words(answer)
        return words if self.participation.state in READABLE or not words else HIDDEN

    def get_data(
        self, labels: Mapping[str, Mapping[str, str]] | None = None
    ) -> dict[str, object]:
        """Answers by question id, for Wagtail's list of submissions.

        ``labels`` gives each option's text by question and option id; without it the
        ids are shown.
        Words of a participation that was refused, taken down, taken back or put into
        quarantine stay with the moderators. Free of queries after ``for_listing``.
        """
        participation = self.participation
        data: dict[str, object] = {
            "submit_time": self.submit_time,
            "reference": participation.number,
            "state": participation.get_state_display(),
            "language": participation.language,
        }
        chosen: dict[str, list[str]] = {}
        for answer in self.answers.all():
            known = (labels or {}).get(answer.question_id, {})
            text = answer.in_words(known, self.words_of(answer))
            chosen.setdefault(answer.question_id, []).append(text)
        data.update({key: "; ".join(texts) for key, texts in chosen.items()})
        return data


class SurveyAnswer(models.Model):
    """One answer: an option of a question, or words (then ``option_id`` is empty).

    The words themselves are in the participation (:mod:`open_answers`); an option may
    have some too, where it is “other”. ``question_id`` is that of the row in a matrix.
    ``number`` is the value of a number, a day (its ordinal) or the place in a ranking.
    An address is only ever kept ``sealed``.
    """

    response = models.ForeignKey(
        SurveyResponse, on_delete=models.PROTECT, related_name="answers"
    )
    question_id = models.CharField(max_length=36)
    option_id = models.CharField(max_length=36, blank=True)
    #: A number or day as it was written; of earlier releases also words.
    text = models.TextField(blank=True)
    #: Which of the texts of its participation is its own, from 1.
    words_at = models.PositiveSmallIntegerField(null=True)
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    sealed = models.BinaryField(default=b"")
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )

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

    def in_words(self, labels: Mapping[str, str], words: str) -> str:
        """The answer for a reader; ``labels`` are the texts of options by their ids.

        ``words`` are those of the answer (``SurveyResponse.words_of``). What is sealed
        is never shown.
        """
        if self.sealed:
            return str(_KEPT_APART)
        if not self.option_id:
            return words
        label = str(labels.get(self.option_id, self.option_id))
        if self.number is not None:
            return f"{int(self.number)}. {label}"
        return f"{label}: {words}" if words else label

    def as_answer(self, words: str) -> Answer:
        """The value that it was written from; opens what is sealed, for its author."""
        private = ""
        if self.key is not None:
            try:
                private = open_text(self.key, self.sealed)
            except IdentityUnreadable:
                private = ""
        return Answer(self.question_id, self.option_id, words, self.number, private)


class SurveyVersion(models.Model):
    """What a survey asked from a moment on, for everybody to see what was corrected.

    The first is made when somebody answers or something is corrected first.
    ``notes`` say by language what is corrected, ``questions`` hold by language what
    was asked, as ``versions.frozen`` writes it.
    """

    survey_key = models.UUIDField()
    number = models.PositiveSmallIntegerField(_("version"))
    notes = models.JSONField(default=dict)
    questions = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("survey version")
        verbose_name_plural = _("survey versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey_key", "number"], name="eparticipation_survey_version"
            )
        ]

    def __str__(self):
        return f"{self.survey_key} {self.number}"


class SurveyTally(models.Model):
    """Kept counts of the responses of one stretch of all responses.

    ``stretch`` is the number of the stretch, ``upto`` the id of the first response that
    is not in it any more, ``dimension`` what the counts are split by, empty for none.
    They hold as long as no :class:`SurveyRecount` names the stretch. See
    :mod:`tallies`.
    """

    survey_key = models.UUIDField()
    stretch = models.PositiveBigIntegerField()
    dimension = models.CharField(max_length=12, blank=True)
    upto = models.PositiveBigIntegerField()
    counts = models.JSONField()

    class Meta:
        verbose_name = _("kept count")
        verbose_name_plural = _("kept counts")
        constraints = [
            models.UniqueConstraint(
                fields=["survey_key", "stretch", "dimension"],
                name="eparticipation_tally_once",
            )
        ]

    def __str__(self):
        return f"{self.survey_key} {self.stretch} {self.dimension}"


class SurveyRecount(models.Model):
    """Says that a response of a stretch counts otherwise than before.

    Written by whatever changes it, in the same transaction. Several of one stretch
    stand beside each other, so that nobody waits for anybody; see :mod:`recounting`.
    """

    survey_key = models.UUIDField()
    stretch = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("stretch to count again")
        verbose_name_plural = _("stretches to count again")
        indexes = [
            models.Index(
                fields=["survey_key", "stretch"], name="eparticipation_recounts"
            )
        ]

    def __str__(self):
        return f"{self.survey_key} {self.stretch}"


class SurveyPlaces(models.Model):
    """The row that responses to a survey with limited places hold one after another."""

    survey_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("survey with limited places")
        verbose_name_plural = _("surveys with limited places")

    def __str__(self):
        return str(self.survey_key)
