"""What people write into a survey keeps to the rules for every text (P-5.3.1d)."""

import pytest
from django.urls import reverse

from tests.factories import DURING
from tests.moderation.makers import make_moderator
from tests.surveys import wide_makers as wide
from tests.surveys.makers import respond
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.flags import Flag
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.models import HIDDEN, SurveyResponse
from wagtail_eparticipation.surveys.open_answers import joined, parted
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.reading import describe

NUMBER = "0551234567"
HEAD = "— 1 —"


@pytest.mark.parametrize(
    "texts",
    [
        ["واحد"],
        ["واحد", "اثنان"],
        ["سطر\nثان", "2", "— ثلاثة —"],
        [HEAD],
        ["one\n\ntwo", "three\n\n\nfour"],
    ],
)
def test_texts_are_told_apart_again(texts):
    assert parted(joined(texts), len(texts)) == texts


@pytest.mark.parametrize("text", ["", "no heads", "— 2 —\nb", "— 1 —\na\n\n— 3 —\nc"])
def test_texts_that_cannot_be_told_apart_are_not_guessed(text):
    assert parted(text, 2) is None


def test_one_who_types_such_a_line_loses_nothing_and_takes_nobody_elses_place():
    assert parted(joined(["a", "— 2 —\nb"]), 2) is None


@pytest.fixture
def survey(db):
    policy, _created = install_pack("qassim")
    made = wide.make_wide_survey()
    Consultation.objects.update(policy_version=policy)
    return SurveyPage.objects.get(pk=made.pk)


@pytest.fixture
def response(survey):
    with clock.rehearse(DURING):
        outcome = respond(
            survey,
            Answer(wide.VISITS, "yes"),
            Answer(wide.WHERE, text="عند المسجد"),
            Answer(wide.WISHES, "other", text=f"اتصلوا بي على {NUMBER} من فضلكم"),
        )
    return outcome.participation


def hide(participation):
    start = participation.text.index(NUMBER)
    with clock.rehearse(DURING):
        decide(
            participation,
            "keep_unpublished",
            actor=make_moderator(),
            expected_state=State.RECEIVED,
            places=[Place("text", start, start + len(NUMBER), "contact")],
        )
    participation.refresh_from_db()
    return participation


def words(participation, key):
    found = SurveyResponse.objects.select_related("participation").get(
        participation=participation
    )
    return found.words_of(found.answers.get(question_id=key))


def test_personal_data_in_an_answer_is_flagged(response):
    flags = Flag.objects.filter(participation=response)
    assert "contact" in flags.values_list("category", flat=True)


def test_a_hidden_place_is_hidden_in_the_answer_and_nowhere_else(response):
    held = hide(response)
    assert NUMBER not in words(held, wide.WISHES)
    assert "من فضلكم" in words(held, wide.WISHES)
    assert words(held, wide.WHERE) == "عند المسجد"
    assert NUMBER not in str(describe(held, "ar"))


def test_the_moderator_reads_the_words_once_and_knows_whose_they_are(client, response):
    client.force_login(make_moderator())
    url = reverse("eparticipation_admin:moderation_review", args=[response.public_id])
    html = client.get(url).content.decode()
    assert html.count("من فضلكم") >= 1
    assert "— 2 —" in html
    told = dict(describe(response, "ar", words=False))
    assert told["ماذا تتمنون؟"] == "أخرى: — 2 —"
    assert told["هل تزورون الحديقة؟"] == "نعم"


@pytest.mark.parametrize(
    "state", [State.REFUSED, State.WITHDRAWN, State.QUARANTINED, State.UNCONFIRMED]
)
def test_words_of_what_staff_may_not_read_are_not_told(response, state):
    Participation.objects.filter(pk=response.pk).update(state=state)
    assert words(response, wide.WHERE) == HIDDEN


def test_words_that_are_gone_are_gone_from_the_answers(response):
    Participation.objects.filter(pk=response.pk).update(text="", text_html="")
    assert words(response, wide.WHERE) == HIDDEN
    assert words(response, wide.WISHES) == HIDDEN
    assert words(response, wide.VISITS) == ""


def test_a_response_without_words_waits_for_nobody(survey):
    with clock.rehearse(DURING):
        row = respond(survey, Answer(wide.VISITS, "yes")).participation
    assert row.state == State.UNPUBLISHED
    assert not Participation.objects.waiting().exists()
    assert Participation.objects.counted().count() == 1


def test_many_long_answers_together_may_be_longer_than_one(survey, settings):
    settings.WAGTAIL_EPARTICIPATION = {
        **settings.WAGTAIL_EPARTICIPATION,
        "MAX_TEXT_LENGTH": 50,
    }
    with clock.rehearse(DURING):
        row = respond(
            survey,
            Answer(wide.WHERE, text="أ" * 50),
            Answer(wide.WISHES, "other", text="ب" * 50),
        ).participation
    assert words(row, wide.WISHES) == "ب" * 50
