"""The form of a survey: fields keyed by question id, choices by option id."""

import hashlib
import json
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.contrib.forms.forms import FormBuilder

from wagtail_eparticipation.participations.forms import ParticipantForm, WordsField
from wagtail_eparticipation.surveys.questions import Question

#: Characters of an answer in one line.
SHORT_ANSWER = 300


@dataclass(frozen=True)
class Answer:
    """One row to be: an option of a question, or words."""

    question_id: str
    option_id: str = ""
    text: str = ""


class ChoicesField(forms.MultipleChoiceField):
    """Several options, each counted once, at most ``at_most`` of them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, at_most: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.at_most = at_most

    def to_python(self, value):
        return list(dict.fromkeys(super().to_python(value)))

    def validate(self, value):
        super().validate(value)
        if self.at_most and len(value) > self.at_most:
            raise ValidationError(
                ngettext(
                    "Choose at most %(count)d option.",
                    "Choose at most %(count)d options.",
                    self.at_most,
                )
                % {"count": self.at_most},
                code="too_many",
            )


class SurveyForm(ParticipantForm):
    """Questions first, then what every tool asks of a participant.

    Answers are counted and never shown as a contribution, so nobody is asked how to
    publish them. ``shape`` says which wording the person has read.
    """

    shape = forms.CharField(required=False, widget=forms.HiddenInput)

    not_carried = ("shape",)
    shown_in_public = False
    questions: tuple[Question, ...] = ()
    participant_fields = ("capacity", "organisation", "name", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["publication"]
        self.fields["name"].help_text = _("Never shown with your answers.")
        self.fields["organisation"].help_text = _(
            "Only if you answer for a business, organisation or authority."
        )
        self.fields["shape"].initial = self.shape_now
        self.order_fields([question.field_name for question in self.questions])

    @property
    def shape_now(self) -> str:
        """A short digest of the questions as they are asked now."""
        asked = [
            (q.bones, q.label, q.help_text, [option.label for option in q.options])
            for q in self.questions
        ]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("shape") != self.shape_now:
            # What is rendered again carries the wording that is read then.
            self.data = self.data.copy()
            self.data[self.add_prefix("shape")] = self.shape_now
            raise ValidationError(
                _(
                    "The questions were changed while you were answering. Your answers "
                    "are kept: look at them once more and send them again."
                ),
                code="changed",
            )
        names = [question.field_name for question in self.questions]
        untouched = not any(name in self.errors for name in names)
        if untouched and not any(cleaned.get(name) for name in names):
            raise ValidationError(
                _("Answer at least one question first."), code="empty"
            )
        return cleaned

    def question_fields(self) -> list[forms.BoundField]:
        """The questions, for the template."""
        return [self[question.field_name] for question in self.questions]

    def words(self):
        names = [question.field_name for question in self.questions]
        return {
            name: self.cleaned_data.get(name) or ""
            for name in names
            if isinstance(self.fields[name], WordsField)
        }

    def person_fields(self) -> list[forms.BoundField]:
        """What is asked about the participant, for the template."""
        return [self[name] for name in self.participant_fields]

    def answers(self) -> list[Answer]:
        """The rows that the valid form stands for, in the order of the questions."""
        rows = []
        for question in self.questions:
            value = self.cleaned_data.get(question.field_name)
            if not value:
                continue
            if not question.options:
                rows.append(Answer(question.id, text=value))
            elif isinstance(value, list):
                rows += [Answer(question.id, option) for option in value]
            else:
                rows.append(Answer(question.id, value))
        return rows


class SurveyFormBuilder(FormBuilder):
    """Makes the form class of a survey; a site adds kinds by ``create_…_field``."""

    form_class = SurveyForm

    @property
    def formfields(self):
        return {
            question.field_name: self.get_create_field_function(question.kind)(
                question, self.get_field_options(question)
            )
            for question in self.fields
        }

    def get_field_options(self, field):
        return {
            "label": field.label,
            "help_text": field.help_text,
            "required": field.required,
            "error_messages": {"required": gettext_lazy("Answer this question.")},
        }

    def create_text_field(self, question, options):
        """Words; several lines when the editor asked for a long answer."""
        if question.long:
            widget, limit = forms.Textarea({"rows": 5, "dir": "auto"}), None
        else:
            widget, limit = forms.TextInput({"dir": "auto"}), SHORT_ANSWER
        return WordsField(widget=widget, limit=limit, **options)

    def create_single_field(self, question, options):
        """One option; where no answer is needed, a choice can be taken back."""
        choices = [(option.id, option.label) for option in question.options]
        if not question.required:
            choices.append(("", _("No answer")))
        return forms.ChoiceField(
            choices=choices, widget=forms.RadioSelect, initial="", **options
        )

    def create_multiple_field(self, question, options):
        """Several options, up to the editor's limit, which the hint names."""
        if question.at_most:
            limit = ngettext(
                "Choose at most %(count)d option.",
                "Choose at most %(count)d options.",
                question.at_most,
            ) % {"count": question.at_most}
            hint = question.help_text
            options["help_text"] = f"{hint} {limit}" if hint else limit
        choices = [(option.id, option.label) for option in question.options]
        return ChoicesField(choices=choices, at_most=question.at_most, **options)

    def get_form_class(self):
        attributes = {**self.formfields, "questions": tuple(self.fields)}
        return type("AnswerForm", (self.form_class,), attributes)
