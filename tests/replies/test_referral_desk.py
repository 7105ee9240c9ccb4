"""Questions to departments in the admin: who gets in, what it costs, the journey."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.consultations.test_desk import make_department
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import make_consultation_page
from tests.notifications.smtp import running as running_mail
from tests.participations.conftest import fresh_cache  # noqa: F401 (used by pytest)
from tests.participations.sending import token_of
from tests.replies.makers import QUESTION, ask, make_replier
from tests.replies.makers_referrals import ASKED, make_liaison, make_question
from tests.replies.test_desk import is_not_found, limited_to, signed_in
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies import deferring
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db
#: Thursday 30 April 2026, 14:05 in Riyadh.
THURSDAY = datetime(2026, 4, 30, 11, 5, tzinfo=UTC)
SUNDAY = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)


@pytest.fixture
def parks():
    return make_department("Parks")


@pytest.fixture
def roads():
    return make_department("Roads")


@pytest.fixture
def topic(roads):
    return make_consultation(department=roads)


def person(kind, parks, roads):
    return {
        "visitor": lambda: None,
        "plain": make_user,
        "moderator": lambda: make_user(permissions=["moderate_participation"]),
        "analyst": lambda: make_user(permissions=["analyse_participation"]),
        "decision maker": lambda: make_user(permissions=["take_decision"]),
        "privacy": lambda: make_user(permissions=["view_identity"]),
        "desk": make_replier,
        "own desk": lambda: limited_to(make_replier(), roads),
        "other desk": lambda: limited_to(make_replier(), parks),
        "asked": lambda: make_liaison(parks),
        "other asked": lambda: make_liaison(roads),
        "any asked": make_liaison,
        "superuser": lambda: make_user(superuser=True),
    }[kind]()


ALL = [
    "visitor",
    "plain",
    "moderator",
    "analyst",
    "decision maker",
    "privacy",
    "desk",
    "own desk",
    "other desk",
    "asked",
    "other asked",
    "any asked",
    "superuser",
]
DESK = {"desk", "own desk", "superuser"}
ANSWERS = DESK | {"asked", "any asked"}
LISTS = ANSWERS | {"other desk", "other asked"}


def form(**changes):
    return {
        "body": "المرور",
        "question": ASKED,
        "reason": "facts",
        "due_days": "3",
        **changes,
    }


@pytest.mark.parametrize("kind", ALL)
def test_the_desk_alone_asks(topic, parks, roads, kind):
    with rehearse(DURING):
        case = ask(topic).case
        client = signed_in(person(kind, parks, roads))
        address = reverse("eparticipation_admin:refer", args=[case.public_id])
        assert (client.get(address).status_code == 200) == (kind in DESK)
        client.post(address, form())
    assert case.referrals.exists() == (kind in DESK)


@pytest.mark.parametrize("kind", ALL)
def test_who_was_asked_and_the_desk_answer(topic, parks, roads, kind):
    with rehearse(DURING):
        case = ask(topic).case
        referral = deferring.defer(case, make_question(parks), actor=make_replier())
        client = signed_in(person(kind, parks, roads))
        address = reverse("eparticipation_admin:referral", args=[referral.public_id])
        shown = client.get(address)
        assert (shown.status_code == 200) == (kind in ANSWERS)
        client.post(address, {"action": "answer", "text": "ليلاً"})
    referral.refresh_from_db()
    assert (referral.answer == "ليلاً") == (kind in ANSWERS)


@pytest.mark.parametrize("kind", ALL)
def test_the_desk_alone_takes_a_question_back(topic, parks, roads, kind):
    with rehearse(DURING):
        case = ask(topic).case
        referral = deferring.defer(case, make_question(parks), actor=make_replier())
        client = signed_in(person(kind, parks, roads))
        address = reverse("eparticipation_admin:referral", args=[referral.public_id])
        client.post(address, {"action": "recall"})
    referral.refresh_from_db()
    assert (referral.state == "recalled") == (kind in DESK)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("query", ["", "?export=csv"])
def test_the_list_shows_each_what_they_may_see(topic, parks, roads, kind, query):
    with rehearse(DURING):
        case = ask(topic).case
        referral = deferring.defer(case, make_question(parks), actor=make_replier())
        client = signed_in(person(kind, parks, roads))
        response = client.get(reverse("eparticipation_admin:referrals") + query)
        assert (response.status_code == 200) == (kind in LISTS)
        text = response.getvalue().decode()
    assert (referral.number in text) == (kind in ANSWERS)


def test_an_outside_bodys_question_is_not_the_departments(topic, parks):
    with rehearse(DURING):
        case = ask(topic).case
        question = make_question(body="المرور")
        referral = deferring.defer(case, question, actor=make_replier())
        for user in (make_liaison(parks), make_liaison()):
            client = signed_in(user)
            address = ["eparticipation_admin:referral", [referral.public_id]]
            assert client.get(reverse(address[0], args=address[1])).status_code == 302


def test_a_form_that_lacks_something_comes_back_filled(topic, parks):
    client = signed_in(make_replier())
    with rehearse(DURING):
        case = ask(topic).case
        address = reverse("eparticipation_admin:refer", args=[case.public_id])
        for changes in (
            {"body": ""},
            {"department": str(parks.pk)},
            {"reason": "other"},
            {"reason": "nonsense"},
            {"due_days": "0"},
            {"due_days": "x"},
            {"body_email": "nonsense"},
        ):
            response = client.post(address, form(**changes))
            assert response.status_code == 200
            assert ASKED in response.content.decode()
        empty = client.post(address, form(question=" \x00"))
        assert "المرور" in empty.content.decode()
    assert not case.referrals.exists()


def test_a_second_question_says_why_not_and_keeps_the_words(topic, parks):
    client = signed_in(make_replier())
    with rehearse(DURING):
        case = ask(topic).case
        deferring.defer(case, make_question(parks), actor=make_replier())
        address = reverse("eparticipation_admin:refer", args=[case.public_id])
        response = client.post(address, form(question="سؤال ثانٍ"))
    html = response.content.decode()
    assert "سبق توجيه سؤال إلى جهة أخرى" in html
    assert "سؤال ثانٍ" in html


def test_an_answer_that_comes_too_late_is_kept_on_the_page(topic, parks):
    client = signed_in(make_replier())
    with rehearse(DURING):
        case = ask(topic).case
        referral = deferring.defer(case, make_question(parks), actor=make_replier())
        deferring.recall(referral, actor=make_replier())
        address = reverse("eparticipation_admin:referral", args=[referral.public_id])
        response = client.post(address, {"action": "answer", "text": "ليلاً"})
        assert "سبق إنهاء هذا السؤال" in response.content.decode()
        assert is_not_found(client.post(address, {"action": "nonsense"}))


def test_the_list_costs_the_same_at_two_sizes(topic, parks):
    client = signed_in(make_replier())
    address = reverse("eparticipation_admin:referrals")

    def more(number, name):
        for each in range(number):
            case = ask(topic, key=f"{name}{each}").case
            question = make_question(parks if each % 2 else None, body="")
            if not each % 2:
                question = make_question(body="المرور")
            deferring.defer(case, question, actor=replier)

    with rehearse(DURING):
        replier = make_replier()
        more(6, "a")
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        more(24, "b")
        with CaptureQueriesContext(connection) as many:
            client.get(address)
    assert len(few) == len(many)


def _publish_for_everybody(desk, client, page, case):
    """As a clarification: in Arabic at once, and marked as pending in English."""
    new = reverse("eparticipation_admin:clarification_new", args=[page.consultation.pk])
    shown = desk.get(f"{new}?case={case.public_id}").content.decode()
    assert QUESTION in shown
    assert "salem@people.example" not in shown
    published = {
        "token": "t" * 32,
        "original": "ar",
        "question_ar": "متى تبدأ الأعمال؟",
        "answer_ar": "تبدأ في شوال.",
    }
    response = desk.post(f"{new}?case={case.public_id}", published)
    assert response.status_code == 302, response.content.decode()
    arabic = client.get(f"{page.get_url()}questions/").content.decode()
    assert "تبدأ في شوال." in arabic
    english_page = page.consultation.page_in("en")
    english = client.get(f"{english_page.get_url()}questions/").content.decode()
    assert "تبدأ في شوال." in english
    assert "pending" in english
    assert case.number not in arabic + english


def test_a_question_of_thursday_is_acknowledged_deferred_answered_and_published(
    client, settings, django_capture_on_commit_callbacks
):
    ensure_default_calendar()
    roads, parks = make_department("إدارة الطرق"), make_department("إدارة الحدائق")
    page = make_consultation_page(
        stage="published", policy_version=install_pack("qassim")[0]
    )
    page.consultation.department = roads
    page.consultation.save()
    clerk, member = make_replier(), make_liaison(parks)
    for user in (clerk, member):
        UserProfile.objects.create(user=user, preferred_language="ar")
    with (
        running_mail(settings) as mailbox,
        django_capture_on_commit_callbacks(execute=True),
    ):
        with rehearse(THURSDAY):
            shown = client.get(f"{page.get_url()}contact/")
            args = ["ar", page.consultation.public_id]
            data = {
                "token": token_of(shown),
                "subject": "موعد البدء",
                "text": QUESTION,
                "language": "ar",
                "email": "salem@people.example",
            }
            address = reverse("eparticipation:contact_send", args=args)
            own = client.post(address, data)["Location"]
            html = client.get(own).content.decode()
            assert "الأحد 3 مايو 2026" in html
            assert "08:00" in html
        case = Case.objects.get()
        at_desk = reverse("eparticipation_admin:case", args=[case.public_id])
        with rehearse(SUNDAY):
            desk = signed_in(clerk)
            refer = reverse("eparticipation_admin:refer", args=[case.public_id])
            assert refer in desk.get(at_desk).content.decode()
            desk.post(refer, form(body="", department=str(parks.pk)))
        with rehearse(THURSDAY + timedelta(minutes=30)):
            # Within the hour for which the address of the page is good.
            html = client.get(own).content.decode()
            assert "سألنا الجهة المختصة (إدارة الحدائق)" in html
            assert "الأربعاء 6 مايو 2026" in html
        with rehearse(SUNDAY + timedelta(days=1)):
            liaison = signed_in(member)
            listed = liaison.get(reverse("eparticipation_admin:referrals"))
            (question,) = set(
                re.findall(
                    r'href="([^"]*referrals/[0-9a-f-]{36}/)"', listed.content.decode()
                )
            )
            liaison.post(question, {"action": "answer", "text": "نبدأ في شوال"})
        with rehearse(SUNDAY + timedelta(days=1, hours=1)):
            html = desk.get(at_desk).content.decode()
            assert "نبدأ في شوال" in html
            assert "سألنا إدارة الحدائق بتاريخ الأحد 3 مايو 2026" in html
            text = "سألنا إدارة الحدائق، ونبدأ في شوال."
            desk.post(at_desk, {"action": "answer", "text": text})
            _publish_for_everybody(desk, client, page, case)
    case.refresh_from_db()
    assert (case.state, case.worked_minutes) == (Case.State.ANSWERED, 60)
    bodies = [
        mail.get_body().get_content() for mail in mailbox.to("salem@people.example")
    ]
    assert any("ونبدأ في شوال" in body for body in bodies)
    # Told once the mail goes out, the deferral was over: no stale mail is sent.
    assert len(bodies) == 3
    assert "questions/" in bodies[-1]
