"""What people fill in to ask for an act: reason code, public reason, new dates."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from wagtail_eparticipation.calendars.words import (
    day_end,
    validate_sayable,
    zone_words,
)
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.act_names import (
    DEVIATIONS,
    EXPLAINED,
    WITHHOLD,
    Part,
)
from wagtail_eparticipation.consultations.acts import Reason
from wagtail_eparticipation.consultations.blocks import ChannelKind
from wagtail_eparticipation.consultations.channel_table import is_off, kinds_of
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.stages import STANDARD_STAGES
from wagtail_eparticipation.consultations.timeline import stage_name
from wagtail_eparticipation.languages import LocalisedTextFormField
from wagtail_eparticipation.policy.reading import policy_of


class ActForm(forms.Form):
    """Base of the forms: reason code and reason when the act is a deviation."""

    def __init__(self, *args, name: str, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.name, self.consultation = name, consultation
        if name in DEVIATIONS:
            self.fields["reason_code"] = forms.ChoiceField(
                label=_("Reason code"),
                choices=[("", _("Choose a reason")), *self._reasons()],
            )
        if name in DEVIATIONS or name in EXPLAINED:
            self.fields["reason"] = LocalisedTextFormField(
                label=_("Reason, shown in public"),
                help_text=_("It stands on the topic's timeline and in the archive."),
                rows=4,
            )

    def _reasons(self) -> list[tuple[str, str]]:
        version = self.consultation.policy_version
        if version is None:
            return []
        return [
            (
                reason.code,
                _("%(reason)s (clause %(clause)s)")
                % {"reason": reason.label, "clause": reason.clause},
            )
            for reason in policy_of(version).reasons_for(self.name)
        ]

    def given_reason(self) -> Reason | None:
        """The reason as the acts take it."""
        if self.name in EXPLAINED:
            return Reason("", self.cleaned_data["reason"])
        if self.name not in DEVIATIONS:
            return None
        return Reason(self.cleaned_data["reason_code"], self.cleaned_data["reason"])

    def parameters(self) -> dict:
        """The act's parameters, from the fields that the act has of its own."""
        return {}


class ClosingForm(ActForm):
    """A new closing, on the municipality's clock."""

    closes_on = forms.DateField(
        label=gettext_lazy("New closing: day"),
        widget=AdminDateInput,
        validators=[validate_sayable],
    )
    closes_time = forms.TimeField(
        label=gettext_lazy("New closing: time"),
        widget=AdminTimeInput,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_time"].help_text = _(
            "%(zone)s. Leave it empty for the end of that day."
        ) % {"zone": zone_words()}

    def parameters(self):
        day = self.cleaned_data["closes_on"]
        if day is None:
            return {"closes_at": None}
        time = self.cleaned_data["closes_time"]
        if time is None:
            return {"closes_at": day_end(day)}
        local = datetime.combine(day, time, tzinfo=municipal_zone())
        return {"closes_at": local}


class CloseEarlyForm(ClosingForm):
    """When to close, at the earliest after the notice that the policy asks for."""

    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent: without notice"),
        required=False,
        help_text=gettext_lazy(
            "The period then ends at the moment at which the second person authorises."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].required = False
        version = self.consultation.policy_version
        hours = policy_of(version).periods["closing_notice_hours"] if version else 0
        self.fields["closes_on"].help_text = _(
            "Leave it empty for the earliest closing: %(hours)d hours after the "
            "authorisation."
        ) % {"hours": hours}

    def parameters(self):
        return {**super().parameters(), "urgent": self.cleaned_data["urgent"]}


class AmendForm(ActForm):
    """Which of the six stages takes another course; closing cannot."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [
            (key, stage_name(self.consultation, key))
            for key, _stages in STANDARD_STAGES
            if key != "closing"
        ]

    def parameters(self):
        return {"stage": self.cleaned_data["stage"]}


class WithholdForm(ActForm):
    """Which results are not published, the whole or a part (R-6.4.1c)."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is not published"),
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def parameters(self):
        return {"parts": self.cleaned_data["parts"]}


class ChannelForm(ActForm):
    """Which channel of the topic's table is switched off, or on again (R-4.3c)."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        window = getattr(self.consultation, "window", None)
        wanted = self.name == "open_channel"
        labels = dict(ChannelKind.choices)
        self.fields["channel"].choices = [
            (kind, labels.get(kind, kind))
            for kind in kinds_of(self.consultation)
            if is_off(window, kind) == wanted
        ]

    def parameters(self):
        return {"channel": self.cleaned_data["channel"]}


class ModerationForm(ActForm):
    """Whether participations are reviewed before or after they are shown."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How participations are reviewed"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        present = self.consultation.moderation_mode
        self.fields["mode"].choices = [
            each for each in ModerationMode.choices if each[0] != present
        ]
        self.fields["mode"].help_text = _("Now: %(mode)s.") % {
            "mode": self.consultation.get_moderation_mode_display()
        }

    def parameters(self):
        return {"mode": self.cleaned_data["mode"]}


_FORMS = {
    "change_moderation": ModerationForm,
    "close_channel": ChannelForm,
    "open_channel": ChannelForm,
    WITHHOLD: WithholdForm,
    "extend": ClosingForm,
    "reopen": ClosingForm,
    "close_early": CloseEarlyForm,
    "amend": AmendForm,
}


def form_for(name: str, consultation, data=None, *, initial=None) -> ActForm:
    """The form of an act, bound to ``data`` when given."""
    form = _FORMS.get(name, ActForm)
    return form(data, name=name, consultation=consultation, initial=initial)


def initial_from(query) -> dict:
    """What a link to the form suggests: a reason, and a closing as an ISO instant.

    What cannot be read is left out.
    """
    initial = {"reason_code": query.get("reason", "")}
    try:
        closes_at = datetime.fromisoformat(query.get("closes_at", ""))
        local = closes_at.astimezone(municipal_zone())
    except (ValueError, OverflowError):
        return initial
    return {**initial, "closes_on": local.date(), "closes_time": local.time()}
