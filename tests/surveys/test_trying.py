"""Previews and trials: editors see everything, and nothing of it ever counts."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.factories_pages import make_vocabulary
from tests.surveys.makers import (
    SHADE,
    TREES,
    WORDS,
    in_english,
    make_survey,
    questions,
    set_questions,
)
from tests.surveys.raw_makers import AGE, BAD, FIRST_ROW, WHY, block, further
from tests.surveys.test_answering import hidden
from tests.surveys.test_desk import editor
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db

FILES = "11111111-0000-4000-8000-000000000022"
EMAIL = "11111111-0000-4000-8000-000000000021"


@pytest.fixture
def survey():
    made = make_survey()
    set_questions(
        made, [*questions(), *further(), block("email", EMAIL, "عنوان البريد")]
    )
    # The draft is tried, not what is live.
    made.save_revision()
    with clock.rehearse(DURING):
        yield made


def address(survey):
    return reverse("eparticipation_admin:try_survey", args=[survey.pk])


def open_trial(client, survey):
    if "_auth_user_id" not in client.session:
        client.force_login(editor())
    return client.get(address(survey))


def send(client, survey, **answers):
    form = open_trial(client, survey)
    shape = hidden(form, "shape")
    return client.post(address(survey), {"shape": shape, **answers})


def everything_stored():
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }


def test_the_newest_draft_is_tried_with_its_conditions_in_words(client, survey):
    page = open_trial(client, survey).content.decode()

    assert "كم مرة زرتم الحديقة؟" in page
    assert "أشجار»" in page
    assert f'name="q_{FIRST_ROW}"' in page
    assert 'name="accept"' not in page and 'name="email"' not in page


def test_what_would_be_kept_is_shown_and_nothing_is_written(client, survey):
    open_trial(client, survey)
    before = everything_stored()

    with CaptureQueriesContext(connection) as queries:
        response = send(
            client,
            survey,
            **{
                f"q_{SHADE}": TREES,
                f"q_{WORDS}": "مقاعد",
                f"q_{AGE}": "٥",
                f"q_{FIRST_ROW}": BAD,
                f"q_{WHY}": "للظل",
                f"q_{EMAIL}": "somebody@example.org",
            },
        )

    page = response.content.decode()
    kept = page[page.index("ep-kept") : page.index("<form")]
    assert response.status_code == 200
    for words in ("أشجار", "مقاعد", "5", "النظافة", "سيئ", "للظل"):
        assert words in kept
    assert "somebody@example.org" not in kept
    after = everything_stored()
    # The session of the login is Django's own.
    for stored in (before, after):
        stored.pop("sessions.Session", None)
    assert after == before
    written = [
        each["sql"]
        for each in queries
        if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and "eparticipation" in each["sql"]
    ]
    assert written == []


def test_questions_that_would_not_be_asked_are_named(client, survey):
    page = send(client, survey, **{f"q_{SHADE}": TREES, f"q_{WHY}": "x"})

    kept = page.content.decode()
    kept = kept[kept.index("ep-kept") : kept.index("<form")]
    assert "لماذا الأشجار؟" in kept[kept.index("<ul>") :]


def test_a_trial_is_judged_as_a_response_is(client, survey):
    response = send(client, survey, **{f"q_{AGE}": "many"})

    assert response.status_code == 422
    assert "data-ep-error-summary" in response.content.decode()
    assert "ep-kept" not in response.content.decode()


def test_a_question_for_files_is_named_and_left_out_of_a_trial(client, survey):
    wanted = block("file", FILES, "صور المكان")
    wanted["value"]["required"] = True
    draft = survey.get_latest_revision_as_object()
    set_questions(draft, [*questions(), wanted])
    draft.save_revision()

    page = send(client, survey, **{f"q_{SHADE}": TREES})

    assert page.status_code == 200
    assert "صور المكان" in page.content.decode()
    assert 'type="file"' not in page.content.decode()


def test_a_trial_is_neither_cached_nor_found_by_search_engines(client, survey):
    response = open_trial(client, survey)

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("editor", True),
        ("superuser", True),
        ("moderator", False),
        ("nobody", False),
        ("another department", False),
        ("anonymous", False),
    ],
)
def test_a_trial_is_for_those_who_may_edit_the_page(client, survey, who, allowed):
    people = {
        "editor": editor,
        "superuser": lambda: make_user(superuser=True),
        "moderator": lambda: make_user(permissions=["moderate_participation"]),
        "nobody": make_user,
        "another department": editor,
    }
    if who != "anonymous":
        user = people[who]()
        client.force_login(user)
    if who == "another department":
        department = make_vocabulary(Department, "department")
        Consultation.objects.update(department=department)
        StaffScope.objects.create(user=user)

    assert (client.get(address(survey)).status_code == 200) == allowed
    assert (client.post(address(survey), {}).status_code == 422) == allowed


def test_another_page_is_no_survey_to_try(client, survey):
    client.force_login(make_user(superuser=True))
    other = reverse("eparticipation_admin:try_survey", args=[survey.get_parent().pk])

    assert client.get(other).status_code == 302
    assert client.get(other.replace("/try", "9999/try"), follow=True).status_code == 404


def test_the_editor_and_the_desk_lead_to_the_trial(client, survey):
    client.force_login(make_user(superuser=True))
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[survey.pk]))
    desk = client.get(
        reverse("eparticipation_admin:surveys", args=[survey.consultation.pk]),
        HTTP_ACCEPT_LANGUAGE="ar",
    )

    assert address(survey) in edit.content.decode()
    assert (
        address(survey) in desk.content.decode()
        or address(in_english(survey)) in desk.content.decode()
    )


def test_who_may_not_edit_is_not_led_to_the_trial(client, survey):
    client.force_login(make_user(permissions=["analyse_participation"]))

    desk = client.get(
        reverse("eparticipation_admin:surveys", args=[survey.consultation.pk])
    )

    assert desk.status_code == 200
    assert "/try/" not in desk.content.decode()


def test_the_preview_of_all_questions_tells_their_conditions(survey):
    draft = SurveyPage.objects.get(pk=survey.pk).get_latest_revision_as_object()

    response = draft.make_preview_request(preview_mode="questions")

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("«أشجار»") == 1
    assert "تفاصيل" in page and "شكراً لكم." in page
    assert 'dir="rtl"' in page


def test_the_preview_of_an_unfinished_survey_says_what_is_not_there(survey):
    raw = [*questions(), *further()]
    raw[-1]["value"]["show_if"]["rules"][0]["value"]["question"] = "gone"
    set_questions(survey, raw)

    response = survey.make_preview_request(preview_mode="questions")

    assert response.status_code == 200
