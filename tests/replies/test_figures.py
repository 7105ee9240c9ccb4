"""Figures: pure rules by tables, and the owner's page with its files."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_participation
from tests.factories import DURING, make_user
from tests.moderation.makers import make_topic
from tests.replies.makers import QUESTION, ask, make_replier
from tests.replies.makers_referrals import ASKED, make_question
from tests.replies.test_desk import is_not_found, limited_to, signed_in
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.replies import (
    answering,
    counters,
    deferring,
    figures,
    from_register,
    register_figures,
    reply_figures,
)


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.5, 7),
        ([7], 0.9, 7),
        ([1, 3], 0.5, 2),
        ([1, 2, 100], 0.5, 2),
        (list(range(1, 11)), 0.9, 9),
        (list(range(1, 12)), 0.9, 10),
    ],
)
def test_quantiles(values, part, expected):
    assert figures.quantile(values, part) == expected


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({}, []),
        ({1: 9}, []),
        ({1: 0, 2: 0, 3: 11}, [(3, 11)]),
        ({1: 0, 2: 0, 3: 10}, []),
        (dict.fromkeys(range(9), 100), []),
        ({**{n: 100 + n % 3 for n in range(9)}, 9: 200}, []),
        ({**{n: 100 + n % 3 for n in range(9)}, 9: 300}, [(9, 300)]),
        ({**{n: 100 * (n % 5) for n in range(20)}, 99: 500}, []),
    ],
)
def test_what_stands_out(counts, found):
    assert figures.spikes(counts) == found


@pytest.mark.parametrize(
    ("count", "expected", "silent"),
    [(0, None, True), (1, None, False), (0, 4, True), (1, 4, True), (2, 4, False)],
)
def test_who_is_silent(count, expected, silent):
    assert figures.is_silent(count, expected) == silent


def test_what_sizes_let_expect():
    sizes = {"a": 100, "b": 300, "c": None}
    assert figures.expected_counts(sizes, 40) == {"a": 10, "b": 30}
    assert figures.expected_counts({"c": None}, 40) == {}


@pytest.fixture
def topic(db):
    ensure_default_calendar()
    return make_topic(department=make_department("Roads"))


def rows(table):
    return dict(table.rows)


@pytest.mark.django_db
def test_both_clocks_are_measured(topic):
    replier = make_replier()
    # Sunday 12 April, noon in Riyadh: two working hours until the end of work.
    for minutes in (10, 20, 30, 60):
        with rehearse(DURING):
            case = ask(topic, key=str(minutes)).case
        with rehearse(DURING + timedelta(minutes=minutes)):
            answering.answer(case, "نعم", actor=replier)
    with rehearse(DURING):
        late = ask(topic, key="late").case
    with rehearse(DURING + timedelta(days=2)):
        answering.answer(late, "نعم", actor=replier)
    table = [values for _label, values in reply_figures.clocks(topic).rows]
    assert table[0] == (5, 30, 12 * 60, 80.0)
    assert table[1] == (5, 30, 48 * 60, None)
    assert table[2] == (5, 30, 12 * 60, 100.0)


@pytest.mark.django_db
def test_deferrals_are_told_by_entity_with_their_length(topic):
    replier, parks = make_replier(), make_department("Parks")
    with rehearse(DURING):
        first, second = ask(topic, key="a").case, ask(topic, key="b").case
        answered = deferring.defer(first, make_question(parks), actor=replier)
        deferring.defer(second, make_question(body="المرور", due_days=1), actor=replier)
    with rehearse(DURING + timedelta(hours=1)):
        deferring.give_answer(answered, "نعم", actor=replier)
    now = DURING + timedelta(days=3)
    table = rows(reply_figures.deferrals(topic, now))
    assert table["Parks"] == (1, 0, 0, 60, 60)
    assert table["المرور"] == (1, 1, 1, None, None)
    ((_number, (entity, _due, reminders)),) = reply_figures.overdue(topic, now).rows
    assert (entity, reminders) == ("المرور", 0)


@pytest.mark.django_db
def test_the_age_of_the_queue(topic):
    for days in (0, 2, 2, 5, 9):
        at = DURING - timedelta(days=days, minutes=1)
        make_participation(topic, received_at=at)
    make_participation(topic, state=State.PUBLISHED)
    values = [value for _label, (value,) in register_figures.queue(topic, DURING).rows]
    assert values == [5, 1, 2, 1, 1, 9 * 24, 48]


@pytest.mark.django_db
def test_a_day_that_stands_out_is_named(topic):
    for _number in range(12):
        make_participation(topic, received_at=DURING - timedelta(days=2))
    table = register_figures.stands_out(topic, DURING)
    assert [values for _label, values in table.rows] == [(12,), (12,)]
    assert "10" in table.rows[0][0]


def get(kind, topic, name, *args):
    user = {
        "visitor": lambda: None,
        "plain": make_user,
        "moderator": lambda: make_user(permissions=["moderate_participation"]),
        "owner": lambda: make_user(permissions=["view_consultation"]),
        "desk": make_replier,
        "analyst": lambda: make_user(permissions=["analyse_participation"]),
        "liaison": lambda: make_user(permissions=["answer_referral"]),
        "elsewhere": lambda: limited_to(make_replier(), make_department("Else")),
        "superuser": lambda: make_user(superuser=True),
    }[kind]()
    address = reverse(f"eparticipation_admin:{name}", args=[topic.pk, *args])
    with rehearse(DURING):
        return signed_in(user).get(address)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("visitor", False),
        ("plain", False),
        ("moderator", False),
        ("liaison", False),
        ("elsewhere", False),
        ("owner", True),
        ("desk", True),
        ("analyst", True),
        ("superuser", True),
    ],
)
def test_who_sees_the_figures(topic, kind, allowed):
    assert (get(kind, topic, "dashboard").status_code == 200) == allowed
    for form in ("csv", "xlsx"):
        response = get(kind, topic, "dashboard_file", form)
        assert (response.status_code == 200) == allowed


@pytest.mark.django_db
def test_another_form_of_file_is_not_found(topic):
    assert is_not_found(get("desk", topic, "dashboard_file", "exe"))


@pytest.mark.django_db
def test_every_figure_is_in_the_file_and_no_word_of_anybody(topic):
    with rehearse(DURING):
        case = ask(topic).case
        question = make_question(body="=المرور", due_days=1)
        deferring.defer(case, question, actor=make_replier())
    make_participation(topic, received_at=DURING)
    text = get("desk", topic, "dashboard_file", "csv").content.decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    with rehearse(DURING):
        tables = [
            *register_figures.tables(topic, DURING),
            *reply_figures.tables(topic, DURING),
        ]
    wanted = sum(len(table.rows) * len(table.columns) for table in tables)
    assert len(found) == wanted + 1
    assert ["'=المرور" in row[1] for row in found].count(True) == 5
    assert QUESTION not in text
    assert ASKED not in text


@pytest.mark.django_db
def test_the_workbook_has_a_sheet_a_table(topic):
    import zipfile

    response = get("desk", topic, "dashboard_file", "xlsx")
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    sheets = [name for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 11


@pytest.mark.django_db
def test_the_page_costs_the_same_at_two_sizes(topic):
    client = signed_in(make_user(superuser=True))
    address = reverse("eparticipation_admin:dashboard", args=[topic.pk])
    replier = make_replier()

    def more(number, name):
        for each in range(number):
            make_participation(topic, received_at=DURING)
            case = ask(topic, key=f"{name}{each}").case
            if each % 2:
                answering.answer(case, "نعم", actor=replier)
            else:
                question = make_question(body=f"جهة {each}")
                deferring.defer(case, question, actor=replier)

    with rehearse(DURING):
        more(6, "a")
    later = DURING + timedelta(days=30)
    with rehearse(later):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            assert client.get(address).status_code == 200
    with rehearse(DURING):
        more(24, "b")
    with rehearse(later), CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(few) == len(many)
    assert not any('"text"' in query["sql"] for query in many.captured_queries)


def test_a_reply_in_private_counts_as_one(topic):
    for number in range(2):
        make_participation(topic, text=f"رأي {number}")
    assert counters.replied_to(topic) == 0
    participation = topic.participations.first()
    case = from_register.open_case(participation, actor=make_replier())
    answering.answer(case, "نعم", actor=make_replier())
    assert counters.replied_to(topic) == 1
