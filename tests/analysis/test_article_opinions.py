"""Article and opinion: one table for the desk, its file and the closing report."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.discussion.makers import make_participation
from tests.factories import AFTER, DURING, make_user
from tests.factories_pages import article_key, make_consultation_page
from wagtail_eparticipation.analysis.article_opinions import (
    opinions_by_article,
    totals,
)
from wagtail_eparticipation.analysis.cards import articles_card
from wagtail_eparticipation.archive.report_articles import opinions_on_articles
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.request_versions import freeze
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (article_key(number) for number in (1, 2, 3))
NAMES = ["analysis_articles", "analysis_articles_export"]


@pytest.fixture(autouse=True)
def analysing():
    with rehearse(AFTER):
        yield


@pytest.fixture
def page():
    page = make_consultation_page(articles=3)
    for article, opinion, number in (
        (FIRST, "agree", 3),
        (FIRST, "disagree", 2),
        (FIRST, "", 1),
        (SECOND, "agree_with_changes", 1),
    ):
        for _each in range(number):
            data = {"opinion": opinion} if opinion else {}
            make_participation(page.consultation, article=article, data=data)
    make_participation(page.consultation, data={"opinion": "agree"})
    for state in (State.REFUSED, State.WITHDRAWN, State.LATE):
        make_participation(page.consultation, article=FIRST, state=state)
    return page


def address(name, page):
    return reverse(f"eparticipation_admin:{name}", args=[page.consultation_id])


def test_counted_participations_by_article_and_opinion(page):
    rows = opinions_by_article(page.consultation, "en")
    assert [(row.label, row.opinions, row.unstated, row.total) for row in rows] == [
        ("Article 1: Market parking 1", (3, 0, 2), 1, 6),
        ("Article 2: Market parking 2", (0, 1, 0), 0, 1),
        ("Article 3: Market parking 3", (0, 0, 0), 0, 0),
    ]
    sums = totals(rows)
    assert (sums.opinions, sums.unstated, sums.total) == ((3, 1, 2), 1, 7)


def test_an_article_that_is_gone_stands_last_if_somebody_wrote_about_it(page):
    content = page.consultation.request_versions.get().content
    for language in content:
        kept = [
            part
            for part in content[language]["articles"]
            if part["id"] not in (FIRST, THIRD)
        ]
        content[language]["articles"] = kept
    freeze(page.consultation, content, now=DURING, published=True)
    rows = opinions_by_article(page.consultation, "en")
    assert [row.key for row in rows] == [SECOND, FIRST]


def test_the_table_costs_the_same_whatever_its_size(client):
    client.force_login(make_user(permissions=["analyse_participation"]))
    costs = []
    for number in (20, 200):
        page = make_consultation_page(articles=number)
        for each in range(number):
            make_participation(page.consultation, article=article_key(each + 1))
        client.get(address("analysis_articles", page))
        with CaptureQueriesContext(connection) as cost:
            client.get(address("analysis_articles", page))
        costs.append(len(cost))
        counting = [each for each in cost if "GROUP BY" in each["sql"]]
        assert len(counting) == 1
    assert costs[0] == costs[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("permission", "status"),
    [
        ("analyse_participation", 200),
        ("take_decision", 200),
        ("request_act", 200),
        ("moderate_participation", 302),
        ("reply_officially", 302),
        ("close_consultation", 302),
        (None, 302),
    ],
)
def test_who_may_see_the_table(client, page, name, permission, status):
    client.force_login(make_user(permissions=[permission] if permission else []))
    assert client.get(address(name, page)).status_code == status


@pytest.mark.parametrize("name", NAMES)
def test_others_and_other_departments_do_not_see_it(client, page, name):
    assert client.get(address(name, page)).status_code == 302
    client.force_login(make_user(superuser=True))
    assert client.get(address(name, page)).status_code == 200
    user = make_user(permissions=["analyse_participation"])
    other = Department.objects.create(name="إدارة أخرى", locale=page.locale)
    StaffScope.objects.create(user=user).departments.add(other)
    client.force_login(user)
    assert client.get(address(name, page)).status_code == 302


def test_the_numbers_lead_into_the_register_for_those_who_may_read_it(client, page):
    link = f"?consultation={page.consultation_id}&amp;article={FIRST}"
    for permission, expected in (
        ("analyse_participation", True),
        ("request_act", False),
    ):
        client.force_login(make_user(permissions=[permission]))
        shown = client.get(address("analysis_articles", page)).content.decode()
        assert (link in shown) is expected


def test_editors_are_not_led_to_an_analysis_that_they_may_not_see(client, page):
    overview = f'href="{address("analysis", page)}"'
    for permission, expected in (("take_decision", True), ("request_act", False)):
        client.force_login(make_user(permissions=[permission]))
        shown = client.get(address("analysis_articles", page)).content.decode()
        assert (overview in shown) is expected


def test_the_file_holds_the_same_numbers(client, page):
    client.force_login(make_user(permissions=["analyse_participation"]))
    response = client.get(address("analysis_articles_export", page))
    assert response["Content-Type"] == "text/csv"
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][1:] == ["3", "0", "2", "1", "6"]
    assert len(rows) == 4


def test_no_cell_of_the_file_is_a_formula(client, page):
    content = page.consultation.request_versions.get().content
    for language in content:
        content[language]["articles"][1]["value"]["number"] = "=1+1"
    freeze(page.consultation, content, now=DURING, published=True)
    client.force_login(make_user(permissions=["analyse_participation"]))
    text = client.get(address("analysis_articles_export", page)).content.decode()
    assert "'=1+1" in text


def test_the_desk_has_a_card_where_there_is_a_draft(page):
    analyst = make_user(permissions=["analyse_participation"])
    card = articles_card(page.consultation, analyst, AFTER)
    assert card.value == "7"
    assert card.url == address("analysis_articles", page)
    assert articles_card(page.consultation, make_user(), AFTER) is None
    without = make_consultation_page().consultation
    assert articles_card(without, analyst, AFTER) is None


def test_a_topic_without_a_draft_says_so(client):
    page = make_consultation_page()
    client.force_login(make_user(superuser=True))
    response = client.get(address("analysis_articles", page))
    assert response.status_code == 200
    assert list(opinions_on_articles(page.consultation, "ar")) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_closing_report_has_the_same_table(page, language):
    from django.utils.translation import override

    with override(language):
        (table,) = opinions_on_articles(page.consultation, language)
    label = {"ar": "المادة 1: مواقف السوق 1", "en": "Article 1: Market parking 1"}
    assert table["rows"][0] == [label[language], 3, 0, 2, 1, 6]
    assert table["rows"][-1][1:] == [3, 1, 2, 1, 7]
    assert all(len(row) == len(table["head"]) for row in table["rows"])
