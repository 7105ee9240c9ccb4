"""The report says what was imported, how faultless it is, and what stands apart."""

import json
from datetime import date

import pytest
from django.urls import reverse

from tests.archive.makers import CLOSING, members, seal_from_announcement
from tests.decisions.makers import make_topic
from tests.factories import DURING
from tests.factories_pages import every_channel
from tests.participations.batches_made import bring_in, forms, make_moderator
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.archive.report import build
from wagtail_eparticipation.participations import aggregating, second_reading
from wagtail_eparticipation.participations.aggregates import ExternalAggregate

pytestmark = pytest.mark.django_db


def blocks_of(consultation):
    report, _created = Report.objects.get_or_create(consultation=consultation)
    return build(report, "en")["parts"][3]["blocks"]


def rows_of(blocks, caption):
    return next(b for b in blocks if b.get("caption") == caption)["rows"]


def figure(consultation, **fields):
    return ExternalAggregate(
        consultation=consultation,
        source={"ar": "منصة استطلاع", "en": "Istitlaa"},
        counted={"ar": "أصوات", "en": "votes"},
        number=4321,
        first_day=date(2026, 4, 5),
        last_day=date(2026, 4, 11),
        reference="44/2026",
        **fields,
    )


def test_the_error_rate_stands_there_by_batch_and_for_the_topic():
    consultation = make_topic(channels=every_channel()).consultation
    clerk, reader = make_moderator(), make_moderator()
    with clock.rehearse(DURING):
        first = bring_in(consultation, forms(4), actor=clerk)
        bring_in(consultation, forms(2, start=50), actor=clerk)
        for reading in second_reading.waiting(first):
            second_reading.confirm(reading, actor=reader)
        blocks = blocks_of(consultation)
    rows = rows_of(blocks, "Second reading of rows that were typed")
    assert [row[1:4] for row in rows] == [[4, 4, 0], [2, 0, 0], [6, 4, 0]]
    assert "0.0%" in rows[0][4]
    assert rows[1][4] == "–"
    text = json.dumps(blocks)
    assert str(clerk) not in text
    assert "rows.csv" not in text


def test_figures_of_other_places_are_in_no_total():
    consultation = make_topic(channels=every_channel()).consultation
    posts = "id,text,date,likes\np1,نريد ظلاً,2026-04-10,12\n"
    with clock.rehearse(DURING):
        clerk = make_moderator()
        aggregating.keep(figure(consultation), actor=clerk)
        bring_in(consultation, posts, actor=clerk, channel="social")
        blocks = blocks_of(consultation)
    ((source, counted, number, *_days, reference),) = rows_of(
        blocks, "Figures of other places"
    )
    assert (source, counted, number) == ("Istitlaa", "votes", 4321)
    assert "44/2026" in reference
    facts = dict(tuple(row) for row in blocks[0]["rows"])
    assert facts["Participations in the register"] == 1
    assert ["Likes of imported posts", 12] in [
        row for block in blocks if block["type"] == "facts" for row in block["rows"]
    ]


def test_a_topic_without_imports_and_figures_says_nothing_of_them():
    consultation = make_topic(channels=every_channel()).consultation
    with clock.rehearse(DURING):
        text = json.dumps(blocks_of(consultation))
    assert "Counted elsewhere" not in text
    assert "Imports" not in text


def test_the_package_holds_the_figures_without_their_recorder(consultation, officer):
    with clock.rehearse(CLOSING):
        aggregating.keep(figure(consultation), actor=officer)
    package = seal_from_announcement(consultation, officer)
    held = json.loads(members(package)["data/03-participations/figures-apart.json"])
    assert held["external"][0]["number"] == 4321
    assert held["reach"] == {"likes": 0, "shares": 0}
    assert officer.username not in json.dumps(held)


def test_the_desk_leads_to_the_figures(client):
    consultation = make_topic(channels=every_channel()).consultation
    client.force_login(make_moderator())
    url = reverse("eparticipation_admin:desk", args=[consultation.pk])
    with clock.rehearse(DURING):
        html = client.get(url).content.decode()
    assert reverse("eparticipation_admin:aggregates", args=[consultation.pk]) in html
