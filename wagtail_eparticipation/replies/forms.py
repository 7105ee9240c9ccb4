"""What people write to the municipality, and what its desk writes back."""

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations import languages_written
from wagtail_eparticipation.participations.forms import WordsField, WordsForm
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Publication
from wagtail_eparticipation.policy.reading import policy_of


class ComplaintForm(WordsForm):
    """A complaint: diverted to its own service, never shown, never counted (R-4.1e)."""

    title = WordsField(
        label=_("What it is about, in a few words"),
        limit=120,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    place = WordsField(
        label=_("Place"),
        required=False,
        limit=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("For example a street, a corner or a gate."),
    )
    share_contact = forms.BooleanField(
        label=_("Pass my name and e-mail address on to the complaint service"),
        required=False,
        help_text=_("Without it the service gets your text alone."),
    )

    shown_in_public = False
    main_fields = ("title", "text", "place")
    prompt = _(
        "What happened, where and when? A complaint goes to the complaint service. It"
        " is not published and does not count as an opinion on this topic."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["publication"]
        self.fields["name"].help_text = ""
        self.fields["organisation"].help_text = _(
            "Only if you write for a business, organisation or authority."
        )
        self.fields["email"].help_text = _(
            "To send you the receipt and the reference of your complaint. It is kept"
            " encrypted, apart from your text."
        )

    def clean(self):
        cleaned = super().clean()
        cleaned["publication"] = Publication.NOT_PUBLISHED
        cleaned["reply_to"] = ""
        return cleaned

    def data_of_tool(self):
        data = self.cleaned_data
        found = {"place": data["place"]} if data.get("place") else {}
        if data.get("share_contact") and (data["name"] or data["email"]):
            found["share_contact"] = True
        return found


class EnquiryForm(forms.Form):
    """A question to the municipality, with or without an address for the answer."""

    subject = WordsField(
        label=_("Subject of the enquiry"),
        limit=200,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Give your enquiry a subject.")},
    )
    text = WordsField(
        label=_("Your question"),
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Write your question.")},
    )
    language = forms.ChoiceField(label=_("I write in"))
    name = WordsField(
        label=_("Your name"),
        required=False,
        limit=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "The answer is sent there. Without it you read the answer here, with the"
            " code that you are given. It is kept encrypted and never published."
        ),
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    not_carried: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages_written.choices()
        self.fields["language"].initial = (get_language() or "").split("-")[0]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("language"):
            cleaned["language"] = languages_written.corrected(
                cleaned["language"], cleaned.get("text", "")
            )
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether something filled the field that people do not see."""
        return bool(self.cleaned_data.get("website"))

    def person(self) -> Person:
        """Who asks, as far as they said."""
        data = self.cleaned_data
        return Person(name=data["name"], email=data["email"])


class AgreementForm(forms.Form):
    """The sender's own consent that an enquiry becomes a participation (R-4.1g)."""

    publication = forms.ChoiceField(
        label=_("How may your text be shown?"),
        widget=forms.RadioSelect,
        choices=Publication.choices,
        error_messages={"required": _("Choose how your text may be shown.")},
    )
    name = WordsField(
        label=_("Name that is shown"),
        required=False,
        limit=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Needed only if it is to be shown with your text."),
    )
    accept = forms.BooleanField(
        label=_("I accept"),
        error_messages={"required": _("Without your acceptance nothing is sent.")},
    )

    def __init__(self, *args, consultation, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.acceptance = self.fields["accept"].label
        if consultation.policy_version is not None:
            self.acceptance = policy_of(consultation.policy_version).text("acceptance")

    def clean(self):
        cleaned = super().clean()
        named = cleaned.get("publication") == Publication.WITH_NAME
        if named and not cleaned.get("name"):
            self.add_error("name", _("Write the name that is to be shown."))
        return cleaned


class AnswerForm(forms.Form):
    """An answer of the desk; it goes to the sender alone."""

    text = WordsField(
        label=pgettext_lazy("of the reply desk", "Answer"),
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        error_messages={"required": _("Write the answer.")},
        help_text=_("It is sent in the municipality's name, without yours."),
    )


class CaseAnswerForm(AnswerForm):
    """The answer to a case: the last word, or not yet."""

    stays_open = forms.BooleanField(
        label=_("More will follow: keep the enquiry in work"),
        required=False,
    )


class OutsideForm(AnswerForm):
    """Which body is competent, and what the sender is told (R-6.5.1c)."""

    body = WordsField(
        label=_("Competent body"),
        limit=200,
        error_messages={"required": _("Name the body that is competent.")},
    )
    field_order = ("body", "text")
