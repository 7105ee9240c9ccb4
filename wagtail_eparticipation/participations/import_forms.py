"""Forms of an import: the file and its channel, then what its columns are."""

from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from wagtail_eparticipation.calendars.words import validate_sayable
from wagtail_eparticipation.consultations.channel_table import kinds_of
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations import import_files, tools
from wagtail_eparticipation.participations.importing import PUBLICATIONS
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Publication,
)

#: Files up to this size are imported while one waits; longer ones by command.
FILE_LIMIT = 5 * 1024 * 1024
EVIDENCE_LIMIT = 50 * 1024 * 1024
_EVIDENCE = (".pdf", ".zip", ".png", ".jpg", ".jpeg")


class UploadForm(forms.Form):
    """Which file, from which channel."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[pair for pair in Channel.choices if pair[0] != Channel.PORTAL],
    )
    tool = forms.ChoiceField(label=_("What the rows hold"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with the names of the columns in its first row. It is deleted "
            "once its rows are in the register."
        ),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_(
            "Scans of the forms, or a copy of the posts, in one file. What was made in "
            "time and is entered after closing counts with evidence only."
        ),
        widget=forms.FileInput({"accept": ",".join(_EVIDENCE)}),
    )

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        if named := kinds_of(consultation):
            offered = self.fields["channel"].choices
            self.fields["channel"].choices = [
                pair for pair in offered if pair[0] in named
            ]
            self.fields["channel"].help_text = _(
                "The channels of the topic's table of means."
            )
        self.fields["tool"].choices = tools.importable(consultation)

    def clean_tool(self) -> tuple[str, str]:
        """The tool's code and what of it, such as one survey."""
        code, _colon, subject = self.cleaned_data["tool"].partition(":")
        return code, subject

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise ValidationError(
                _("Larger than %(size)s: use the command eparticipation_import.")
                % {"size": filesizeformat(FILE_LIMIT)}
            )
        return file

    def clean_evidence(self):
        file = self.cleaned_data["evidence"]
        if file is None:
            return None
        if file.size > EVIDENCE_LIMIT:
            raise ValidationError(
                _("The file is larger than %(size)s.")
                % {"size": filesizeformat(EVIDENCE_LIMIT)}
            )
        if PurePath(file.name).suffix.lower() not in _EVIDENCE:
            raise ValidationError(_("Choose a PDF, a picture or a ZIP file."))
        return file


class MappingForm(forms.Form):
    """Which column is what, and what holds for every row."""

    made_on = forms.DateField(
        label=_("Day, where a row has none"),
        required=False,
        widget=AdminDateInput,
        validators=[validate_sayable],
    )
    language = forms.ChoiceField(label=_("Language, where a row has none"))
    consent = forms.ChoiceField(
        label=_("Consent"),
        choices=Consent.choices,
        initial=Consent.NONE,
        help_text=_("Posts in social media carry none (P-7.0.1)."),
    )
    publication = forms.ChoiceField(
        label=_("May the texts be shown?"),
        choices=PUBLICATIONS,
        initial=Publication.NOT_PUBLISHED,
        help_text=_("Names and accounts are never shown."),
    )

    def __init__(self, *args, headings: list[str], batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch, self.columns = batch, import_files.fields_of(batch)
        # Who goes on with an import says of its last rows what held for the first.
        guess = batch.mapping or import_files.propose(headings, self.columns)
        self.initial = {**batch.for_all, **self.initial}
        offered = [("", _("No column")), *((each, each) for each in headings if each)]
        columns = {
            f"column_{name}": forms.ChoiceField(
                label=label,
                choices=offered,
                initial=guess.get(name, ""),
                required=name == "text",
            )
            for name, (label, _words) in self.columns.items()
        }
        self.fields = {**columns, **self.fields}
        self.fields["language"].choices = content_languages()

    def clean(self):
        cleaned = super().clean()
        own = [name for name in self.columns if name not in import_files.FIELDS]
        if own and not any(cleaned.get(f"column_{name}") for name in own):
            raise ValidationError(_("Choose the column of at least one question."))
        return cleaned

    def plan(self) -> import_files.Plan:
        """What ``batch_course`` needs to read the file."""
        data, batch = self.cleaned_data, self.batch
        columns = {
            name: data[f"column_{name}"]
            for name in self.columns
            if data[f"column_{name}"]
        }
        return import_files.Plan(
            columns=columns,
            language=data["language"],
            made_on=data["made_on"],
            consent=data["consent"],
            publication=data["publication"],
            evidence=batch.code if batch.evidence else "",
            entry=import_files.entry_of(batch),
        )
