"""Hostile and hurried input through the public form: no harm, and no word lost."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.html import escape

from tests.factories import DURING
from tests.participations.sending import (
    TEXT,
    ask,
    fill,
    receipt_page,
    send,
    take_part,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import abuse
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db
_CASES = json.loads((Path(__file__).parents[1] / "hostile_inputs.json").read_text())
#: Those that are written out; the long ones are tried below and by the sanitiser.
HOSTILE = [case for case in _CASES if isinstance(case["input"], str)]


class Page(HTMLParser):
    """What a browser would act upon and our own templates never write."""

    def __init__(self, html: str):
        super().__init__()
        self.active: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        ours = tag == "script" and (given.get("src") or "").startswith("/static/")
        runs = tag in ("script", "iframe", "object", "embed", "base") and not ours
        handles = any(name.startswith("on") for name in given)
        leads = any(":" in (given.get(name) or "")[:12] for name in ("href", "action"))
        if runs or handles or leads:
            self.active.append(self.get_starttag_text())


def test_no_hostile_text_becomes_markup_on_the_receipt(client, page):
    for number, case in enumerate(HOSTILE):
        token = token_of(ask(client, page))
        # No browser sends half of a surrogate pair.
        text = case["input"].encode(errors="replace").decode()
        sent = send(
            client,
            page,
            fill(token, text=f"نص {text}"),
            REMOTE_ADDR=f"8.8.{number}.8",
        )
        shown = receipt_page(client, sent) if sent.status_code == 302 else sent
        assert Page(shown.content.decode()).active == [], case["name"]


@pytest.mark.parametrize(
    "text",
    [
        "https://spam.example/ " * 400,
        "<b><i>" * 1_600 + "لبّ",
        "<" * 9_999 + "س",
        "&amp;" * 1_999 + "س",
        "\u202e\u2066" * 3_000 + "س",
        "\x00" * 9_000 + "س",
    ],
)
def test_what_is_wearisome_is_taken_in_and_kept_in_plain_words(client, page, text):
    # Whatever is hinted at has been answered.
    assert take_part(client, page, text=text, hinted="all").status_code == 302
    row = Participation.objects.get()
    assert not re.search("[\x00\u202a-\u202e\u2066-\u2069]", row.text)
    assert "<a " not in row.text_html and "<b" not in row.text_html


def test_ten_thousand_links_come_back_in_the_form(client, page):
    text = ("https://spam.example/ " * 10_000).strip()
    answer = take_part(client, page, text=text)
    assert answer.status_code == 422
    assert escape(text) in answer.content.decode()
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"publication": "everywhere"},
        {"language": "xx"},
        {"capacity": "mayor"},
        {"token": "a:b:c"},
        {"token": "\x00"},
        {"token": "x" * 5_000},
    ],
)
def test_a_forged_value_is_refused_with_the_text_kept(client, page, forged):
    answer = send(client, page, fill(token_of(ask(client, page))) | forged)
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert not Participation.objects.exists()


def test_fields_that_the_form_does_not_have_change_nothing(client, page):
    extra = {"state": "published", "received_at": "2020-01-01", "id": "1", "batch": "x"}
    assert take_part(client, page, **extra, channel="counter").status_code == 302
    row = Participation.objects.get()
    assert (row.state, row.channel, row.batch) == ("received", "portal", "")
    assert row.received_at == DURING


def test_a_form_replayed_from_everywhere_is_one_participation(client, page):
    typed = fill(token_of(ask(client, page)))
    for number in range(5):
        answer = send(client, page, typed, REMOTE_ADDR=f"8.8.8.{number}")
        assert answer.status_code == 302
    assert Participation.objects.count() == 1


def test_of_a_thousand_posts_a_minute_from_one_address_few_are_let_through(rf):
    request = rf.post("/", REMOTE_ADDR="8.8.8.8")
    with clock.rehearse(DURING):
        waits = [abuse.wait_seconds(request, abuse.SENDING) for _n in range(1_000)]
    assert waits.count(0) == abuse.SENDING.times == 120
    assert set(waits[120:]) <= set(range(1, abuse.SENDING.seconds + 1))
    other = rf.post("/", REMOTE_ADDR="8.8.4.4")
    with clock.rehearse(DURING):
        assert abuse.wait_seconds(other, abuse.SENDING) == 0
