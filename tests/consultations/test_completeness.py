"""What a request still lacks before it can be approved, named item by item."""

from datetime import date

import pytest
from wagtail.models import Locale

from tests.consultations.makers import BEFORE_OPENING
from tests.consultations.makers_pages import drafted
from tests.factories_pages import (
    translation_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.completeness import (
    missing_items,
)
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.consultations.period_warnings import period_warnings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def before_opening():
    with clock.rehearse(BEFORE_OPENING):
        yield


WARNINGS = [
    (date(2026, 4, 5), date(2026, 4, 26), set()),
    (date(2026, 4, 3), date(2026, 4, 26), {"starts on a Friday"}),
    (date(2026, 4, 5), date(2026, 4, 25), {"ends on a Friday or Saturday"}),
    (date(2026, 2, 18), date(2026, 3, 19), {"within Ramadan 1447"}),
    (date(2026, 2, 8), date(2026, 2, 26), set()),
]

GAPS = [
    ({"question": ""}, "question in one sentence"),
    ({"background": []}, "background"),
    ({"decision_open": " \n "}, "what you can influence"),
    ({"already_fixed": ""}, "what is already fixed"),
    ({"objectives": []}, "objectives"),
    ({"opens_on": None}, "opens on"),
    ({"planned_decision_on": None}, "planned date of decision"),
    ({"department": None}, "responsible department"),
    ({"initial_study": "<p> </p>"}, "initial situation"),
    ({"privacy_retention": ""}, "retention"),
    ({"tools": []}, "tools on this page"),
    ({"project_reference": ""}, "Link the project"),
    ({"audience_mode": "invited"}, "only invited people"),
    ({"audience": []}, "audience and expected impact"),
]


def unsaved(**values):
    page = ConsultationPage(title="Topic", locale=Locale(language_code="ar"))
    for name, value in values.items():
        setattr(page, name, value)
    return page


def change_block(page, name, number, **cells):
    raw = list(page._meta.get_field(name).value_from_object(page).get_prep_value())
    raw[number]["value"] = {**raw[number]["value"], **cells}
    setattr(page, name, page._meta.get_field(name).to_python(raw))


@pytest.mark.parametrize(("opens_on", "closes_on", "expected"), WARNINGS)
def test_the_editor_is_warned_about_the_period(opens_on, closes_on, expected):
    page = unsaved(opens_on=opens_on, closes_on=closes_on)
    found = period_warnings(page)
    assert len(found) == len(expected)
    for words in expected:
        assert any(words in warning for warning in found)


@pytest.mark.parametrize(("values", "words"), GAPS)
def test_each_gap_of_a_request_is_named(values, words):
    page = drafted()
    for name, value in values.items():
        setattr(page, name, value)
    found = missing_items(page)
    assert len(found) == 1
    assert words in str(found[0])


@pytest.mark.parametrize("cell", ["importance", "role", "interests", "reach"])
def test_an_empty_cell_of_the_impact_names_the_segment(cell):
    page = drafted()
    change_block(page, "audience", 0, **{cell: ""})
    (item,) = missing_items(page)
    assert "أصحاب المحال" in str(item)
    assert item.url.endswith("#ask-audience")


@pytest.mark.parametrize(("number", "words"), [(0, "digital"), (1, "help of a person")])
def test_a_request_needs_a_digital_and_an_assisted_way(number, words):
    page = drafted()
    change_block(page, "channels", number, closed_reason="مغلقة")
    (item,) = missing_items(page)
    assert words in str(item)


def test_an_untranslated_text_is_named_with_its_place():
    page = drafted()
    english = translation_of(page)
    english.objectives = page.objectives
    (item,) = missing_items(english)
    assert "Translate “objectives 1”" in str(item)


def test_telephone_numbers_may_be_the_same_in_both_languages():
    page = drafted()
    english = translation_of(page)
    change_block(english, "channels", 1, help_contact="016-000-0000 (desk)")
    change_block(page, "channels", 1, help_contact="016-000-0000 (desk)")
    assert missing_items(english) == []
