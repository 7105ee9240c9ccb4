"""Which characters are hidden, and that nothing else is."""

import random

import pytest

from wagtail_eparticipation.moderation.places import (
    InvalidPlace,
    Place,
    checked,
    hidden,
    in_original,
    joined,
    widened,
    with_gaps,
)

TEXT = "جوالي ٠٥٥١٢٣٤٥٦٧ فاتصلوا بي"


def place(words, *, text=TEXT, field="text", category="contact"):
    start = text.index(words)
    return Place(field, start, start + len(words), category)


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("رقمٌ", "رقم", "رقمٌ"),
        ("e\u0301t\u0301", "e", "e\u0301"),
        ("👨\u200d👩\u200d👧 home", "👨", "👨\u200d👩\u200d👧"),
        ("👍🏽 yes", "👍", "👍🏽"),
        ("🇸🇦🇪🇬", "\U0001f1f8", "🇸🇦"),
        ("❤\ufe0f", "❤", "❤\ufe0f"),
        ("a\u200f1", "1", "a\u200f1"),
        ("plain words", "plain", "plain"),
    ],
)
def test_a_place_grows_to_whole_signs(text, cut, whole):
    start = text.index(cut)
    begin, end = widened(text, start, start + len(cut))
    assert text[begin:end] == whole


def test_the_second_flag_in_a_row_is_a_sign_of_its_own():
    text = "🇸🇦🇪🇬"
    assert widened(text, 2, 3) == (2, 4)


@pytest.mark.parametrize(
    "wrong",
    [
        Place("text", 0, 0),
        Place("text", -1, 3),
        Place("text", 3, 2),
        Place("text", 0, len(TEXT) + 1),
        Place("title", 0, 1),
        Place("text", 0, 1, "nonsense"),
    ],
)
def test_a_place_that_is_not_there_is_refused(wrong):
    with pytest.raises(InvalidPlace):
        checked({"text": TEXT}, [wrong])


def test_the_mark_names_the_kind_in_the_language_of_the_text():
    words, _places = hidden({"text": TEXT}, [place("٠٥٥١٢٣٤٥٦٧")], "ar")
    assert words["text"] == "جوالي [▮ بيانات اتصال] فاتصلوا بي"
    english = {"text": "Call 0551234567 now"}
    words, _places = hidden(english, [Place("text", 5, 15, "contact")], "en")
    assert words["text"] == "Call [▮ contact data] now"


def test_places_over_one_another_become_one():
    found = joined([Place("text", 4, 9, "name"), Place("text", 0, 6, "contact")])
    assert found == [Place("text", 0, 9, "contact")]


def test_a_title_that_would_grow_too_long_is_hidden_as_a_whole():
    title = "ab " * 60
    places = [Place("title", start, start + 2, "name") for start in range(0, 180, 3)]
    words, marked = hidden({"title": title}, places, "en")
    assert words["title"] == "[▮ name]"
    assert [(each.start, each.end) for each in marked] == [(0, 180)]


def test_a_further_place_is_counted_past_the_marks():
    words, first = hidden({"text": TEXT}, [place("٠٥٥١٢٣٤٥٦٧")], "ar")
    second = place("فاتصلوا", text=words["text"], category="name")
    moved = in_original(second, first)
    assert TEXT[moved.start : moved.end] == "فاتصلوا"


def test_a_place_that_begins_in_a_mark_takes_the_whole_of_it():
    words, first = hidden({"text": TEXT}, [place("٠٥٥١٢٣٤٥٦٧")], "ar")
    start = words["text"].index("▮")
    end = words["text"].index("فا") + 2
    moved = in_original(Place("text", start, end, "name"), first)
    assert TEXT[moved.start : moved.end] == "٠٥٥١٢٣٤٥٦٧ فا"


def test_words_whose_mark_was_changed_are_not_guessed_at():
    _words, first = hidden({"text": TEXT}, [place("٠٥٥١٢٣٤٥٦٧")], "ar")
    with pytest.raises(InvalidPlace):
        with_gaps({"text": "شيء آخر"}, first)


@pytest.mark.parametrize("seed", range(40))
def test_hiding_in_steps_hides_the_same_as_hiding_at_once(seed):
    chance = random.Random(seed)  # noqa: S311 (no secret depends on it)
    alphabet = "ab جد🇸🇦👍🏽\u0301\u200d\u200f\n"
    text = "".join(chance.choice(alphabet) for _ in range(60))
    words = {"text": text}
    shown, so_far = words, []
    wanted = []
    for _step in range(4):
        current = shown["text"]
        start = chance.randrange(len(current))
        end = min(len(current), start + chance.randrange(1, 8))
        new = checked(shown, [Place("text", start, end, "name")])
        moved = [in_original(each, so_far) for each in new]
        wanted = joined([*so_far, *moved])
        whole = with_gaps(shown, so_far)
        plain = [Place(p.field, p.start, p.end, p.category) for p in wanted]
        shown, so_far = hidden(whole, plain, "en")
        again, _places = hidden(words, plain, "en")
        assert shown == again
