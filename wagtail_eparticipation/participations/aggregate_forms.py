"""The form of a figure that another place counted (R-4.2b)."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput

from wagtail_eparticipation.participations.aggregates import ExternalAggregate
from wagtail_eparticipation.participations.aggregating import EVIDENCE_LIMIT

#: How a file of each accepted kind begins; the name alone proves nothing.
_BEGINNINGS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}


def _formfield(field, **kwargs):
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class AggregateForm(forms.ModelForm):
    """Who counted, what, how many, when, and where one can read it.

    ``earlier`` is the record in whose place this one is put; then a reason is asked.
    """

    class Meta:
        model = ExternalAggregate
        fields = [
            "source",
            "counted",
            "number",
            "first_day",
            "last_day",
            "url",
            "reference",
            "evidence",
            "reason",
        ]
        widgets = {
            "first_day": AdminDateInput,
            "last_day": AdminDateInput,
            "evidence": forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
            "reason": forms.Textarea({"rows": 3, "dir": "auto"}),
        }
        formfield_callback = _formfield

    def __init__(self, *args, today, earlier=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if earlier is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _(
                "It is kept with the earlier figure and not shown in public."
            )
        self.fields["evidence"].help_text = _(
            "A screenshot or PDF of at most %(size)s; its checksum is kept."
        ) % {"size": filesizeformat(EVIDENCE_LIMIT)}

    def clean_evidence(self):
        evidence = self.cleaned_data.get("evidence")
        if not evidence:
            return evidence
        if evidence.size > EVIDENCE_LIMIT:
            raise ValidationError(
                _("The file is larger than %(size)s.")
                % {"size": filesizeformat(EVIDENCE_LIMIT)}
            )
        beginning = _BEGINNINGS.get(evidence.name.rpartition(".")[2].lower())
        head = evidence.read(16)
        evidence.seek(0)
        if beginning is None or not head.startswith(beginning):
            raise ValidationError(_("Only PDF, PNG and JPEG files are accepted."))
        return evidence

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("This lies before the first day."))
        elif last and last > self.today:
            self.add_error("last_day", _("This lies in the future."))
        if not (
            cleaned.get("url") or cleaned.get("reference") or cleaned.get("evidence")
        ) and not {"url", "evidence"} & set(self.errors):
            self.add_error(
                "reference",
                _("Say where the figure stands: an address, a reference or a file."),
            )
        return cleaned
