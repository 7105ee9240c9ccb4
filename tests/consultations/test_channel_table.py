"""The table of means: what it names, what is off, and national twins."""

from datetime import date

import pytest

from tests.factories import CLOSES, DURING, OPENS
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.channel_table import (
    differing_twins,
    kinds_of,
)
from wagtail_eparticipation.consultations.completeness import (
    missing_items,
    period_warnings,
)
from wagtail_eparticipation.consultations.wording import channel_row

FIRST, LAST = date(2026, 4, 5), date(2026, 4, 26)
ROW = {
    "kind": "national",
    "how": "شارك في منصة استطلاع",
    "url": "https://istitlaa.example/1",
    "reference": "IST-7",
    "opens_on": None,
    "closes_on": None,
    "counts_formally": True,
    "identity_needed": True,
    "help_contact": "920000000",
    "help_hours": "",
    "closed_reason": "",
}


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, False),
        ({"opens_on": FIRST, "closes_on": LAST}, False),
        ({"opens_on": "2026-04-05", "closes_on": "2026-04-26"}, False),
        ({"closes_on": date(2026, 4, 27)}, True),
        ({"opens_on": "2026-04-04"}, True),
        ({"kind": "social", "opens_on": "2026-04-04"}, False),
    ],
)
def test_a_twin_on_other_days_is_found(changes, differs):
    rows = differing_twins([{**ROW, **changes}], FIRST, LAST)
    assert bool(rows) == differs


def test_a_row_tells_identity_reference_and_reason():
    row = channel_row(ROW)
    assert "IST-7" in row["note"]
    assert "إثبات الهوية" in row["note"]
    assert "السبب" in channel_row(ROW, off="السبب")["when"]
    without = {key: value for key, value in ROW.items() if key != "reference"}
    assert channel_row(without)["note"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("closes_on", "warned"), [(None, False), (LAST, False), (date(2026, 5, 9), True)]
)
def test_the_editor_is_warned_of_twins_on_other_days(closes_on, warned):
    block = {"type": "channel", "value": {**ROW, "closes_on": closes_on}}
    page = make_consultation_page(
        stage="draft", opens_at=OPENS, closes_at=CLOSES, channels=[block]
    )
    with rehearse(DURING):
        words = " ".join(period_warnings(page))
    assert ("IST-7" in words) == warned


@pytest.mark.django_db
def test_a_twin_without_an_address_is_incomplete():
    block = {"type": "channel", "value": {**ROW, "url": ""}}
    page = make_consultation_page(stage="draft", channels=[block])
    found = [item for item in missing_items(page) if item.field == "channels"]
    assert any("المنصة الوطنية" in str(item) for item in found)


@pytest.mark.django_db
def test_the_channels_are_those_of_the_published_request():
    assert kinds_of(make_consultation_page().consultation) == ["portal", "counter"]
    assert kinds_of(make_consultation_page(stage="draft").consultation) == []
