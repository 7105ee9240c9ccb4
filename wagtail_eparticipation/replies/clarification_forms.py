"""What the desk writes for everybody: question and answer, language by language."""

import secrets
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import (
    LocalisedTextFormField,
    content_languages,
    direction,
)
from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.replies.clarifying import QUESTION_LENGTH, Words


@dataclass(frozen=True)
class Pair:
    """The two fields of one language, for the template."""

    code: str
    name: str
    direction: str
    fields: tuple


class WordsInLanguages(forms.Form):
    """Question and answer in each of some languages, and that they were looked at."""

    def __init__(self, *args, languages=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.languages = list(languages or content_languages())
        for code, _name in self.languages:
            marks = {"lang": code, "dir": direction(code)}
            self.fields[f"question_{code}"] = WordsField(
                label=_("Question"),
                required=False,
                limit=QUESTION_LENGTH,
                widget=forms.Textarea({"rows": 3, **marks}),
            )
            self.fields[f"answer_{code}"] = WordsField(
                label=_("Answer for everybody"),
                required=False,
                widget=forms.Textarea({"rows": 8, **marks}),
            )
        self.fields["confirmed"] = forms.BooleanField(
            label=_(
                "I looked at the places listed above: nothing of it tells of a person."
            ),
            required=False,
        )

    def pairs(self) -> list[Pair]:
        """The languages in their order, each with its two fields."""
        return [
            Pair(
                code,
                name,
                direction(code),
                (self[f"question_{code}"], self[f"answer_{code}"]),
            )
            for code, name in self.languages
        ]

    def clean(self):
        cleaned = super().clean()
        for code, _name in self.languages:
            question = cleaned.get(f"question_{code}")
            answer = cleaned.get(f"answer_{code}")
            if answer and not question and f"question_{code}" not in self.errors:
                self.add_error(f"question_{code}", _("Write the question, too."))
            if question and not answer and f"answer_{code}" not in self.errors:
                self.add_error(f"answer_{code}", _("Write the answer, too."))
        return cleaned

    def words(self) -> dict[str, Words]:
        """What was written, by language; languages left empty are not in it."""
        data = self.cleaned_data
        return {
            code: Words(data[f"question_{code}"], data[f"answer_{code}"])
            for code, _name in self.languages
            if data[f"question_{code}"]
        }


class ClarificationForm(WordsInLanguages):
    """A new one; ``token`` names the one act of publishing it."""

    original = forms.ChoiceField(label=_("Original language"))
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["original"].choices = content_languages()
        self.fields["token"].initial = secrets.token_hex(16)

    def clean(self):
        cleaned = super().clean()
        original = cleaned.get("original")
        if original and not self.errors and not cleaned.get(f"question_{original}"):
            self.add_error(
                f"question_{original}",
                _("Write question and answer in the original language."),
            )
        return cleaned


class CorrectionForm(WordsInLanguages):
    """Other words for all languages at once, and the public note."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = LocalisedTextFormField(
            label=_("What was corrected, shown to the public"),
            rows=2,
            max_length=500,
        )


class TranslationForm(WordsInLanguages):
    """One language more."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawalForm(forms.Form):
    """Why it is withdrawn, in every language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = LocalisedTextFormField(
            label=_("Reason, shown to the public"), rows=2, max_length=500
        )
