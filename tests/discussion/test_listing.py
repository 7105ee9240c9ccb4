from datetime import timedelta

import pytest

from tests.discussion.makers import make_voice
from tests.factories import DURING, make_consultation
from wagtail_eparticipation.discussion import listing, threads
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.models import PublishedComment

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation()


def voices_of(consultation, number, *, apart=timedelta(minutes=1)):
    """So many roots, each younger than the one before unless ``apart`` is nothing."""
    return [
        make_voice(consultation, now=DURING + apart * index) for index in range(number)
    ]


def test_the_newest_voice_comes_first(consultation):
    made = voices_of(consultation, 3)
    found = listing.newest(consultation, size=2)
    assert [voice.pk for voice in found.voices] == [made[2].pk, made[1].pk]
    assert found.newer == ""
    assert found.older == made[1].key


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(0)])
def test_walking_to_older_pages_meets_every_voice_once(consultation, apart):
    made = voices_of(consultation, 7, apart=apart)
    seen, page = [], listing.newest(consultation, size=3)
    seen += page.voices
    while page.older:
        page = listing.older_than(consultation, page.older, size=3)
        seen += page.voices
    assert [voice.pk for voice in seen] == [voice.pk for voice in reversed(made)]


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(0)])
def test_walking_back_shows_the_same_pages(consultation, apart):
    voices_of(consultation, 7, apart=apart)
    first = listing.newest(consultation, size=3)
    second = listing.older_than(consultation, first.older, size=3)
    back = listing.newer_than(consultation, second.newer, size=3)
    assert back.voices == first.voices
    assert back.newer == ""
    assert back.older == first.older


def test_voices_of_another_topic_are_not_shown(consultation):
    make_voice()
    assert listing.newest(consultation).voices == []


def test_a_place_of_another_topic_is_unknown_here(consultation):
    elsewhere = make_voice()
    with pytest.raises(PublishedComment.DoesNotExist):
        listing.older_than(consultation, elsewhere.key)


@pytest.mark.parametrize("key", ["", "x", "ffffffff", "0" * 32, "١٢٣", "a" * 400])
def test_a_made_up_key_is_unknown(consultation, key):
    with pytest.raises(PublishedComment.DoesNotExist):
        listing.find(consultation, key)


def test_each_voice_brings_its_first_replies_in_their_order(consultation):
    root = make_voice(consultation)
    replies = [make_voice(consultation, parent=root.participation) for _n in range(5)]
    (shown,) = listing.newest(consultation).voices
    assert shown.first_replies == replies[: listing.FIRST_REPLIES]
    assert shown.reply_count == 5


def test_replies_are_not_listed_as_voices_of_their_own(consultation):
    root = make_voice(consultation)
    make_voice(consultation, parent=root.participation)
    assert len(listing.newest(consultation).voices) == 1


def test_a_tombstone_keeps_its_place_and_a_hidden_voice_does_not(consultation):
    removed, hidden = make_voice(consultation), make_voice(consultation)
    publishing.take_down(removed.participation, now=DURING, clause="P-7.4")
    publishing.withdraw(hidden.participation, now=DURING)
    assert [voice.pk for voice in listing.newest(consultation).voices] == [removed.pk]


@pytest.mark.parametrize("number", [20, 200])
def test_a_page_costs_two_queries_whatever_its_size(
    consultation, number, django_assert_num_queries
):
    for voice in voices_of(consultation, number):
        reply = make_voice(consultation, parent=voice.participation)
        make_voice(consultation, parent=reply.participation)
    with django_assert_num_queries(2):
        found = listing.newest(consultation, size=number)
        assert [each.html for each in found.voices if each.safe_html]
        for voice in found.voices:
            for reply in voice.first_replies:
                assert reply.reply_to_id is None or not reply.reply_to.is_taken_down


def test_listing_reads_no_table_of_the_comments_package(
    consultation, django_assert_num_queries
):
    make_voice(consultation)
    with django_assert_num_queries(1) as cost:
        listing.newest(consultation)
    (query,) = cost.captured_queries
    assert "django_comments" not in query["sql"]


def test_a_thread_is_paged_by_position(consultation, monkeypatch):
    monkeypatch.setattr(listing, "THREAD_PAGE_SIZE", 2)
    root = make_voice(consultation)
    replies = [make_voice(consultation, parent=root.participation) for _n in range(5)]
    first = listing.thread(root)
    assert (first.replies, first.earlier, first.later) == (replies[:2], None, 2)
    last = listing.thread(root, after=4)
    assert (last.replies, last.earlier, last.later) == (replies[4:], 2, None)


def test_the_permalink_of_a_reply_shows_the_page_on_which_it_stands(
    consultation, monkeypatch
):
    monkeypatch.setattr(listing, "THREAD_PAGE_SIZE", 2)
    root = make_voice(consultation)
    replies = [make_voice(consultation, parent=root.participation) for _n in range(5)]
    found = listing.thread(listing.find(consultation, replies[3].key))
    assert found.root == root
    assert replies[3] in found.replies


def test_a_published_voice_can_be_replied_to(consultation):
    voice = make_voice(consultation, public_name="سارة")
    target = threads.reply_target(voice.key, consultation)
    assert target.participation_id == voice.participation_id
    assert target.name == "سارة"


def test_what_is_taken_down_elsewhere_or_unknown_takes_no_reply(consultation):
    removed = make_voice(consultation)
    publishing.take_down(removed.participation, now=DURING)
    assert threads.reply_target(removed.key, consultation) is None
    assert threads.reply_target(make_voice().key, consultation) is None
    assert threads.reply_target("nonsense", consultation) is None
