"""A survey is saved and gone on with like every form (R-5.3.1b)."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories import CLOSES, DURING
from tests.surveys.makers import (
    PLAY,
    SHADE,
    SPORT,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    questions,
    set_questions,
)
from tests.surveys.test_answering import ask, hidden, send
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.drafts import SavedDraft
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db

WORDS_TYPED = "نوافير صغيرة"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def survey():
    policy, _created = install_pack("qassim")
    made = make_survey()
    Consultation.objects.update(policy_version=policy)
    return SurveyPage.objects.get(pk=made.pk)


def begin(client, survey, **changes):
    form = ask(client, survey)
    typed = {
        "token": hidden(form, "token"),
        "shape": hidden(form, "shape"),
        f"q_{USES}": [SPORT, PLAY],
        f"q_{WORDS}": WORDS_TYPED,
        **changes,
    }
    url = reverse("eparticipation:save_answers", args=["ar", survey.pk])
    with clock.rehearse(DURING):
        response = client.post(url, typed)
    assert response.status_code == 302, response.content.decode()[:3000]
    return response["Location"].removesuffix("saved/")


def look(client, path, at=DURING):
    with clock.rehearse(at):
        return client.get(path)


def test_answers_are_there_again_and_sent_once(client, survey):
    path = begin(client, survey)
    form = look(client, path)
    html = form.content.decode()
    assert WORDS_TYPED in html
    assert len(re.findall(rf'name="q_{USES}"[^>]* checked', html)) == 2
    data = {
        "token": hidden(form, "token"),
        "shape": hidden(form, "shape"),
        "draft": hidden(form, "draft"),
        f"q_{SHADE}": TREES,
        f"q_{USES}": [SPORT, PLAY],
        f"q_{WORDS}": WORDS_TYPED,
        "accept": "on",
    }
    assert send(client, survey, data).status_code == 302
    assert SurveyAnswer.objects.count() == 4
    assert not SavedDraft.objects.exists()
    send(client, survey, data)
    assert Participation.objects.count() == 1


def test_it_is_opened_in_the_other_language(client, survey):
    path = begin(client, survey)
    shown = look(client, path.replace("/ar/", "/en/")).content.decode()
    assert '<html lang="en"' in shown and WORDS_TYPED in shown
    assert reverse("eparticipation:answer", args=["en", in_english(survey).pk]) in shown


def test_questions_that_changed_meanwhile_are_asked_as_they_are_now(client, survey):
    path = begin(client, survey)
    set_questions(survey, questions(leave_out=(USES,)))
    survey.save()
    html = look(client, path).content.decode()
    assert WORDS_TYPED in html and f"q_{USES}" not in html


def test_after_the_closing_the_answers_are_read_with_their_questions(client, survey):
    path = begin(client, survey)
    html = look(client, path, at=CLOSES).content.decode()
    assert "لماذا تزورون الحديقة؟" in html
    assert "الرياضة" in html and "لعب الأطفال" in html and WORDS_TYPED in html


def test_a_survey_whose_page_is_gone_still_gives_the_words_back(client, survey):
    path = begin(client, survey)
    SurveyPage.objects.update(live=False)
    assert WORDS_TYPED in look(client, path).content.decode()
    SurveyPage.objects.all().delete()
    shown = look(client, path)
    assert shown.status_code == 200 and WORDS_TYPED in shown.content.decode()
