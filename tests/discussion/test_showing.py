"""What a topic promised about reading others' words holds at every address."""

import pytest
from django.urls import reverse

from tests.discussion.makers import make_voice
from tests.discussion.suggestion_makers import make_suggestion
from tests.factories import AFTER, DURING
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import receipt_notes, reply_targets

pytestmark = pytest.mark.django_db

#: A form that is sent to what is not there is answered in words.
GONE = (404, 410)

WORDS = "مقاعد مظللة للأسر"


def make_topic(display):
    page = make_consultation_page()
    page.consultation.pages.update(results_display=display)
    page.refresh_from_db()
    return page


@pytest.fixture
def after_closing():
    return make_topic("after_closing")


def read(client, page, tail=""):
    return client.get(f"{page.get_url()}{tail}")


def test_before_the_closing_the_page_says_when_it_is_shown(client, after_closing):
    make_voice(after_closing.consultation, text=WORDS)
    with clock.rehearse(DURING):
        for page in (after_closing, translation_of(after_closing)):
            for tail in ("", "discussion/"):
                shown = read(client, page, tail)
                assert WORDS not in shown.content.decode()
                assert shown.status_code == 200
        english = read(client, translation_of(after_closing), "discussion/")
    assert "is shown here when the period is over" in english.content.decode()


def test_after_the_closing_everything_is_there(client, after_closing):
    voice = make_voice(after_closing.consultation, text=WORDS)
    with clock.rehearse(AFTER):
        for tail in ("", "discussion/", f"discussion/{voice.key}/"):
            assert WORDS in read(client, after_closing, tail).content.decode()


def test_nothing_is_ever_shown_where_that_was_said(client):
    page = make_topic("never")
    voice = make_voice(page.consultation, text=WORDS)
    for instant in (DURING, AFTER):
        with clock.rehearse(instant):
            assert WORDS not in read(client, page).content.decode()
            hidden = read(client, page, f"discussion/{voice.key}/")
            assert hidden.url == f"{page.get_url()}discussion/"


@pytest.mark.parametrize("name", ["agree", "report", "follow"])
def test_nobody_acts_on_a_voice_that_is_not_shown(client, after_closing, name):
    voice = make_voice(after_closing.consultation, text=WORDS)
    address = reverse(f"eparticipation:{name}", args=["ar", voice.public_id])
    with clock.rehearse(DURING):
        assert client.get(address, follow=True).status_code == 404
        assert client.post(address).status_code in GONE


def test_nobody_replies_to_it_and_its_author_is_given_no_address(after_closing):
    voice = make_voice(after_closing.consultation, text=WORDS)
    with clock.rehearse(DURING):
        assert reply_targets.find(voice.key, after_closing.consultation) is None
        notes = receipt_notes.notes_for(voice.participation, "ar")
        assert voice.get_absolute_url() not in [note.url for note in notes]
        assert "بعد انتهاء المدة" in " ".join(note.text for note in notes)
    with clock.rehearse(AFTER):
        notes = receipt_notes.notes_for(voice.participation, "ar")
        assert voice.get_absolute_url() in [note.url for note in notes]


def test_suggestions_keep_to_it_too(client, after_closing):
    suggestion = make_suggestion(after_closing, text=WORDS)
    key = suggestion.comment.key
    with clock.rehearse(DURING):
        listed = read(client, after_closing, "suggestions/")
        assert listed.status_code == 200
        assert WORDS not in listed.content.decode()
        for tail in (f"suggestions/{key}/", f"suggestions/{key}/support/"):
            hidden = read(client, after_closing, tail)
            assert hidden.url == f"{after_closing.get_url()}suggestions/"
        send = reverse(
            "eparticipation:support",
            args=[
                "ar",
                after_closing.consultation.public_id,
                suggestion.comment.public_id,
            ],
        )
        assert client.post(send).status_code in GONE
    with clock.rehearse(AFTER):
        assert WORDS in read(client, after_closing, "suggestions/").content.decode()
