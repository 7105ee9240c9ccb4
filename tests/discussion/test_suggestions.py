"""The public list of suggestions: what it shows, in which order, at what cost."""

import re
from datetime import timedelta

import pytest

from tests.discussion.suggestion_makers import (
    CATEGORIES,
    PATHS,
    SHADE,
    address,
    make_suggestion,
    make_topic,
    read,
)
from tests.factories import AFTER, DURING, OPENS, make_user
from tests.factories_pages import translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion import suggestion_listing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import (
    publish,
    rewrite,
    take_down,
    withdraw,
)
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.suggestion_status import set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_topic()


def titles(response):
    html = response.content.decode()
    return re.findall(r'ep-post__title"[^>]*><a href="[^"]+">([^<]+)</a>', html)


def listed(page, **asked):
    found = suggestion_listing.listed(page.consultation, **asked)
    return [each.pk for each in found.suggestions]


class TestList:
    def test_it_shows_what_was_suggested_where_and_on_what_ground(self, client, page):
        make_suggestion(
            page,
            title="مظلات عند المدخل",
            data={
                "category": SHADE,
                "place": "عند البوابة الشمالية",
                "latitude": 26.33,
                "longitude": 43.97,
                "sources": "تقرير الحدائق\nhttps://parks.example",
            },
        )
        html = read(client, address(page)).content.decode()
        for words in (
            "مظلات عند المدخل",
            "الظل والأشجار",
            "عند البوابة الشمالية",
            "26.33000, 43.97000",
            "تقرير الحدائق<br>",
        ):
            assert words in html

    def test_each_has_its_own_address_in_both_languages(self, client, page):
        suggestion = make_suggestion(page, title="مظلات")
        html = read(client, address(page, suggestion)).content.decode()
        assert "<h1" in html
        assert "مظلات" in html
        english = translation_of(page)
        html = read(client, address(english, suggestion)).content.decode()
        assert CATEGORIES["en"][SHADE] in html

    def test_the_topics_page_leads_to_it_where_suggestions_are_taken(
        self, client, page
    ):
        assert address(page) in read(client, page.get_url()).content.decode()
        page.__class__.objects.filter(pk=page.pk).update(tools=["comment"])
        assert address(page) not in read(client, page.get_url()).content.decode()

    def test_comments_are_not_in_it(self, client, page):
        make_suggestion(page, title="مظلات")
        make_suggestion(page, title="")
        from tests.discussion.makers import make_voice

        make_voice(page.consultation)
        assert len(titles(read(client, address(page)))) == 2

    def test_hostile_words_are_escaped(self, client, page):
        bad = "<script>alert(1)</script>"
        suggestion = make_suggestion(
            page, title=bad, data={"place": bad, "sources": bad, "category": bad}
        )
        for url in (address(page), address(page, suggestion)):
            assert "<script>alert" not in read(client, url).content.decode()

    def test_it_can_be_kept_and_leaves_no_cookie(self, client, page):
        make_suggestion(page)
        response = read(client, address(page))
        assert "public" in response["Cache-Control"]
        assert not response.cookies

    @pytest.mark.parametrize("at", [OPENS - timedelta(days=1)])
    def test_before_opening_there_is_none(self, client, page, at):
        assert read(client, address(page), at=at).status_code == 404

    def test_after_closing_it_is_read_and_not_supported(self, client, page):
        suggestion = make_suggestion(page)
        html = read(client, address(page), at=AFTER).content.decode()
        assert suggestion.comment.title in html
        assert "/support/" not in html

    @pytest.mark.parametrize("tail", ["x/", "a/b/", "a/support/x/", f"{'0' * 32}/"])
    def test_what_is_not_there_is_not_found(self, client, page, tail):
        assert read(client, f"{address(page)}{tail}").status_code == 404

    def test_another_topics_suggestion_is_not_found(self, client, page):
        other = make_topic(title="موضوع آخر")
        suggestion = make_suggestion(other)
        assert read(client, address(page, suggestion)).status_code == 404


class TestOrder:
    def test_by_date_and_by_support(self, page):
        old = make_suggestion(page, now=DURING - timedelta(hours=2), supports=5)
        middle = make_suggestion(page, now=DURING - timedelta(hours=1))
        new = make_suggestion(page, supports=5)
        assert listed(page) == [new.pk, middle.pk, old.pk]
        assert listed(page, order="supported") == [new.pk, old.pk, middle.pk]

    @pytest.mark.parametrize("order", ["newest", "supported"])
    def test_pages_by_key_meet_without_gap_or_repetition(self, page, order):
        for number in range(11):
            make_suggestion(
                page, now=DURING - timedelta(hours=number % 4), supports=number % 3
            )
        whole = listed(page, order=order, size=50)
        assert len(whole) == 11
        seen, after = [], ""
        while True:
            found = suggestion_listing.listed(
                page.consultation, order=order, after=after, size=4
            )
            seen += [each.pk for each in found.suggestions]
            last, after = found, found.after
            if not after:
                break
        assert seen == whole
        back = suggestion_listing.listed(
            page.consultation, order=order, before=last.before, size=4
        )
        assert [each.pk for each in back.suggestions] == whole[4:8]
        assert back.before
        assert back.after

    def test_filters_by_category_and_status(self, client, page):
        shade = make_suggestion(page, data={"category": SHADE})
        paths = make_suggestion(page, data={"category": PATHS})
        set_status(
            paths.participation,
            "under_study",
            actor=make_user(superuser=True),
            now=DURING,
        )
        assert listed(page, category=SHADE) == [shade.pk]
        assert listed(page, status="under_study") == [paths.pk]
        assert listed(page, category=SHADE, status="under_study") == []
        html = read(client, address(page), category=PATHS)
        assert titles(html) == [paths.comment.title]

    @pytest.mark.parametrize(
        "query",
        [
            {"order": "x"},
            {"category": "x"},
            {"status": "'; DROP TABLE"},
            {"order": "\x00"},
        ],
    )
    def test_what_it_does_not_know_it_passes_over(self, client, page, query):
        make_suggestion(page)
        assert len(titles(read(client, address(page), **query))) == 1

    @pytest.mark.parametrize("name", ["after", "before"])
    @pytest.mark.parametrize("key", ["x", "0" * 32, "\x00"])
    def test_an_unknown_key_is_not_found(self, client, page, name, key):
        assert read(client, address(page), **{name: key}).status_code == 404

    @pytest.mark.parametrize("order", ["newest", "supported"])
    def test_it_costs_the_same_at_20_and_200(
        self, client, page, order, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        read(client, address(page))
        costs = []
        for number in (20, 180):
            for _each in range(number):
                make_suggestion(page, supports=number)
            with CaptureQueriesContext(connection) as captured:
                read(client, address(page), order=order)
            costs.append(len(captured))
        assert costs[0] == costs[1] <= 8
        with django_assert_num_queries(1):
            suggestion_listing.listed(page.consultation, order=order)


class TestFollowing:
    def test_what_is_taken_down_leaves_the_list_with_its_words(self, page):
        suggestion = make_suggestion(page, data={"place": "عند بيتي"}, supports=3)
        take_down(suggestion.participation, now=DURING, clause="7.0")
        suggestion.refresh_from_db()
        assert not suggestion.shown
        assert suggestion.place == ""
        assert listed(page) == []
        publish(suggestion.participation, now=DURING)
        suggestion.refresh_from_db()
        assert suggestion.shown
        assert (suggestion.place, suggestion.support_count) == ("عند بيتي", 3)

    def test_what_its_author_withdraws_leaves_the_list(self, page):
        suggestion = make_suggestion(page)
        withdraw(suggestion.participation, now=DURING)
        assert listed(page) == []

    def test_a_redaction_reaches_the_list(self, client, page):
        suggestion = make_suggestion(page, title="عتيق", data={"place": "عتيق"})
        row = suggestion.participation
        row.title, row.data = "جديد", {"place": "جديد"}
        row.save()
        rewrite(row)
        html = read(client, address(page)).content.decode()
        assert "جديد" in html
        assert "عتيق" not in html

    def test_a_status_given_before_publication_is_shown_with_it(self, page):
        from tests.discussion.makers import make_participation

        row = make_participation(page.consultation, tool="suggestion", title="مقترح")
        set_status(row, "under_study", actor=make_user(superuser=True), now=DURING)
        assert not PublicSuggestion.objects.exists()
        publish(row, now=DURING)
        assert PublicSuggestion.objects.get().status == "under_study"

    def test_the_reason_stands_with_the_suggestion(self, client, page):
        suggestion = make_suggestion(page)
        set_status(
            suggestion.participation,
            "not_taken_up",
            reason={"ar": "تتعارض مع حدود الحديقة", "en": "Against the limits"},
            actor=make_user(superuser=True),
            now=DURING,
        )
        html = read(client, address(page)).content.decode()
        assert "تتعارض مع حدود الحديقة" in html
        english = read(client, address(translation_of(page))).content.decode()
        assert "Against the limits" in english

    def test_a_reply_is_no_suggestion_of_the_list(self, page):
        suggestion = make_suggestion(page)
        assert PublishedComment.objects.count() == 1
        assert suggestion.comment.kind == "suggestion"


def test_a_reworded_suggestion_says_when_its_supports_were_for_other_words(client):
    page = make_topic()
    suggestion = make_suggestion(page, text="أرجوحة", supports=3)
    shown = read(client, address(page, suggestion)).content.decode()
    assert "أعاد صاحبه صياغته" not in shown
    row = suggestion.participation
    with clock.rehearse(DURING + timedelta(days=1)):
        words = Changes(
            "لا أرجوحة",
            title=row.title,
            data=row.data,
            language="ar",
            publication=row.publication,
        )
        amended = amend(row, words)
        Participation.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
        amended.refresh_from_db()
        publish(amended, now=clock.now())
    later = DURING + timedelta(days=2)
    shown = read(client, address(page, suggestion), at=later).content.decode()
    assert "أعاد صاحبه صياغته" in shown
