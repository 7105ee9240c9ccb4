"""Answers that are kept ready: checked, offered where they fit, put in, counted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.consultations.test_desk import make_department
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import make_locales
from tests.replies.clarified import make_canned
from tests.replies.makers import ask, make_replier
from tests.replies.test_desk import limited_to, signed_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.replies import canned_choice
from wagtail_eparticipation.replies.canned import (
    CannedAnswer,
    check_placeholders,
    filled,
)

pytestmark = pytest.mark.django_db
CANNED = ("add_cannedanswer", "change_cannedanswer", "view_cannedanswer")


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


@pytest.mark.parametrize(
    "text",
    ["", "50 % of it", "%(number)s", "%(topic)s – %(due)s", "100%", "%s", "(number)s"],
)
def test_what_can_be_filled_in_is_accepted(text):
    check_placeholders(text)


@pytest.mark.parametrize(
    "text", ["%(name)s", "%(number)d", "%(number)", "%()s", "%(number", "%(topic)ss %("]
)
def test_what_nobody_could_fill_in_is_refused(text):
    with pytest.raises(ValidationError):
        check_placeholders(text)


def test_placeholders_are_filled_in_and_nothing_else():
    text = "%(number)s: 50 % %(topic)s {x} %s"
    assert filled(text, {"number": "A", "topic": "%(due)s"}) == "A: 50 % %(due)s {x} %s"


def test_they_are_offered_by_language_and_department(topic):
    mine = make_canned(department=topic.department)
    general = make_canned(sort_order=1)
    make_canned(language="en")
    make_canned(active=False)
    make_canned(department=make_department("Roads"))
    offers = canned_choice.offers_for(ask(topic).case)
    assert [each.pk for each in offers] == [general.pk, mine.pk]


def test_an_enquiry_of_no_topic_is_offered_what_is_everybodys(topic):
    general = make_canned()
    make_canned(department=topic.department)
    assert [each.pk for each in canned_choice.offers_for(ask().case)] == [general.pk]


def case_page(case):
    return reverse("eparticipation_admin:case", args=[case.public_id])


def test_without_a_script_the_button_puts_it_into_the_text(topic):
    case = ask(topic).case
    canned = make_canned("بشأن استفساركم %(number)s عن %(topic)s:")
    client = signed_in(make_replier())
    data = {"action": "insert", "canned": canned.pk, "text": "السلام عليكم"}
    response = client.post(case_page(case), data)
    text = response.context["form"]["text"].value()
    assert text == f"السلام عليكم\n\nبشأن استفساركم {case.number} عن {topic.title}:"
    assert not case.answers.exists()
    canned.refresh_from_db()
    assert canned.used == 0


def test_what_went_out_is_counted(topic):
    case = ask(topic).case
    canned, other = make_canned(), make_canned()
    client = signed_in(make_replier())
    used = f"{canned.pk},{canned.pk},x,999999"
    data = {"action": "answer", "text": "شكراً لكم", "canned_used": used}
    client.post(case_page(case), data)
    assert case.answers.get().text == "شكراً لكم"
    counts = dict(CannedAnswer.objects.values_list("pk", "used"))
    assert (counts[canned.pk], counts[other.pk]) == (1, 0)


@pytest.mark.parametrize("chosen", ["", "x", "999999", "\x00"])
def test_what_is_not_offered_changes_no_word(topic, chosen):
    make_canned()
    client = signed_in(make_replier())
    data = {"action": "insert", "canned": chosen, "text": "السلام عليكم"}
    response = client.post(case_page(ask(topic).case), data)
    assert response.context["form"]["text"].value() == "السلام عليكم"


def test_another_language_begins_without_uses(topic):
    canned = make_canned(used=7, department=topic.department)
    _arabic, english = make_locales()
    other = canned.copy_for_translation(english)
    assert (other.used, other.translation_key) == (0, canned.translation_key)
    assert canned.used == 7


def editor(department=None, **kwargs):
    user = make_user(permissions=CANNED, **kwargs)
    return limited_to(user, department) if department else user


def edit_page(canned):
    name = "wagtailsnippets_wagtail_eparticipation_cannedanswer:edit"
    return reverse(name, args=[canned.pk])


def test_the_reply_desk_keeps_them_in_the_admin(topic):
    canned = make_canned()
    data = {
        "title": "عنوان",
        "body": "نص %(number)s",
        "department": "",
        "sort_order": 3,
        "active": "on",
    }
    response = signed_in(editor()).post(edit_page(canned), data)
    canned.refresh_from_db()
    assert response.status_code == 302
    assert (canned.body, canned.sort_order) == ("نص %(number)s", 3)


def test_a_broken_placeholder_is_said_and_nothing_lost(topic):
    canned = make_canned()
    data = {"title": "عنوان", "body": "%(name)s", "sort_order": 3}
    response = signed_in(editor()).post(edit_page(canned), data)
    assert response.status_code == 200
    assert "%(name)s" in response.content.decode()
    canned.refresh_from_db()
    assert canned.sort_order == 100


@pytest.mark.parametrize(
    ("who", "own", "general"),
    [("unlimited", True, True), ("own", True, False), ("elsewhere", False, False)],
)
def test_departments_change_their_own_alone(topic, who, own, general):
    department = {"own": topic.department, "elsewhere": make_department("Roads")}
    client = signed_in(editor(department.get(who)))
    for allowed, of in ((own, topic.department), (general, None)):
        shown = client.get(edit_page(make_canned(department=of)))
        assert (shown.status_code == 200) == allowed


def test_who_is_limited_writes_for_the_own_departments(topic):
    client = signed_in(editor(topic.department))
    canned = make_canned(department=topic.department)
    data = {"title": "ع", "body": "نص", "department": "", "sort_order": 3}
    assert client.post(edit_page(canned), data).status_code == 200
    canned.refresh_from_db()
    assert canned.department == topic.department


@pytest.mark.parametrize("kind", ["visitor", "other"])
def test_others_do_not_see_them(topic, kind):
    user = make_user(permissions=["view_consultation"]) if kind == "other" else None
    name = "wagtailsnippets_wagtail_eparticipation_cannedanswer:list"
    assert signed_in(user).get(reverse(name)).status_code == 302


def test_the_list_shows_ones_own_and_everybodys(topic):
    titles = [
        make_canned(title=title, department=of).title
        for title, of in (
            ("mine", topic.department),
            ("general", None),
            ("theirs", make_department("Roads")),
        )
    ]
    name = "wagtailsnippets_wagtail_eparticipation_cannedanswer:list"
    client = signed_in(editor(topic.department))
    html = client.get(reverse(name)).content.decode()
    assert [title in html for title in titles] == [True, True, False]


def test_the_list_costs_the_same_at_any_number(topic, django_assert_num_queries):
    name = "wagtailsnippets_wagtail_eparticipation_cannedanswer:list"
    client = signed_in(editor())
    for _each in range(20):
        make_canned(department=topic.department)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    for _each in range(180):
        make_canned(department=topic.department)
    with django_assert_num_queries(len(few)):
        client.get(reverse(name))
