"""The pause before sending: hints are shown once, then the text goes as it is.

Works without script and keeps no state: which hints somebody has answered travels in a
hidden field of the form, so the form's key stays one and the same (R-7.5d).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from wagtail_eparticipation.participations.hints import Hint, hints_for
from wagtail_eparticipation.participations.quoting import Quote, quote

#: Places that are shown; how many more there are is said.
SHOWN = 20
#: Answered hints that a form carries; beyond, everything counts as answered.
_CARRIED = 300
_EVERYTHING = "all"


@dataclass(frozen=True)
class Place:
    """One hint as the form shows it.

    ``nth`` tells which one it is among equal words of its field, from 0.
    """

    hint: Hint
    label: str
    quote: Quote | None
    words: str
    nth: int


@dataclass(frozen=True)
class Hinting:
    """What a form shows of the hints about it.

    ``more`` is how many there are beyond :data:`SHOWN`, ``removed`` the words that
    were just taken out.
    """

    places: list[Place] = field(default_factory=list)
    more: int = 0
    removed: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All hints, shown or not."""
        return len(self.places) + self.more

    @property
    def several_removable(self) -> bool:
        """Whether one button may take out several places."""
        return self.more > 0 or len({p.hint.key for p in self.removable}) > 1

    @property
    def removable(self) -> list[Place]:
        """Those that the sender can have taken out."""
        return [place for place in self.places if place.hint.removable]

    @property
    def any_hidden(self) -> bool:
        """Whether something will be hidden if it is sent as it is."""
        return any(place.hint.hidden for place in self.places)


def read(typed, build: Callable[[], Any]):
    """The form of what came; with ``hinting`` it is to be shown in place of sent.

    ``typed`` holds what came, and is changed: it carries which hints are answered
    now, and loses what its sender wanted taken out. ``build()`` makes the form of it.
    """
    form = build()
    valid = form.is_valid()
    if chosen := typed.get("remove_hint", "")[:64]:
        removed = _take_out(form, typed, chosen)
        if removed:
            form = build()
            form.is_valid()
        form.hinting = _hinting(form, typed, _hints(form), removed)
        return form
    if not valid:
        return form
    hints = _hints(form)
    answered = _answered(typed.get("hinted", ""))
    news = any(hint.key not in answered for hint in hints)
    if news and _EVERYTHING not in answered:
        form.hinting = _hinting(form, typed, hints)
    return form


def status_of(form) -> int:
    """The HTTP status of a form that is shown with hints: they are no mistake."""
    return 422 if form.errors else 200


def live(form, answered: str) -> Hinting:
    """The hints about what is being typed, without those that were answered."""
    form.is_valid()
    keys = _answered(answered)
    if _EVERYTHING in keys:
        return Hinting()
    return _shown(form, [hint for hint in _hints(form) if hint.key not in keys])


def _hints(form) -> list[Hint]:
    language = form.cleaned_data.get("language") or get_language() or ""
    return hints_for(form.consultation, form.words(), language=language.split("-")[0])


def _answered(value: str) -> set[str]:
    return set(value[:10_000].split("."))


def _hinting(form, typed, hints: list[Hint], removed: Iterable[str] = ()) -> Hinting:
    """What is shown now, all of which counts as answered when it is sent again."""
    answered = _answered(typed.get("hinted", "")) - {""}
    answered |= {hint.key for hint in hints}
    full = len(answered) > _CARRIED or _EVERYTHING in answered
    value = _EVERYTHING if full else ".".join(sorted(answered))
    # A form may have made itself a copy of what was typed.
    typed["hinted"] = form.data["hinted"] = value
    return _shown(form, hints, removed)


def _shown(form, hints: list[Hint], removed: Iterable[str] = ()) -> Hinting:
    words = form.words()
    places = [_place(form, words, hint) for hint in hints[:SHOWN]]
    return Hinting(places, max(0, len(hints) - SHOWN), list(removed))


def _place(form, words: Mapping[str, str], hint: Hint) -> Place:
    text = words[hint.field]
    said = text[hint.start : hint.end]
    nth = text.count(said, 0, hint.start) if said else 0
    label = str(form.fields[hint.field].label)
    return Place(hint, label, quote(text, hint.start, hint.end), said, nth)


def _take_out(form, typed, chosen: str) -> list[str]:
    """Take the exact characters of the chosen hints out of what was typed."""
    words = form.words()
    spans: dict[str, list[tuple[int, int]]] = {}
    for hint in _hints(form):
        if hint.removable and chosen in (hint.key, _EVERYTHING):
            spans.setdefault(hint.field, []).append((hint.start, hint.end))
    removed = []
    for name, places in spans.items():
        text, kept, reached = words[name], [], 0
        for start, end in _joined(places):
            removed.append(text[start:end])
            kept.append(text[reached:start])
            reached = end
        typed[form.add_prefix(name)] = "".join(kept) + text[reached:]
    return list(dict.fromkeys(removed))


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap are one; what only touches stays two."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
