"""The package holds every document of record, in words people can read (R-5.6.1b)."""

import csv
import io
import json
import re
import zipfile
from datetime import date

import pytest

from tests.archive.makers import (
    ANALYSIS,
    CLOSING,
    members,
    seal_from_announcement,
)
from tests.decisions.makers import WORDS
from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import (
    SAILS,
    SHADE,
    TREES,
    Answer,
    in_english,
    make_survey,
    respond,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.models import SetAside
from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_surveys import report_surveys, surveys
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.versions import keep

pytestmark = pytest.mark.django_db


def page_of(package, name):
    return members(package)[f"data/{name}"].decode()


def test_the_decision_says_what_was_asked_said_decided_and_by_whom(package):
    page = page_of(package, "07-decision/decision.en.html")
    for words in (
        WORDS["en"]["asked"],
        "People asked for more shade.",
        "All paths will be shaded by trees.",
        "Planting starts in Shawwal.",
        WORDS["en"]["implementer"],
        "Shade is feasible.",
        "Taken up",
    ):
        assert words in page
    assert f"<title>{WORDS['en']['title']}</title>" in page


def test_part_five_names_who_carries_it_out_and_when_it_is_reviewed(
    consultation, officer
):
    DecisionPage.objects.update(review_on=date(2027, 6, 1))
    package = seal_from_announcement(consultation, officer)
    report = json.loads(page_of(package, "08-report/report.en.json"))
    facts = dict(report["parts"][4]["blocks"][0]["rows"])
    assert facts["Carried out by"] == WORDS["en"]["implementer"]
    assert "2027" in facts["Review"]


def test_every_version_of_the_decision_is_there(consultation, officer):
    page = DecisionPage.objects.get(locale__language_code="ar")
    page.decision, page.correction_note = "<p>قرار مصحح.</p>", "صُحح النص."
    page.save()
    keep(page, now=CLOSING)
    package = seal_from_announcement(consultation, officer)
    assert "قرار مصحح." in page_of(package, "07-decision/decision.ar.html")
    assert "صُحح النص." in page_of(package, "07-decision/version-2.ar.html")
    assert "قرار مصحح." not in page_of(package, "07-decision/version-1.ar.html")
    kept = json.loads(page_of(package, "07-decision/version-1.ar.json"))
    assert kept["content"]["words"]["decision"] == WORDS["ar"]["decision"]
    assert "version-1.ar.html" in page_of(package, "index.html")


def test_what_was_not_read_singly_is_named_with_its_ground(consultation, officer):
    read, aside = consultation.participations.order_by("pk")[:2]
    SetAside.objects.create(
        participation=aside, ground="repetition", representative=read, at=ANALYSIS
    )
    package = seal_from_announcement(consultation, officer)
    rows = list(
        csv.DictReader(
            page_of(package, "06-analysis/set-aside.csv").lstrip("\ufeff").splitlines()
        )
    )
    assert [(r["participation"], r["ground"], r["read_instead"]) for r in rows] == [
        (aside.number, "repetition", read.number)
    ]


@pytest.fixture
def survey(officer):
    topic = make_consultation_page(stage="published")
    with clock.rehearse(DURING):
        survey = make_survey(topic=topic)
        for _number in range(5):
            respond(survey, Answer(SHADE, TREES))
    return survey


def test_the_report_gives_the_results_of_a_survey_in_its_own_language(survey):
    blocks = list(report_surveys(survey.consultation, "en"))
    tables = [block for block in blocks if block["type"] == "table"]
    assert blocks[0]["text"].endswith("Survey on shade")
    assert tables[0]["caption"].startswith("Which shade do you prefer?")
    assert tables[0]["rows"][0][:2] == ["Trees", 5]


def test_the_package_has_the_questions_in_each_language_and_the_counts(survey):
    file = io.BytesIO()
    bag = BagWriter(file, "x", CLOSING)
    surveys(survey.consultation, bag)
    bag.finish([])
    with zipfile.ZipFile(file) as archive:
        folder = "x/data/03-participations/"
        kept = json.loads(archive.read(f"{folder}survey-1.json"))
        page = archive.read(f"{folder}survey-1.en.html").decode()
    asked = kept["questions"][0]
    assert set(asked["labels"]) == {"ar", "en"}
    assert asked["options"][0]["number"] == kept["responses"]["ar"] == 5
    assert asked["options"][0]["labels"]["en"] == "Trees"
    assert "Which shade do you prefer?" in page


def test_neither_report_nor_package_has_figures_of_few_people(survey):
    with clock.rehearse(DURING):
        for _number in range(2):
            respond(in_english(survey), Answer(SHADE, SAILS))
    file = io.BytesIO()
    bag = BagWriter(file, "x", CLOSING)
    surveys(survey.consultation, bag)
    bag.finish([])
    with zipfile.ZipFile(file) as archive:
        record = json.loads(archive.read("x/data/03-participations/survey-1.json"))
    kept = record["questions"][0]
    tables = [
        block
        for block in report_surveys(survey.consultation, "en")
        if block["type"] == "table"
    ]
    assert [each["number"] for each in kept["options"]] == [None, None]
    assert set(kept["answered_by_language"].values()) == {None}
    assert [row[1] for row in tables[0]["rows"]] == ["–", "–"]


def test_headings_of_package_pages_leave_no_level_out(package):
    for name, body in members(package).items():
        if name.endswith(".html"):
            levels = [int(n) for n in re.findall(r"<h([1-6])\b", body.decode())]
            assert levels[0] == 1, name
            for before, after in zip(levels, levels[1:], strict=False):
                assert after <= before + 1, name


def test_every_package_page_has_a_title(package):
    for name, body in members(package).items():
        if name.endswith(".html"):
            assert re.search(r"<title>[^<]+</title>", body.decode()), name
