"""Contact us: taken in at any hour, acknowledged, answered in private (S3-J)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests.factories import AFTER, DURING, make_consultation
from tests.factories_pages import make_consultation_page, make_hub
from tests.notifications.smtp import running as running_mail
from tests.participations.conftest import fresh_cache  # noqa: F401 (used by pytest)
from tests.participations.sending import code_on, token_of
from tests.replies.makers import QUESTION, ask, make_replier
from wagtail_eparticipation.analysis.snapshot import count
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.calendars.models import CalendarVersion
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import abuse
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies import answering, enquiries
from wagtail_eparticipation.replies.models import Case, CaseIdentity

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"
#: Thursday 30 April 2026 14:05 in Riyadh, five minutes after work (AC-S3-J1).
THURSDAY = datetime(2026, 4, 30, 11, 5, tzinfo=UTC)
SUNDAY = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)


@pytest.fixture
def office_hours():
    with rehearse(DURING - timedelta(days=90)):
        ensure_default_calendar()


@pytest.fixture
def mailbox(settings):
    with running_mail(settings) as box:
        yield box


@pytest.fixture
def page():
    return make_consultation_page(
        stage="published", policy_version=install_pack("qassim")[0]
    )


def open_form(client, page, at=DURING):
    with rehearse(at):
        return client.get(f"{page.get_url()}contact/")


def fill(token, **changes):
    return {
        "token": token,
        "subject": "موعد البدء",
        "text": QUESTION,
        "language": "ar",
        **changes,
    }


def send(client, page, data, *, at=DURING, language="ar"):
    args = [language, page.consultation.public_id]
    with rehearse(at):
        return client.post(reverse("eparticipation:contact_send", args=args), data)


def test_out_of_hours_the_acknowledgement_says_when_work_resumes(
    office_hours, mailbox, django_capture_on_commit_callbacks
):
    with rehearse(THURSDAY), django_capture_on_commit_callbacks(execute=True):
        case = ask(email=SALEM).case
    assert case.resumes_at == SUNDAY
    assert case.due_at == SUNDAY + timedelta(hours=6)
    (mail,) = mailbox.to(SALEM)
    body = mail.get_body().get_content()
    assert "ويُستأنف العمل الأحد 3 مايو 2026" in body
    assert "08:00" in body
    assert QUESTION not in body


def test_both_times_are_kept_at_the_first_answer(office_hours):
    sunday = SUNDAY + timedelta(hours=2)
    with rehearse(sunday):
        case = ask().case
    with rehearse(sunday + timedelta(hours=23)):
        answering.answer(case, "في الشهر القادم", actor=make_replier())
    case.refresh_from_db()
    assert (case.worked_minutes, case.elapsed_minutes) == (5 * 60, 23 * 60)
    assert case.state == Case.State.ANSWERED
    with rehearse(sunday + timedelta(hours=30)):
        answering.answer(case, "وتوضيح", actor=make_replier())
    case.refresh_from_db()
    assert case.elapsed_minutes == 23 * 60
    assert case.answers.count() == 2


def test_a_later_calendar_changes_no_case(office_hours):
    with rehearse(THURSDAY):
        case = ask().case
    version = case.calendar_version
    CalendarVersion.objects.create(
        calendar=version.calendar,
        number=version.number + 1,
        effective_from=THURSDAY + timedelta(hours=1),
        rules={**version.rules, "hours": version.rules["hours"][:1]},
    )
    with rehearse(SUNDAY + timedelta(hours=3)):
        answering.answer(case, "نعم", actor=make_replier())
    case.refresh_from_db()
    assert case.worked_minutes == 180


def test_without_a_calendar_nothing_is_promised():
    with rehearse(DURING):
        case = ask().case
    assert (case.due_at, case.resumes_at) == (None, None)


@pytest.mark.parametrize("at", [DURING, AFTER, DURING - timedelta(days=60)])
def test_the_form_takes_questions_at_any_stage(client, page, at):
    form = open_form(client, page, at)
    assert form.status_code == 200
    assert not form.cookies
    response = send(client, page, fill(token_of(form)), at=at)
    assert response.status_code == 302
    case = Case.objects.get()
    assert (case.text, case.consultation) == (QUESTION, page.consultation)


def test_an_enquiry_is_no_participation(client, page):
    send(client, page, fill(token_of(open_form(client, page))))
    assert not Participation.objects.exists()
    with rehearse(DURING):
        assert count(page.consultation)["rows"] == 0


def test_the_receipt_leads_to_the_answer_and_the_look_up_finds_it(client, page):
    response = send(client, page, fill(token_of(open_form(client, page))))
    with rehearse(DURING):
        shown = client.get(response["Location"])
        code = code_on(shown)
        answering.answer(Case.objects.get(), "في الشهر القادم", actor=make_replier())
        look_up = reverse("eparticipation:look_up", args=["ar"])
        found = client.post(look_up, {"code": code.lower()})
        html = client.get(found["Location"]).content.decode()
    assert "في الشهر القادم" in html
    assert "no-store" in shown["Cache-Control"]


def test_an_enquiry_without_a_topic_has_its_own_address(client):
    hub = make_hub()
    address = reverse("eparticipation:contact", args=["en"])
    arabic = reverse("eparticipation:contact", args=["ar"])
    with rehearse(DURING):
        assert f'href="{arabic}"' in client.get(hub.get_url()).content.decode()
        form = client.get(address)
        response = client.post(address, fill(token_of(form), language="en"))
    assert response.status_code == 302
    assert Case.objects.get().consultation is None
    assert not LedgerEvent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"text": ""}, "موعد البدء"),
        ({"subject": ""}, QUESTION),
        ({"subject": "س" * 201}, QUESTION),
        ({"email": "nonsense"}, QUESTION),
        ({"language": "xx"}, QUESTION),
        ({"token": "forged"}, QUESTION),
        ({"text": "\x00‮"}, "موعد البدء"),
    ],
)
def test_what_cannot_be_taken_comes_back_filled(client, page, changes, kept):
    data = {**fill(token_of(open_form(client, page))), **changes}
    response = send(client, page, data)
    assert response.status_code == 422
    assert kept in response.content.decode()
    assert not Case.objects.exists()


def test_a_token_of_another_topic_is_none(client, page):
    other = make_consultation_page(stage="published")
    token = token_of(open_form(client, other))
    assert send(client, page, fill(token)).status_code == 422


def test_sent_twice_it_is_one_and_other_words_are_not_swallowed(client, page):
    token = token_of(open_form(client, page))
    first = send(client, page, fill(token))
    again = send(client, page, fill(token))
    other = send(client, page, fill(token, text="سؤال آخر"))
    assert (first.status_code, again.status_code) == (302, 302)
    assert other.status_code == 409
    assert "سؤال آخر" in other.content.decode()
    assert Case.objects.count() == 1


def test_the_trap_sets_it_aside_and_loses_nothing(client, page):
    send(client, page, fill(token_of(open_form(client, page)), website="http://x"))
    assert Case.objects.get().suspicious


def test_too_many_from_one_network_are_asked_to_wait(client, page, monkeypatch):
    monkeypatch.setattr(abuse, "SENDING", abuse.Limit("send", 1, 600))
    send(client, page, fill(token_of(open_form(client, page))))
    response = send(client, page, fill(token_of(open_form(client, page))))
    assert response.status_code == 429
    assert response["Retry-After"]
    assert QUESTION in response.content.decode()


def test_another_language_keeps_what_was_typed(client, page):
    data = {**fill(token_of(open_form(client, page))), "other_language": "1"}
    response = send(client, page, data, language="en")
    html = response.content.decode()
    assert QUESTION in html
    assert "Send the enquiry" in html


def test_a_hidden_topic_has_no_form(client):
    page = make_consultation_page(stage="draft")
    with rehearse(DURING):
        assert client.get(f"/ar/participation/{page.slug}/contact/").status_code == 404
    args = ["ar", page.consultation.public_id]
    response = client.post(reverse("eparticipation:contact_send", args=args), {})
    assert response.status_code == 410


def test_the_sender_is_sealed_and_the_ledger_holds_ids_alone():
    topic = make_consultation()
    with rehearse(DURING):
        case = ask(topic, email=SALEM, name="سالم").case
        answering.answer(case, "جواب خاص", actor=make_replier())
    identity = CaseIdentity.objects.get()
    assert b"salem" not in bytes(identity.sealed)
    events = list(LedgerEvent.objects.order_by("id"))
    assert [event.kind for event in events] == ["case.received", "case.answered"]
    told = json.dumps([event.data for event in events], ensure_ascii=False)
    assert not any(word in told for word in (QUESTION, "جواب", "سالم", SALEM))


def test_after_erasure_nobody_is_written_to(
    mailbox, django_capture_on_commit_callbacks
):
    with rehearse(DURING):
        case = ask(email=SALEM).case
        assert enquiries.forget(case, ground="asked")
        assert not enquiries.forget(case, ground="asked")
        with django_capture_on_commit_callbacks(execute=True):
            answering.answer(case, "جواب", actor=make_replier())
    assert not mailbox.messages
    identity = CaseIdentity.objects.get()
    assert (bytes(identity.sealed), identity.key) == (b"", None)
    case.refresh_from_db()
    assert case.sent_digest == ""


def test_outside_competence_names_the_body(mailbox, django_capture_on_commit_callbacks):
    with rehearse(DURING), django_capture_on_commit_callbacks(execute=True):
        case = ask(email=SALEM).case
        answering.refer_outside(case, "المرور", "يختص به المرور", actor=make_replier())
        with pytest.raises(answering.NotPossible):
            answering.refer_outside(case, "أخرى", "نص", actor=make_replier())
    case.refresh_from_db()
    assert (case.state, case.competent_body) == ("outside", "المرور")
    mails = [mail.get_body().get_content() for mail in mailbox.to(SALEM)]
    assert "الجهة المختصة: المرور" in mails[-1]


def test_a_closed_enquiry_is_not_answered():
    with rehearse(DURING):
        case = ask().case
        answering.close(case, actor=make_replier())
        with pytest.raises(answering.NotPossible):
            answering.answer(case, "نص", actor=make_replier())
        with pytest.raises(answering.NotPossible):
            answering.close(case, actor=make_replier())
        with pytest.raises(answering.NotPossible):
            answering.take_up(case, actor=make_replier())


def test_a_code_of_something_else_finds_no_case():
    assert enquiries.find("7KQM-2XWF-AAAA-BBBB-CCCC") is None
    assert enquiries.find("nonsense") is None
