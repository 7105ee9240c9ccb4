"""Forms of the closing report and of the formal closing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.archive.retention import retention_choices
from wagtail_eparticipation.languages import LocalisedTextFormField


class ReportForm(forms.ModelForm):
    """What people write; nothing is required before approval, so nothing is lost."""

    class Meta:
        model = Report
        fields = [
            "closing_view",
            "communication_remarks",
            "interpretation",
            "mechanism",
            "achievements",
            "obstacles",
            "recommendations",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, LocalisedTextFormField):
                field.required = False


class ClosingForm(forms.Form):
    """The retention class is chosen when the topic is closed (R-5.6.1a)."""

    retention_class = forms.ChoiceField(
        label=_("Retention class"),
        help_text=_("How long personal data of this consultation are kept."),
    )

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["retention_class"].choices = retention_choices(consultation)
        self.initial.setdefault("retention_class", consultation.retention_class)
