"""A survey on several pages, without script: nothing is lost, all is judged."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import CLOSES, DURING
from tests.surveys import wide_makers as wide
from tests.surveys.makers import set_questions
from tests.surveys.walking import Fields, Walker
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.course import REVIEW
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.reading import describe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def survey():
    policy, _created = install_pack("qassim")
    made = wide.make_wide_survey()
    Consultation.objects.update(policy_version=policy)
    return SurveyPage.objects.get(pk=made.pk)


def q(key):
    return f"q_{key}"


FIRST = {q(wide.VISITS): "yes", q(wide.HOW_OFTEN): wide.OFTEN}
SECOND = {
    q(wide.QUALITY): "4",
    q(wide.CLEAN): wide.GOOD,
    q(wide.SAFE): wide.POOR,
    f"{q(wide.ORDER)}_{wide.PATHS}": "2",
    f"{q(wide.ORDER)}_{wide.LIGHTS}": "1",
    f"{q(wide.ORDER)}_{wide.SEATS}": "3",
}
THIRD = {
    q(wide.AGE): "٣٤",
    q(wide.SINCE): "2020-02-29",
    q(wide.ADDRESS): "a@example.org",
    q(wide.WHERE): "عند المسجد",
    q(wide.WISHES): [wide.WATER, "other"],
    f"{q(wide.WISHES)}_other": "ظل",
    q(wide.DISTRICT): wide.NORTH,
}


def through(client, survey):
    walker = Walker(client, survey)
    walker.press(**FIRST)
    walker.press(**SECOND)
    return walker.press(**THIRD)


def kept():
    return {
        (row.question_id, row.option_id, row.response.own_words(row), row.number)
        for row in SurveyAnswer.objects.select_related("response__participation")
    }


def test_every_kind_of_answer_is_kept_as_it_is_counted(client, survey):
    walker = through(client, survey)
    assert walker.step == REVIEW
    walker.press("send", accept="on")

    assert walker.response.status_code == 302
    assert kept() == {
        (wide.VISITS, "yes", "", None),
        (wide.HOW_OFTEN, wide.OFTEN, "", None),
        (wide.QUALITY, "4", "", None),
        (wide.CLEAN, wide.GOOD, "", None),
        (wide.SAFE, wide.POOR, "", None),
        (wide.ORDER, wide.LIGHTS, "", Decimal(1)),
        (wide.ORDER, wide.PATHS, "", Decimal(2)),
        (wide.ORDER, wide.SEATS, "", Decimal(3)),
        (wide.AGE, "", "34", Decimal(34)),
        (wide.SINCE, "", "2020-02-29", Decimal(737484)),
        (wide.ADDRESS, "", "", None),
        (wide.WHERE, "", "عند المسجد", None),
        (wide.WISHES, wide.WATER, "", None),
        (wide.WISHES, "other", "ظل", None),
        (wide.DISTRICT, wide.NORTH, "", None),
    }


def test_an_address_is_kept_encrypted_only_and_its_author_still_changes_it(
    client, survey
):
    walker = through(client, survey)
    receipt = walker.press("send", accept="on").response["Location"]
    row = SurveyAnswer.objects.get(question_id=wide.ADDRESS)

    assert b"example.org" not in bytes(row.sealed)
    assert "example.org" not in Participation.objects.get().text
    assert "example.org" not in str(describe(Participation.objects.get(), "ar"))
    assert row.as_answer("").private == "a@example.org"
    assert receipt


def test_words_are_read_by_a_moderator_as_one_text(client, survey):
    through(client, survey).press("send", accept="on")
    row = Participation.objects.get()
    assert row.state == State.RECEIVED
    assert row.text == "— 1 —\nعند المسجد\n\n— 2 —\nظل"
    answered = dict(describe(row, "en"))
    assert answered["Where do you usually meet?"] == "عند المسجد"
    assert answered["What do you wish for?"] == "Water; Other: ظل"
    assert answered["What matters most to you?"] == "1. Lights; 2. Paths; 3. Seats"
    assert answered["Please rate the following – Safety"] == "Bad"


def test_a_part_whose_condition_fails_is_passed_over(client, survey):
    walker = Walker(client, survey)
    walker.press(**{q(wide.VISITS): "no", q(wide.WHY_NOT): "بعيدة"})
    assert walker.step == wide.THIRD
    walker.press(**{q(wide.AGE): "50"}).press("send", accept="on")
    assert walker.response.status_code == 302
    assert {row[0] for row in kept()} == {wide.VISITS, wide.WHY_NOT, wide.AGE}


def test_answers_to_hidden_questions_are_not_kept(client, survey):
    walker = through(client, survey)
    walker.press("to:start")
    assert walker.step == "start"
    walker.press(**{q(wide.VISITS): "no"})
    assert walker.step == wide.THIRD
    walker.press().press("send", accept="on")
    assert walker.response.status_code == 302
    left_out = {wide.HOW_OFTEN, wide.QUALITY, wide.CLEAN, wide.ORDER}
    assert not left_out & {row[0] for row in kept()}


def test_whoever_changes_their_mind_finds_everything_again(client, survey):
    walker = through(client, survey)
    walker.press("to:start").press(**{q(wide.VISITS): "no"})
    walker.press("to:start")
    walker.press(**{q(wide.VISITS): "yes"})
    assert walker.step == wide.SECOND
    assert f'value="{wide.GOOD}" id="id_{q(wide.CLEAN)}_2" checked' in walker.html
    walker.press().press().press("send", accept="on")
    assert (wide.QUALITY, "4", "", None) in kept()


def test_going_back_loses_nothing_and_judges_nothing(client, survey):
    walker = Walker(client, survey)
    walker.press(**FIRST)
    walker.press("back", **{**SECOND, f"{q(wide.ORDER)}_{wide.PATHS}": "1"})
    assert walker.step == "start"
    assert 'value="yes" id="id_' in walker.html
    walker.press()
    assert walker.step == wide.SECOND
    assert walker.response.status_code == 200
    walker.press()
    assert walker.response.status_code == 422
    assert "المرتبة نفسها" in walker.html


def test_an_error_stops_on_its_own_page_and_names_no_other(client, survey):
    walker = Walker(client, survey).press()
    assert walker.response.status_code == 422
    assert walker.step == "start"
    assert walker.html.count("ep-field--invalid") == 1


def test_what_is_wrong_on_an_earlier_page_is_shown_there_at_the_end(client, survey):
    walker = through(client, survey)
    walker.press("send", accept="on", **{q(wide.HOW_OFTEN): "forged"})
    assert walker.response.status_code == 422
    assert walker.step == "start"
    assert not SurveyResponse.objects.exists()


def test_without_acceptance_the_last_page_says_so_and_keeps_all(client, survey):
    walker = through(client, survey).press("send")
    assert walker.response.status_code == 422
    assert walker.step == REVIEW
    walker.press("send", accept="on")
    assert walker.response.status_code == 302
    assert len(kept()) == 15


def test_pages_sent_in_another_order_count_once(client, survey):
    walker = Walker(client, survey)
    walker.press("to:review")
    assert walker.step == REVIEW
    walker.press("send", accept="on")
    assert walker.response.status_code == 422
    assert walker.step == "start"
    walker.press(**FIRST).press(**SECOND).press(**THIRD)
    walker.press("send", accept="on")
    walker.press("send", accept="on")
    assert SurveyResponse.objects.count() == 1


def test_two_windows_of_one_form_are_one_response(client, survey):
    walker = through(client, survey)
    walker.press("send", accept="on")
    walker.press("send", accept="on")
    assert walker.response.status_code == 302
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (q(wide.AGE), "30.5", "عدد"),
        (q(wide.AGE), "9", "10"),
        (q(wide.AGE), "1e400", ""),
        (q(wide.AGE), "1e999999999", ""),
        (q(wide.AGE), "1e-999999999", ""),
        (q(wide.AGE), "NaN", "رق"),
        (q(wide.AGE), "sNaN", "رق"),
        (q(wide.SINCE), "2027-01-01", "2026"),
        (q(wide.SINCE), "2026-02-30", ""),
        (q(wide.ADDRESS), "nobody", ""),
        (q(wide.DISTRICT), "forged", ""),
        (f"{q(wide.WISHES)}_other", "", ""),
    ],
)
def test_wrong_input_is_named_and_kept(client, survey, name, value, words):
    walker = Walker(client, survey)
    walker.press(**FIRST)
    walker.press(**SECOND)
    walker.press(**{**THIRD, name: value})
    assert walker.response.status_code == 422
    assert walker.step == wide.THIRD
    assert words in walker.html
    assert "a@example.org" in walker.html or name == q(wide.ADDRESS)


@pytest.mark.parametrize("place", ["²", "9" * 5000, "0", "-1", "٤", "first"])
def test_a_place_that_is_none_is_named_and_nothing_breaks(client, survey, place):
    walker = Walker(client, survey).press(**FIRST)
    walker.press(**{**SECOND, f"{q(wide.ORDER)}_{wide.PATHS}": place})
    assert walker.response.status_code == 422
    assert walker.step == wide.SECOND
    walker.press("back", **{f"{q(wide.ORDER)}_{wide.PATHS}": place})
    assert walker.response.status_code == 200


def test_damage_to_what_nobody_sees_is_no_error_that_nobody_can_mend(client, survey):
    walker = through(client, survey)
    broken = {"order": "zz", "hinted": "\0", "draft": "\0"}
    walker.press("send", accept="on", **broken)
    assert walker.response.status_code == 302


def test_an_option_that_was_taken_out_meanwhile_is_asked_for_anew_without_its_id(
    client, survey
):
    walker = through(client, survey)
    gone = {q(wide.HOW_OFTEN): wide.key(999)}
    walker.press("to:review", **gone)
    assert wide.key(999) not in walker.html.replace(f'value="{wide.key(999)}"', "")
    walker.press("send", accept="on", **gone)
    assert walker.response.status_code == 422
    assert walker.step == "start"
    assert "لم يعد متاحًا" in walker.html
    assert wide.key(999) not in walker.html


def test_the_last_look_names_the_lines_of_a_matrix_that_were_passed_over(
    client, survey
):
    walker = Walker(client, survey).press(**FIRST)
    walker.press(**{q(wide.CLEAN): wide.GOOD}).press()
    assert walker.step == REVIEW
    assert "النظافة: جيد" in walker.html
    assert "السلامة: بلا إجابة" in walker.html


def test_a_saved_form_goes_on_where_it_was_left(client, survey):
    walker = Walker(client, survey)
    walker.press(**FIRST)
    walker.press("", address="save_answers", **SECOND)
    assert walker.response.status_code == 302
    link = walker.response["Location"].replace("/saved/", "/")
    with clock.rehearse(walker.at):
        walker.see(client.get(link))
    assert walker.step == wide.SECOND
    assert walker.fields[q(wide.HOW_OFTEN)] == [wide.OFTEN]
    assert f'value="{wide.POOR}" id="id_{q(wide.SAFE)}_0" checked' in walker.html


def test_a_saved_form_can_be_copied_after_the_closing_with_all_its_answers(
    client, survey
):
    walker = through(client, survey).press("", address="save_answers")
    link = walker.response["Location"].replace("/saved/", "/")
    with clock.rehearse(CLOSES):
        html = client.get(link).content.decode()
    for words in ("1. الإنارة", "السلامة: ضعيف", "أخرى: ظل", "a@example.org"):
        assert words in html


def test_each_person_sees_options_in_an_order_that_stays(client, survey):
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, wide.wide_questions(**{wide.HOW_OFTEN: {"at_random": True}}))
    page.save_revision().publish()
    walker = Walker(client, page)
    drawn = walker.fields["order"]
    order = walker.html.index(wide.OFTEN) < walker.html.index(wide.SELDOM)
    walker.press()
    assert walker.fields["order"] == drawn
    assert (walker.html.index(wide.OFTEN) < walker.html.index(wide.SELDOM)) is order
    walker.press(**FIRST).press(**SECOND).press(**THIRD).press("send", accept="on")
    assert SurveyResponse.objects.get().order_seed == drawn[0]


def test_a_page_of_the_form_asks_the_database_no_more_than_the_first(
    client, survey, django_assert_max_num_queries
):
    walker = Walker(client, survey)
    with django_assert_max_num_queries(20):
        walker.press(**FIRST)


def test_a_response_of_every_kind_is_changed_and_changed_back(client, survey):
    receipt = through(client, survey).press("send", accept="on").response["Location"]
    with clock.rehearse(DURING):
        html = client.get(f"{receipt}change/").content.decode()
        data = Fields(html.replace('class="ep-form"', 'id="ep-survey"', 1)).found
        data[q(wide.QUALITY)] = "2"
        answer = client.post(f"{receipt}change/", data)
    assert answer.status_code == 302
    row = Participation.objects.get()
    assert row.revision == 2
    assert (wide.QUALITY, "2", "", None) in kept()
    assert len(kept()) == 15
    assert SurveyAnswer.objects.get(question_id=wide.ADDRESS).key is not None
    assert row.revisions.get().text == row.text


def test_taking_in_a_long_response_asks_the_database_fifteen_times_at_most(
    client, survey
):
    page = SurveyPage.objects.get(pk=survey.pk)
    kinds = ("scale", "number", "date", "place", "yes_no")
    raw = [
        {**block, "id": wide.key(1000 + time * 50 + number)}
        for time in range(4)
        for number, block in enumerate(wide.wide_questions())
        if block["type"] in kinds
    ]
    set_questions(page, raw)
    page.save_revision().publish()
    asked = page.questions_list()
    assert len(asked) == 20

    def send(words):
        walker = Walker(client, page)
        typed = {q(each.id): _some(each, words) for each in asked}
        with CaptureQueriesContext(connection) as queries:
            walker.press("send", accept="on", **typed)
        assert walker.response.status_code == 302
        return [each["sql"] for each in queries.captured_queries]

    # Words of the lexicon and the policy are read once in a process.
    send("عند المسجد الكبير")
    # The outermost savepoint is the test's own; SQLite holds the period by writing.
    sent = [sql for sql in send("عند بوابة الحديقة") if not sql.startswith("UPDATE")]
    assert len(sent) - 2 <= 15, "\n".join(sql[:200] for sql in sent)
    assert SurveyResponse.objects.count() == 2


def _some(question, words):
    if question.options:
        return question.options[0].id
    return {"number": "20", "date": "2020-01-01", "place": words}[question.kind]
