"""Results that are not published, in whole or in part, and published later (S5-B)."""

import pytest
from django.urls import reverse

from tests.consultations.makers import (
    CLOSED,
    because,
    make_authoriser,
    make_requester,
    make_topic,
)
from tests.factories import make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts, timeline
from wagtail_eparticipation.consultations.act_names import PUBLISH, WITHHOLD, Part
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.withholding import notice, withheld_parts

pytestmark = pytest.mark.django_db

WHY = {"ar": "تتعلق بأمن المنشأة.", "en": "They concern the safety of the plant."}


def withhold(topic, *parts):
    with clock.rehearse(CLOSED):
        act = acts.request(
            topic,
            WITHHOLD,
            actor=make_requester(),
            reason=because(WITHHOLD, **WHY),
            parts=list(parts),
        )
        act = acts.authorise(act, actor=make_authoriser())
    topic.refresh_from_db()
    return act


def decision_maker():
    return make_user(permissions=["view_consultation", "take_decision"])


def publish(topic):
    with clock.rehearse(CLOSED):
        return acts.perform(topic, PUBLISH, actor=decision_maker())


def test_nothing_is_withheld_by_itself():
    topic = make_topic()
    assert withheld_parts(topic) == {}
    assert notice(topic, Part.REPORT) is None


def test_withholding_takes_two_people_and_says_why(english):
    topic = make_topic()
    with pytest.raises(acts.SamePerson), clock.rehearse(CLOSED):
        acts.perform(
            topic,
            WITHHOLD,
            actor=make_requester(),
            reason=because(WITHHOLD),
            parts=["surveys"],
        )
    act = withhold(topic, "surveys")
    said = notice(topic, Part.SURVEYS)
    assert said["title"] == "Not published: Security"
    assert said["text"] == WHY["en"]
    assert said["clause"] == act.clause == "P-6.4.1"


def test_a_part_is_withheld_and_the_others_are_not():
    topic = make_topic()
    withhold(topic, "surveys")
    assert set(withheld_parts(topic)) == {"surveys"}
    withhold(topic, "report")
    assert set(withheld_parts(topic)) == {"surveys", "report"}


@pytest.mark.parametrize("parts", [[], ["everything"], ["surveys"]])
def test_saying_nothing_or_the_same_again_is_refused(parts):
    topic = make_topic()
    withhold(topic, "surveys")
    with pytest.raises(acts.ActRefused):
        withhold(topic, *parts)


def test_withholding_stands_in_ledger_and_on_the_timeline(english):
    topic = make_topic()
    withhold(topic, "report")
    event = topic.ledger_events.get(kind="act.not_publish_results")
    assert event.data["reason_code"] == "not_publish_results.security"
    assert event.data["parameters"] == {"parts": ["report"]}
    note = timeline.notes(topic, "en", CLOSED)[0]
    assert note.title == "Not published: The closing report and the archive's package"
    assert note.text == WHY["en"]


def test_publishing_later_undoes_it():
    topic = make_topic()
    withhold(topic, *Part.values)
    publish(topic)
    assert withheld_parts(topic) == {}
    assert topic.ledger_events.filter(kind="act.publish_results").exists()


def test_publishing_is_offered_only_where_something_is_withheld():
    topic, user = make_topic(), decision_maker()
    assert PUBLISH not in acts.possible(topic, user, CLOSED)
    with pytest.raises(acts.ActRefused):
        publish(topic)
    withhold(topic, "said")
    assert PUBLISH in acts.possible(topic, user, CLOSED)


def test_what_is_sealed_is_neither_withheld_nor_published():
    topic = make_topic(stored=Stored.ARCHIVED)
    for act in (withhold, lambda topic, *parts: publish(topic)):
        with pytest.raises(acts.IllegalTransition):
            act(topic, "report")


def test_the_desk_asks_which_results_and_why(client):
    topic = make_topic()
    client.force_login(make_requester())
    address = reverse("eparticipation_admin:desk_act", args=[topic.pk, WITHHOLD])
    with clock.rehearse(CLOSED):
        assert client.get(address).status_code == 200
        client.post(
            address,
            {
                "reason_code": "not_publish_results.security",
                "reason_ar": WHY["ar"],
                "reason_en": WHY["en"],
                "parts": ["surveys", "said"],
            },
        )
    assert topic.acts.get(name=WITHHOLD).parameters == {"parts": ["surveys", "said"]}
