"""Telephone numbers keep their order in Arabic, and can be called."""

import pytest

from wagtail_eparticipation import telephones


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("الهاتف 199099 (0)", "199099 (0)"),
        ("الهاتف 016-000-0000 صباحاً", "016-000-0000"),
        ("هاتف ‎+966 16 000 0000", "+966 16 000 0000"),
        ("هاتف (011) 000 0000", "(011) 000 0000"),
        ("هاتف 199099 (08:00–14:00)", "199099"),
    ],
)
def test_a_number_is_set_apart_with_its_brackets(text, number):
    assert f"\u2066{number}\u2069" in telephones.set_apart(text)


@pytest.mark.parametrize("text", ["", "الدور 2", "مبنى 14 (3)"])
def test_a_text_without_a_number_stays_as_it_is(text):
    assert telephones.set_apart(text) == text


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("199099 (4)", "tel:199099;ext=4"),
        ("+966 16 000-0000", "tel:+966160000000"),
        ("(011) 000 0000", "tel:0110000000"),
        ("١٩٩٠٩٩", "tel:199099"),
    ],
)
def test_the_address_of_a_number_can_be_called(number, address):
    assert telephones.address(number) == address
