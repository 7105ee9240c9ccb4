"""Form fields for kinds of answers that Django has none for."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Arabic-Indic and Persian digits, and what parts figures in Arabic.
_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫−", "01234567890123456789.-", "٬\u200e\u200f\u061c"
)


def in_western_digits(text: str) -> str:
    """A number or day as it is typed in Arabic, for Python to read."""
    return text.translate(_DIGITS).strip()


class _WithGone:
    """A widget some of whose options cannot be chosen any more."""

    gone: frozenset[str] = frozenset()

    def create_option(self, name, value, label, selected, *args, **kwargs):
        option = super().create_option(name, value, label, selected, *args, **kwargs)
        # One that is chosen already is sent, and judged when it arrives.
        if str(value) in self.gone and not selected:
            option["attrs"]["disabled"] = True
        return option


class RadioSelect(_WithGone, forms.RadioSelect):
    """Radio buttons, some of which cannot be chosen any more."""


class CheckboxSelectMultiple(_WithGone, forms.CheckboxSelectMultiple):
    """Boxes, some of which cannot be ticked any more."""


class Select(_WithGone, forms.Select):
    """A list, some of whose options cannot be chosen any more."""


class ChoicesField(forms.MultipleChoiceField):
    """Several options, each counted once, ``at_least`` to ``at_most`` of them."""

    widget = CheckboxSelectMultiple

    def __init__(
        self, *, at_least: int | None = None, at_most: int | None = None, **kwargs
    ):
        super().__init__(**kwargs)
        self.at_least, self.at_most = at_least, at_most

    def to_python(self, value):
        return list(dict.fromkeys(super().to_python(value)))

    def validate(self, value):
        super().validate(value)
        if self.at_most and len(value) > self.at_most:
            raise ValidationError(at_most_words(self.at_most), code="too_many")
        if value and self.at_least and len(value) < self.at_least:
            raise ValidationError(at_least_words(self.at_least), code="too_few")


def at_most_words(number: int) -> str:
    """The sentence about the most options that may be chosen."""
    return ngettext(
        "Choose at most %(count)d option.", "Choose at most %(count)d options.", number
    ) % {"count": number}


def at_least_words(number: int) -> str:
    """The sentence about the fewest options that must be chosen."""
    return ngettext(
        "Choose at least %(count)d option.",
        "Choose at least %(count)d options.",
        number,
    ) % {"count": number}


class NumberField(forms.DecimalField):
    """A number in Western or Arabic digits; ``whole`` takes no fraction."""

    def __init__(self, *, whole: bool = False, **kwargs):
        super().__init__(
            max_digits=14,
            decimal_places=4,
            widget=forms.TextInput({"inputmode": "decimal", "dir": "ltr"}),
            **kwargs,
        )
        self.whole = whole

    def to_python(self, value):
        value = value if value in self.empty_values else in_western_digits(str(value))
        found = super().to_python(value)
        return found if found is None else self._plain(found)

    def _plain(self, number: Decimal) -> Decimal:
        if not number.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        # By its magnitude alone: to reckon with such a number would end in an error.
        if number.adjusted() >= 10 or number.adjusted() < -10:
            raise ValidationError(_("This number is too large."), code="too_large")
        number = number.quantize(Decimal(1)) if number == int(number) else number
        if self.whole and number != int(number):
            raise ValidationError(_("Enter a whole number."), code="whole")
        return number


class DayField(forms.DateField):
    """A day between two others; digits may be Arabic."""

    widget = forms.DateInput({"type": "date", "dir": "ltr"}, format="%Y-%m-%d")

    def __init__(
        self, *, earliest: date | None = None, latest: date | None = None, **kwargs
    ):
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value):
        return super().to_python(
            in_western_digits(value) if isinstance(value, str) else value
        )

    def validate(self, value):
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            words = _("Choose a day from %(day)s on.")
            raise ValidationError(words % {"day": date_format(self.earliest)})
        if value and self.latest and value > self.latest:
            words = _("Choose a day until %(day)s.")
            raise ValidationError(words % {"day": date_format(self.latest)})


class RankingWidget(forms.Widget):
    """A list of places beside each option, which a script turns into a list to move."""

    template_name = "wagtail_eparticipation/surveys/ranking_widget.html"
    use_fieldset = True
    #: What is typed lies under several names, each beginning with the field's.
    is_spread = True

    def __init__(self, choices=(), attrs=None):
        super().__init__(attrs)
        self.choices = list(choices)

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_

    def value_from_datadict(self, data, files, name):
        typed = {
            key: in_western_digits(data.get(f"{name}_{key}", "") or "")
            for key, _label in self.choices
        }
        return typed if any(typed.values()) else None

    def value_omitted_from_data(self, data, files, name):
        return not any(f"{name}_{key}" in data for key, _label in self.choices)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if isinstance(value, list | tuple):
            value = {key: str(place) for place, key in enumerate(value, start=1)}
        value = value or {}
        places = [str(place) for place in range(1, len(self.choices) + 1)]
        shared = {
            key: text for key, text in context["widget"]["attrs"].items() if key != "id"
        }
        context["widget"]["attrs"] = shared
        context["places"] = places
        context["options"] = [
            {
                "name": f"{name}_{key}",
                "id": f"{(attrs or {}).get('id', name)}_{number}",
                "label": label,
                "place": value.get(key, ""),
            }
            for number, (key, label) in enumerate(self.choices)
        ]
        return context


class RankingField(forms.Field):
    """Options in an order: their ids as a list, the first one first."""

    def __init__(self, *, choices, **kwargs):
        self.choices = list(choices)
        super().__init__(widget=RankingWidget(self.choices), **kwargs)

    def to_python(self, value):
        if not value:
            return []
        places = {key: place for key, place in value.items() if place}
        wanted = {str(place) for place in range(1, len(self.choices) + 1)}
        if not set(places.values()) <= wanted:
            raise ValidationError(
                _("Choose a place from the list for each."), code="place"
            )
        if len(set(places.values())) < len(places):
            raise ValidationError(
                _("Two have the same place. Give each a place of its own."),
                code="same",
            )
        if len(places) < len(self.choices):
            raise ValidationError(
                _("Give every one a place, or none of them."), code="some"
            )
        return sorted(places, key=lambda key: int(places[key]))
