"""Limited places and a period of its own (R-4.1d, S3-F)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from tests.factories import CLOSES, DURING, OPENS
from tests.surveys import wide_makers as wide
from tests.surveys.makers import SHADE, TREES, make_survey, respond
from tests.surveys.walking import Walker
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.amend_forms import may_amend
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.surveys import places
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.places import NoPlaceLeft

pytestmark = pytest.mark.django_db

NOON = DURING


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def limited_survey(limit=1, **fields):
    quotas = [
        {
            "type": "item",
            "value": {"option": wide.OFTEN, "limit": limit},
            "id": wide.key(990),
        }
    ]
    survey = wide.make_wide_survey(**{wide.HOW_OFTEN: {"quotas": quotas}})
    SurveyPage.objects.filter(translation_key=survey.translation_key).update(**fields)
    return SurveyPage.objects.get(pk=survey.pk)


def choose(survey, option=wide.OFTEN, **fields):
    answers = [Answer(wide.VISITS, "yes"), Answer(wide.HOW_OFTEN, option)]
    with clock.rehearse(NOON):
        return respond(SurveyPage.objects.get(pk=survey.pk), *answers, **fields)


def test_the_last_place_is_taken_once():
    survey = limited_survey()
    choose(survey)
    with pytest.raises(NoPlaceLeft) as refusal:
        choose(survey)
    assert list(refusal.value.message_dict) == [f"q_{wide.HOW_OFTEN}"]
    assert SurveyResponse.objects.count() == Participation.objects.count() == 1
    choose(survey, wide.SELDOM)
    assert SurveyResponse.objects.count() == 2


def test_a_place_is_free_again_when_its_holder_withdraws():
    survey = limited_survey()
    held = choose(survey).participation
    Participation.objects.filter(pk=held.pk).update(state=State.WITHDRAWN)
    choose(survey)
    assert places.full_options(survey) == {wide.HOW_OFTEN: {wide.OFTEN}}


def test_who_answers_anew_keeps_the_own_place():
    survey = limited_survey()
    choose(survey, standing=Standing("a" * 64))
    choose(survey, standing=Standing("a" * 64))
    assert SurveyResponse.objects.count() == 2
    assert places.full_options(survey) == {wide.HOW_OFTEN: {wide.OFTEN}}


def test_a_place_waits_for_an_address_to_be_confirmed():
    survey = limited_survey()
    choose(survey, standing=Standing("a" * 64, confirmed=False))
    with pytest.raises(NoPlaceLeft):
        choose(survey)


def test_the_form_shows_what_is_full_and_keeps_the_other_answers(client):
    survey = limited_survey()
    walker = Walker(client, survey)
    choose(survey)
    typed = {f"q_{wide.VISITS}": "yes", f"q_{wide.HOW_OFTEN}": wide.OFTEN}
    walker.press(**typed).press(**{f"q_{wide.QUALITY}": "2"}).press()
    walker.press("send", accept="on")
    assert walker.response.status_code == 422
    assert walker.step == "start"
    assert "ep-error-summary" in walker.html
    assert walker.fields[f"q_{wide.QUALITY}"] == ["2"]
    walker.press(**{f"q_{wide.HOW_OFTEN}": wide.SELDOM}).press().press()
    walker.press("send", accept="on")
    assert walker.response.status_code == 302
    later = Walker(client, survey)
    assert f'value="{wide.OFTEN}" id="id_q_{wide.HOW_OFTEN}_0" disabled' in later.html


def test_a_survey_takes_no_more_responses_than_its_limit(client):
    survey = limited_survey(5, response_limit=1)
    choose(survey, wide.SELDOM)
    with pytest.raises(NoPlaceLeft):
        choose(survey, wide.SELDOM)
    with clock.rehearse(NOON):
        page = client.get(survey.get_url())
        form = client.get(f"{survey.get_url()}answer/")
    assert form.status_code == 302
    assert "مفتوح للمشاركة" not in page.content.decode()
    assert f"{survey.get_url()}answer/" not in page.content.decode()


def test_what_is_late_takes_no_place():
    survey = limited_survey(5, response_limit=1)
    with clock.rehearse(CLOSES + timedelta(hours=2)):
        late = respond(survey, Answer(wide.VISITS, "no"))
    assert late.late
    choose(survey, wide.SELDOM)


def own_period(survey, opens=None, closes=None):
    versions = SurveyPage.objects.filter(translation_key=survey.translation_key)
    versions.update(opens_at=opens, closes_at=closes)
    return SurveyPage.objects.get(pk=survey.pk)


OWN_OPENS, OWN_CLOSES = DURING - timedelta(hours=1), DURING + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OWN_OPENS - timedelta(microseconds=1), None),
        (OWN_OPENS, State.UNPUBLISHED),
        (OWN_CLOSES - timedelta(microseconds=1), State.UNPUBLISHED),
        (OWN_CLOSES, State.LATE),
    ],
)
def test_the_own_period_decides_to_the_instant(at, state):
    survey = own_period(make_survey(), OWN_OPENS, OWN_CLOSES)
    with clock.rehearse(at):
        if state is None:
            with pytest.raises(ValidationError):
                respond(survey, Answer(SHADE, TREES))
        else:
            row = respond(survey, Answer(SHADE, TREES)).participation
            assert row.state == state


@pytest.mark.parametrize("at", [OWN_OPENS - timedelta(minutes=1), OWN_CLOSES])
def test_outside_its_own_period_the_page_has_no_way_in(client, at):
    survey = own_period(make_survey(), OWN_OPENS, OWN_CLOSES)
    with clock.rehearse(at):
        assert f"{survey.get_url()}answer/" not in (
            client.get(survey.get_url()).content.decode()
        )
        assert client.get(f"{survey.get_url()}answer/").status_code == 302


def test_the_page_is_kept_no_longer_than_to_its_own_closing(client):
    survey = own_period(make_survey(), None, OWN_CLOSES)
    with clock.rehearse(OWN_CLOSES - timedelta(seconds=20)):
        response = client.get(survey.get_url())
    assert "max-age=20" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("opens", "closes", "wrong"),
    [
        (OPENS - timedelta(days=1), None, "opens_at"),
        (None, CLOSES + timedelta(seconds=1), "closes_at"),
        (DURING, DURING, "closes_at"),
        (OPENS, CLOSES, None),
        (None, None, None),
    ],
)
def test_the_own_period_lies_within_the_topics(opens, closes, wrong):
    survey = make_survey()
    survey.opens_at, survey.closes_at = opens, closes
    if wrong is None:
        survey.clean()
    else:
        with pytest.raises(ValidationError) as refusal:
            survey.clean()
        assert list(refusal.value.message_dict) == [wrong]


def test_answers_are_not_changed_after_the_surveys_own_closing(client):
    survey = make_survey()
    with clock.rehearse(DURING):
        outcome = respond(survey, Answer(SHADE, TREES))
    own_period(survey, None, OWN_CLOSES)
    row = Participation.objects.get(pk=outcome.participation.pk)
    with clock.rehearse(OWN_CLOSES - timedelta(seconds=1)):
        assert may_amend(row)
    with clock.rehearse(OWN_CLOSES):
        assert not may_amend(row)
