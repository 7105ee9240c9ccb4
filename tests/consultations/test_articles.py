"""The articles of a draft: on the page, in every language, kept once people spoke."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError

from tests.consultations.makers import BEFORE_OPENING
from tests.consultations.makers_pages import drafted
from tests.consultations.test_translation import synced, translate
from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import (
    article_blocks,
    article_key,
    make_consultation_page,
    translation_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.approval import missing_for_approval
from wagtail_eparticipation.consultations.article_blocks import ArticlesBlock
from wagtail_eparticipation.consultations.completeness import (
    missing_items,
    missing_languages_of,
)
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.consultations.request_reading import readable
from wagtail_eparticipation.consultations.request_versions import (
    content_of,
    freeze,
    is_genuine,
)
from wagtail_eparticipation.participations.models import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


def text_of(response):
    return response.content.decode()


def with_articles(page, blocks):
    field = page._meta.get_field("articles")
    page.articles = field.to_python(blocks)
    return page


# What a draft is


def test_a_frozen_request_holds_the_articles_with_their_ids():
    page = make_consultation_page(articles=6)
    found = articles.published(page.consultation, "en")
    assert list(found) == [article_key(number) for number in range(1, 7)]
    assert found[article_key(6)].label == "Article 6: Market parking 6"
    assert found[article_key(6)].chapter == "Chapter 2"


def test_what_was_frozen_before_there_were_drafts_is_still_the_same():
    page = make_consultation_page()
    assert "articles" not in content_of(page)
    version = page.consultation.request_versions.get()
    assert is_genuine(version)
    _same, is_new = freeze(page.consultation, version.content, now=DURING)
    assert not is_new


def test_the_document_of_record_reads_the_articles():
    page = make_consultation_page(articles=1)
    headings = [part.heading for part in readable(content_of(page), "ar")]
    assert any("المادة 1" in heading for heading in headings)


def test_a_language_without_a_draft_shows_the_other_ones():
    page = make_consultation_page(articles=2, languages=("ar",))
    (first, _second) = articles.published(page.consultation, "en").values()
    assert first.language == "ar"


@pytest.mark.parametrize(
    "ids", [("same", "same"), ("a b", "c"), ("x" * 41, "y"), ('"><b>', "z")]
)
def test_ids_that_are_none_or_stand_twice_are_refused(ids):
    block = ArticlesBlock()
    blocks = article_blocks("ar", 2, chapters=False)
    for each, key in zip(blocks, ids, strict=True):
        each["id"] = key
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python(blocks))


def test_the_text_of_an_article_offers_no_links_and_no_pictures():
    features = ArticlesBlock().child_blocks["article"].child_blocks["text"].features
    assert not {"link", "document-link", "image", "embed"} & set(features)


# Languages


def test_a_translation_by_wagtail_localize_keeps_the_articles_ids(migrations_table):
    with clock.rehearse(BEFORE_OPENING):
        page = drafted(languages=("ar",), articles=3)
        made = synced(page)
        translate(made)
        made.save_target(publish=False)
        draft = translation_of(page).get_latest_revision_as_object()
    assert [each.id for each in draft.articles] == [each.id for each in page.articles]
    assert articles.on_page(draft)[0].key == article_key(1)


def test_an_updated_original_brings_its_new_article_with_its_id(migrations_table):
    with clock.rehearse(BEFORE_OPENING):
        page = drafted(languages=("ar",), articles=2)
        made = synced(page)
        with_articles(page, article_blocks("ar", 3)).save()
        made.source.update_from_db()
        made.save_target(publish=False)
        draft = translation_of(page).get_latest_revision_as_object()
    keys = [each.key for each in articles.on_page(draft)]
    assert keys == [article_key(number) for number in (1, 2, 3)]


def test_a_translation_made_by_hand_keeps_the_ids_too():
    page = make_consultation_page(articles=3)
    ids = [each.id for each in page.articles]
    assert [each.id for each in translation_of(page).articles] == ids


def test_a_language_with_other_articles_is_named_with_them():
    page = make_consultation_page(articles=3)
    english = with_articles(translation_of(page), article_blocks("en", 2))
    (item,) = [each for each in missing_items(english) if each.field == "articles"]
    assert item.language == "en"
    assert "المادة 3" in str(item)


def test_a_language_with_another_order_is_named():
    page = make_consultation_page(articles=2)
    blocks = article_blocks("en", 2, chapters=False)[::-1]
    english = with_articles(translation_of(page), blocks)
    messages = [str(each) for each in missing_items(english)]
    assert any("another order" in message for message in messages)


def test_an_untranslated_article_is_named():
    page = make_consultation_page(articles=1)
    english = with_articles(translation_of(page), article_blocks("ar", 1))
    assert any("Translate “draft text" in str(each) for each in missing_items(english))


def test_nothing_is_missing_where_the_articles_agree():
    page = make_consultation_page(articles=3)
    assert not [each for each in missing_languages_of(page) if "article" in each.field]


# Kept once people took part


def test_an_article_with_a_participation_can_be_reworded_not_removed():
    page = make_consultation_page(articles=3)
    make_participation(page.consultation, article=article_key(2))
    blocks = article_blocks("ar", 3)
    blocks[2]["value"]["heading"] = "عنوان آخر"
    with_articles(page, blocks).full_clean()
    del blocks[2]
    with pytest.raises(ValidationError) as error:
        with_articles(page, blocks).full_clean()
    assert "المادة 2" in str(error.value.message_dict["articles"])


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED, State.LATE])
def test_whatever_became_of_the_participation_its_article_stays(state):
    page = make_consultation_page(articles=2)
    make_participation(page.consultation, article=article_key(1), state=state)
    with pytest.raises(ValidationError):
        with_articles(page, article_blocks("ar", 2)[2:]).full_clean()


def test_an_article_that_nobody_wrote_about_may_go():
    page = make_consultation_page(articles=3)
    make_participation(page.consultation, article=article_key(1))
    with_articles(page, article_blocks("ar", 2)).full_clean()


def test_the_approval_of_a_correction_names_the_lost_article():
    page = make_consultation_page(articles=2)
    make_participation(page.consultation, article=article_key(2))
    page = with_articles(page, article_blocks("ar", 1))
    messages = [str(each) for each in missing_for_approval(page)]
    assert any("can be reworded, not" in message for message in messages)


def test_a_correction_is_a_version_with_the_same_ids_and_comments_stay():
    page = make_consultation_page(articles=2)
    make_voice(page.consultation, article=article_key(1))
    blocks = article_blocks("ar", 2)
    blocks[1]["value"]["heading"] = "عنوان مصحح"
    page = with_articles(page, blocks)
    page.change_note = {"ar": "صُحح عنوان المادة الأولى.", "en": "Heading corrected."}
    page.save_revision().publish(skip_permission_checks=True)
    assert page.consultation.request_versions.count() == 2
    found = articles.published(page.consultation, "ar")
    assert found[article_key(1)].heading == "عنوان مصحح"
    assert articles.counts_of(page.consultation) == {article_key(1): 1}


@pytest.mark.parametrize("followed", [False, True])
def test_a_new_article_is_approved_whether_or_not_the_languages_follow_at_once(
    followed,
):
    page = make_consultation_page(articles=2)
    if followed:
        english = with_articles(translation_of(page), article_blocks("en", 3))
        english.save_revision()
    page = with_articles(page, article_blocks("ar", 3))
    page.change_note = {"ar": "أُضيفت المادة الثالثة.", "en": "Article 3 was added."}
    assert missing_for_approval(page) == []
    page.save_revision().publish(skip_permission_checks=True)
    english = translation_of(page)
    assert english.update_pending and not english.withheld
    missing = [each.field for each in missing_items(english)]
    assert "articles" in missing
    with_articles(english, article_blocks("en", 3))
    assert "articles" not in [each.field for each in missing_items(english)]


def test_what_a_translation_still_had_does_not_stop_later_corrections():
    page = make_consultation_page(articles=2)
    content = page.consultation.request_versions.get().content
    del content["ar"]["articles"][2]
    freeze(page.consultation, content, now=DURING, published=True)
    make_participation(page.consultation, article=article_key(2))
    with_articles(page, article_blocks("ar", 1)).full_clean()


def test_an_article_that_is_gone_keeps_its_name():
    page = make_consultation_page(articles=2)
    content = page.consultation.request_versions.get().content
    del content["ar"]["articles"][2], content["en"]["articles"][2]
    freeze(page.consultation, content, now=DURING, published=True)
    gone = article_key(2)
    assert gone not in articles.published(page.consultation, "en")
    label = articles.label_of(page.consultation, gone, "en")
    assert label == "Article 2: Market parking 2"


def test_what_nobody_may_read_yet_is_no_article():
    page = make_consultation_page(articles=2)
    page.consultation.request_versions.update(published_at=None)
    assert articles.published(page.consultation, "ar") == {}
    assert articles.find(make_consultation(), article_key(1), "ar") is None


# The public pages


def test_the_topics_page_lists_the_articles_with_their_comments(client):
    page = make_consultation_page(articles=2)
    make_voice(page.consultation, article=article_key(1))
    shown = text_of(client.get(page.get_url()))
    assert "نص المسودة" in shown
    assert f"{page.get_url()}draft/#article-{article_key(1)}" in shown
    assert "تعليق واحد" in shown


def test_the_draft_shows_each_article_with_count_and_the_way_to_comment(client):
    page = make_consultation_page(articles=6)
    for _each in range(3):
        make_voice(page.consultation, article=article_key(2))
    response = client.get(f"{page.get_url()}draft/")
    shown = text_of(response)
    assert response.status_code == 200
    assert not response.cookies
    assert "max-age" in response["Cache-Control"]
    assert f'id="article-{article_key(2)}"' in shown
    assert "يُمنع الوقوف أمام مداخل السوق. (2)" in shown
    assert f"{page.get_url()}participate/comment/?article={article_key(2)}" in shown
    assert f"{page.get_url()}discussion/?article={article_key(2)}" in shown
    assert "قراءة 3 تعليقات" in shown
    assert "الفصل 2" in shown


def test_the_draft_speaks_the_language_of_its_page(client):
    page = make_consultation_page(articles=1)
    shown = text_of(client.get(f"{translation_of(page).get_url()}draft/"))
    assert "Article 1: Market parking 1" in shown
    assert "No comments yet" in shown


@pytest.mark.parametrize("tail", ["draft/more/", "draft/1/2/"])
def test_nothing_lies_below_the_draft(client, tail):
    page = make_consultation_page(articles=1)
    assert client.get(f"{page.get_url()}{tail}").status_code == 404


def test_a_topic_without_articles_has_no_draft(client):
    page = make_consultation_page()
    assert client.get(f"{page.get_url()}draft/").status_code == 404
    assert "draft/" not in text_of(client.get(page.get_url()))


def test_a_topic_that_takes_suggestions_alone_offers_no_comments(client):
    page = make_consultation_page(articles=1, tools=["suggestion"])
    shown = text_of(client.get(f"{page.get_url()}draft/"))
    assert "participate/comment" not in shown


def test_after_closing_the_draft_is_read_and_not_commented_on(client):
    page = make_consultation_page(articles=1)
    make_voice(page.consultation, article=article_key(1))
    with clock.rehearse(page.consultation.window.closes_at):
        shown = text_of(client.get(f"{page.get_url()}draft/"))
    assert "participate/comment" not in shown
    assert f"discussion/?article={article_key(1)}" in shown


def test_words_of_an_article_are_escaped(client):
    blocks = article_blocks("ar", 1)
    blocks[1]["value"] |= {"number": "<b>1</b>", "note": "<script>x</script>"}
    page = make_consultation_page(articles=1)
    ConsultationPage.objects.filter(pk=page.pk).update(articles=blocks)
    shown = text_of(client.get(f"{page.get_url()}draft/"))
    assert "<script>x" not in shown and "<b>1</b>" not in shown


@pytest.mark.parametrize("number", [20, 200])
def test_the_pages_cost_the_same_whatever_the_draft(
    client, number, django_assert_max_num_queries, django_assert_num_queries
):
    page = make_consultation_page(articles=number)
    make_voice(page.consultation, article=article_key(1))
    client.get(page.get_url())
    with django_assert_max_num_queries(12):
        client.get(page.get_url())
    with django_assert_num_queries(6):
        client.get(f"{page.get_url()}draft/")


def test_a_preview_shows_the_draft_in_full(client):
    page = make_consultation_page(articles=2)
    client.force_login(make_user(superuser=True))
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    shown = text_of(client.get(url))
    assert "يُمنع الوقوف أمام مداخل السوق. (2)" in shown
