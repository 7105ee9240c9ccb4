"""Publishing for everybody: once, complete, without personal data, correctable."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.consultations.test_desk import make_department
from tests.factories import AFTER, DURING, make_consultation, make_user
from tests.replies.clarified import (
    ARABIC,
    BOTH,
    ENGLISH,
    REASON,
    make_clarification,
    watching,
)
from tests.replies.makers import ask, make_replier
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies import answering, clarifying
from wagtail_eparticipation.replies.clarifications import (
    Clarification,
    ClarificationText,
    PublicAnswer,
)
from wagtail_eparticipation.replies.clarifying import Words
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


def test_question_and_answer_are_kept_in_each_language(topic):
    made = make_clarification(topic, BOTH)
    texts = ClarificationText.objects.filter(version__clarification=made)
    states = {each.language: each.state for each in texts}
    assert states == {"ar": "original", "en": "translated"}
    assert clarifying.current_words(made) == BOTH
    topic.refresh_from_db()
    assert topic.clarification_count == 1


def test_the_ledger_notes_ids_and_who_but_no_words(topic):
    replier = make_replier()
    made = make_clarification(topic, BOTH, actor=replier)
    event = LedgerEvent.objects.get(kind="clarification.published")
    assert event.actor == f"user:{replier.pk}"
    assert event.data["clarification"] == str(made.public_id)
    assert ARABIC.question not in str(event.data)


def test_the_same_press_publishes_once(topic):
    replier = make_replier()
    first, second = (
        clarifying.publish(topic, BOTH, original="ar", actor=replier, key="one")
        for _press in range(2)
    )
    assert first.clarification == second.clarification
    assert (first.repeated, second.repeated) == (False, True)
    topic.refresh_from_db()
    assert topic.clarification_count == 1


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"en": ENGLISH},
        {"ar": Words("", "")},
        {"ar": Words("سؤال؟", " ")},
        {"ar": Words("\u200b", "جواب")},
        {"ar": ARABIC, "en": Words("Question?", "")},
    ],
)
def test_what_is_not_complete_is_not_published(topic, words):
    with pytest.raises(clarifying.Refused):
        make_clarification(topic, words)
    assert not Clarification.objects.exists()


def test_markup_in_the_answer_is_shown_as_text(topic):
    answer = "<script>alert(1)</script> نعم\u202e"
    made = make_clarification(topic, {"ar": Words("سؤال؟", answer)})
    text = ClarificationText.objects.get(version__clarification=made)
    assert "<script" not in text.answer_html
    assert "\u202e" not in text.answer


@pytest.mark.parametrize("permission", ["moderate_participation", "view_consultation"])
def test_only_who_replies_may_publish(topic, permission):
    with pytest.raises(PermissionDenied):
        make_clarification(topic, actor=make_user(permissions=[permission]))


def test_nobody_publishes_for_another_department(topic):
    elsewhere = make_replier()
    StaffScope.objects.create(user=elsewhere).departments.add(make_department("Roads"))
    with pytest.raises(PermissionDenied):
        make_clarification(topic, actor=elsewhere)


@pytest.mark.parametrize(
    ("stored", "allowed"),
    [
        (Stored.DRAFT, False),
        (Stored.PUBLISHED, True),
        (Stored.CLOSED, False),
        (Stored.ARCHIVED, False),
    ],
)
def test_it_is_published_while_the_topic_speaks(stored, allowed):
    topic = make_consultation(stored=stored)
    if allowed:
        assert make_clarification(topic).version == 1
    else:
        with pytest.raises(clarifying.Refused):
            make_clarification(topic)


def test_it_may_be_published_while_the_voices_are_analysed(topic):
    with rehearse(AFTER):
        assert make_clarification(topic).published_at >= AFTER


def test_an_open_enquiry_is_answered_by_it(topic):
    case = ask(topic, email="asker@people.example").case
    made = make_clarification(topic, BOTH, case=case)
    case.refresh_from_db()
    answer = case.answers.get()
    assert case.state == Case.State.ANSWERED
    assert answer.text == ARABIC.answer
    assert PublicAnswer.objects.get().clarification == made
    assert list(Notice.objects.values_list("kind", flat=True).order_by("pk")) == [
        Kind.CASE_RECEIVED,
        Kind.CASE_ANSWERED,
    ]


def test_the_senders_copy_is_in_the_original_where_theirs_is_pending(topic):
    case = ask(topic, language="en").case
    make_clarification(topic, {"ar": ARABIC}, case=case)
    answer = case.answers.get()
    assert (answer.text, answer.language) == (ARABIC.answer, "ar")


def test_who_was_answered_before_is_told_where_it_stands(topic):
    case = ask(topic, email="asker@people.example").case
    replier = make_replier()
    answering.answer(case, ARABIC.answer, actor=replier)
    make_clarification(topic, BOTH, case=case, actor=replier)
    assert case.answers.count() == 1
    assert Notice.objects.filter(kind=Kind.CLARIFIED).count() == 1


def test_who_left_no_address_is_not_written_to(topic):
    case = ask(topic).case
    replier = make_replier()
    answering.answer(case, ARABIC.answer, actor=replier)
    make_clarification(topic, BOTH, case=case, actor=replier)
    assert not Notice.objects.exists()


def test_an_enquiry_is_published_once(topic):
    case = ask(topic).case
    make_clarification(topic, case=case)
    with pytest.raises(clarifying.Refused):
        make_clarification(topic, case=case)
    assert Clarification.objects.count() == 1


def test_an_enquiry_is_published_again_after_a_withdrawal(topic):
    case = ask(topic).case
    first = make_clarification(topic, case=case)
    clarifying.withdraw(first, reason=REASON, actor=make_replier())
    assert make_clarification(topic, case=case) != first


def test_an_enquiry_of_another_topic_is_refused(topic):
    case = ask(make_consultation()).case
    with pytest.raises(clarifying.Refused):
        make_clarification(topic, case=case)
    assert not Clarification.objects.exists()


def test_a_question_with_personal_data_is_never_published(topic, monkeypatch):
    watching(monkeypatch, "0551234567")
    words = {"ar": Words("اتصلوا بي على 0551234567، متى تبدؤون؟", "قريباً")}
    for confirmed in (False, True):
        with pytest.raises(clarifying.HoldsPersonalData) as refused:
            make_clarification(topic, words, confirmed=confirmed)
        (found,) = refused.value.found
        assert (found.excerpt, found.is_question) == ("0551234567", True)
    assert not Clarification.objects.exists()


def test_what_may_be_harmless_is_published_once_confirmed(topic, monkeypatch):
    watching(monkeypatch, "سؤال", rule="offence", hide=False)
    words = {"ar": Words("سؤال عن الموعد؟", "قريباً")}
    with pytest.raises(clarifying.NeedsConfirming):
        make_clarification(topic, words)
    assert make_clarification(topic, words, confirmed=True).version == 1


def test_the_offices_own_number_in_an_answer_is_asked_about(topic, monkeypatch):
    watching(monkeypatch, "940")
    words = {"ar": Words("إلى من أتصل؟", "اتصلوا بالرقم 940")}
    with pytest.raises(clarifying.NeedsConfirming):
        make_clarification(topic, words)
    assert make_clarification(topic, words, confirmed=True).version == 1


def test_a_correction_keeps_the_earlier_version(topic):
    made = make_clarification(topic, BOTH)
    better = {**BOTH, "ar": Words(ARABIC.question, "يبدأ العمل في الصيف.")}
    with rehearse(DURING + timedelta(hours=1)):
        made = clarifying.correct(
            made, better, reason=REASON, expected=1, actor=make_replier()
        )
    assert (made.version, made.versions.count()) == (2, 2)
    assert made.corrected_at == DURING + timedelta(hours=1)
    assert clarifying.current_words(made) == better
    old = ClarificationText.objects.get(
        version__clarification=made, version__number=1, language="ar"
    )
    assert old.answer == ARABIC.answer


@pytest.mark.parametrize(
    ("words", "reason", "expected"),
    [
        (BOTH, REASON, 1),
        ({"ar": ENGLISH}, {"ar": "خطأ"}, 1),
        ({"ar": ENGLISH}, REASON, 0),
        ({"ar": ENGLISH}, REASON, 2),
        ({"en": ENGLISH}, REASON, 1),
    ],
)
def test_a_correction_needs_change_reason_and_the_version_in_force(
    topic, words, reason, expected
):
    made = make_clarification(topic, BOTH)
    with pytest.raises(clarifying.Refused):
        clarifying.correct(
            made, words, reason=reason, expected=expected, actor=make_replier()
        )
    made.refresh_from_db()
    assert made.version == 1


def test_a_translation_comes_later_without_a_new_version(topic):
    made = make_clarification(topic)
    text = clarifying.translate(made, "en", ENGLISH, expected=1, actor=make_replier())
    made.refresh_from_db()
    assert (made.version, text.state) == (1, "translated")
    assert clarifying.current_words(made) == BOTH
    assert LedgerEvent.objects.filter(kind="clarification.translated").count() == 1


def test_a_language_is_translated_once(topic):
    made = make_clarification(topic, BOTH)
    with pytest.raises(clarifying.Refused):
        clarifying.translate(made, "en", ENGLISH, expected=1, actor=make_replier())


def test_a_translation_of_an_outdated_version_is_refused(topic):
    made = make_clarification(topic)
    better = {"ar": Words("سؤال آخر؟", "جواب آخر")}
    clarifying.correct(made, better, reason=REASON, expected=1, actor=make_replier())
    with pytest.raises(clarifying.Refused):
        clarifying.translate(made, "en", ENGLISH, expected=1, actor=make_replier())
    assert set(clarifying.current_words(Clarification.objects.get())) == {"ar"}


def test_withdrawing_leaves_the_row_and_its_reason(topic):
    made = clarifying.withdraw(
        make_clarification(topic), reason=REASON, actor=make_replier()
    )
    assert made.is_withdrawn and made.withdrawal_reason == REASON
    topic.refresh_from_db()
    assert topic.clarification_count == 0


def test_nothing_is_done_with_what_was_withdrawn(topic):
    replier = make_replier()
    made = clarifying.withdraw(make_clarification(topic), reason=REASON, actor=replier)
    acts = [
        lambda: clarifying.withdraw(made, reason=REASON, actor=replier),
        lambda: clarifying.translate(made, "en", ENGLISH, expected=1, actor=replier),
        lambda: clarifying.correct(
            made, {"ar": ENGLISH}, reason=REASON, expected=1, actor=replier
        ),
    ]
    for act in acts:
        with pytest.raises(clarifying.Refused):
            act()
    topic.refresh_from_db()
    assert topic.clarification_count == 0


def test_after_the_closing_it_is_still_withdrawn(topic):
    made = make_clarification(topic)
    Consultation.objects.filter(pk=topic.pk).update(stored_stage=Stored.CLOSED)
    clarifying.withdraw(made, reason=REASON, actor=make_replier())
    made.refresh_from_db()
    assert made.is_withdrawn
