"""The fields in which a moderator says what is to be hidden (R-7.8b, AC-S3-E1)."""

import re
from collections.abc import Iterable, Mapping

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.moderation import flags
from wagtail_eparticipation.moderation.categories import CATEGORIES
from wagtail_eparticipation.moderation.places import Place, from_json, widened
from wagtail_eparticipation.moderation.redaction import words_of
from wagtail_eparticipation.normalise import fold

_VALUE = re.compile(r"([a-z_]{1,20}):([0-9]{1,6}):([0-9]{1,6}):([a-z]{1,20})")
#: More places than anybody reads one by one.
AT_MOST = 500


def value_of(place: Place) -> str:
    """A place as the value of its box."""
    return f"{place.field}:{place.start}:{place.end}:{place.category}"


def place_of(value: str, words: Mapping[str, str]) -> Place | None:
    """The place that a box stands for; ``None`` where the words have no such place."""
    match = _VALUE.fullmatch(value)
    if match is None:
        return None
    field, start, end, category = match.groups()
    text = words.get(field, "")
    if category not in CATEGORIES or not int(start) < int(end) <= len(text):
        return None
    return Place(field, int(start), int(end), category)


def suggested(participation) -> list[tuple[Place, bool]]:
    """What the advisers found in the words, and whether to begin with it selected.

    Nothing where one fails: its moderator can still read and decide.
    """
    words = flags.words_of(participation)
    found: dict[tuple, tuple[Place, bool]] = {}
    for each in flags.findings_in(participation, {}):
        if each.start < each.end and each.category in CATEGORIES:
            start, end = widened(words[each.field], each.start, each.end)
            place = Place(each.field, start, end, each.category)
            known = found.get((each.field, start, end))
            if known is None or (each.hide and not known[1]):
                found[each.field, start, end] = (place, each.hide)
    if len(found) > AT_MOST:
        return _whole_fields(found.values(), words)
    return list(found.values())


def is_marked(found: Iterable[tuple[Place, bool]]) -> bool:
    """Whether any of the places :func:`suggested` begins selected."""
    return any(hide for _place, hide in found)


def _whole_fields(found, words: Mapping[str, str]) -> list[tuple[Place, bool]]:
    """One place a field, where there are more than anybody reads one by one."""
    whole: dict[str, tuple[Place, bool]] = {}
    for place, hide in found:
        known = whole.get(place.field)
        all_of_it = Place(place.field, 0, len(words[place.field]), place.category)
        whole[place.field] = (all_of_it, hide or (known is not None and known[1]))
    return list(whole.values())


def occurrences(words: Mapping[str, str], sought: str, category: str) -> list[Place]:
    """Every place where the words say ``sought``, however it is spelt."""
    key = fold(sought.strip()).text
    found = []
    for field, text in words.items():
        folded = fold(text)
        start = folded.text.find(key) if key.strip() else -1
        while start >= 0:
            begin, end = folded.span(start, start + len(key))
            found.append(Place(field, begin, end, category))
            start = folded.text.find(key, start + len(key))
    return found


class PlacesField(forms.MultipleChoiceField):
    """Boxes for places; a script adds more of them, which are checked like the rest."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, words: Mapping[str, str], **kwargs):
        super().__init__(**kwargs)
        self.words = words

    def valid_value(self, value):
        return place_of(str(value), self.words) is not None

    def clean(self, value):
        chosen = super().clean(value)
        if len(chosen) > AT_MOST:
            raise forms.ValidationError(
                _("Choose at most %(count)s places; hide the rest with longer ones."),
                params={"count": AT_MOST},
            )
        return [place_of(each, self.words) for each in chosen]


def add_fields(form: forms.Form, participation, sent: Iterable[str], found) -> None:
    """Give a decision's form the fields for hiding.

    ``sent`` are the boxes that were ticked before, a script's own among them; ``found``
    is what :func:`suggested` says of the participation.
    """
    words = words_of(participation)
    by_value = {value_of(place): place for place, _chosen in found}
    for value in sent:
        place = place_of(value, words)
        if place is not None:
            by_value.setdefault(value, place)
    form.fields["hide"] = PlacesField(
        label=gettext_lazy("Hide these places"),
        words=words,
        required=False,
        choices=[(value, _label(place, words)) for value, place in by_value.items()],
        initial=[value_of(place) for place, chosen in found if chosen],
    )
    form.fields["more"] = forms.CharField(
        label=gettext_lazy("Hide these words, too"),
        help_text=gettext_lazy(
            "One a line, as they stand in the text. Every place that says them is"
            " hidden."
        ),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        max_length=4000,
        required=False,
    )
    form.fields["more_category"] = forms.ChoiceField(
        label=gettext_lazy("What they are"),
        choices=list(CATEGORIES.items()),
        initial="other",
        required=False,
    )


def _label(place: Place, words: Mapping[str, str]) -> str:
    return format_html(
        '<bdi class="ep-hide__words">{}</bdi> <span>({})</span>',
        words[place.field][place.start : place.end],
        CATEGORIES[place.category],
    )


def shown_places(proposal, participation) -> list[tuple[str, str]]:
    """The words that a proposal would hide, each with what they are."""
    if proposal is None or not proposal.places:
        return []
    words = words_of(participation)
    return [
        (
            words.get(place.field, "")[place.start : place.end],
            CATEGORIES[place.category],
        )
        for place in from_json(proposal.places)
    ]


def clean_more(form: forms.Form, words: Mapping[str, str]) -> list[Place]:
    """The places of the words that were written out; says which are not there."""
    category = form.cleaned_data.get("more_category") or "other"
    found = []
    for line in (form.cleaned_data.get("more") or "").splitlines():
        if not line.strip():
            continue
        places = occurrences(words, line, category)
        if not places:
            form.add_error(
                "more", _("The text does not say: %(words)s") % {"words": line}
            )
        found += places
    return found
