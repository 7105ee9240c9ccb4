"""Everything that was said, in one log: complete, in order, without personal data."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.consultations.makers import make_requester
from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import make_consultation_page
from tests.replies.clarified import (
    ARABIC,
    BOTH,
    REASON,
    make_campaign,
    make_clarification,
)
from tests.replies.makers import ask, make_replier
from tests.replies.test_desk import limited_to, signed_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.acts import Reason
from wagtail_eparticipation.consultations.models import PublicationAct
from wagtail_eparticipation.discussion import official
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies import (
    answering,
    campaign_replies,
    clarifying,
    job,
)
from wagtail_eparticipation.replies.clarifying import Words
from wagtail_eparticipation.replies.communications import communications

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(
        department=make_department("Parks"), policy_version=install_pack("qassim")[0]
    )


def kinds_of(topic):
    return [each.kind for each in communications(topic)]


def say_everything(topic, number=1):
    """One of each kind that the log knows of, so many times."""
    replier = make_replier()
    for each in range(number):
        at = DURING + timedelta(minutes=each)
        with rehearse(at):
            voice = make_voice(topic, now=at)
            said = official.reply_officially(
                topic, text=f"رد {each}", language="ar", actor=replier, to=voice
            )
            official.take_back(said, actor=replier)
            case = ask(topic, key=f"k{each}", email=f"a{each}@people.example").case
            answering.answer(case, f"سر {each}", actor=replier)
            made = make_clarification(topic, actor=replier)
            clarifying.correct(
                made,
                {"ar": Words("سؤال؟", f"جواب {each}")},
                reason=REASON,
                expected=1,
                actor=replier,
            )
            clarifying.withdraw(made, reason=REASON, actor=replier)
            rows = make_campaign(topic, 2, text=f"نطالب بأشياء كثيرة رقم {each}")
            campaign_replies.reply_to_all(
                rows[0], f"رد عام {each}", language="ar", actor=replier
            )
            PublicationAct.objects.create(
                consultation=topic,
                medium="X",
                text=f"إعلان {each}",
                state="done",
                happened_at=at,
            )
            record(topic, "invitation.printed", data={"count": 7})
    job.run()
    Notice.objects.update(state="sent", sent_at=DURING)


def test_every_way_of_speaking_is_in_it():
    topic = make_consultation_page(policy_version=install_pack("qassim")[0])
    topic = topic.consultation
    say_everything(topic)
    acts.perform(
        topic,
        "close_channel",
        actor=make_requester(),
        reason=Reason("", {"ar": "عطل في الشبكة", "en": "The network is down"}),
        channel="portal",
    )
    assert set(kinds_of(topic)) == {
        "act",
        "official",
        "official_taken_back",
        "private_answer",
        "clarification",
        "clarification_corrected",
        "clarification_withdrawn",
        "campaign",
        "publication",
        "letter",
        "notice.case_received",
        "notice.case_answered",
    }


def test_it_stands_in_the_order_of_time(topic):
    say_everything(topic, 3)
    instants = [each.at for each in communications(topic)]
    assert instants == sorted(instants)


def test_what_went_to_one_person_has_no_text(topic):
    say_everything(topic)
    assert all("سر" not in each.text for each in communications(topic))
    (answer,) = [
        each for each in communications(topic) if each.kind == "private_answer"
    ]
    assert (answer.text, answer.number) == ("", 1)


def test_public_words_stand_as_published_in_each_language(topic):
    make_clarification(topic, BOTH)
    found = {each.language: each.text for each in communications(topic)}
    assert found["ar"] == f"{ARABIC.question}\n\n{ARABIC.answer}"
    assert set(found) == {"ar", "en"}


def test_words_that_were_withdrawn_are_not_said_again(topic):
    made = make_clarification(topic, BOTH)
    clarifying.withdraw(made, reason=REASON, actor=make_replier())
    assert ARABIC.question not in str(communications(topic))


def test_no_address_and_no_name_of_staff_is_in_it(topic):
    say_everything(topic)
    make_clarification(topic, actor=make_replier(name="salem-the-replier"))
    assert "people.example" not in str(communications(topic))
    assert "salem-the-replier" not in str(communications(topic))


def test_other_topics_are_left_out(topic):
    say_everything(make_consultation())
    assert communications(topic) == []


def test_it_asks_the_same_number_of_queries_at_any_size(topic):
    say_everything(topic, 2)
    communications(topic)
    with CaptureQueriesContext(connection) as few:
        communications(topic)
    say_everything(topic, 0)
    for each in range(10):
        make_clarification(topic, {"ar": Words(f"سؤال {each}؟", "جواب")})
        answering.answer(ask(topic, key=f"m{each}").case, "سر", actor=make_replier())
    with CaptureQueriesContext(connection) as many:
        assert len(communications(topic)) > 20
    assert len(few) == len(many)


def page_of(topic, query=""):
    address = reverse("eparticipation_admin:communications", args=[topic.pk])
    return f"{address}?{query}" if query else address


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("visitor", False),
        ("other", False),
        ("elsewhere", False),
        ("own", True),
        ("analyst", True),
        ("superuser", True),
    ],
)
def test_who_works_with_the_topic_reads_it(topic, kind, allowed):
    user = {
        "visitor": lambda: None,
        "other": lambda: make_user(),
        "elsewhere": lambda: limited_to(make_replier(), make_department("Roads")),
        "own": lambda: limited_to(make_replier(), topic.department),
        "analyst": lambda: make_user(permissions=["analyse_participation"]),
        "superuser": lambda: make_user(superuser=True),
    }[kind]()
    make_clarification(topic)
    client = signed_in(user)
    for query in ("", "export=csv"):
        response = client.get(page_of(topic, query))
        assert (response.status_code == 200) == allowed


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("kind=clarification", 2),
        ("kind=clarification&language=en", 1),
        ("channel=private", 1),
        ("since=2026-04-12", 3),
        ("since=2026-04-13", 0),
        ("until=2026-04-12", 3),
        ("until=2026-04-11", 0),
        ("kind=x", 0),
        ("since=x", 0),
        ("p=99", 3),
        ("p=%00", 3),
    ],
)
def test_the_log_is_cut_by_kind_channel_language_and_day(topic, query, number):
    make_clarification(topic, BOTH)
    answering.answer(ask(topic).case, "سر", actor=make_replier())
    response = signed_in(make_replier()).get(page_of(topic, query))
    assert response.context["total"] == number


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_holds_what_is_shown_and_no_formula(topic, form):
    make_clarification(topic, {"ar": Words("=1+1؟", "=2+2")})
    client = signed_in(make_replier())
    response = client.get(page_of(topic, f"export={form}&kind=clarification"))
    content = (
        b"".join(response.streaming_content)
        if response.streaming
        else (response.content)
    )
    if form == "csv":
        assert "'=1+1" in content.decode()
    else:
        assert content.startswith(b"PK")
