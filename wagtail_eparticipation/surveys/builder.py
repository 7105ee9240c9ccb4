"""Makes the form class of a survey out of its questions."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.contrib.forms.forms import FormBuilder

from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.surveys.fields import (
    ChoicesField,
    DayField,
    NumberField,
    RadioSelect,
    RankingField,
    Select,
    at_least_words,
    at_most_words,
)
from wagtail_eparticipation.surveys.forms import SHORT_ANSWER, SurveyForm, with_hint
from wagtail_eparticipation.surveys.questions import (
    OTHER,
    Option,
    Part,
    Question,
    is_files,
)
from wagtail_eparticipation.surveys.reading_blocks import FIRST


class SurveyFormBuilder(FormBuilder):
    """Makes the form class of a survey; a site adds kinds by ``create_…_field``."""

    form_class = SurveyForm

    def __init__(self, fields: Sequence[Question], parts: Sequence[Part] = ()):
        super().__init__(fields)
        self.parts = tuple(parts) or (Part(FIRST, items=tuple(fields)),)

    @property
    def formfields(self):
        found = {}
        for question in self.fields:
            if is_files(question):
                continue
            create = self.get_create_field_function(question.kind)
            options = self.get_field_options(question)
            if question.rows:
                for row in question.rows:
                    found[f"q_{row.id}"] = create(
                        question,
                        {
                            **options,
                            "label": f"{question.label}: {row.label}",
                            "help_text": "",
                        },
                    )
            else:
                found[question.field_name] = create(question, options)
            if question.other:
                found[f"{question.field_name}_{OTHER}"] = self._what_else(question)
        return found

    def get_field_options(self, field):
        return {
            "label": field.label,
            "help_text": field.help_text,
            "required": field.required,
            "error_messages": {
                "required": gettext_lazy("Answer this question."),
                # An option may have been taken out meanwhile; its id says nothing.
                "invalid_choice": gettext_lazy(
                    "What you chose is not offered any more. Choose anew."
                ),
            },
        }

    def _what_else(self, question):
        label = _("If “Other” to “%(question)s”: what?") % {"question": question.label}
        return WordsField(
            label=label,
            required=False,
            limit=SHORT_ANSWER,
            widget=forms.TextInput({"dir": "auto"}),
        )

    def create_text_field(self, question, options):
        """Words; several lines when the editor asked for a long answer."""
        if question.long:
            widget, limit = forms.Textarea({"rows": 5, "dir": "auto"}), None
        else:
            widget, limit = forms.TextInput({"dir": "auto"}), SHORT_ANSWER
        return WordsField(widget=widget, limit=limit, **options)

    def create_place_field(self, question, options):
        """A place in words."""
        options["help_text"] = with_hint(
            question.help_text, _("A street, a park, a district or coordinates.")
        )
        widget = forms.TextInput({"dir": "auto"})
        return WordsField(widget=widget, limit=SHORT_ANSWER, **options)

    def create_email_field(self, question, options):
        """An address, which is kept apart from the other answers."""
        options["help_text"] = with_hint(
            question.help_text,
            _("It is kept encrypted, apart from your other answers."),
        )
        widget = forms.EmailInput({"autocomplete": "email", "dir": "ltr"})
        return forms.EmailField(widget=widget, max_length=254, **options)

    def create_number_field(self, question, options):
        """A number, with its unit in the label."""
        if question.unit:
            options["label"] = f"{question.label} ({question.unit})"
        return NumberField(
            whole=question.whole,
            min_value=question.minimum,
            max_value=question.maximum,
            **options,
        )

    def create_date_field(self, question, options):
        """A day."""
        return DayField(earliest=question.earliest, latest=question.latest, **options)

    def create_single_field(self, question, options):
        """One option; where no answer is needed, a choice can be taken back."""
        choices = [(option.id, _labelled(option)) for option in question.options]
        if not question.required:
            choices.append(("", _("No answer")))
        return forms.ChoiceField(
            choices=choices, widget=RadioSelect, initial="", **options
        )

    create_yes_no_field = create_scale_field = create_matrix_field = create_single_field

    def create_dropdown_field(self, question, options):
        """One option out of a list that opens."""
        empty = _("Choose") if question.required else _("No answer")
        choices = [("", empty), *((o.id, o.label) for o in question.options)]
        return forms.ChoiceField(choices=choices, widget=Select, initial="", **options)

    def create_multiple_field(self, question, options):
        """Several options, within the editor's limits, which the hint names."""
        if question.at_most:
            hint = with_hint(options["help_text"], at_most_words(question.at_most))
            options["help_text"] = hint
        if question.at_least:
            hint = with_hint(options["help_text"], at_least_words(question.at_least))
            options["help_text"] = hint
        choices = [(option.id, option.label) for option in question.options]
        return ChoicesField(
            choices=choices,
            at_least=question.at_least,
            at_most=question.at_most,
            **options,
        )

    def create_ranking_field(self, question, options):
        """Options to be put in order."""
        options["help_text"] = with_hint(
            question.help_text, _("Give each a place; 1 is the first.")
        )
        choices = [(option.id, option.label) for option in question.options]
        return RankingField(choices=choices, **options)

    def get_form_class(self):
        attributes = {
            **self.formfields,
            "questions": tuple(self.fields),
            "parts": self.parts,
            "takes_files": any(map(is_files, self.fields)),
        }
        return type("AnswerForm", (self.form_class,), attributes)


def _labelled(option: Option) -> str:
    return f"{option.label} – {option.hint}" if option.hint else option.label
