"""The form in which staff say what they take out of a survey."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from wagtail_eparticipation.calendars.words import date_words, validate_sayable
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.surveys.codebook import Codebook
from wagtail_eparticipation.surveys.export import ANSWERS, RESPONSES, Export


class ExportForm(forms.Form):
    """Shape, format, language and cut; :meth:`export` puts them together."""

    shape = forms.ChoiceField(
        label=_("Shape"),
        choices=[
            (RESPONSES, _("One row per response")),
            (ANSWERS, _("One row per answer")),
        ],
        widget=forms.RadioSelect,
        initial=RESPONSES,
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            ("csv", _("CSV")),
            ("xlsx", _("XLSX, with the codebook on its second sheet")),
            ("json", _("JSON, with the codebook")),
            ("zip", _("For statistics: ZIP for SPSS, R and pandas")),
            ("codebook.csv", _("The codebook alone, CSV")),
            ("codebook.json", _("The codebook alone, JSON")),
        ],
        widget=forms.RadioSelect,
        initial="csv",
        help_text=_("The file for statistics has one row per response."),
    )
    language = forms.ChoiceField(
        label=_("Answers are worded in"),
        required=False,
        help_text=_("Codes are explained by the codebook."),
    )
    which = forms.ChoiceField(
        label=_("Responses"),
        choices=[
            ("counted", _("Those that count in the totals")),
            ("all", _("All, with their state")),
        ],
        widget=forms.RadioSelect,
        initial="counted",
        help_text=_(
            "Of responses that were taken back only the state is in the file. Words"
            " of refused, removed and quarantined ones are not."
        ),
    )
    since = forms.DateField(
        label=_("Received from"),
        required=False,
        widget=AdminDateInput,
        validators=[validate_sayable],
    )
    until = forms.DateField(
        label=_("Received until"),
        required=False,
        widget=AdminDateInput,
        validators=[validate_sayable],
        help_text=_("This day included."),
    )

    def __init__(self, *args, languages: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("Codes, no texts")), *languages]
        codes = [code for code, _name in languages]
        here = (get_language() or "").split("-")[0]
        same = [code for code in codes if code.split("-")[0] == here]
        self.fields["language"].initial = (same or codes)[0]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error(
                "until",
                ValidationError(_("This is before the first day."), code="order"),
            )
        return cleaned

    def export(self, codebook: Codebook) -> Export:
        """What the valid form asks for."""
        given = self.cleaned_data
        for_statistics = given["format"] == "zip"
        return Export(
            codebook,
            shape=RESPONSES if for_statistics else given["shape"],
            language=given["language"]
            or (codebook.languages[0] if for_statistics else ""),
            counted=given["which"] == "counted",
            since=_begin(given["since"]) if given["since"] else None,
            until=_begin(given["until"] + timedelta(days=1))
            if given["until"]
            else None,
            chosen=self.chosen_words(),
        )

    def chosen_words(self) -> list[tuple[str, str]]:
        """How the rows were cut, as labels and values for the reader of the file."""
        given = self.cleaned_data
        which = dict(self.fields["which"].choices)[given["which"]]
        days = [
            (str(self.fields[name].label), date_words(given[name]))
            for name in ("since", "until")
            if given[name]
        ]
        return [(str(self.fields["which"].label), str(which)), *days]


def _begin(day) -> datetime:
    return datetime.combine(day, time.min, tzinfo=municipal_zone())
