"""Questions and answers as the public reads them, in both languages."""

from datetime import timedelta

import pytest

from tests.consultations.test_desk import make_department
from tests.factories import CLOSES, DURING
from tests.factories_pages import make_consultation_page, translation_of
from tests.replies.clarified import (
    ARABIC,
    BOTH,
    ENGLISH,
    REASON,
    make_clarification,
)
from tests.replies.makers import make_replier
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.replies import clarification_listing, clarifying
from wagtail_eparticipation.replies.clarifying import Words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation_page()


def read(client, page, tail="questions/"):
    response = client.get(f"{page.get_url()}{tail}")
    return response, response.content.decode()


@pytest.mark.parametrize("tail", ["", "questions/"])
def test_each_language_shows_its_own_words(client, topic, tail):
    make_clarification(topic.consultation, BOTH)
    topic.consultation.refresh_from_db()
    _response, arabic = read(client, topic, tail)
    _response, english = read(client, translation_of(topic), tail)
    assert ARABIC.question in arabic and ENGLISH.question not in arabic
    assert ENGLISH.answer in english and ARABIC.answer not in english


def test_what_is_not_translated_yet_is_marked_and_shown_in_the_original(client, topic):
    make_clarification(topic.consultation)
    _response, html = read(client, translation_of(topic))
    assert "Translation pending" in html
    assert f'lang="ar" dir="rtl">{ARABIC.question}' in html


def test_a_translation_appears_without_publishing_again(client, topic):
    made = make_clarification(topic.consultation)
    clarifying.translate(made, "en", ENGLISH, expected=1, actor=make_replier())
    _response, html = read(client, translation_of(topic))
    assert ENGLISH.question in html and "Translation pending" not in html


def test_nobody_is_named(client, topic):
    replier = make_replier(name="salem-the-replier")
    make_clarification(topic.consultation, BOTH, actor=replier)
    for tail in ("", "questions/", "questions/feed/"):
        assert "salem-the-replier" not in read(client, topic, tail)[1]


def test_the_office_answers(client, topic):
    department = make_department("إدارة الحدائق العامة")
    topic.consultation.department = department
    topic.consultation.save(update_fields=["department"])
    make_clarification(topic.consultation, BOTH)
    assert "إدارة الحدائق العامة" in read(client, topic)[1]


def test_a_correction_says_so_and_shows_the_new_words_alone(client, topic):
    made = make_clarification(topic.consultation, BOTH)
    words = {"ar": Words(ARABIC.question, "في الصيف.")}
    with rehearse(DURING + timedelta(days=1)):
        clarifying.correct(made, words, reason=REASON, expected=1, actor=make_replier())
        _response, html = read(client, topic)
    assert "في الصيف." in html and ARABIC.answer not in html
    assert REASON["ar"] in html and "صُحّح في" in html


def test_a_withdrawn_one_leaves_a_note_without_its_words(client, topic):
    made = make_clarification(topic.consultation, BOTH)
    clarifying.withdraw(made, reason=REASON, actor=make_replier())
    for tail in ("questions/", f"questions/{made.key}/", "questions/feed/"):
        _response, html = read(client, topic, tail)
        assert REASON["ar"] in html
        assert ARABIC.question not in html
    assert "ep-questions" not in read(client, topic, "")[1]


def test_each_has_an_address_and_an_anchor_of_its_own(client, topic):
    first = make_clarification(topic.consultation, BOTH)
    second = make_clarification(
        topic.consultation, {"ar": Words("سؤال آخر؟", "جواب آخر")}
    )
    _response, html = read(client, topic, f"questions/{first.key}/")
    assert f'id="{first.anchor}"' in html and second.anchor not in html


@pytest.mark.parametrize(
    "tail",
    [
        "questions/x/",
        "questions/0123456789abcdef0123456789abcdef/",
        "questions/a/b/",
        "questions/?older=x",
        "questions/?newer=%00",
    ],
)
def test_an_unknown_key_is_not_found(client, topic, tail):
    assert client.get(f"{topic.get_url()}{tail}").status_code == 404


def test_another_topics_clarification_is_not_found(client, topic):
    other = make_clarification(make_consultation_page().consultation)
    assert read(client, topic, f"questions/{other.key}/")[0].status_code == 404


def test_a_topic_that_is_not_public_shows_none(client):
    page = make_consultation_page(stage=Stored.DRAFT)
    assert client.get(f"/ar/participation/{page.slug}/questions/").status_code == 404


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_list_is_paged_by_key_in_both_ways(client, topic, monkeypatch, size):
    monkeypatch.setattr(clarification_listing, "PAGE_SIZE", size)
    made = [
        make_clarification(topic.consultation, {"ar": Words(f"سؤال {n}؟", f"جواب {n}")})
        for n in range(5)
    ]
    consultation, address = topic.consultation, "/q/"
    page = clarification_listing.newest(consultation, "ar", address)
    seen = list(page.items)
    pages = [page]
    while page.older:
        page = clarification_listing.older_than(consultation, page.older, "ar", address)
        seen += page.items
        pages.append(page)
    assert [each.anchor for each in seen] == [each.anchor for each in made[::-1]]
    back = clarification_listing.newer_than(
        consultation, pages[-1].newer, "ar", address
    )
    assert back.items == pages[-2].items


def test_pages_may_be_kept_until_the_topic_changes(client, topic):
    make_clarification(topic.consultation, BOTH)
    with rehearse(CLOSES - timedelta(seconds=30)):
        for tail in ("questions/", "questions/feed/"):
            response = client.get(f"{topic.get_url()}{tail}")
            assert response["Cache-Control"] == "public, max-age=30"
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("number", [2, 20])
def test_the_page_costs_the_same_at_any_number(
    client, topic, number, django_assert_max_num_queries
):
    for each in range(number):
        make_clarification(topic.consultation, {"ar": Words(f"سؤال {each}؟", "جواب")})
    read(client, topic)
    with django_assert_max_num_queries(12):
        assert read(client, topic)[0].status_code == 200


def test_the_topics_page_asks_one_query_more(client, topic):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    read(client, topic, "")
    with CaptureQueriesContext(connection) as without:
        read(client, topic, "")
    for _each in range(5):
        make_clarification(topic.consultation, BOTH)
    with CaptureQueriesContext(connection) as with_them:
        _response, html = read(client, topic, "")
    assert len(with_them) <= len(without) + 1
    assert html.count("ep-post--official") == clarification_listing.ON_THE_TOPIC


def test_the_feed_holds_the_answers_of_its_language(client, topic):
    made = make_clarification(topic.consultation, BOTH)
    response, feed = read(client, translation_of(topic), "questions/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert ENGLISH.question in feed and made.key in feed


def test_a_post_is_not_taken(client, topic):
    assert client.post(f"{topic.get_url()}questions/").status_code == 404
