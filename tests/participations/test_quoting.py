"""A place in its surroundings: whatever the text holds, nothing is torn apart."""

import pytest

from wagtail_eparticipation.participations.quoting import AROUND, LONGEST, quote


def test_a_place_is_quoted_with_what_stands_around_it():
    shown = quote("اتصلوا بي على 0551234567 مساءً", 14, 24)
    assert (shown.before, shown.words, shown.after) == (
        "اتصلوا بي على ",
        "0551234567",
        " مساءً",
    )


def test_the_whole_text_has_no_place():
    assert quote("نص", 0, 0) is None


@pytest.mark.parametrize(("start", "end"), [(50, 60), (5, 2), (-4, 0), (4, 4)])
def test_a_place_outside_the_text_is_no_place(start, end):
    assert quote("نص قصير"[:4], start, end) is None


def test_a_place_that_reaches_beyond_the_text_ends_with_it():
    assert quote("abc", 1, 99).words == "bc"


def test_long_surroundings_are_cut_between_words():
    text = "كلمة " * 50 + "X" + " كلمة" * 50
    shown = quote(text, 250, 251)
    assert shown.before.startswith("…كلمة ")
    assert shown.after.endswith(" كلمة…")
    assert len(shown.before) <= AROUND + 1


@pytest.mark.parametrize(
    "unit",
    ["e\u0301", "ب\u064e\u0651", "👩\u200d👩\u200d👧", "👍🏽", "\u202eא\u202c"],
)
def test_no_letter_is_parted_from_its_marks(unit):
    text = unit * 100
    place = len(unit) * 50
    shown = quote(text, place, place + len(unit))
    before, after = shown.before.lstrip("…"), shown.after.rstrip("…")
    assert text[:place].endswith(before)
    if "\u202e" not in unit:
        assert len(before) % len(unit) == 0
        assert len(after) % len(unit) == 0


def test_a_very_long_place_is_shown_by_its_ends():
    shown = quote("أ" * 9_000, 0, 9_000)
    assert len(shown.words) == LONGEST + 1
    assert "…" in shown.words


def test_line_ends_become_spaces():
    assert quote("a\n\nb", 3, 4).before == "a "
