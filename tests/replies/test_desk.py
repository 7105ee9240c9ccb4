"""The reply desk: who gets in, what stands first, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.consultations.test_desk import make_department
from tests.factories import DURING, make_consultation, make_user
from tests.replies import service as services
from tests.replies.makers import QUESTION, ask, make_replier, send_complaint
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies import answering, job
from wagtail_eparticipation.replies.models import Case, Handover

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


def is_not_found(response):
    """Django leads what it does not find to the same address with a language."""
    return response.status_code == 302 and response["Location"].startswith("/ar/admin/")


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def limited_to(user, department):
    StaffScope.objects.create(user=user).departments.add(department)
    return user


def person(kind, topic):
    if kind == "visitor":
        return None
    if kind == "superuser":
        return make_user(superuser=True)
    if kind == "replier":
        return make_replier()
    if kind == "own":
        return limited_to(make_replier(), topic.department)
    if kind == "elsewhere":
        return limited_to(make_replier(), make_department("Roads"))
    return make_user(
        permissions=["moderate_participation", "take_decision", "view_consultation"]
    )


@pytest.mark.parametrize(
    ("kind", "topical", "without_topic"),
    [
        ("visitor", 302, 302),
        ("other", 403, 403),
        ("elsewhere", 403, 403),
        ("own", 200, 403),
        ("replier", 200, 200),
        ("superuser", 200, 200),
    ],
)
def test_each_enquiry_asks_who_comes(topic, kind, topical, without_topic):
    cases = [(ask(topic).case, topical), (ask(None, key="k").case, without_topic)]
    client = signed_in(person(kind, topic))
    for case, expected in cases:
        address = reverse("eparticipation_admin:case", args=[case.public_id])
        shown = client.get(address)
        # Wagtail leads those whom a view refuses to the homepage, with a message.
        refused = shown.status_code == 302
        assert refused == (expected != 200)
        for action in ("answer", "take_up", "close", "ask", "outside"):
            posted = client.post(address, {"action": action, "text": "جواب"})
            case.refresh_from_db()
            assert posted.status_code in (200, 302)
            if expected != 200:
                assert case.state == Case.State.RECEIVED
                assert not case.answers.exists()
        if expected == 200:
            assert QUESTION in shown.content.decode()
            assert case.answers.count() == 1


@pytest.mark.parametrize(
    ("kind", "seen"),
    [("elsewhere", 0), ("own", 1), ("replier", 2), ("superuser", 2)],
)
def test_the_list_shows_what_one_may_answer(topic, kind, seen):
    numbers = [ask(topic).case.number, ask(None, key="k").case.number]
    client = signed_in(person(kind, topic))
    html = client.get(reverse("eparticipation_admin:cases")).content.decode()
    assert sum(number in html for number in numbers) == seen


def test_others_are_not_let_into_the_list(topic):
    address = reverse("eparticipation_admin:cases")
    for kind in ("visitor", "other"):
        assert signed_in(person(kind, topic)).get(address).status_code == 302


def test_open_enquiries_come_first_the_next_due_at_the_top(topic):
    late, soon, done = (ask(topic, key=str(n)).case for n in range(3))
    for case, days, state in ((late, 2, "received"), (soon, 1, "in_work")):
        Case.objects.filter(pk=case.pk).update(
            due_at=DURING + timedelta(days=days), state=state
        )
    Case.objects.filter(pk=done.pk).update(due_at=DURING, state="answered")
    client = signed_in(make_replier())
    html = client.get(reverse("eparticipation_admin:cases")).content.decode()
    places = [html.index(case.number) for case in (soon, late, done)]
    assert places == sorted(places)


def test_the_list_costs_the_same_at_twenty_and_at_two_hundred(topic):
    client = signed_in(make_replier())
    address = reverse("eparticipation_admin:cases")
    for number in range(20):
        ask(topic, key=f"a{number}")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(180):
        ask(topic, key=f"b{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)


@pytest.mark.parametrize("query", ["state=x", "consultation=-1", "p=%00", "state=%00"])
def test_a_broken_filter_is_no_error(topic, query):
    client = signed_in(make_replier())
    address = reverse("eparticipation_admin:cases")
    assert client.get(f"{address}?{query}").status_code in (200, 404)


def test_an_empty_answer_is_asked_for_again(topic):
    case = ask(topic).case
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    client = signed_in(make_replier())
    assert client.post(address, {"action": "answer", "text": " "}).status_code == 200
    data = {"action": "outside", "outside-text": "نص"}
    assert client.post(address, data).status_code == 200
    assert is_not_found(client.post(address, {"action": "nonsense"}))
    case.refresh_from_db()
    assert case.state == Case.State.RECEIVED


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", "سبق إرسال هذا الرد قبل قليل"), ("en", "was not sent a second time")],
)
def test_a_button_pressed_twice_sends_one_answer(
    topic, language, told, django_capture_on_commit_callbacks
):
    case = ask(topic, email="asker@people.example").case
    replier = make_replier()
    UserProfile.objects.create(user=replier, preferred_language=language)
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    client = signed_in(replier)
    data = {"action": "answer", "text": "نعم، في الصيف."}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, data)
        shown = client.post(address, data, follow=True).content.decode()
    assert told in shown
    assert case.answers.count() == 1
    assert Notice.objects.filter(kind=Kind.CASE_ANSWERED).count() == 1


@pytest.mark.parametrize(
    ("text", "later"),
    [("نعم، في الربيع.", timedelta(0)), ("نعم، في الصيف.", timedelta(minutes=10))],
)
def test_another_answer_and_the_same_one_later_are_sent(topic, text, later):
    case = ask(topic).case
    replier = make_replier()
    answering.answer(case, "نعم، في الصيف.", actor=replier)
    with rehearse(DURING + later):
        answering.answer(case, text, actor=replier)
    assert case.answers.count() == 2


def test_the_sender_stays_sealed_at_the_desk(topic):
    case = ask(topic, email="salem@people.example", name="سالم").case
    client = signed_in(make_user(superuser=True))
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    html = client.get(address).content.decode()
    assert "salem@people.example" not in html
    assert "سالم" not in html


def test_the_desk_of_a_topic_shows_what_waits(topic, settings):
    services.use(settings, services.URL, url="https://940.example/")
    ask(topic)
    send_complaint(topic)
    client = signed_in(make_user(superuser=True))
    desk = reverse("eparticipation_admin:desk", args=[topic.pk])
    html = client.get(desk).content.decode()
    assert reverse("eparticipation_admin:cases") in html
    assert reverse("eparticipation_admin:complaints", args=[topic.pk]) in html


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("moderate_participation", True),
        ("reply_officially", False),
        ("view_consultation", False),
    ],
)
def test_a_failed_complaint_is_tried_again_by_moderators(
    topic, settings, permission, allowed
):
    with services.running(settings) as service:
        service.answers = [(422, {}), (200, {"reference": "SH-3"})]
        send_complaint(topic)
        job.run()
        handover = Handover.objects.get()
        client = signed_in(make_user(permissions=[permission]))
        address = reverse("eparticipation_admin:complaints", args=[topic.pk])
        shown = client.get(address)
        assert (shown.status_code == 200) == allowed
        client.post(address, {"handover": str(handover.public_id)})
        job.run()
    handover.refresh_from_db()
    assert (handover.reference == "SH-3") == allowed


@pytest.mark.parametrize("value", ["", "x", "x" * 400, "\x00"])
def test_a_handover_that_is_not_there_is_not_found(topic, value):
    client = signed_in(make_user(superuser=True))
    address = reverse("eparticipation_admin:complaints", args=[topic.pk])
    assert is_not_found(client.post(address, {"handover": value}))
