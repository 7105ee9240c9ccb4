"""What readers fill in at a published voice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.discussion.report_reasons import OTHER, grounds_of
from wagtail_eparticipation.participations.forms import WordsField

#: Characters of an explanation; it is read by people under a deadline.
EXPLANATION_LIMIT = 2000


class ReaderForm(forms.Form):
    """A trap for programs, hidden from people, and the form's own token."""

    website = forms.CharField(required=False, label=_("Leave this empty"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    @property
    def is_trapped(self) -> bool:
        """Whether something filled the field that people do not see."""
        return bool(self.cleaned_data.get("website"))


class ReportForm(ReaderForm):
    """Why a voice should be looked at."""

    reason = forms.ChoiceField(
        label=_("Which rule is broken, or what else is the matter?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the matter is.")},
    )
    explanation = WordsField(
        label=_("Explanation"),
        required=False,
        limit=EXPLANATION_LIMIT,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("What should the moderator know? Only staff read this."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "Only to tell you what was decided. It is kept encrypted; the moderators do"
            " not see it."
        ),
    )

    field_order = ["reason", "explanation", "email"]

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [
            (ground.code, ground.label) for ground in grounds_of(consultation)
        ]

    def clean(self):
        cleaned = super().clean()
        explained = cleaned.get("explanation") or "explanation" in self.errors
        if cleaned.get("reason") == OTHER and not explained:
            self.add_error("explanation", _("Write what the matter is."))
        return cleaned


class FollowForm(ReaderForm):
    """Where replies of one thread are to be told."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "Only for mails about this thread. It is kept encrypted, shown to nobody,"
            " and destroyed when you want no more mails or the topic is closed."
        ),
        error_messages={"required": _("Write your e-mail address.")},
    )


class AgreeForm(ReaderForm):
    """One button; a topic by invitation asks for the code, once in a browser."""

    code = forms.CharField(
        label=_("Code of your invitation"),
        max_length=100,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": _("Write the code of your invitation.")},
    )

    def __init__(self, *args, asks_code: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_code:
            del self.fields["code"]
