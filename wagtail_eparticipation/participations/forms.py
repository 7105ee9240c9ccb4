"""What a participant fills in; the door checks everything again."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations import languages_written
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Capacity, Publication
from wagtail_eparticipation.policy.reading import policy_of

NEEDS_ORGANISATION = frozenset(
    {Capacity.BUSINESS, Capacity.ORGANISATION, Capacity.GOVERNMENT}
)


#: What every tool asks, in the order of ``person_fields.html``.
ON_THE_PAGE = (
    "publication",
    "name",
    "email",
    "capacity",
    "organisation",
    "accept",
)


class ParticipantForm(forms.Form):
    """What every tool asks: who, in what capacity, published how, accepted.

    ``website`` is a trap for programs and hidden from people by the style sheet; what
    falls into it is set aside for a person to look at, never dropped.
    """

    capacity = forms.ChoiceField(
        label=_("I take part as"), choices=Capacity.choices, required=False
    )
    organisation = forms.CharField(
        label=_("Name of the organisation"),
        required=False,
        max_length=120,
        help_text=_("Only if you write for a business, organisation or authority."),
    )
    publication = forms.ChoiceField(
        label=_("How may your text be shown?"),
        widget=forms.RadioSelect,
        choices=Publication.choices,
        error_messages={"required": _("Choose how your text may be shown.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Needed only if it is to be shown with your text."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "Only to send you the receipt and to tell you the outcome. It is kept"
            " encrypted, apart from your text, and never published."
        ),
    )
    accept = forms.BooleanField(
        label=_("I accept"),
        error_messages={"required": _("Without your acceptance nothing is sent.")},
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, consultation, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        #: The whole sentence beside the box; messages call it by its short label.
        self.acceptance = self.fields["accept"].label
        version = consultation.policy_version
        if version is not None:
            self._speak_as(policy_of(version))

    def _speak_as(self, policy) -> None:
        """Use the pinned policy's own words for acceptance and publication."""
        self.acceptance = policy.text("acceptance")
        self.fields["publication"].help_text = policy.text("publication_choice")
        keys = {
            Publication.WITH_NAME: "publish_with_name",
            Publication.WITHOUT_NAME: "publish_without_name",
            Publication.NOT_PUBLISHED: "do_not_publish",
        }
        self.fields["publication"].choices = [
            (value, policy.text(key)) for value, key in keys.items()
        ]

    def clean(self):
        cleaned = super().clean()
        organised = cleaned.get("capacity") in NEEDS_ORGANISATION
        if organised and not cleaned.get("organisation"):
            self.add_error(
                "organisation", _("Name the organisation for which you write.")
            )
        shown = cleaned.get("organisation") or cleaned.get("name")
        if cleaned.get("publication") == Publication.WITH_NAME and not shown:
            self.add_error("name", _("Write the name that is to be shown."))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether something filled the field that people do not see."""
        return bool(self.cleaned_data.get("website"))

    def person(self) -> Person:
        """Who takes part, as far as they said."""
        data = self.cleaned_data
        return Person(
            name=data["name"], email=data["email"], organisation=data["organisation"]
        )


class WordsField(forms.CharField):
    """Free text: NUL characters go silently, nobody typed them on purpose."""

    def to_python(self, value):
        return super().to_python(value.replace("\x00", "") if value else value)


class WordsForm(ParticipantForm):
    """A tool by which somebody writes a text in a language of their choice."""

    text = WordsField(
        label=_("Your text"),
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Write something first: the text is empty.")},
    )
    language = forms.ChoiceField(label=_("I write in"))
    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)

    main_fields: tuple[str, ...] = ("text",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # As on the page, so that the list of errors is in reading order.
        self.order_fields([*self.main_fields, "language", *ON_THE_PAGE])
        self.fields["language"].choices = languages_written.choices()
        self.fields["language"].initial = (get_language() or "").split("-")[0]

    def clean_text(self):
        limit = get_setting("MAX_TEXT_LENGTH")
        return sanitize.plain(self.cleaned_data["text"], max_length=limit)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("language"):
            cleaned["language"] = languages_written.corrected(
                cleaned["language"], cleaned.get("text", "")
            )
        return cleaned

    def data_of_tool(self) -> dict[str, str]:
        """What this tool keeps besides the text."""
        return {}


class CommentForm(WordsForm):
    """A comment on the topic, or a reply to a published one."""

    sources = forms.CharField(
        label=_("Sources you rely on"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Titles or addresses, one a line."),
    )

    main_fields = ("text", "sources")

    def data_of_tool(self):
        return _filled(self.cleaned_data, "sources")


class SuggestionForm(WordsForm):
    """A proposal with a title, and a place where it has one (R-4.1b)."""

    title = forms.CharField(
        label=_("Your suggestion in a few words"),
        max_length=120,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Give your suggestion a title.")},
    )
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("For example a street, a corner or a gate."),
    )
    sources = CommentForm.base_fields["sources"]

    main_fields = ("title", "text", "place", "sources")

    def data_of_tool(self):
        return _filled(self.cleaned_data, "place", "sources")


def _filled(cleaned, *names: str) -> dict[str, str]:
    values = {
        name: sanitize.plain(cleaned.get(name, ""), max_length=1000) for name in names
    }
    return {name: value for name, value in values.items() if value}
