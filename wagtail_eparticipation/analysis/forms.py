"""Forms of the analysis: one theme, and what is done to many participations."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.analysis.models import SetAside, Theme
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations.models import Channel, Participation
from wagtail_eparticipation.sanitize import is_key

#: The longest title of a theme in characters; it stands in tables and on charts.
TITLE_LENGTH = 255

NUMBER = re.compile(r"[0-9A-F]{8}")


class ThemeForm(forms.ModelForm):
    """A theme in every language of the site.

    The reason may be incomplete while people still work on it; the gates of the
    decision and the announcement ask for it. After the decision only wording is open.
    """

    class Meta:
        model = Theme
        fields = ["titles", "parent", "description", "disposition", "reason", "order"]
        widgets = {"order": forms.NumberInput(attrs={"min": 0})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        titles = Theme._meta.get_field("titles")
        self.fields["titles"] = titles.formfield(max_length=TITLE_LENGTH)
        consultation = self.instance.consultation
        tops = consultation.themes.filter(parent=None)
        self.fields["parent"].queryset = tops.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = _("No other theme: it stands by itself")
        self.fields["order"].required = False
        if consultation.stage() == Stage.DECIDED:
            for name in ("parent", "disposition"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "The decision was taken; only wording can change now."
                )

    def clean_order(self):
        return self.cleaned_data["order"] or self.instance.order or 0


class SortForm(forms.Form):
    """What to do with the participations that were ticked.

    ``participations`` are ids; ``everything`` stands for all that the filter shows,
    on other pages too. Which button was pressed is ``action``.
    """

    ACTIONS = ("assign", "unassign", "set_aside", "take_back")

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    participations = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)
    theme = forms.ModelChoiceField(
        queryset=Theme.objects.none(),
        required=False,
        label=_("Theme"),
        empty_label=_("Choose a theme"),
    )
    ground = forms.ChoiceField(
        choices=SetAside.Ground.choices,
        required=False,
        label=_("Ground"),
        widget=forms.RadioSelect,
    )
    representative = forms.CharField(
        required=False,
        max_length=20,
        label=_("For repetition: number of the participation that was read"),
    )
    sample_size = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1_000_000,
        label=_("For volume: how many were read as a sample"),
    )
    method = forms.CharField(
        required=False,
        max_length=500,
        label=_("For volume: how the sample was drawn"),
    )

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        self.fields["theme"].queryset = consultation.themes.order_by("order", "pk")
        self.fields["participations"].valid_value = is_key

    def clean_representative(self):
        number = self.cleaned_data["representative"].strip().upper()
        if not number:
            return None
        if not NUMBER.fullmatch(number):
            raise ValidationError(_("A number has eight characters, such as 3F9A02BC."))
        # As text, because a UUID column has no prefix search of its own.
        found = (
            Participation.objects.filter(consultation=self.consultation)
            .annotate(id_text=Cast("public_id", CharField()))
            .filter(id_text__startswith=number.lower())
            .first()
        )
        if found is None:
            raise ValidationError(
                _("There is no participation with the number %(number)s here.")
                % {"number": number}
            )
        return found

    def clean(self):
        data = super().clean()
        if not data.get("participations") and not data.get("everything"):
            self.add_error(None, _("Tick at least one participation."))
        themed = data.get("action") in ("assign", "unassign")
        if themed and not data.get("theme") and "theme" not in self.errors:
            self.add_error("theme", _("Choose a theme."))
        if data.get("action") == "set_aside" and not data.get("ground"):
            self.add_error("ground", _("Choose one of the two grounds of P-6.3.1."))
        return data


class FilterForm(forms.Form):
    """Which participations the list shows."""

    THEME_STATES = (
        ("", _("All")),
        ("open", _("Neither theme nor ground yet")),
        ("none", _("Without theme")),
        ("aside", _("Not reviewed individually")),
    )

    theme = forms.ChoiceField(required=False, label=_("Theme"))
    language = forms.ChoiceField(required=False, label=_("Language"))
    channel = forms.ChoiceField(
        required=False,
        label=_("Channel"),
        choices=[("", _("All")), *Channel.choices],
    )

    def __init__(self, *args, themes, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [
            *self.THEME_STATES,
            *((str(theme.pk), _title(theme)) for theme in themes),
        ]
        self.fields["language"].choices = [("", _("All")), *languages]

    def chosen(self) -> dict[str, str]:
        """The filters in force; what is not valid counts as not chosen."""
        if not self.is_valid():
            valid = {k: v for k, v in self.cleaned_data.items() if k not in self.errors}
        else:
            valid = self.cleaned_data
        return {name: value for name, value in valid.items() if value}


def _title(theme: Theme) -> str:
    return f"— {theme.title}" if theme.parent_id else theme.title
