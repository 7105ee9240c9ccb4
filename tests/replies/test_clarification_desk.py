"""The desk of clarifications and campaigns: who gets in, what comes back as typed."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.replies.clarified import (
    ARABIC,
    BOTH,
    CAMPAIGN,
    ENGLISH,
    REASON,
    make_campaign,
    make_clarification,
    watching,
)
from tests.replies.makers import QUESTION, ask, make_replier
from tests.replies.test_desk import is_not_found, person, signed_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.participations.same_words import words_key
from wagtail_eparticipation.replies import campaign_replies, clarifying
from wagtail_eparticipation.replies.campaigns import CampaignReply
from wagtail_eparticipation.replies.clarifications import Clarification
from wagtail_eparticipation.replies.clarifying import Words
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db
REASONS = {"reason_ar": REASON["ar"], "reason_en": REASON["en"]}
WITHDRAWAL = {f"withdrawal-{name}": text for name, text in REASONS.items()}


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


def typed(words=None, **more):
    """What a browser sends for question and answer in some languages."""
    data = {"original": "ar", "token": "t" * 32, **more}
    for language, said in (words or {"ar": ARABIC}).items():
        data[f"question_{language}"] = said.question
        data[f"answer_{language}"] = said.answer
    return data


def new_page(topic, case=None):
    address = reverse("eparticipation_admin:clarification_new", args=[topic.pk])
    return f"{address}?case={case.public_id}" if case else address


def page_of(made):
    return reverse("eparticipation_admin:clarification", args=[made.public_id])


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("visitor", False),
        ("other", False),
        ("elsewhere", False),
        ("own", True),
        ("replier", True),
        ("superuser", True),
    ],
)
def test_each_address_asks_who_comes(topic, kind, allowed):
    made = make_clarification(topic)
    rows = make_campaign(topic, 2)
    reply = campaign_replies.reply_to_all(
        rows[0], "رد أول", language="ar", actor=make_replier()
    )
    client = signed_in(person(kind, topic))
    correction = typed({"ar": ENGLISH}, action="correct", version=1, **REASONS)
    same_words = reverse(
        "eparticipation_admin:campaign_reply", args=[rows[0].public_id]
    )
    campaign = {"text": "رد ثانٍ", "language": "ar", "way": "discussion"}
    asked = [
        (reverse("eparticipation_admin:clarifications", args=[topic.pk]), None),
        (new_page(topic), typed()),
        (page_of(made), correction),
        (same_words, campaign),
        (
            reverse("eparticipation_admin:campaign", args=[reply.public_id]),
            {"action": "carry_on"},
        ),
    ]
    for address, data in asked:
        assert (client.get(address).status_code == 200) == allowed
        if data is not None:
            client.post(address, data)
    made.refresh_from_db()
    reply.refresh_from_db()
    done = (
        Clarification.objects.count() == 2,
        made.version == 2,
        CampaignReply.objects.count() == 2,
        reply.finished_at is not None,
    )
    assert done == (allowed,) * 4


@pytest.mark.parametrize("action", ["translate", "withdraw"])
@pytest.mark.parametrize(("kind", "allowed"), [("elsewhere", False), ("own", True)])
def test_each_act_asks_who_comes(topic, action, kind, allowed):
    made = make_clarification(topic)
    data = typed({"en": ENGLISH}, action=action, version=1, **WITHDRAWAL)
    signed_in(person(kind, topic)).post(page_of(made), data)
    made.refresh_from_db()
    done = made.is_withdrawn or len(clarifying.current_words(made)) == 2
    assert done == allowed


def test_sent_again_with_another_language_it_loses_no_words(topic):
    client = signed_in(make_replier())
    assert client.post(new_page(topic), typed()).status_code == 302
    (made,) = Clarification.objects.all()
    again = client.post(new_page(topic), typed(BOTH))
    form = again.context["form"]
    assert form["answer_en"].value() == ENGLISH.answer
    assert page_of(made) in str(form.non_field_errors())
    assert Clarification.objects.count() == 1
    assert clarifying.current_words(made) == {"ar": ARABIC}
    # The same without anything new leads to what is there.
    assert client.post(new_page(topic), typed()).url == page_of(made)
    changed = {"ar": Words(ARABIC.question, "جواب آخر")}
    again = client.post(new_page(topic), typed(changed))
    assert again.context["form"]["answer_ar"].value() == "جواب آخر"
    assert clarifying.current_words(made) == {"ar": ARABIC}


def test_a_language_that_was_added_twice_is_there_once_and_loses_no_words(topic):
    made = make_clarification(topic)
    client = signed_in(make_replier())
    data = typed({"en": ENGLISH}, action="translate", version=1)
    assert client.post(page_of(made), data).status_code == 302
    assert client.post(page_of(made), data).url == page_of(made)
    other = Words(ENGLISH.question, "Other words.")
    data = typed({"en": other}, action="translate", version=1)
    page = client.post(page_of(made), data)
    assert page.context["correction_form"]["answer_en"].value() == "Other words."
    assert clarifying.current_words(made)["en"] == ENGLISH


def test_a_form_from_elsewhere_is_refused(topic):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_replier())
    assert client.post(new_page(topic), typed()).status_code == 403
    assert not Clarification.objects.exists()


def test_the_question_is_prefilled_from_the_enquiry_and_stays_to_be_worded(topic):
    case = ask(topic, name="سالم", email="asker@people.example").case
    html = signed_in(make_replier()).get(new_page(topic, case)).content.decode()
    assert QUESTION in html
    assert "asker@people.example" not in html and "سالم" not in html


def test_an_enquiry_is_published_from_its_page(topic):
    case = ask(topic).case
    client = signed_in(make_replier())
    shown = client.get(reverse("eparticipation_admin:case", args=[case.public_id]))
    assert new_page(topic, case) in shown.content.decode()
    client.post(new_page(topic, case), typed(BOTH))
    case.refresh_from_db()
    assert case.state == Case.State.ANSWERED
    assert case.clarifications.get().original_language == "ar"


def test_an_enquiry_of_another_topic_is_not_found(topic):
    case = ask(make_consultation()).case
    client = signed_in(make_replier())
    assert is_not_found(client.get(new_page(topic, case)))
    for wanted in ("x", "\x00", "1" * 400):
        address = new_page(topic)
        assert is_not_found(client.get(address, {"case": wanted}))


def test_two_presses_publish_once(topic):
    client = signed_in(make_replier())
    first, second = (client.post(new_page(topic), typed()) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert Clarification.objects.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"question_ar": ""},
        {"answer_ar": " "},
        {"original": "en"},
        {"original": "xx"},
        {"token": ""},
        {"question_ar": "س" * 1001},
        {"question_en": "Only a question"},
        {"answer_en": "Only an answer"},
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_lost(topic, broken):
    data = {**typed(), "answer_ar": "جواب طويل كُتب بعناية", **broken}
    response = signed_in(make_replier()).post(new_page(topic), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    if data["answer_ar"].strip():
        assert "جواب طويل كُتب بعناية" in response.content.decode()
    assert not Clarification.objects.exists()


def test_places_with_personal_data_are_shown_and_must_be_reworded(topic, monkeypatch):
    watching(monkeypatch, "0551234567")
    client = signed_in(make_replier())
    words = {"ar": Words("رقمي 0551234567، متى تبدؤون؟", "قريباً")}
    html = client.post(new_page(topic), typed(words, confirmed="on")).content.decode()
    assert "<q><bdi>0551234567</bdi></q>" in html
    assert not Clarification.objects.exists()
    client.post(new_page(topic), typed())
    assert Clarification.objects.count() == 1


def test_what_may_be_harmless_is_confirmed_with_a_tick(topic, monkeypatch):
    watching(monkeypatch, "متى", hide=False)
    client = signed_in(make_replier())
    html = client.post(new_page(topic), typed()).content.decode()
    assert 'name="confirmed"' in html and not Clarification.objects.exists()
    client.post(new_page(topic), typed(confirmed="on"))
    assert Clarification.objects.count() == 1


def test_a_correction_of_an_outdated_version_is_refused_and_kept(topic):
    made = make_clarification(topic)
    client = signed_in(make_replier())
    data = typed({"ar": ENGLISH}, action="correct", version=1, **REASONS)
    client.post(page_of(made), data)
    data["answer_ar"] = "جواب الثاني"
    response = client.post(page_of(made), data)
    assert "جواب الثاني" in response.content.decode()
    made.refresh_from_db()
    assert made.version == 2


@pytest.mark.parametrize("action", ["correct", "translate"])
def test_a_change_asks_for_confirmation_beside_its_own_form(topic, monkeypatch, action):
    made = make_clarification(topic)
    watching(monkeypatch, "940")
    language = {"correct": "ar", "translate": "en"}[action]
    words = {language: Words("سؤال؟", "اتصلوا بالرقم 940")}
    data = typed(words, action=action, version=1, **REASONS)
    client = signed_in(make_replier())
    html = client.post(page_of(made), data).content.decode()
    assert html.count("<q><bdi>940</bdi></q>") == html.count('name="confirmed"') == 1
    client.post(page_of(made), data | {"confirmed": "on"})
    made.refresh_from_db()
    assert clarifying.current_words(made)[language] == words[language]


def test_an_unknown_act_is_not_found(topic):
    made = make_clarification(topic, BOTH)
    client = signed_in(make_replier())
    for action in ("", "destroy"):
        assert is_not_found(client.post(page_of(made), {"action": action}))


def test_the_list_costs_the_same_at_any_number(topic, django_assert_num_queries):
    client = signed_in(make_user(superuser=True))
    address = reverse("eparticipation_admin:clarifications", args=[topic.pk])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(2):
        make_clarification(topic, {"ar": Words(f"سؤال {number}؟", "جواب")})
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(18):
        make_clarification(topic, {"ar": Words(f"سؤال آخر {number}؟", "جواب")})
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_the_desk_counts_what_waits_for_a_translation(topic):
    make_clarification(topic, BOTH)
    make_clarification(topic)
    client = signed_in(make_user(superuser=True))
    html = client.get(reverse("eparticipation_admin:desk", args=[topic.pk])).content
    assert "بانتظار الترجمة: 1" in html.decode()


def test_the_reply_page_leads_to_all_with_the_same_words(topic):
    voice = make_voice(topic, text=CAMPAIGN, words_key=words_key(CAMPAIGN))
    make_campaign(topic, 2)
    address = reverse("eparticipation_admin:official_reply", args=[topic.pk])
    html = signed_in(make_replier()).get(f"{address}?to={voice.key}").content.decode()
    assert (
        reverse(
            "eparticipation_admin:campaign_reply",
            args=[voice.participation.public_id],
        )
        in html
    )


def test_the_preview_says_how_many_there_are(topic):
    rows = make_campaign(topic, 3)
    address = reverse("eparticipation_admin:campaign_reply", args=[rows[0].public_id])
    response = signed_in(make_replier()).get(address)
    assert (response.context["group"].members, response.context["group"].reachable) == (
        3,
        0,
    )


def test_a_clarification_for_a_campaign_needs_its_question(topic):
    rows = make_campaign(topic, 2)
    address = reverse("eparticipation_admin:campaign_reply", args=[rows[0].public_id])
    data = {"text": "رد مكتوب بعناية", "language": "ar", "way": "clarification"}
    response = signed_in(make_replier()).post(address, data)
    assert "رد مكتوب بعناية" in response.content.decode()
    assert not CampaignReply.objects.exists()
