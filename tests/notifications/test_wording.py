"""That mails promise and explain nothing but what is so."""

import pytest

from tests.decisions.makers import make_topic
from tests.factories import DURING, make_consultation
from tests.notifications.test_notices import MARY, SALEM, body_of, refuse, send_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation.objecting import decision_to_object
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def test_nobody_is_told_of_a_choice_that_no_form_offers(mailbox, after_commit):
    consultation = make_consultation()
    with after_commit():
        send_in(consultation, SALEM)
        send_in(consultation, MARY, language="en")
    in_arabic, in_english = (body_of(mailbox.to(each)[0]) for each in (SALEM, MARY))
    assert "إن رغبتم" not in in_arabic and "على هذا البريد الرد" in in_arabic
    assert "If you want" not in in_english and "We send you the answer" in in_english


@pytest.mark.parametrize(
    ("language", "email", "word"),
    [("ar", SALEM, "تعترضوا مرة واحدة"), ("en", MARY, "object once")],
)
@pytest.mark.parametrize("code", ["rule-3", "rule-4", "rule-8"])
def test_the_objection_is_told_where_the_receipt_takes_it(
    mailbox, after_commit, language, email, word, code
):
    policy, _new = install_pack("qassim")
    topic = make_topic()
    Consultation.objects.update(policy_version=policy)
    participation = send_in(topic.consultation, email, language=language).participation
    Notice.objects.all().delete()
    Participation.objects.update(state=State.TAKEN_DOWN)
    with after_commit():
        refuse(participation, "take_down", code, "")
    participation.refresh_from_db()
    assert decision_to_object(participation) is not None
    assert word in body_of(mailbox.messages[0])


@pytest.mark.parametrize("pack", ["qassim", "neutral"])
@pytest.mark.parametrize(
    ("language", "email", "claim"),
    [("ar", SALEM, "محتسباً"), ("en", MARY, "still counts")],
)
@pytest.mark.parametrize("outcome", ["refuse", "keep_unpublished", "take_down"])
def test_what_is_said_of_the_rule_agrees_with_the_outcome(
    mailbox, after_commit, pack, language, email, claim, outcome
):
    policy, _new = install_pack(pack)
    consultation = make_consultation(policy_version=policy)
    participation = send_in(consultation, email, language=language).participation
    Notice.objects.all().delete()
    with after_commit():
        refuse(participation, outcome, "rule-7" if pack == "neutral" else "rule-8", "")
    assert (claim in body_of(mailbox.messages[0])) == (outcome != "refuse")
