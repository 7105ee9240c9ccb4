"""Two presses at the same moment: one clarification, one reply, every member once."""

import pytest

from tests.factories import DURING, make_consultation
from tests.replies.clarified import (
    BOTH,
    ENGLISH,
    REASON,
    make_campaign,
    make_clarification,
)
from tests.replies.makers import ask, make_replier
from tests.together import at_once, real_connections
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.replies import campaign_replies, clarifying
from wagtail_eparticipation.replies.campaigns import CampaignMember, CampaignReply
from wagtail_eparticipation.replies.clarifications import (
    Clarification,
    ClarificationText,
    ClarificationVersion,
)
from wagtail_eparticipation.replies.clarifying import Words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic(tmp_path):
    with rehearse(DURING):
        consultation = make_consultation()
        consultation.user = make_replier()
        with real_connections(tmp_path):
            yield consultation


def during(work):
    """The work at the instant of the tests, in whatever thread."""

    def run():
        with rehearse(DURING):
            return work()

    return run


def errors_in(results):
    return [each for each in results if isinstance(each, Exception)]


def test_the_same_press_twice_publishes_once(topic):
    results = at_once(
        *[
            during(
                lambda: clarifying.publish(
                    topic, BOTH, original="ar", actor=topic.user, key="one"
                )
            )
        ]
        * 4
    )
    assert errors_in(results) == []
    assert sorted(each.repeated for each in results) == [False, True, True, True]
    assert Clarification.objects.count() == 1
    assert ClarificationText.objects.count() == 2
    topic.refresh_from_db()
    assert topic.clarification_count == 1


def test_two_who_publish_the_same_enquiry_publish_it_once(topic):
    case = ask(topic).case

    def publish(key):
        return during(
            lambda: clarifying.publish(
                topic, BOTH, original="ar", actor=topic.user, key=key, case=case
            )
        )

    results = at_once(publish("one"), publish("two"))
    (refused,) = errors_in(results)
    assert isinstance(refused, clarifying.Refused)
    assert Clarification.objects.count() == 1
    assert case.answers.count() == 1


def test_of_two_corrections_at_once_one_is_published(topic):
    made = make_clarification(topic, actor=topic.user)

    def correct(answer):
        return during(
            lambda: clarifying.correct(
                made,
                {"ar": Words("سؤال؟", answer)},
                reason=REASON,
                expected=1,
                actor=topic.user,
            )
        )

    results = at_once(correct("جواب أول"), correct("جواب ثانٍ"))
    (refused,) = errors_in(results)
    assert isinstance(refused, clarifying.Refused)
    assert ClarificationVersion.objects.count() == 2


def test_a_language_added_twice_at_once_is_there_once(topic):
    made = make_clarification(topic, actor=topic.user)
    work = during(
        lambda: clarifying.translate(made, "en", ENGLISH, expected=1, actor=topic.user)
    )
    results = at_once(work, work)
    (refused,) = errors_in(results)
    assert isinstance(refused, clarifying.Refused)
    assert ClarificationText.objects.filter(language="en").count() == 1


def test_two_presses_reply_to_a_campaign_once(topic):
    rows = make_campaign(topic, 30)
    work = during(
        lambda: campaign_replies.reply_to_all(
            rows[0], "رد على الجميع", language="ar", actor=topic.user
        )
    )
    results = at_once(work, work)
    assert errors_in(results) == []
    assert CampaignReply.objects.count() == 1
    assert PublishedComment.objects.filter(is_official=True).count() == 1


def test_two_jobs_at_once_note_every_member_once(topic, monkeypatch):
    monkeypatch.setattr(campaign_replies, "STEP", 7)
    rows = make_campaign(topic, 40)
    reply = campaign_replies.reply_to_all(
        rows[0], "رد على الجميع", language="ar", actor=topic.user
    )
    results = at_once(*[during(lambda: campaign_replies.carry_on(DURING))] * 2)
    assert errors_in(results) == []
    campaign_replies.carry_on(DURING)
    reply.refresh_from_db()
    assert (reply.noted, CampaignMember.objects.count()) == (40, 40)
    assert reply.finished_at is not None
