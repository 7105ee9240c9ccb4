"""What a clerk writes down for somebody at the counter or on the telephone (S3-I7)."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_eparticipation.calendars.words import validate_sayable, zone_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations import door, tools
from wagtail_eparticipation.participations.forms import WordsForm
from wagtail_eparticipation.participations.models import Channel, Consent
from wagtail_eparticipation.participations.views import request_version_in_force
from wagtail_eparticipation.policy.reading import policy_of

#: Once a decision is recorded its basis does not change any more.
ENTRY_STAGES = frozenset({Stage.COLLECTING, Stage.ANALYSING})
CHANNELS = [
    pair for pair in Channel.choices if pair[0] in (Channel.COUNTER, Channel.TELEPHONE)
]
#: Clocks on a desk may be a little fast.
_FAST = timedelta(minutes=5)


def offered_tools(consultation) -> list[tools.Tool]:
    """The topic's tools that consist of words, whatever page offers them."""
    named = {code for page in consultation.pages.all() for code in page.tools}
    return [
        tool
        for tool in tools.registered()
        if tool.code in named and tool.form and _is_of_words(tool)
    ]


def _is_of_words(tool: tools.Tool) -> bool:
    return issubclass(import_string(tool.form), WordsForm)


class _Assisted(forms.Form):
    """What the clerk adds to the participant's own form."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=CHANNELS, widget=forms.RadioSelect
    )
    made_at = forms.DateTimeField(
        label=gettext_lazy("When it was said"),
        widget=AdminDateTimeInput,
        validators=[validate_sayable],
    )
    spoken = forms.ChoiceField(
        label=gettext_lazy("Language in which the acceptance text was read aloud")
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "For example the number of the call or of the counter's record."
        ),
    )

    #: What is said at a counter has no files; a paper is evidence, kept elsewhere.
    takes_files = False

    #: The order on the page: what was said, who, and last what the clerk vouches for.
    _first = ("channel", "made_at")
    _last = ("spoken", "accept", "evidence", "token")

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        for name in ("website", "reply_to"):
            del self.fields[name]
        self.fields["spoken"].choices = content_languages()
        self.fields["language"].label = _("Language of the text")
        self.fields["made_at"].help_text = zone_words()
        self.fields["accept"].label = _(
            "The acceptance text was read aloud and accepted orally"
        )
        version = self.consultation.policy_version
        if version is not None:
            answer = policy_of(version).text("acceptance_oral")
            self.fields["accept"].help_text = _(
                "In the participant's words: %(text)s"
            ) % {"text": answer}
        self.fields["accept"].error_messages["required"] = _(
            "Without oral acceptance nothing is entered."
        )
        middle = [
            name for name in self.fields if name not in (*self._first, *self._last)
        ]
        self.order_fields([*self._first, *middle, *self._last])

    def clean_made_at(self) -> datetime:
        """The form reads the site's zone; people mean the municipality's clock."""
        value = self.cleaned_data["made_at"].replace(tzinfo=municipal_zone())
        if value > self.now + _FAST:
            raise ValidationError(_("This lies in the future."))
        return value


def entry_form(tool: tools.Tool, *args, consultation, now: datetime, **kwargs):
    """The tool's own form with what the clerk adds, empty or as it was typed."""
    form_class = type("EntryForm", (_Assisted, import_string(tool.form)), {})
    local = now.astimezone(municipal_zone()).replace(tzinfo=None, second=0)
    kwargs["initial"] = {"made_at": local, **kwargs.get("initial", {})}
    return form_class(*args, consultation=consultation, now=now, **kwargs)


def enter(form, tool: tools.Tool, token, *, actor) -> door.Outcome:
    """Bring a valid form through the door, on the footing of oral acceptance."""
    data, consultation = form.cleaned_data, form.consultation
    version = consultation.policy_version
    return door.submit(
        consultation,
        door.Submission(
            tool=tool.code,
            channel=data["channel"],
            language=data["language"],
            text=data["text"],
            title=data.get("title", ""),
            data=form.data_of_tool(),
            publication=data["publication"],
            capacity=data["capacity"],
            person=form.person(),
            consent=Consent.ORAL,
            consent_version=f"{version.pack}/{version.version}" if version else "",
            consent_language=data["spoken"],
            idempotency_key=token.nonce,
            made_at=min(data["made_at"], form.now),
            evidence=data["evidence"],
            request_version=request_version_in_force(consultation),
        ),
        actor=actor,
    )
