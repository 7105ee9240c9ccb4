"""What people are told, read from the mails that really arrived."""

import re
from datetime import timedelta

import pytest

from tests.analysis.makers import answered
from tests.decisions.makers import make_both, make_topic
from tests.factories import AFTER, CLOSES, DURING, make_consultation, make_user
from tests.factories_pages import make_locales
from wagtail_eparticipation import signals
from wagtail_eparticipation.analysis import assign
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Act, Consultation, Period
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.decisions.record import release
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.notifications.outbox import deliver_due
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import Person, destroy
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

ARABIC = re.compile("[\u0600-\u06ff]")
SALEM, MARY = "salem@people.example", "mary@people.example"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def send_in(consultation, email="", *, language="ar", wants_news=True, **fields):
    submission = door.Submission(
        tool="comment",
        language=language,
        text="نحتاج إلى مزيد من الظل",
        person=Person(email=email, wants_news=wants_news),
        **fields,
    )
    return door.submit(consultation, submission)


def body_of(message):
    return message.get_body().get_content()


def test_the_receipt_is_mailed_in_the_language_of_the_form(mailbox, after_commit):
    topic = make_topic()
    with after_commit():
        arabic = send_in(topic.consultation, SALEM)
        english = send_in(topic.consultation, MARY, language="en")
    (in_arabic,) = mailbox.to(SALEM)
    (in_english,) = mailbox.to(MARY)
    assert in_arabic["Subject"].strip() == "إيصال مشاركتكم في: تطوير حديقة النخيل"
    assert arabic.receipt_code in body_of(in_arabic)
    assert "Receipt of your participation" in in_english["Subject"]
    assert english.receipt_code in body_of(in_english)
    assert arabic.receipt_code not in body_of(in_english)
    assert "/en/participation/" in body_of(in_english)
    assert "/eparticipation/en/receipt/" in body_of(in_english)


def test_the_address_for_answers_is_named_in_the_language_of_the_mail(
    mailbox, after_commit
):
    arabic, english = make_locales()
    parks = Department.objects.create(
        name="إدارة الحدائق", contact_email="parks@city.example", locale=arabic
    )
    translated = parks.copy_for_translation(english)
    translated.name = "Parks department"
    translated.save()
    consultation = make_consultation(department=parks)
    with after_commit():
        send_in(consultation, SALEM)
        send_in(consultation, MARY, language="en")
    assert "إدارة الحدائق" in mailbox.to(SALEM)[0]["Reply-To"]
    assert "Parks department" in mailbox.to(MARY)[0]["Reply-To"]


def test_the_headers_say_that_a_machine_writes(mailbox, after_commit):
    consultation = make_consultation()
    with after_commit():
        send_in(consultation, SALEM)
    (message,) = mailbox.messages
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ar"
    assert message["From"] == "participation@municipality.example"
    assert message["Message-ID"].startswith(f"<{Notice.objects.get().public_id}@")
    assert message.get_content_type() == "text/plain"
    # On the wire the Arabic subject is encoded words of ASCII, nothing else.
    head = mailbox.raw[0].partition(b"\r\n\r\n")[0]
    head.decode("ascii")
    assert b"=?utf-8?" in head.lower()


def test_who_left_no_address_gets_no_mail(mailbox, after_commit):
    with after_commit():
        send_in(make_consultation())
    assert mailbox.messages == []
    assert not Notice.objects.exists()


def test_nobody_is_written_to_about_an_import(mailbox, after_commit):
    with after_commit():
        send_in(make_consultation(), SALEM, batch="2026-04")
    assert mailbox.messages == []


def test_what_was_rolled_back_is_not_told(mailbox, after_commit):
    consultation = make_consultation()
    with after_commit():
        participation = send_in(consultation, SALEM).participation
    assert len(mailbox.messages) == 1
    with after_commit():
        signals.participation_received.send(
            None, participation=participation, receipt_code="", now=DURING
        )
    assert len(mailbox.messages) == 1


def test_a_late_one_is_told_that_it_is_late(mailbox, after_commit):
    consultation = make_consultation()
    with rehearse(AFTER), after_commit():
        outcome = send_in(consultation, SALEM)
    assert outcome.late
    assert "المشاركات المتأخرة" in body_of(mailbox.messages[0])


def change_period(consultation, origin, closes_at):
    act = Act.objects.create(
        consultation=consultation,
        name="extend",
        state=Act.State.DONE,
        clause="P-5.0",
        reason={"ar": "عطل تقني", "en": "A technical outage"},
        requested_at=DURING,
    )
    window = consultation.window
    period = Period.objects.create(
        consultation=consultation,
        number=consultation.periods.count() + 1,
        opens_at=window.opens_at,
        closes_at=closes_at,
        origin=origin,
        act=act,
        recorded_at=DURING,
    )
    previous = (window.opens_at, window.closes_at)
    window.period, window.closes_at = period, closes_at
    window.save()
    signals.period_changed.send(
        None, consultation=consultation, window=window, previous=previous, now=DURING
    )


@pytest.mark.parametrize(
    ("origin", "arabic", "english"),
    [
        ("extension", "تمديد مدة المشاركة", "More time to take part"),
        ("early_close", "الإغلاق المبكر", "Participation closes early"),
        ("reopening", "إعادة فتح باب المشاركة", "Participation is open again"),
    ],
)
def test_new_dates_are_told_to_each_person_once_in_their_language(
    mailbox, after_commit, origin, arabic, english
):
    consultation = make_consultation()
    send_in(consultation, SALEM)
    send_in(consultation, SALEM)
    send_in(consultation, MARY, language="en")
    send_in(consultation)
    Notice.objects.all().delete()
    with after_commit():
        change_period(consultation, origin, CLOSES + timedelta(days=7))
    assert len(mailbox.messages) == 2
    (to_salem,), (to_mary,) = mailbox.to(SALEM), mailbox.to(MARY)
    assert to_salem["Subject"].strip().startswith(arabic)
    assert to_mary["Subject"].strip().startswith(english)
    assert "A technical outage" in body_of(to_mary)
    assert "3 May 2026" in body_of(to_mary)
    assert "26 April 2026" in body_of(to_mary)


def test_dates_that_changed_again_meanwhile_are_not_told(mailbox, after_commit):
    consultation = make_consultation()
    send_in(consultation, SALEM)
    Notice.objects.all().delete()
    change_period(consultation, "extension", CLOSES + timedelta(days=7))
    with after_commit():
        change_period(consultation, "extension", CLOSES + timedelta(days=14))
    deliver_due()
    (message,) = mailbox.messages
    assert " 10 " in body_of(message)
    assert Notice.objects.filter(state="dropped").count() == 1


def refuse(
    participation,
    outcome="refuse",
    code="rule-4",
    sub_code="racism",
    state="confirmed",
):
    decision = ModerationDecision.objects.create(
        participation=participation,
        outcome=outcome,
        state=state,
        state_from="received",
        reason_code=code,
        sub_code=sub_code,
        clause="P-7.4",
        ground="the staff's own words",
        decided_at=DURING,
    )
    signals.participation_moderated.send(
        None, participation=participation, decision=decision, now=DURING
    )
    return decision


def test_a_refusal_names_rule_clause_and_what_can_be_done(mailbox, after_commit):
    policy, _new = install_pack("qassim")
    consultation = make_consultation(policy_version=policy)
    outcome = send_in(consultation, MARY, language="en")
    Notice.objects.all().delete()
    with after_commit():
        refuse(outcome.participation)
    body = body_of(mailbox.messages[0])
    assert "P-7.4" in body
    assert "You may change it until the closing" in body
    assert outcome.receipt_code in body
    assert "the staff's own words" not in body
    assert "نحتاج" not in body


@pytest.mark.parametrize(
    ("outcome", "code", "told"),
    [
        ("publish", "", 0),
        ("keep_unpublished", "", 0),
        ("keep_unpublished", "rule-4", 1),
        ("reroute", "rule-4", 1),
        ("take_down", "rule-4", 1),
        ("refuse", "rule-4", 1),
    ],
)
def test_which_decisions_are_told(mailbox, after_commit, outcome, code, told):
    policy, _new = install_pack("qassim")
    participation = send_in(
        make_consultation(policy_version=policy), SALEM
    ).participation
    Notice.objects.all().delete()
    with after_commit():
        refuse(participation, outcome, code, "")
    assert len(mailbox.messages) == told


def test_a_taking_down_is_told_once_a_second_person_has_confirmed_it(
    mailbox, after_commit
):
    policy, _new = install_pack("qassim")
    participation = send_in(
        make_consultation(policy_version=policy), SALEM
    ).participation
    Notice.objects.all().delete()
    with after_commit():
        refuse(participation, "take_down", state="proposed")
    assert not mailbox.messages


def announce(topic):
    Consultation.objects.filter(pk=topic.consultation.pk).update(
        stored_stage="announced"
    )
    topic.consultation.refresh_from_db()
    release(topic.consultation, now=AFTER)


def two_themes(consultation):
    shade = answered(consultation)
    parking = answered(
        consultation,
        titles={"ar": "مواقف السيارات", "en": "Parking"},
        disposition="not_taken_up",
        reason={"ar": "لا تتسع الأرض.", "en": "There is no room."},
    )
    return shade, parking


def test_the_decision_brings_each_person_the_answer_to_their_own_theme(
    mailbox, after_commit
):
    topic = make_topic()
    consultation = topic.consultation
    analyst = make_user(permissions=["analyse_participation"])
    shade, parking = two_themes(consultation)
    by_salem = send_in(consultation, SALEM).participation
    by_mary = send_in(consultation, MARY, language="en").participation
    unwilling = send_in(consultation, "no@people.example", wants_news=False)
    assign.assign(shade, [by_salem.pk], actor=analyst)
    assign.assign(parking, [by_mary.pk, unwilling.participation.pk], actor=analyst)
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER), after_commit():
        announce(topic)
    assert len(mailbox.messages) == 2
    (to_salem,), (to_mary,) = mailbox.to(SALEM), mailbox.to(MARY)
    assert "لأن الظل مطلوب." in body_of(to_salem)
    assert "مواقف" not in body_of(to_salem)
    assert "There is no room." in body_of(to_mary)
    assert "We do not take this up." in body_of(to_mary)
    assert "/en/" in body_of(to_mary)
    assert not ARABIC.search(body_of(to_mary))


def test_one_person_with_several_participations_gets_one_message(mailbox, after_commit):
    topic = make_topic()
    consultation = topic.consultation
    analyst = make_user(permissions=["analyse_participation"])
    for theme in two_themes(consultation):
        participation = send_in(consultation, SALEM).participation
        assign.assign(theme, [participation.pk], actor=analyst)
    send_in(consultation, SALEM.upper())
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER), after_commit():
        announce(topic)
    (message,) = mailbox.messages
    assert "لا تتسع الأرض." in body_of(message)
    assert "لأن الظل مطلوب." in body_of(message)


def test_a_repetition_gets_the_answer_of_the_one_that_was_read(mailbox, after_commit):
    topic = make_topic()
    analyst = make_user(permissions=["analyse_participation"])
    theme = answered(topic.consultation)
    read = send_in(topic.consultation).participation
    same = send_in(topic.consultation, SALEM).participation
    assign.assign(theme, [read.pk], actor=analyst)
    assign.set_aside(
        topic.consultation,
        [same.pk],
        ground="repetition",
        representative=read,
        actor=analyst,
    )
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER), after_commit():
        announce(topic)
    assert "لأن الظل مطلوب." in body_of(mailbox.messages[0])


def test_announcing_again_tells_nobody_twice(mailbox, after_commit):
    topic = make_topic()
    send_in(topic.consultation, SALEM)
    make_both(topic)
    Notice.objects.all().delete()
    for _n in range(2):
        with rehearse(AFTER), after_commit():
            announce(topic)
    deliver_due()
    assert len(mailbox.messages) == 1


def test_after_erasure_nobody_is_written_to(mailbox, after_commit):
    topic = make_topic()
    participation = send_in(topic.consultation, SALEM).participation
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER):
        announce(topic)
        destroy(participation, ground="request")
        done = deliver_due()
    assert mailbox.messages == []
    assert done.dropped == 1


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN, State.QUARANTINED])
def test_what_does_not_count_brings_no_news(mailbox, after_commit, state):
    topic = make_topic()
    participation = send_in(topic.consultation, SALEM).participation
    participation.state = state
    participation.save()
    make_both(topic)
    Notice.objects.all().delete()
    with rehearse(AFTER), after_commit():
        announce(topic)
    assert mailbox.messages == []


def test_no_address_and_no_text_is_kept(mailbox, after_commit):
    with after_commit():
        outcome = send_in(make_consultation(), SALEM)
    notice = Notice.objects.get()
    kept = str([getattr(notice, f.attname) for f in notice._meta.concrete_fields])
    assert SALEM not in kept
    assert outcome.receipt_code not in kept
    assert "الظل" not in kept


def test_a_withdrawn_topic_is_told_with_its_reason(mailbox, after_commit):
    consultation = make_consultation()
    send_in(consultation, MARY, language="en")
    Notice.objects.all().delete()
    act = Act.objects.create(
        consultation=consultation,
        name="withdraw",
        state=Act.State.DONE,
        reason={"ar": "تغيّر المشروع", "en": "The project changed"},
        requested_at=DURING,
    )
    with after_commit():
        signals.act_done.send(None, consultation=consultation, act=act, now=DURING)
    assert "The project changed" in body_of(mailbox.messages[0])


def test_a_title_cannot_add_headers(mailbox, after_commit):
    titles = {"ar": "عنوان\nBcc: all@people.example", "en": "x"}
    with after_commit():
        send_in(make_consultation(titles=titles), SALEM)
    (message,) = mailbox.messages
    assert message["Bcc"] is None
