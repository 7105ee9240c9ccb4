"""What the desk asks of a competent entity, and what comes back."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Locale

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.replies.deferring import MOST_DAYS, Question
from wagtail_eparticipation.replies.referrals import Referral


class ReferralForm(forms.Form):
    """The question, who is asked, why, and until when."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("Its members answer here. Or name an outside body below."),
    )
    body = WordsField(
        label=_("Outside body"),
        required=False,
        limit=200,
    )
    body_email = forms.EmailField(
        label=_("E-mail address of the body"),
        required=False,
        widget=forms.EmailInput({"dir": "ltr"}),
        help_text=_("The question and reminders are sent there. May stay empty."),
    )
    question = WordsField(
        label=_("Question"),
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write the question.")},
        help_text=_(
            "Write only what is needed for the answer, and nothing about who asked."
        ),
    )
    reason = forms.ChoiceField(
        label=_("Why somebody else is asked"), choices=Referral.Reason.choices
    )
    reason_text = WordsField(label=_("Reason in words"), required=False, limit=300)
    due_days = forms.IntegerField(
        label=_("Working days for the answer"), min_value=1, max_value=MOST_DAYS
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(
            locale=Locale.get_default()
        ).order_by("name", "pk")
        self.fields["due_days"].initial = get_setting("REFERRAL_WORKING_DAYS")

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("department")) == bool(cleaned.get("body")):
            self.add_error(
                "department", _("Choose a department, or name an outside body.")
            )
        other = cleaned.get("reason") == Referral.Reason.OTHER
        if other and not cleaned.get("reason_text"):
            self.add_error("reason_text", _("Say in words why somebody else is asked."))
        if cleaned.get("body_email") and not cleaned.get("body"):
            self.add_error("body", _("Name the body to which the address belongs."))
        return cleaned

    def content(self) -> Question:
        """What was filled in, for ``deferring.defer``."""
        data = self.cleaned_data
        return Question(
            text=data["question"],
            reason=data["reason"],
            due_days=data["due_days"],
            department=data["department"],
            body=data["body"],
            body_email=data["body_email"],
            reason_text=data["reason_text"],
        )


class ReferralAnswerForm(forms.Form):
    """What the competent entity answers; it goes to the desk, not to the citizen."""

    text = WordsField(
        label=pgettext_lazy("of the reply desk", "Answer"),
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Write the answer.")},
        help_text=_("It goes to the reply desk, which answers the citizen."),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
