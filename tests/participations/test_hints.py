"""The registry of hints: rooms below offer them, and none of them stops a sender."""

import logging

import pytest

from wagtail_eparticipation.participations import hints
from wagtail_eparticipation.participations.hints import Hint

SECRET = "نص لا يجوز أن يظهر في السجل"


def hint(field, start, end, key="k"):
    return Hint(field, start, end, key, "rule-8", "line", "message")


@pytest.fixture(autouse=True)
def no_sources(monkeypatch):
    monkeypatch.setattr(hints, "_sources", [])


def test_hints_come_in_the_order_of_the_form_and_of_the_text():
    def source(consultation, words, language, facts):
        return [hint("text", 5, 6), hint("text", 1, 2), hint("title", 9, 9)]

    hints.register(source)
    found = hints.hints_for(None, {"title": "a", "text": "b"})
    assert [(each.field, each.start) for each in found] == [
        ("title", 9),
        ("text", 1),
        ("text", 5),
    ]


def test_a_source_is_asked_once_however_often_it_registers():
    asked = []

    def source(*args):
        asked.append(args)
        return []

    hints.register(source)
    hints.register(source)
    hints.hints_for("topic", {"text": "a"}, language="ar", facts={"x": 1})
    assert asked == [("topic", {"text": "a"}, "ar", {"x": 1})]
    hints.unregister(source)
    hints.hints_for("topic", {"text": "a"})
    assert len(asked) == 1


def test_nobody_is_asked_about_nothing():
    def source(*args):
        raise AssertionError

    hints.register(source)
    assert hints.hints_for(None, {"text": "", "title": ""}) == []


def test_a_source_that_fails_is_left_out_and_no_text_is_logged(caplog):
    def bad(consultation, words, language, facts):
        raise ValueError(words["text"])

    def good(consultation, words, language, facts):
        return [hint("text", 0, 1)]

    hints.register(bad)
    hints.register(good)
    with caplog.at_level(logging.DEBUG):
        found = hints.hints_for(None, {"text": SECRET})
    assert len(found) == 1
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_a_hint_about_a_field_that_was_not_asked_about_is_dropped():
    hints.register(lambda *args: [hint("name", 0, 1)])
    assert hints.hints_for(None, {"text": "a"}) == []
