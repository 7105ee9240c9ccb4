"""The voices on one article: their count, their list, and what each is about."""

import pytest

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation
from tests.factories_pages import article_key, make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion import article_counts, listing, purging
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.article_counts import counts_by_article
from wagtail_eparticipation.discussion.models import ArticleCount, PublishedComment
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db

FIRST, SECOND = article_key(1), article_key(2)


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page(articles=2)


def list_of(page, query=""):
    return f"{page.get_url()}discussion/{query}"


def text_of(response):
    return response.content.decode()


# Counts


def test_each_published_comment_and_reply_is_counted_with_its_article():
    consultation = make_consultation()
    voice = make_voice(consultation, article=FIRST)
    make_voice(consultation, article=FIRST, parent=voice.participation)
    make_voice(consultation, article=SECOND)
    make_voice(consultation)
    make_participation(consultation, article=FIRST)
    assert counts_by_article(consultation) == {FIRST: 2, SECOND: 1}
    assert article_counts.count_of(consultation, FIRST) == 2


def test_what_is_taken_down_is_not_counted_until_it_is_shown_again():
    consultation = make_consultation()
    voice = make_voice(consultation, article=FIRST)
    publishing.take_down(voice.participation, now=DURING)
    publishing.take_down(voice.participation, now=DURING)
    assert counts_by_article(consultation) == {}
    publishing.publish(Participation.objects.get(pk=voice.participation_id), now=DURING)
    assert counts_by_article(consultation) == {FIRST: 1}


def test_what_its_author_withdraws_is_not_counted():
    consultation = make_consultation()
    voice = make_voice(consultation, article=FIRST)
    publishing.withdraw(voice.participation, now=DURING)
    assert counts_by_article(consultation) == {}
    assert article_counts.count_of(consultation, FIRST) == 0


def test_topics_are_counted_apart():
    make_voice(make_consultation(), article=FIRST)
    assert counts_by_article(make_consultation()) == {}


def test_a_row_that_somebody_else_made_meanwhile_is_counted_on():
    consultation = make_consultation()
    ArticleCount.objects.create(consultation=consultation, article=FIRST, count=4)
    article_counts.change(consultation.pk, FIRST, +1)
    assert counts_by_article(consultation) == {FIRST: 5}


def test_a_comment_carries_the_article_of_its_participation():
    voice = make_voice(make_consultation(), article=FIRST)
    assert PublishedComment.objects.get(pk=voice.pk).article == FIRST


# The list


def test_the_list_of_an_article_holds_its_voices_alone(client, page):
    make_voice(page.consultation, text="عن الأولى", article=FIRST)
    make_voice(page.consultation, text="عن الثانية", article=SECOND)
    make_voice(page.consultation, text="عن الموضوع")
    shown = text_of(client.get(list_of(page, f"?article={FIRST}")))
    assert "عن الأولى" in shown
    assert "عن الثانية" not in shown and "عن الموضوع" not in shown
    assert "التعليقات على المادة 1: مواقف السوق 1" in shown
    assert "مشاركة منشورة واحدة" in shown
    assert f"participate/comment/?article={FIRST}" in shown
    english = translation_of(page).get_url()
    assert f"{english}discussion/?article={FIRST}" in shown


def test_walking_through_an_articles_pages_meets_its_voices_once(
    client, page, settings
):
    settings.WAGTAIL_EPARTICIPATION = {
        **settings.WAGTAIL_EPARTICIPATION,
        "DISCUSSION_PAGE_SIZE": 2,
    }
    mine = [make_voice(page.consultation, article=FIRST) for _each in range(3)]
    for _each in range(3):
        make_voice(page.consultation, article=SECOND)
    first = text_of(client.get(list_of(page, f"?article={FIRST}")))
    older = f"?article={FIRST}&amp;older={mine[1].key}"
    assert older in first
    second = text_of(client.get(list_of(page, older.replace("&amp;", "&"))))
    assert mine[0].anchor in second and mine[1].anchor not in second
    newer = f"?article={FIRST}&newer={mine[0].key}"
    back = text_of(client.get(list_of(page, newer)))
    assert mine[2].anchor in back and mine[1].anchor in back


@pytest.mark.parametrize("key", ["x", "%00", article_key(9), "0" * 400, "<b>"])
def test_an_article_that_never_was_has_no_list(client, page, key):
    assert client.get(list_of(page, f"?article={key}")).status_code == 404


def test_an_article_without_voices_invites_to_write_one(client, page):
    shown = text_of(client.get(list_of(page, f"?article={SECOND}")))
    assert "participate/comment/?article=" in shown


def test_a_voice_in_the_whole_discussion_says_which_article_it_is_about(client, page):
    voice = make_voice(page.consultation, article=SECOND)
    for address in (page.get_url(), list_of(page), list_of(page, f"{voice.key}/")):
        shown = text_of(client.get(address))
        assert f'draft/#article-{SECOND}"><bdi>المادة 2: مواقف السوق 2</bdi>' in shown


@pytest.mark.parametrize("number", [20, 200])
def test_an_articles_list_costs_the_same_whatever_its_size(
    number, django_assert_num_queries
):
    consultation = make_consultation()
    for _each in range(number):
        make_voice(consultation, article=FIRST)
    with django_assert_num_queries(1):
        found = listing.newest(consultation, size=number, article=FIRST)
    assert len(found.voices) == number


def test_the_draft_and_the_articles_list_are_purged_with_the_comment(
    page, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": "x"}}
    purged = []
    monkeypatch.setattr(purging, "purge", lambda *args: purged.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        make_voice(page.consultation, article=FIRST)
    assert (page.consultation_id, FIRST, ()) in purged
    assert "/draft/" in page.get_cached_paths()
