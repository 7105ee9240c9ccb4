"""What those are told whose words came after the end: never that they count."""

from datetime import timedelta

import pytest

from tests.decisions.makers import make_both, make_topic
from tests.factories import AFTER, CLOSES, DURING, make_consultation
from tests.notifications.test_notices import (
    MARY,
    SALEM,
    announce,
    body_of,
    change_period,
    send_in,
)
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.notifications.models import Notice

pytestmark = pytest.mark.django_db

LATER = CLOSES + timedelta(days=7)

VALID = {"ar": "ومشاركتكم السابقة قائمة ومحتسبة", "en": "remains valid and counted"}
IN_THE_BOX = {"ar": "وهو غير محتسب ولا يمكن تعديله", "en": "It does not count"}
NOT_AGAIN = {"ar": "فلا حاجة إلى المشاركة من جديد", "en": "need not take part again"}
COUNTED = {"ar": "احتُسبت مشاركتكم", "en": "Your participation was counted"}
NOT_COUNTED = {"ar": "ولم يُحتسب", "en": "was not counted"}
CHANGEABLE = {"ar": "ولكم حتى موعد الإغلاق", "en": "Until the closing you can"}
LANGUAGES = [("ar", SALEM), ("en", MARY)]


@pytest.fixture
def told(mailbox, after_commit):
    """``told(consultation, origin)`` changes the dates and gives the one mail."""

    def change(consultation, origin):
        Notice.objects.all().delete()
        with rehearse(AFTER), after_commit():
            change_period(consultation, origin, LATER)
        (message,) = mailbox.messages
        return body_of(message)

    return change


def send_late(consultation, email, language):
    with rehearse(AFTER):
        assert send_in(consultation, email, language=language).late


def send_in_time(consultation, email, language):
    with rehearse(DURING):
        send_in(consultation, email, language=language)


@pytest.mark.parametrize(("language", "email"), LANGUAGES)
@pytest.mark.parametrize("origin", ["reopening", "extension", "planned"])
def test_new_dates_do_not_make_a_late_one_count(told, origin, language, email):
    consultation = make_consultation()
    send_late(consultation, email, language)
    body = told(consultation, origin)
    assert VALID[language] not in body
    assert IN_THE_BOX[language] in body


@pytest.mark.parametrize(("language", "email"), LANGUAGES)
def test_who_was_in_time_and_late_is_told_both(told, language, email):
    consultation = make_consultation()
    send_in_time(consultation, email, language)
    send_late(consultation, email, language)
    body = told(consultation, "reopening")
    assert VALID[language] in body
    assert IN_THE_BOX[language] in body


@pytest.mark.parametrize(("language", "email"), LANGUAGES)
@pytest.mark.parametrize("origin", ["reopening", "extension"])
def test_who_was_in_time_need_not_take_part_again(told, origin, language, email):
    consultation = make_consultation()
    send_in_time(consultation, email, language)
    body = told(consultation, origin)
    assert VALID[language] in body
    assert NOT_AGAIN[language] in body
    assert IN_THE_BOX[language] not in body


@pytest.mark.parametrize(("language", "email"), LANGUAGES)
def test_the_decision_does_not_say_that_a_late_one_was_counted(
    mailbox, after_commit, language, email
):
    topic = make_topic()
    send_late(topic.consultation, email, language)
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER), after_commit():
        announce(topic)
    (message,) = mailbox.messages
    assert COUNTED[language] not in body_of(message)
    assert NOT_COUNTED[language] in body_of(message)


@pytest.mark.parametrize(("language", "email"), LANGUAGES)
@pytest.mark.parametrize(("at", "offered"), [(DURING, True), (AFTER, False)])
def test_changing_and_withdrawing_are_offered_in_time_only(
    mailbox, after_commit, at, offered, language, email
):
    with rehearse(at), after_commit():
        send_in(make_consultation(), email, language=language)
    (message,) = mailbox.messages
    assert (CHANGEABLE[language] in body_of(message)) == offered
