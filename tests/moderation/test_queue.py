from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext, override

from tests.calendars.test_versions import make_calendar
from tests.factories import DURING
from tests.moderation.makers import (
    flag,
    make_department,
    make_limited_moderator,
    make_moderator,
    make_topic,
    make_waiting,
)
from tests.moderation.test_desk import listed, queue_address
from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.versions import freeze
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import queue
from wagtail_eparticipation.moderation.claims import assign, hold
from wagtail_eparticipation.moderation.key_pages import page_of
from wagtail_eparticipation.participations.models import Participation, State

pytestmark = pytest.mark.django_db


def signed_in(user=None):
    client = Client()
    client.force_login(user or make_moderator())
    return client


def export_address(name, query=""):
    return reverse(f"eparticipation_admin:{name}") + query


@pytest.mark.parametrize("order", ["id", "-id"])
def test_pages_by_key_show_every_row_once_forwards_and_back(order):
    topic = make_topic()
    for _n in range(7):
        make_waiting(topic)
    rows = Participation.objects.order_by(order)
    forwards, page = [], page_of(rows, "", 3)
    assert page.earlier == ""
    while True:
        forwards.append([row.pk for row in page.rows])
        if not page.later:
            break
        page = page_of(rows, page.later, 3)
    assert sum(forwards, []) == list(rows.values_list("pk", flat=True))
    back = page_of(rows, page.earlier, 3)
    assert [row.pk for row in back.rows] == forwards[1]
    first = page_of(rows, back.earlier, 3)
    assert [row.pk for row in first.rows] == forwards[0]


@pytest.mark.parametrize(
    "place", ["99", "after-", "after-x", f"after-{'9' * 30}", "before-0", "after-١"]
)
def test_a_place_that_makes_no_sense_is_the_first_page(place):
    item = make_waiting()
    page = page_of(Participation.objects.order_by("id"), place, 3)
    assert [row.pk for row in page.rows] == [item.pk]


def test_counting_ends_at_a_bound(monkeypatch):
    monkeypatch.setattr(queue, "COUNTED_TO", 3)
    topic = make_topic()
    for _n in range(4):
        make_waiting(topic)
    assert queue.counted(Participation.objects.all()) == (3, True)
    assert queue.number_words(3, True) == "3+"


@pytest.mark.parametrize(("age", "found"), [("1", 2), ("3", 1), ("14", 0)])
def test_the_queue_is_cut_by_age(age, found):
    topic = make_topic()
    for days in (0, 2, 5):
        make_waiting(topic, received_at=DURING - timedelta(days=days))
    with clock.rehearse(DURING):
        assert len(listed(signed_in().get(queue_address(f"?age={age}")))) == found


def test_the_queue_is_cut_by_the_target_and_says_overdue_in_words():
    freeze(make_calendar(is_default=True), at=DURING - timedelta(days=90))
    topic = make_topic()
    late = make_waiting(topic, received_at=DURING - timedelta(days=5))
    make_waiting(topic, received_at=DURING)
    with clock.rehearse(DURING):
        response = signed_in().get(queue_address("?age=overdue"))
        assert listed(response) == [late.number]
        with override("ar"):
            assert gettext("Overdue") in response.content.decode()


def test_the_queue_is_cut_by_assignee():
    topic, user, other = make_topic(), make_moderator(), make_moderator()
    mine, theirs, free = (make_waiting(topic) for _n in range(3))
    assign([mine], user, actor=user)
    assign([theirs], other, actor=user)
    client = signed_in(user)
    for value, item in (("me", mine), (str(other.pk), theirs), ("nobody", free)):
        assert listed(client.get(queue_address(f"?assignee={value}"))) == [item.number]


def test_the_queue_is_cut_by_department():
    department = make_department()
    wanted = make_waiting(make_topic(department=department))
    make_waiting()
    query = f"?department={department.pk}"
    assert listed(signed_in().get(queue_address(query))) == [wanted.number]


@pytest.mark.parametrize(
    "query",
    ["?consultation=999", "?rule=nonsense", "?department=x", "?assignee=999"],
)
def test_a_made_up_filter_finds_nothing_and_says_what_is_wrong(query):
    make_waiting()
    response = signed_in().get(queue_address(query))
    assert listed(response) == []
    (problem,) = [
        each for group in response.context["filters"].errors.values() for each in group
    ]
    shown = response.content.decode().partition('id="listing-results"')[2]
    assert escape(problem) in shown


def test_colleagues_of_other_departments_are_no_choice():
    department, user = make_department(), make_moderator()
    item = make_waiting(make_topic(department=make_department("النظافة")))
    assign([item], user, actor=user)
    page = signed_in(make_limited_moderator(department)).get(queue_address())
    assert user.get_username() not in page.content.decode()


def test_the_queue_is_cut_by_rule_where_flags_are_kept():
    topic = make_topic()
    wanted = make_waiting(topic)
    make_waiting(topic)
    flag(wanted, "courtesy", "offence")
    response = signed_in().get(queue_address("?rule=courtesy"))
    assert listed(response) == [wanted.number]
    assert "data-ep-cover" in response.content.decode()


def test_who_reads_an_item_and_whose_it_is_stand_in_the_list():
    item, user, other = make_waiting(), make_moderator(), make_moderator()
    hold(item, user)
    assign([item], other, actor=user)
    page = signed_in().get(queue_address()).content.decode()
    assert user.get_username() in page
    assert other.get_username() in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Nothing waits for a decision."),
        ("?age=1", "Nothing matches. Take a filter away, or look for other words."),
    ],
)
def test_an_empty_queue_says_why(query, said):
    page = signed_in().get(queue_address(query)).content.decode()
    with override("ar"):
        assert gettext(said) in page


def test_the_export_holds_the_cut_and_is_on_record():
    wanted = make_waiting(text="ظل أكثر")
    other = make_waiting(text="شيء آخر")
    query = f"?consultation={wanted.consultation_id}"
    client = signed_in()
    response = client.get(export_address("moderation_export", query))
    file = b"".join(response.streaming_content).decode()
    assert "ظل أكثر" in file
    assert other.text not in file
    assert LedgerEvent.objects.filter(kind="register.exported").count() == 1


def test_an_export_with_a_made_up_filter_exports_nothing():
    make_waiting()
    response = signed_in().get(export_address("moderation_export", "?state=nonsense"))
    assert response.status_code == 302
    assert not LedgerEvent.objects.exists()


def test_the_export_keeps_to_the_departments():
    make_waiting(make_topic(department=make_department("النظافة")), text="سر القسم")
    client = signed_in(make_limited_moderator(make_department()))
    response = client.get(export_address("moderation_export"))
    assert "سر القسم" not in b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("query", ["?age=overdue", "?assignee=me", "?language=ar"])
def test_a_cut_costs_the_same_with_few_and_with_many(query):
    user, topic, costs = make_moderator(), make_topic(), []
    client = signed_in(user)
    for number in (5, 45):
        assign([make_waiting(topic) for _n in range(number)], user, actor=user)
        client.get(queue_address(query))
        with CaptureQueriesContext(connection) as cost:
            client.get(queue_address(query))
        costs.append(len(cost))
    assert costs[0] == costs[1] <= 21


def test_a_search_with_a_null_character_breaks_nothing():
    make_waiting()
    assert signed_in().get(queue_address("?q=%00")).status_code == 200


def test_what_was_decided_is_found_by_its_state():
    item = make_waiting(state=State.REFUSED)
    assert listed(signed_in().get(queue_address("?state=refused"))) == [item.number]


@pytest.mark.parametrize("number", [20, 200])
@pytest.mark.parametrize("cut", ["", "consultation", "rule"])
def test_the_queue_asks_at_most_fifteen_times(
    django_assert_max_num_queries, number, cut
):
    topic = make_topic()
    for _each in range(number):
        make_waiting(topic)
    client = signed_in(make_moderator())
    query = {"consultation": topic.pk, "rule": "courtesy"}.get(cut)
    address = queue_address(f"?{cut}={query}" if cut else "")
    client.get(address)
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200
