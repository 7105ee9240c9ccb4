"""Surveys in the admin: results, single responses, exports, and who may see them."""

import csv
import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission, Page

from tests.factories import DURING, make_user
from tests.factories_pages import make_vocabulary
from tests.surveys.makers import (
    REST,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    respond,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.desk_cards import cards_for
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department, Segment
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.surveys import words
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    made = make_survey()
    with clock.rehearse(DURING):
        yield made


def address(name, survey, *args):
    return reverse(f"eparticipation_admin:{name}", args=[survey.consultation.pk, *args])


def submissions(survey, **query):
    return reverse("wagtailforms:list_submissions", args=[survey.pk])


def editor(*permissions):
    """Somebody who may edit pages, and holds further permissions."""
    from django.contrib.auth.models import Permission

    user = make_user(permissions=permissions, groups=["Editors of pages"])
    group = user.groups.get()
    GroupPagePermission.objects.get_or_create(
        group=group,
        page=Page.objects.get(depth=1),
        permission=Permission.objects.get(
            codename="change_page", content_type__app_label="wagtailcore"
        ),
    )
    return user


def read(client, user, url, **query):
    client.force_login(user)
    return client.get(url, query, HTTP_ACCEPT_LANGUAGE="en")


@pytest.mark.parametrize("name", ["surveys", "survey_results"])
@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("analyse_participation", True),
        ("moderate_participation", True),
        ("take_decision", True),
        ("view_consultation", False),
        ("reply_officially", False),
        ("request_act", False),
        (None, False),
    ],
)
def test_results_are_for_those_who_work_with_them(
    client, survey, name, permission, allowed
):
    args = [survey.pk] if name == "survey_results" else []
    user = make_user(permissions=[permission] if permission else [])

    response = read(client, user, address(name, survey, *args))

    assert (response.status_code == 200) == allowed


def test_another_department_sees_neither_results_nor_responses(client, survey):
    department = make_vocabulary(Department, "department")
    Consultation.objects.update(department=department)
    user = editor("analyse_participation")
    StaffScope.objects.create(user=user)

    for url in (
        address("surveys", survey),
        address("survey_results", survey, survey.pk),
        submissions(survey),
    ):
        assert read(client, user, url).status_code != 200
    forms = read(client, user, reverse("wagtailforms:index")).content.decode()
    assert survey.title not in forms


def test_anonymous_people_are_sent_to_the_login(client, survey):
    for url in (address("survey_results", survey, survey.pk), submissions(survey)):
        assert "login" in client.get(url).url


def results_page(client, survey, **query):
    user = make_user(permissions=["analyse_participation"])
    response = read(client, user, address("survey_results", survey, survey.pk), **query)
    return " ".join(response.content.decode().split())


def test_the_results_show_one_table_over_all_languages(client, survey):
    for _number in range(3):
        respond(survey, Answer(SHADE, TREES))
    respond(in_english(survey), Answer(SHADE, TREES))
    respond(in_english(survey), Answer(SHADE, SAILS))

    page = results_page(client, survey)

    row = page[page.index("<bdi>Trees</bdi>") :]
    assert row.startswith(
        "<bdi>Trees</bdi></th><td><bdi>4</bdi></td><td><bdi>80%</bdi></td>"
    )
    assert "5 responses are counted" in page
    assert "do not represent" in page


def test_the_results_can_be_split_by_language(client, survey):
    for number in range(12):
        language = survey if number % 2 else in_english(survey)
        respond(language, Answer(SHADE, TREES))

    page = results_page(client, survey, split="language")

    table = page[page.index("By language</h3>") :]
    row = table[table.index("<bdi>Trees</bdi>") :]
    assert row.startswith(
        "<bdi>Trees</bdi></th><td><bdi>6</bdi></td><td><bdi>6</bdi></td>"
    )
    assert '<option value="language" selected>' in page


@pytest.mark.parametrize("split", ["language", "segment", "channel", "capacity"])
def test_a_split_withholds_what_few_people_said(client, survey, split):
    segment = make_vocabulary(Segment, "segment")
    for number in range(30):
        row = respond(survey, Answer(SHADE, SAILS if number % 2 else TREES))
        if number % 3 == 0 or number == 1:
            changed = {
                "language": "en",
                "channel": "counter",
                "capacity": "expert",
                "segment": segment,
            }
            Participation.objects.filter(pk=row.participation.pk).update(
                **{split: changed[split]}
            )
    for _number in range(2):
        row = respond(survey, Answer(SHADE, SAILS))
        Participation.objects.filter(pk=row.participation.pk).update(
            **{split: changed[split]}
        )
    # Of the smaller group five chose the one and eight the other.
    assert "<td>withheld</td>" not in results_page(client, survey, split=split)
    row = Participation.objects.filter(**{split: changed[split]}).earliest("id")
    Participation.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)

    page = results_page(client, survey, split=split)

    assert page.count("<td>withheld</td>") == 4
    assert "figures of fewer than 5 people are withheld" in page


def test_an_unknown_split_is_none(client, survey):
    respond(survey)

    page = results_page(client, survey, split="person_key")

    assert "</h3>" not in page[page.index("Which shade") :]


def test_each_person_is_counted_once_if_wanted(client, survey):
    for _number in range(2):
        respond(survey, Answer(SHADE, TREES))
    respond(survey, Answer(SHADE, SAILS))
    first, later, _other = Participation.objects.order_by("id")
    Participation.objects.filter(pk__in=[first.pk, later.pk]).update(
        person_key="a" * 64
    )

    assert "3 responses are counted" in results_page(client, survey)
    page = results_page(client, survey, people="1")
    assert "2 responses are counted" in page
    assert "1 earlier response of the same people is left out" in page
    assert "does not tell people apart" in page


@pytest.mark.parametrize(
    ("split", "people", "most"),
    [
        *((split, "", 15) for split in ("", "language", "segment", "channel")),
        *((split, "1", 15) for split in ("", "language", "channel", "capacity")),
        # Segments have names in the database, and somebody is left out.
        ("segment", "1", 16),
    ],
)
def test_results_ask_at_most_fifteen_queries(client, survey, split, people, most):
    for number in range(4):
        respond(survey, Answer(SHADE, TREES), capacity="expert" if number else "")
    Participation.objects.update(person_key="a" * 64)
    user = make_user(permissions=["analyse_participation"])
    url = address("survey_results", survey, survey.pk)
    query = {"split": split, "people": people}
    read(client, user, url, **query)
    with CaptureQueriesContext(connection) as captured:
        client.get(url, query)

    assert len(captured) <= most, "\n".join(each["sql"][:150] for each in captured)


class TestWords:
    def page(self, client, survey, question=WORDS, **query):
        user = make_user(permissions=["analyse_participation"])
        url = address("survey_words", survey, survey.pk, question)
        return read(client, user, url, **query)

    def test_staff_read_what_was_written_in_order(self, client, survey):
        for text in ("الأول", "الثاني"):
            respond(survey, Answer(SHADE, TREES), Answer(WORDS, text=text))
        respond(survey, Answer(SHADE, TREES))

        html = self.page(client, survey).content.decode()

        assert html.index("الأول") < html.index("الثاني")
        assert html.count('dir="auto"') == 2

    def test_further_ones_follow_by_key(self, client, survey, monkeypatch):
        monkeypatch.setattr(words, "AT_ONCE", 2)
        for number in range(3):
            respond(survey, Answer(WORDS, text=f"نص {number}"))

        html = self.page(client, survey).content.decode()
        after = re.search(r'href="\?after=(\d+)"', html)[1]
        second = self.page(client, survey, after=after).content.decode()

        assert "نص 2" not in html
        assert "نص 2" in second
        assert "نص 1" not in second
        assert "?after=" not in second

    @pytest.mark.parametrize(
        "state", [State.REFUSED, State.TAKEN_DOWN, State.WITHDRAWN, State.QUARANTINED]
    )
    def test_what_staff_may_not_read_is_not_listed(self, client, survey, state):
        respond(survey, Answer(WORDS, text="كلمات"))
        Participation.objects.update(state=state)

        assert "كلمات" not in self.page(client, survey).content.decode()

    def test_a_question_without_words_has_no_list(self, client, survey):
        for question in (SHADE, "no-such"):
            client.force_login(make_user(superuser=True))
            url = address("survey_words", survey, survey.pk, question)
            assert client.get(url, follow=True).status_code == 404

    def test_only_those_who_may_read_responses_see_them(self, client, survey):
        url = address("survey_words", survey, survey.pk, WORDS)
        assert read(client, make_user(), url).status_code != 200
        client.logout()
        assert "login" in client.get(url).url

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "٣"])
    def test_a_wrong_place_in_the_list_is_no_fault(self, client, survey, after):
        respond(survey, Answer(WORDS, text="كلمات"))
        assert self.page(client, survey, after=after).status_code == 200


@pytest.mark.parametrize("name", ["surveys", "survey_results"])
def test_the_desk_costs_the_same_at_20_and_60_responses(client, survey, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = make_user(permissions=["analyse_participation"])
    args = [survey.pk] if name == "survey_results" else []

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert read(client, user, address(name, survey, *args)).status_code == 200
        return len(captured)

    cost()
    for _number in range(20):
        respond(survey)
    few = cost()
    for _number in range(40):
        respond(survey)
    assert cost() == few


def test_the_survey_of_another_consultation_is_not_found(client, survey):
    other = make_survey()
    user = make_user(permissions=["analyse_participation"])

    url = address("survey_results", survey, other.pk)
    client.force_login(user)
    assert client.get(url, follow=True).status_code == 404


def test_the_forms_menu_lists_responses_of_all_languages_in_one_wording(client, survey):
    respond(survey, Answer(SHADE, TREES), Answer(WORDS, text="مقاعد"))
    respond(in_english(survey), Answer(SHADE, SAILS), Answer(USES, SPORT))
    user = editor("moderate_participation")

    forms = read(client, user, reverse("wagtailforms:index")).content.decode()
    page = read(client, user, submissions(survey)).content.decode()

    assert survey.title in forms
    assert "مقاعد" in page
    assert "أشجار" in page
    assert "مظلات" in page
    assert "Sails" not in page
    for participation in Participation.objects.all():
        assert participation.number in page
    assert "Delete" not in page


def test_an_editor_without_a_duty_does_not_read_responses(client, survey):
    respond(survey, Answer(WORDS, text="سر"))
    user = editor()

    assert read(client, user, submissions(survey)).status_code != 200


@pytest.mark.parametrize(
    ("state", "read_by_staff"),
    [
        (State.RECEIVED, True),
        (State.UNPUBLISHED, True),
        (State.LATE, True),
        (State.REFUSED, False),
        (State.TAKEN_DOWN, False),
        (State.WITHDRAWN, False),
        (State.QUARANTINED, False),
    ],
)
def test_words_of_what_was_refused_stay_with_the_moderators(
    client, survey, state, read_by_staff
):
    respond(survey, Answer(WORDS, text="كلمات"))
    Participation.objects.update(state=state)

    page = read(client, editor("analyse_participation"), submissions(survey))

    assert ("كلمات" in page.content.decode()) == read_by_staff


def test_the_list_of_responses_costs_the_same_at_4_and_16_rows(client, survey):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = editor("analyse_participation")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert read(client, user, submissions(survey)).status_code == 200
        return len(captured)

    for _number in range(4):
        respond(survey)
    cost()
    few = cost()
    for _number in range(12):
        respond(in_english(survey))
    assert cost() == few


def test_responses_cannot_be_deleted_in_any_way(client, survey):
    response = respond(survey).participation.survey_response
    user = editor("moderate_participation")
    client.force_login(user)

    url = reverse("wagtailforms:delete_submissions", args=[survey.pk])
    client.post(f"{url}?selected-submissions={response.pk}")

    assert SurveyResponse.objects.count() == 1
    with pytest.raises(PermissionDenied):
        SurveyResponse.objects.all().delete()


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"]


@pytest.mark.parametrize("text", EVIL)
def test_a_csv_cell_is_never_a_formula(client, survey, text):
    respond(survey, Answer(WORDS, text=text))

    response = read(
        client, editor("analyse_participation"), submissions(survey), export="csv"
    )

    content = b"".join(response.streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(content))
    # The register holds texts without what surrounds them.
    assert row["ماذا تقترحون غير ذلك؟"] == f"'{text.strip()}"


def test_an_export_has_a_row_per_response_with_its_number(client, survey):
    respond(survey, Answer(SHADE, TREES), Answer(USES, SPORT), Answer(USES, REST))
    respond(in_english(survey), Answer(SHADE, SAILS))

    response = read(
        client, editor("analyse_participation"), submissions(survey), export="xlsx"
    )

    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    heading, *rows = sheet.iter_rows(values_only=True)
    assert heading[1] == "Number in the register"
    assert [row[1] for row in rows] == [
        participation.number for participation in Participation.objects.order_by("id")
    ]
    assert rows[0][heading.index("لماذا تزورون الحديقة؟")] == "الرياضة; الراحة"


def test_the_desk_of_the_consultation_leads_to_the_surveys(survey):
    consultation = survey.consultation

    def titles(user):
        with translation.override("en"):
            return [card.title for card in cards_for(consultation, user, DURING)]

    assert "Surveys" in titles(make_user(permissions=["analyse_participation"]))
    assert "Surveys" not in titles(make_user())


def test_staff_read_a_response_in_words(survey):
    participation = respond(
        survey, Answer(SHADE, TREES), Answer(USES, SPORT), Answer(USES, REST)
    ).participation

    assert tools.describe(participation, "en") == [
        ("Which shade do you prefer?", "Trees"),
        ("Why do you visit the park?", "Sport; Rest"),
    ]
    assert tools.describe(participation, "fr")[0][1] == "أشجار"
