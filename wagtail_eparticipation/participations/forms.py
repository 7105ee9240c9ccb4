"""What a participant fills in; the door checks everything again."""

import re

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations import (
    languages_written,
    persons,
    proof,
    reply_targets,
)
from wagtail_eparticipation.participations.attachment_fields import NAMES as FILES
from wagtail_eparticipation.participations.attachment_fields import add_fields
from wagtail_eparticipation.participations.attachment_settings import taken_on
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Capacity, Publication
from wagtail_eparticipation.participations.on_articles import AboutArticle
from wagtail_eparticipation.policy.reading import policy_of

NEEDS_ORGANISATION = frozenset(
    {Capacity.BUSINESS, Capacity.ORGANISATION, Capacity.GOVERNMENT}
)


#: What every tool asks, in the order of ``person_fields.html``.
ON_THE_PAGE = (
    "invitation",
    "publication",
    "name",
    "email",
    "capacity",
    "organisation",
    "accept",
)

#: Fields in which a place can be hidden, and about which hints are given.
ADVISED_ON = frozenset({"title", "text", "sources"})


class WordsField(forms.CharField):
    """Plain text as ``sanitize.plain`` makes it; nothing to be seen counts as empty.

    ``limit`` is in characters, by default the setting ``MAX_TEXT_LENGTH``. It is no
    ``maxlength`` of the input, which would cut what is pasted without a word.
    """

    def __init__(self, *, limit: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value)
        limit = self.limit or get_setting("MAX_TEXT_LENGTH")
        return sanitize.plain(text, max_length=limit)


class CarriedField(forms.CharField):
    """A hidden field that a page only carries along; damaged ones are empty.

    Nobody sees it, so nobody could mend it: an error about it would say nothing.
    """

    def __init__(self, *, pattern: str = "[^\\x00]*"):
        super().__init__(required=False, widget=forms.HiddenInput)
        self.pattern = re.compile(pattern, re.DOTALL)

    def clean(self, value):
        text = "" if value in self.empty_values else str(value)
        return text if self.pattern.fullmatch(text) else ""


class ParticipantForm(forms.Form):
    """What every tool asks: who, in what capacity, published how, accepted.

    ``website`` is a trap for programs and hidden from people by the style sheet; what
    falls into it is set aside for a person to look at, never dropped.
    """

    capacity = forms.ChoiceField(
        label=_("I take part as"), choices=Capacity.choices, required=False
    )
    organisation = WordsField(
        label=_("Name of the organisation"),
        required=False,
        limit=120,
        help_text=_(
            "Only if you write for a business, organisation or authority. Where your"
            " text is shown with a name, this one is shown and not your own."
        ),
    )
    publication = forms.ChoiceField(
        label=_("How may your text be shown?"),
        widget=forms.RadioSelect,
        choices=Publication.choices,
        error_messages={"required": _("Choose how your text may be shown.")},
    )
    name = WordsField(
        label=_("Your name"),
        required=False,
        limit=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_(
            "Needed only if it is to be shown with your text. If you name an"
            " organisation below, its name is shown instead."
        ),
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
    invitation = WordsField(
        label=_("Code of your invitation"),
        limit=100,
        widget=forms.TextInput({"autocomplete": "off", "dir": "ltr"}),
        help_text=_(
            "It stands in the message or letter that invited you. Your answer is not"
            " kept together with the list of those invited."
        ),
        error_messages={"required": _("Write the code of your invitation.")},
    )
    accept = forms.BooleanField(
        label=_("I accept"),
        error_messages={"required": _("Without your acceptance nothing is sent.")},
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    #: The link of a saved draft, which goes when this is sent.
    draft = CarriedField()
    #: Keys of the hints that its sender has answered; see ``hinting``.
    hinted = CarriedField()

    #: Fields that belong to one language alone.
    not_carried: tuple[str, ...] = ()
    #: Whether files can be attached, on topics that take them.
    takes_files = False
    #: The files on their way with it (``attachment_form.Tray``), where it has any.
    tray = None
    #: Why it could not be saved to go on later, for the page that shows it.
    not_saved = ""
    #: The hints that are shown with it, a ``hinting.Hinting``.
    hinting = None
    #: Whether its words may be shown in public, hence hidden in places.
    shown_in_public = True

    def __init__(self, *args, consultation, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        #: The question to the sender's device, if there is one.
        self.proof = proof.offered_always(consultation)
        #: The whole sentence beside the box; messages call it by its short label.
        self.acceptance = self.fields["accept"].label
        self._ask_who_it_is()
        version = consultation.policy_version
        if version is not None:
            self._speak_as(policy_of(version))

    def _ask_who_it_is(self) -> None:
        """What this topic wants to know of a person, and no more (S3-L)."""
        if not persons.asks_for_code(self.consultation):
            del self.fields["invitation"]
        if persons.asks_for_address(self.consultation):
            email = self.fields["email"]
            email.required = True
            email.help_text = _(
                "We send you a message with a link: your participation counts once you"
                " have followed it, within 48 hours. The address is kept encrypted,"
                " apart from your text, and never published."
            )

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
        organised = organised and "organisation" in self.fields
        if organised and not cleaned.get("organisation"):
            self.add_error(
                "organisation", _("Name the organisation for which you write.")
            )
        shown = cleaned.get("organisation") or cleaned.get("name")
        if cleaned.get("publication") == Publication.WITH_NAME and not shown:
            self.add_error("name", _("Write the name that is to be shown."))
        return cleaned

    def words(self) -> dict[str, str]:
        """The texts that hints are given about, by field, as far as they are valid."""
        return {}

    @property
    def is_trapped(self) -> bool:
        """Whether something filled the field that people do not see."""
        return bool(self.cleaned_data.get("website"))

    def standing(self, request) -> persons.Standing:
        """Who sends it, as far as the topic asks; raises ``SignInFirst``."""
        data = self.cleaned_data
        return persons.sender(
            request,
            self.consultation,
            email=data["email"],
            code=data.get("invitation", ""),
        )

    def person(self) -> Person:
        """Who takes part, as far as they said."""
        data = self.cleaned_data
        return Person(
            name=data["name"], email=data["email"], organisation=data["organisation"]
        )


class WordsForm(ParticipantForm):
    """A tool by which somebody writes a text in a language of their choice."""

    text = WordsField(
        label=_("Your text"),
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Write something first: the text is empty.")},
    )
    language = forms.ChoiceField(label=_("I write in"))
    reply_to = forms.CharField(
        label=_("Comment that this answers"), required=False, widget=forms.HiddenInput
    )

    main_fields: tuple[str, ...] = ("text",)
    #: What may help somebody who does not know how to begin.
    prompt = _(
        "What should change? Why? What do you suggest? Please write no names, telephone"
        " numbers or addresses in the text."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.takes_files and taken_on(self.consultation):
            add_fields(self)
        self.fields["language"].choices = languages_written.choices()
        self.fields["language"].initial = (get_language() or "").split("-")[0]
        # As on the page, so that the list of errors is in reading order.
        self.order_fields([*self.main_fields, "language", *FILES, *ON_THE_PAGE])

    def clean(self):
        cleaned = super().clean()
        self._check_target(cleaned.get("reply_to"))
        if cleaned.get("language"):
            cleaned["language"] = languages_written.corrected(
                cleaned["language"], cleaned.get("text", "")
            )
        return cleaned

    def _check_target(self, key: str) -> None:
        """A reply to what is not there is no reply: ask before it stands alone."""
        if not key or reply_targets.find(key, self.consultation):
            return
        # What is rendered again is a contribution of its own.
        self.data = self.data.copy()
        self.data[self.add_prefix("reply_to")] = ""
        self.add_error(
            None,
            _(
                "What you replied to is not there any more, or takes no replies. Your"
                " text is kept: send it again to add it as a contribution of its own."
            ),
        )

    def words(self):
        names = (name for name in self.main_fields if name in ADVISED_ON)
        return {name: self.cleaned_data.get(name) or "" for name in names}

    def data_of_tool(self) -> dict[str, str]:
        """What this tool keeps besides the text."""
        return {}


class CommentForm(AboutArticle, WordsForm):
    """A comment on the topic or one of its articles, or a reply to a published one."""

    takes_files = True

    sources = WordsField(
        label=_("Sources you rely on"),
        required=False,
        limit=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Titles or addresses, one a line."),
    )

    @property
    def main_fields(self):
        return (*(("opinion",) if self.about else ()), "text", "sources")

    def data_of_tool(self):
        return {**_filled(self.cleaned_data, "sources"), **self.opinion_given()}


def _filled(cleaned, *names: str) -> dict[str, str]:
    return {name: cleaned[name] for name in names if cleaned.get(name)}


def carry_over(form: ParticipantForm, typed) -> ParticipantForm:
    """Fill an empty form with what was typed into its other language, unjudged."""
    for name, field in form.fields.items():
        spread = getattr(field.widget, "is_spread", False)
        if (name in typed or spread) and name not in form.not_carried:
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)
    return form
