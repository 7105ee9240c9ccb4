"""The page in the admin on which responses are exported, and who may."""

import hashlib
import io
import json
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission, Page

from tests.factories import DURING, make_user
from tests.factories_pages import make_vocabulary
from tests.surveys import export_makers as made
from tests.surveys.makers import in_english, make_survey
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import export_files as register_files
from wagtail_eparticipation.participations.export_files import TRAILER

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "json", "zip"]


@pytest.fixture
def survey():
    made_one = made.make_long_survey()
    with clock.rehearse(DURING):
        made.answer_all(made_one)
        yield made_one


def address(survey):
    args = [survey.consultation.pk, survey.pk]
    return reverse("eparticipation_admin:survey_export", args=args)


def ask(client, user, survey, **query):
    client.force_login(user)
    return client.get(address(survey), query, HTTP_ACCEPT_LANGUAGE="en")


def taken(client, user, survey, form="csv", **query):
    """A file as bytes."""
    asked = {"format": form, "shape": "responses", "which": "counted", "language": ""}
    response = ask(client, user, survey, **{**asked, **query})
    assert response.status_code == 200, response.content.decode()
    return b"".join(response.streaming_content)


def analyst():
    return make_user(permissions=["analyse_participation"])


def editor():
    """Somebody who edits pages and has no duty."""
    user = make_user(groups=["Editors of pages"])
    GroupPagePermission.objects.create(
        group=user.groups.get(),
        page=Page.objects.get(depth=1),
        permission=Permission.objects.get(
            codename="change_page", content_type__app_label="wagtailcore"
        ),
    )
    return user


def of_another_department():
    Consultation.objects.update(department=make_vocabulary(Department, "department"))
    user = analyst()
    StaffScope.objects.create(user=user)
    return user


WHO = {
    "editor": (editor, False),
    "moderator": (lambda: make_user(permissions=["moderate_participation"]), True),
    "another department": (of_another_department, False),
    "analyst": (analyst, True),
    "decision maker": (lambda: make_user(permissions=["take_decision"]), True),
    "reply desk": (lambda: make_user(permissions=["reply_officially"]), False),
    "superuser": (lambda: make_user(superuser=True), True),
}


@pytest.mark.parametrize("who", WHO)
def test_the_form_is_for_those_who_work_with_what_people_said(client, survey, who):
    make, allowed = WHO[who]

    assert (ask(client, make(), survey).status_code == 200) == allowed


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("who", WHO)
def test_so_is_the_file(client, survey, who, form):
    make, allowed = WHO[who]

    response = ask(
        client, make(), survey, format=form, shape="responses", which="counted"
    )

    assert (response.status_code == 200) == allowed
    if allowed:
        assert "attachment" in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"
        b"".join(response.streaming_content)
    noted = LedgerEvent.objects.filter(kind="survey.exported")
    assert noted.exists() == allowed


def test_visitors_are_asked_to_sign_in(client, survey):
    for query in ({}, {"format": "csv", "shape": "responses", "which": "all"}):
        assert "login" in client.get(address(survey), query).url


def test_the_survey_of_another_consultation_is_not_found(client, survey):
    args = [survey.consultation.pk, make_survey().pk]
    client.force_login(analyst())

    url = reverse("eparticipation_admin:survey_export", args=args)
    assert client.get(url, follow=True).status_code == 404


def test_nothing_is_sent_to_it(client, survey):
    client.force_login(analyst())

    assert client.post(address(survey)).status_code == 405


def test_the_form_offers_shapes_formats_and_the_languages_of_the_survey(client, survey):
    shown = ask(client, analyst(), survey).content.decode()

    for label in (
        "One row per response",
        "One row per answer",
        "For statistics: ZIP for SPSS, R and pandas",
        "العربيّة",
        "English",
        "Received from",
    ):
        assert label in shown


def test_the_ledger_notes_who_took_what(client, survey):
    user = analyst()
    taken(client, user, survey, "json", since="2026-04-01", until="2026-04-30")

    event = LedgerEvent.objects.get(kind="survey.exported")

    assert event.actor == f"user:{user.pk}"
    assert event.consultation == survey.consultation
    assert event.data["survey"] == str(survey.translation_key)
    assert (event.data["form"], event.data["shape"]) == ("json", "responses")
    assert event.data["since"] == "2026-04-01T00:00:00+03:00"
    assert event.data["until"] == "2026-05-01T00:00:00+03:00"


def test_the_ledger_has_the_checksum_of_a_workbook(client, survey):
    content = taken(client, analyst(), survey, "xlsx")

    event = LedgerEvent.objects.get(kind="survey.exported")
    assert event.data["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"since": "2026-04-12"}, 1),
        ({"since": "2026-04-13"}, 0),
        ({"until": "2026-04-12"}, 1),
        ({"until": "2026-04-11"}, 0),
    ],
)
def test_days_are_those_of_the_municipality_and_the_last_is_inside(
    client, survey, days, found
):
    content = taken(client, analyst(), survey, **days)

    assert int(TRAILER.search(content)[1]) == found


@pytest.mark.parametrize(
    "query",
    [
        {"format": "pdf", "shape": "responses", "which": "counted"},
        {"format": "csv", "shape": "all", "which": "counted"},
        {"format": "csv", "shape": "responses", "which": "none"},
        {"format": "csv"},
        {"format": "csv", "shape": "answers", "which": "all", "since": "soon"},
        {"format": "csv", "shape": "answers", "which": "all", "language": "fr"},
        {
            "format": "csv",
            "shape": "answers",
            "which": "all",
            "since": "2026-04-12",
            "until": "2026-04-11",
        },
    ],
)
def test_what_is_not_understood_exports_nothing(client, survey, query):
    response = ask(client, analyst(), survey, **query)

    assert response.status_code == 400
    assert "Download" in response.content.decode()
    assert not LedgerEvent.objects.filter(kind="survey.exported").exists()


def test_every_format_has_the_responses_of_all_languages(client, survey):
    made.answer_all(in_english(survey))
    user = analyst()

    found = json.loads(taken(client, user, survey, "json"))["responses"]
    book = load_workbook(io.BytesIO(taken(client, user, survey, "xlsx")))
    archive = zipfile.ZipFile(io.BytesIO(taken(client, user, survey, "zip")))

    assert [row["language"] for row in found] == ["ar", "en"]
    assert book.worksheets[0].max_row == 3
    assert archive.read("data.csv").count(b"\r\n") == 3
    assert int(TRAILER.search(taken(client, user, survey))[1]) == 2


def test_the_address_of_any_language_gives_the_same_file(client, survey):
    user = analyst()

    arabic = taken(client, user, survey)
    assert taken(client, user, in_english(survey)) == arabic


@pytest.mark.parametrize("form", ["codebook.csv", "codebook.json"])
def test_the_codebook_comes_alone_and_is_not_noted(client, survey, form):
    response = ask(
        client, analyst(), survey, format=form, shape="responses", which="counted"
    )

    assert form in response["Content-Disposition"]
    content = response.content.decode("utf-8-sig")
    assert made.TREES in content
    assert not LedgerEvent.objects.filter(kind="survey.exported").exists()


@pytest.mark.parametrize("form", ["codebook.csv", "codebook.json"])
@pytest.mark.parametrize("who", WHO)
def test_the_codebook_is_for_the_same_people(client, survey, who, form):
    make, allowed = WHO[who]

    response = ask(
        client, make(), survey, format=form, shape="responses", which="counted"
    )

    assert (response.status_code == 200) == allowed


def test_without_xlsxwriter_the_reader_is_told_what_to_install(
    client, survey, monkeypatch
):
    monkeypatch.setattr(register_files, "find_spec", lambda name: None)

    response = ask(
        client, analyst(), survey, format="xlsx", shape="responses", which="counted"
    )

    assert response.status_code == 400
    assert "wagtail-eparticipation[xlsx]" in response.content.decode()
    assert not LedgerEvent.objects.filter(kind="survey.exported").exists()


def test_results_and_the_list_of_responses_lead_to_the_export(client, survey):
    user = make_user(superuser=True)
    client.force_login(user)
    results = reverse(
        "eparticipation_admin:survey_results",
        args=[survey.consultation.pk, survey.pk],
    )
    listed = reverse("wagtailforms:list_submissions", args=[survey.pk])

    for page in (results, listed):
        assert address(survey) in client.get(page).content.decode()
