"""Forty spellings of a link, and what is none (R-7.10a)."""

import pytest

from tests.moderation.advisers.makers import found, places
from wagtail_eparticipation.moderation.advisers.findings import Reading
from wagtail_eparticipation.moderation.advisers.links import look

LINKS = [
    "http://example.com",
    "https://example.com/a?b=c#d",
    "HTTPS://EXAMPLE.COM/A",
    "hxxp://example.com",
    "hxxps://example[.]com/a",
    "https ://example.com",
    "ftp://files.example.org/pub",
    "file:///etc/passwd",
    "www.example.org",
    "WWW.Example.ORG/path",
    "www[.]example[.]org",
    "example.com",
    "EXAMPLE.COM",
    "sub.example.co.uk",
    "example.com:8080/a",
    "example.net/park",
    "city.example.gov.sa",
    "example[.]com",
    "example(.)com",
    "example [dot] com",
    "example(dot)com",
    "example dot com",
    "example دوت com",
    "example نقطة com",
    "exa\u200bmple.com",
    "ｅｘａｍｐｌｅ．ｃｏｍ",
    "example。com",
    "bücher.example",
    "xn--bcher-kva.example",
    "موقع.السعودية",
    "مثال.شبكة",
    "t.me/examplegroup",
    "wa.me/example",
    "bit.ly/3example",
    "youtu.be/abc123",
    "tg://join?invite=example",
    "javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "http://192.0.2.7/login",
    "192.0.2.7/login",
    "ex\u0430mple.com",
    "http://example.com/تقرير",
]

TRAPS = [
    "We live in a nice city.Is it too much?",
    "It was hot.We left",
    "We use Node.js here",
    "ASP.NET runs it",
    "وASP.NET مثله",
    "on 12.05.2026 at 10.30",
    "version 2.5.1 of it",
    "الميزانية.الخطة.التنفيذ",
    "تعبنا من الوعود.متى يبدأ العمل؟",
    "plan.docx and data.csv",
    "e.g. shade, etc.and benches",
    "10.30 a.m.to rest",
    "the U.S.A. and the U.K. do",
    "ص.م.ب والرقم 26.3592",
    "JavaScript: the good parts",
    "a.test@example.com",
    "a [at] example.com",
    "نعم... لا",
    "1.2.3.4 هي أرقام الفقرات",
    "connect the dots. com is short",
    "3.5.me",
    "data: 12 people",
    "أ.د محمد",
    "and/or, him/her",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_found_however_it_is_spelled(link):
    assert places(look, f"انظر {link} رجاء") == [link]


@pytest.mark.parametrize("text", TRAPS)
def test_what_is_written_like_a_link_and_is_none_is_left_alone(text):
    assert places(look, text) == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("(http://example.com/a).", "http://example.com/a"),
        ("(http://example.com/a_(b))", "http://example.com/a_(b)"),
        ("«www.example.org»،", "www.example.org"),
        ("see example.com, or not", "example.com"),
        ("هل example.com؟", "example.com"),
    ],
)
def test_the_punctuation_of_the_sentence_is_no_part_of_the_link(text, link):
    assert places(look, text) == [link]


@pytest.mark.parametrize(
    ("link", "kind", "code"),
    [
        ("https://example.com", "link", ""),
        ("t.me/example", "messenger", ""),
        ("bit.ly/3example", "shortener", ""),
        ("http://192.0.2.7/login", "address", ""),
        ("javascript:alert(1)", "script", "malicious"),
        ("https://example.com/app.apk", "program", "malicious"),
        ("https://ex\u0430mple.com", "look_alike", "malicious"),
    ],
)
def test_the_moderator_is_told_the_kind(link, kind, code):
    finding = next(iter(look(Reading(link))))
    assert (finding.detail, finding.code) == (kind, code)


def test_a_link_is_pointed_out_and_not_selected_for_hiding():
    finding = next(iter(look(Reading("https://example.com"))))
    assert (finding.hide, finding.hint, finding.category) == (False, True, "link")


def test_the_detail_holds_no_words_of_the_text():
    assert found(look, "https://secret.example/who") == [
        ("https://secret.example/who", "link")
    ]
