"""Forms of the invitations desk: a list, its columns, a group, one invitation."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations import import_files, invitation_files

#: A list of this size names some ten thousand people.
FILE_LIMIT = 1024 * 1024


class ListForm(forms.Form):
    """Which file names the people."""

    file = forms.FileField(
        label=_("List of people"),
        help_text=_(
            "CSV or XLSX with the names of the columns in its first row: name, e-mail"
            " address, segment, language. Who has no address gets a letter. The file"
            " is kept encrypted and deleted once its people are invited."
        ),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise ValidationError(
                _("The file is larger than %(size)s.")
                % {"size": filesizeformat(FILE_LIMIT)}
            )
        return file


class _InSegment(forms.Form):
    """Language and segment, for what names none of its own."""

    segment = forms.ChoiceField(label=_("Segment of the public"), required=False)
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        segments = invitation_files.Segments().choices
        self.fields["segment"].choices = [
            ("", _("No segment")),
            *((str(key), name) for key, name in segments),
        ]
        self.fields["language"].choices = content_languages()

    @property
    def segment_id(self) -> int | None:
        chosen = self.cleaned_data["segment"]
        return int(chosen) if chosen else None


class ColumnsForm(_InSegment):
    """Which column is what, and what holds where a row says nothing."""

    def __init__(self, *args, headings: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["segment"].label = _("Segment, where a row has none")
        self.fields["language"].label = _("Language, where a row has none")
        guess = import_files.propose(headings, invitation_files.FIELDS)
        offered = [("", _("No column")), *((each, each) for each in headings if each)]
        columns = {
            f"column_{name}": forms.ChoiceField(
                label=label,
                choices=offered,
                initial=guess.get(name, ""),
                required=False,
            )
            for name, (label, _words) in invitation_files.FIELDS.items()
        }
        self.fields = {**columns, **self.fields}

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("column_name") and not cleaned.get("column_email"):
            self.add_error(
                "column_name", _("Choose the column of the names or the addresses.")
            )
        return cleaned

    def plan(self) -> invitation_files.ListPlan:
        data = self.cleaned_data
        columns = {
            name: data[f"column_{name}"]
            for name in invitation_files.FIELDS
            if data[f"column_{name}"]
        }
        return invitation_files.ListPlan(columns, data["language"], self.segment_id)


class GroupForm(_InSegment):
    """A code that several people share."""

    label = forms.CharField(label=_("Name of the group"), max_length=120)
    uses_at_most = forms.IntegerField(
        label=_("Times it can be used"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Empty: as often as people use it."),
    )
    field_order = ["label", "uses_at_most", "segment", "language"]

    def clean_label(self):
        label = sanitize.plain(self.cleaned_data["label"], max_length=120)
        label = " ".join(label.split())
        if not label:
            raise ValidationError(_("Give the group a name."))
        return label


class OneForm(forms.Form):
    """Names one invitation, to revoke it or to note that it came back."""

    which = forms.CharField(
        label=_("Number of the invitation, or e-mail address"),
        max_length=254,
        help_text=_(
            "The number stands in each message and letter. Addresses are never listed"
            " here; one that you type is looked up by its hash."
        ),
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
    )
