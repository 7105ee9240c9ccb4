"""What somebody fills in to suggest something (R-4.1b, R-7.7a)."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.categories import categories_of
from wagtail_eparticipation.participations.forms import (
    CommentForm,
    WordsField,
    WordsForm,
)

#: About one metre: no map needs more, and no more is kept.
_DECIMALS = 5


class CoordinateField(forms.Field):
    """Degrees within ``limit``, typed in the digits of any script; a number or None."""

    def __init__(self, *, limit: int, **kwargs):
        attrs = {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), required=False, **kwargs)
        self.limit = limit

    def to_python(self, value):
        text = str("" if value is None else value).strip()[:30]
        if not text:
            return None
        plain = "".join(_plain_character(each) for each in text)
        try:
            degrees = float(plain)
        except ValueError:
            raise ValidationError(
                _("Write a number of degrees, such as 26.33."), code="number"
            ) from None
        # Also refuses "nan", which is in no range.
        if not -self.limit <= degrees <= self.limit:
            raise ValidationError(
                _("Write a number between −%(limit)s and %(limit)s.")
                % {"limit": self.limit},
                code="range",
            )
        return round(degrees, _DECIMALS)


def _plain_character(character: str) -> str:
    if character in "٫,،":
        return "."
    if character in "−–":
        return "-"
    return str(unicodedata.decimal(character, character))


class SuggestionForm(WordsForm):
    """A proposal with a title, a category, and a place where it has one.

    A place is said in words; a point is only beside them, so that nobody needs a map.
    """

    takes_files = True

    title = WordsField(
        label=gettext_lazy("Your suggestion in a few words"),
        limit=120,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": gettext_lazy("Give your suggestion a title.")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )
    place = WordsField(
        label=gettext_lazy("Place"),
        required=False,
        limit=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy(
            "For example a street, a corner or a gate; not your home. It is shown with"
            " your suggestion."
        ),
    )
    latitude = CoordinateField(
        label=gettext_lazy("Latitude of the place"),
        limit=90,
        help_text=gettext_lazy(
            "Only if you want to name a point, in degrees. The words above are enough."
        ),
    )
    longitude = CoordinateField(label=gettext_lazy("Longitude of the place"), limit=180)
    sources = CommentForm.base_fields["sources"]

    main_fields = (
        "title",
        "text",
        "category",
        "place",
        "latitude",
        "longitude",
        "sources",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = categories_of(self.consultation, get_language())
        if labels:
            choices = [("", _("Choose")), *labels.items()]
            self.fields["category"].choices = choices
        else:
            del self.fields["category"]
            names = (name for name in self.main_fields if name != "category")
            self.main_fields = tuple(names)
        latitude = self.fields["latitude"].widget
        latitude.attrs["data-ep-point"] = self.add_prefix("longitude")
        latitude.attrs["data-ep-point-text"] = _("Use the place where I am")
        latitude.attrs["data-ep-point-failed"] = _(
            "Your device did not tell the place. Describe it in words."
        )

    def clean(self):
        cleaned = super().clean()
        point = [cleaned.get(name) for name in ("latitude", "longitude")]
        if not {"latitude", "longitude"} & self.errors.keys():
            for name, value in zip(("latitude", "longitude"), point, strict=True):
                if value is None and point.count(None) == 1:
                    self.add_error(
                        name, _("A point needs both numbers, or leave both empty.")
                    )
        return cleaned

    def data_of_tool(self):
        names = ("category", "place", "latitude", "longitude", "sources")
        given = {name: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in given.items() if value not in (None, "")}


def point_words(data) -> str:
    """A point as people write it, e.g. ``26.33123, 43.97456``; empty without one."""
    latitude, longitude = data.get("latitude"), data.get("longitude")
    if latitude is None or longitude is None:
        return ""
    return f"{latitude:.{_DECIMALS}f}, {longitude:.{_DECIMALS}f}"


def describe(participation, language: str) -> list[tuple[str, str]]:
    """What a suggestion holds besides its text, for its author and for staff."""
    data = participation.data
    category = data.get("category")
    if category:
        labels = categories_of(participation.consultation, language)
        category = labels.get(category, category)
    pairs = (
        (_("Category"), category),
        (_("Place"), data.get("place")),
        (_("Point (latitude, longitude)"), point_words(data)),
        (_("Sources"), data.get("sources")),
    )
    return [(label, value) for label, value in pairs if value]
