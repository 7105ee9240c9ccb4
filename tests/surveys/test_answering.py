"""Answering a survey through the portal: nothing typed is lost, all counts once."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories import CLOSES, DURING, OPENS
from tests.moderation import small_advisers
from tests.surveys.makers import (
    PLAY,
    REST,
    SAILS,
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
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.models import (
    Identity,
    Participation,
    State,
)
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def survey():
    policy, _created = install_pack("qassim")
    made = make_survey()
    Consultation.objects.update(policy_version=policy)
    return SurveyPage.objects.get(pk=made.pk)


def ask(client, survey, at=DURING):
    with clock.rehearse(at):
        return client.get(f"{survey.get_url()}answer/")


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"'.encode(), response.content)
    return found[1].decode()


def filled(client, survey, *, asked_at=DURING, **changes):
    form = ask(client, survey, asked_at)
    return {
        "token": hidden(form, "token"),
        "shape": hidden(form, "shape"),
        f"q_{SHADE}": TREES,
        "accept": "on",
        **changes,
    }


def send(client, survey, data, at=DURING):
    address = reverse(
        "eparticipation:answer", args=[survey.locale.language_code, survey.pk]
    )
    with clock.rehearse(at):
        return client.post(address, data)


def answers():
    return {
        (row.question_id, row.option_id, row.response.own_words(row))
        for row in SurveyAnswer.objects.select_related("response__participation")
    }


def test_a_response_is_one_entry_of_the_register_with_its_answers(client, survey):
    data = filled(
        client,
        survey,
        **{f"q_{USES}": [SPORT, REST], f"q_{WORDS}": "مقاعد\r\nتحت الأشجار"},
    )

    response = send(client, survey, data)

    assert response.status_code == 302
    participation = Participation.objects.get()
    assert participation.tool == "survey"
    assert participation.state == State.RECEIVED
    assert participation.language == "ar"
    assert participation.text == "مقاعد\nتحت الأشجار"
    assert participation.data == {"survey": str(survey.translation_key)}
    assert participation.publication == "not_published"
    assert participation.consent == "explicit"
    assert participation.consent_version.startswith("qassim/")
    kept = SurveyResponse.objects.get()
    assert kept.participation == participation
    assert kept.survey_key == survey.translation_key
    assert kept.revision == survey.live_revision_id
    assert kept.submit_time == participation.received_at
    assert answers() == {
        (SHADE, TREES, ""),
        (USES, SPORT, ""),
        (USES, REST, ""),
        (WORDS, "", "مقاعد\nتحت الأشجار"),
    }


def test_the_receipt_says_what_was_answered_in_the_readers_language(client, survey):
    data = filled(client, survey, **{f"q_{WORDS}": "مقاعد"})
    sent = send(client, survey, data)
    with clock.rehearse(DURING):
        arabic = client.get(sent.url).content.decode()
        english = client.get(
            re.search(r'href="(/eparticipation/en/receipt/[^"]+)"', arabic)[1]
        ).content.decode()

    assert "أي تظليل تفضلون؟" in arabic
    assert "أشجار" in arabic
    assert "مقاعد" in arabic
    assert "Which shade do you prefer?" in english
    assert "Trees" in english


def test_the_english_page_gives_the_same_option_ids(client, survey):
    english = in_english(survey)
    send(client, english, filled(client, english))

    assert answers() == {(SHADE, TREES, "")}
    assert Participation.objects.get().language == "en"


def test_sending_the_same_form_twice_is_one_response(client, survey):
    data = filled(client, survey)
    first, second = send(client, survey, data), send(client, survey, data)

    assert first.status_code == second.status_code == 302
    assert Participation.objects.count() == SurveyResponse.objects.count() == 1
    assert SurveyAnswer.objects.count() == 1


def test_name_and_email_are_kept_apart_and_sealed(client, survey):
    send(client, survey, filled(client, survey, name="سارة", email="s@example.org"))

    sealed = Identity.objects.get()
    assert sealed.has_contact
    assert "سارة" not in str(list(SurveyResponse.objects.values()))
    assert Participation.objects.get().public_name == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({f"q_{SHADE}": ""}, "Answer this question."),
        ({f"q_{SHADE}": "forged"}, "not offered any more"),
        ({f"q_{USES}": [SPORT, "forged"]}, "not offered any more"),
        ({f"q_{USES}": [TREES]}, "not offered any more"),
        ({f"q_{USES}": [SPORT, REST, PLAY]}, "Choose at most 2 options."),
        ({f"q_{WORDS}": "a" * 10_001}, "The text is too long"),
        ({"accept": ""}, "Without your acceptance nothing is sent."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"token": "forged"}, "could not be recognised"),
        ({"shape": "old"}, "The questions were changed"),
    ],
)
def test_whatever_stands_in_the_way_the_form_comes_back_filled(
    client, survey, changes, message
):
    english = in_english(survey)
    typed = {f"q_{WORDS}": "More <b>seats</b>", "name": "Sara", **changes}

    response = send(client, english, filled(client, english, **typed))

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "data-ep-error-summary" in page
    assert 'value="Sara"' in page
    if f"q_{WORDS}" not in changes:
        assert "More &lt;b&gt;seats&lt;/b&gt;" in page
    if f"q_{SHADE}" not in changes:
        assert re.search(rf'value="{TREES}"[^>]* checked', page)
    assert not Participation.objects.exists()


@pytest.mark.parametrize("number", [2**31, 10**24])
def test_a_number_that_no_page_has_is_not_found(client, number):
    address = reverse("eparticipation:answer", args=["ar", number])

    assert client.post(address, {}).status_code == 410


def test_another_language_after_a_mistake_takes_all_answers_along(client, survey):
    english = in_english(survey)
    typed = filled(client, survey, **{f"q_{USES}": [SPORT, REST], "accept": ""})
    send(client, survey, typed)

    response = send(client, english, typed | {"other_language": "1"})

    html = response.content.decode()
    assert response.status_code == 200
    assert "Which shade do you prefer?" in html
    for option in (TREES, SPORT, REST):
        assert re.search(rf'value="{option}"[^>]* checked', html)
    again = typed | {"accept": "on", "shape": hidden(response, "shape")}
    assert send(client, english, again).status_code == 302


def test_a_form_that_was_put_right_can_be_sent_again(client, survey):
    bad = filled(client, survey, token="forged", shape="old", accept="")
    again = send(client, survey, bad)
    mended = {
        **bad,
        "token": hidden(again, "token"),
        "shape": hidden(again, "shape"),
        "accept": "on",
    }

    assert send(client, survey, mended).status_code == 302
    assert SurveyResponse.objects.count() == 1


def test_a_question_reworded_while_somebody_answers_is_shown_before_it_counts(
    client, survey
):
    data = filled(client, survey)
    set_questions(survey, questions(**{TREES: "أشجار ونخيل"}))
    survey.save_revision().publish()

    response = send(client, survey, data)

    assert response.status_code == 422
    assert "أشجار ونخيل" in response.content.decode()
    assert not Participation.objects.exists()


def test_an_answer_chosen_twice_counts_once(client, survey):
    data = filled(client, survey, **{f"q_{USES}": [SPORT, SPORT]})

    assert send(client, survey, data).status_code == 302
    assert SurveyAnswer.objects.filter(option_id=SPORT).count() == 1


def test_a_survey_without_any_answer_is_not_taken(client, survey):
    raw = questions()
    for block in raw:
        block["value"]["required"] = False
    set_questions(survey, raw)
    survey.save_revision().publish()
    SurveyPage.objects.update(withheld=False)

    response = send(client, survey, filled(client, survey, **{f"q_{SHADE}": ""}))

    assert response.status_code == 422
    assert not Participation.objects.exists()


def test_controls_and_bidi_overrides_are_taken_out_of_words(client, survey):
    data = filled(client, survey, **{f"q_{WORDS}": "a\u202eb\x00c"})

    send(client, survey, data)

    assert (WORDS, "", "abc") in answers()


def test_what_falls_into_the_trap_is_set_aside_with_its_answers(client, survey):
    send(client, survey, filled(client, survey, website="spam"))

    assert Participation.objects.get().state == State.QUARANTINED
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - timedelta(microseconds=1), None),
        (OPENS, State.UNPUBLISHED),
        (CLOSES - timedelta(microseconds=1), State.UNPUBLISHED),
        (CLOSES, State.LATE),
    ],
)
def test_the_instant_of_arrival_decides(client, survey, at, state):
    asked_at = max(OPENS, at - timedelta(hours=1))
    response = send(client, survey, filled(client, survey, asked_at=asked_at), at=at)

    if state is None:
        assert response.status_code == 422
        assert not Participation.objects.exists()
    else:
        assert response.status_code == 302
        assert Participation.objects.get().state == state
        assert SurveyAnswer.objects.count() == 1


def test_a_topic_by_invitation_takes_no_answer_of_the_uninvited(client, survey):
    Consultation.objects.update(audience_mode="invited")

    response = send(client, survey, filled(client, survey))

    assert response.status_code == 422
    assert not Participation.objects.exists()


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), CLOSES])
def test_outside_the_period_the_form_leads_to_the_page(client, survey, at):
    response = ask(client, survey, at=at)

    assert (response.status_code, response.url) == (302, survey.get_url())


def test_what_can_be_influenced_stands_above_the_questions(client, survey):
    shown = ask(client, survey).content.decode()
    above = shown[: shown.index("<fieldset")]
    topic = survey.topic_page
    for words in (topic.decision_open, topic.already_fixed, topic.decision_maker):
        assert words.split("\n")[0] in above


def test_the_empty_form_is_the_same_after_back_and_sets_no_cookie(client, survey):
    response = ask(client, survey)

    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies
    assert not send(client, survey, filled(client, survey)).cookies


def test_other_answers_in_the_same_form_are_not_swallowed(client, survey):
    data = filled(client, survey)
    send(client, survey, data)
    response = send(client, survey, data | {f"q_{SHADE}": SAILS})

    assert response.status_code == 409
    assert Participation.objects.count() == 1
    assert (SHADE, TREES, "") in answers()


def test_answers_are_changed_until_closing_and_count_once(client, survey):
    receipt = send(client, survey, filled(client, survey))["Location"]
    with clock.rehearse(DURING):
        form = client.get(f"{receipt}change/")
        changed = {"shape": hidden(form, "shape"), f"q_{SHADE}": SAILS}
        answer = client.post(f"{receipt}change/", changed)

    assert f'value="{TREES}" id=' in form.content.decode()
    assert answer.status_code == 302
    row = Participation.objects.get()
    assert (row.revision, SurveyResponse.objects.count()) == (2, 1)
    assert answers() == {(SHADE, SAILS, "")}
    kept = row.revisions.get().data["answers"]
    assert kept == [{"question_id": SHADE, "option_id": TREES, "text": ""}]


def test_a_survey_taken_off_while_somebody_changes_answers_leads_back(client, survey):
    sent = send(client, survey, filled(client, survey))
    survey.unpublish()

    with clock.rehearse(DURING):
        response = client.post(f"{sent.url}change/", {f"q_{SHADE}": TREES})

    assert response.status_code == 302
    assert "/receipt/" in response.url


def test_after_closing_answers_stay_as_they_are(client, survey):
    receipt = send(client, survey, filled(client, survey))["Location"]
    with clock.rehearse(DURING):
        form = client.get(f"{receipt}change/")
    changed = {"shape": hidden(form, "shape"), f"q_{SHADE}": SAILS}
    with clock.rehearse(CLOSES):
        answer = client.post(f"{receipt}change/", changed)

    assert answer.status_code == 422
    assert answers() == {(SHADE, TREES, "")}


def test_a_survey_number_beyond_all_is_not_there(client, survey):
    address = reverse("eparticipation:answer", args=["ar", 10**24])
    assert client.post(address, {}).status_code == 410


def test_the_address_of_sending_leads_back_to_the_form(client, survey):
    address = reverse("eparticipation:answer", args=["ar", survey.pk])

    assert client.get(address).url == f"{survey.get_url()}answer/"
    assert client.head(address).status_code == 302
    assert client.put(address).status_code == 405
    other = reverse("eparticipation:answer", args=["en", survey.pk])
    assert client.get(other, follow=True).status_code == 404
    assert client.post(survey.get_url()).status_code == 405


def test_a_response_costs_the_same_whatever_the_number_of_answers(
    client, survey, django_assert_max_num_queries
):
    data = filled(client, survey, **{f"q_{USES}": [SPORT, REST], f"q_{WORDS}": "x"})
    send(client, survey, filled(client, survey))

    with django_assert_max_num_queries(20):
        send(client, survey, data)


def test_an_answer_in_words_is_hinted_at_once_and_then_sent(
    client, survey, monkeypatch
):
    small_advisers.use(monkeypatch)
    answers = {f"q_{WORDS}": small_advisers.MOBILE}
    data = filled(client, survey, **answers)
    shown = send(client, survey, data)
    html = shown.content.decode()
    assert shown.status_code == 200
    assert f"<mark>{small_advisers.NUMBER}</mark>" in html
    # Answers are never shown, so nothing of them will be hidden.
    assert "سيُحجب الموضع" not in html
    assert not Participation.objects.exists()
    data["hinted"] = re.search(r'name="hinted" value="([^"]+)"', html)[1]
    assert send(client, survey, data).status_code == 302
    assert Participation.objects.get().text == small_advisers.MOBILE
