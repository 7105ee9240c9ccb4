"""What a moderator is offered to hide, and how they choose it (AC-S3-E1)."""

import pytest
from django.urls import reverse

from tests.factories import DURING
from tests.moderation import small_advisers
from tests.moderation.makers import SENSITIVE, make_moderator, make_waiting
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.moderation.advisers import registry
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.hiding_form import (
    AT_MOST,
    occurrences,
    place_of,
    suggested,
)
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db

TEXT = "جوالي ٠٥٥١٢٣٤٥٦٧ واسمي سعد 🇸🇦"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def adviser(monkeypatch):
    """An adviser that finds the number."""

    def look(reading):
        start = reading.text.find("٠٥٥١٢٣٤٥٦٧")
        if start >= 0:
            place = (start, start + 10, reading.field, "test", "personal_data")
            yield Finding(*place, category="contact", hide=True)

    monkeypatch.setattr(registry, "_ADVISERS", {})
    registry.register("test", rule="personal_data", look=look)


def url_of(item):
    return reverse("eparticipation_admin:moderation_review", args=[item.public_id])


def post(client, item, **fields):
    form = {
        "decide": "publish_redacted",
        "publish_redacted-state": item.state,
        "publish_redacted-revision": str(item.revision),
        "publish_redacted-reason": "rule-8.personal_data",
        "publish_redacted-more_category": "other",
    }
    form |= {f"publish_redacted-{name}": value for name, value in fields.items()}
    return client.post(url_of(item), form)


@pytest.fixture
def desk(client):
    client.force_login(make_moderator())
    return client


def test_what_was_found_is_selected_beforehand(desk, adviser):
    item = make_waiting(text=TEXT, language="ar")
    page = desk.get(url_of(item)).content.decode()
    start = TEXT.index("٠")
    value = f"text:{start}:{start + 10}:contact"
    box = page[page.index(value) :].partition(">")[0]
    assert "checked" in box


def test_the_chosen_boxes_are_hidden(desk, adviser):
    item = make_waiting(text=TEXT, language="ar")
    start = TEXT.index("٠")
    post(desk, item, hide=[f"text:{start}:{start + 10}:contact"])
    item.refresh_from_db()
    assert item.text == "جوالي [▮ بيانات اتصال] واسمي سعد 🇸🇦"


def test_words_that_were_written_out_are_hidden_wherever_they_stand(desk):
    item = make_waiting(text="سعد قال لسعد: سَعْد", language="ar")
    post(desk, item, more="سعد", more_category="name")
    item.refresh_from_db()
    assert item.text == "[▮ اسم] قال ل[▮ اسم]: [▮ اسم]"


def test_words_that_are_not_in_the_text_are_named_and_nothing_is_lost(desk):
    item = make_waiting(text=TEXT, language="ar")
    response = post(desk, item, more="فيصل", ground="سبب مكتوب")
    page = response.content.decode()
    assert "لا يرد في النص: فيصل" in page
    assert "سبب مكتوب" in page
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_a_selection_of_a_script_comes_back_ticked_after_an_error(desk):
    item = make_waiting(text=TEXT, language="ar")
    response = post(desk, item, hide=["text:0:5:name"], more="فيصل")
    box = response.content.decode().partition('value="text:0:5:name"')[2]
    assert "checked" in box.partition(">")[0]


@pytest.mark.parametrize(
    "value",
    [
        "text:0:999:name",
        "text:5:5:name",
        "text:-1:5:name",
        "nofield:0:1:name",
        "text:0:1:nonsense",
        "<script>",
        "text:0:1",
        "text:٠:٣:name",
    ],
)
def test_a_forged_box_is_refused(desk, value):
    item = make_waiting(text=TEXT, language="ar")
    response = post(desk, item, hide=[value])
    assert response.status_code == 200
    item.refresh_from_db()
    assert item.text == TEXT


def test_hiding_nothing_is_said_and_publishes_nothing(desk):
    item = make_waiting(text=TEXT, language="ar")
    page = post(desk, item).content.decode()
    assert "اختاروا ما يُحجب" in page
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_a_text_of_10_000_candidates_is_offered_in_part(desk, monkeypatch):
    def look(reading):
        for start in range(0, len(reading.text), 2):
            yield Finding(
                start, start + 1, reading.field, "t", "links", category="link"
            )

    monkeypatch.setattr(registry, "_ADVISERS", {})
    registry.register("many", rule="links", look=look)
    item = make_waiting(text="a " * 5_000, language="en")
    page = desk.get(url_of(item)).content.decode()
    assert 0 < page.count('value="text:') < 2_500


def test_occurrences_are_places_of_the_text_as_stored():
    words = {"text": "رَقْم: ٠٥٥", "title": "055"}
    found = occurrences(words, "055", "contact")
    assert sorted(found) == [
        Place("text", 7, 10, "contact"),
        Place("title", 0, 3, "contact"),
    ]


def test_a_box_of_another_text_is_no_place():
    assert place_of("text:0:5:name", {"text": "ab"}) is None


def test_the_page_opens_though_an_adviser_fails(desk, monkeypatch):
    small_advisers.use(monkeypatch, small_advisers.broken)
    assert desk.get(url_of(make_waiting(text=TEXT))).status_code == 200


def test_more_than_anybody_reads_is_proposed_as_a_whole(desk, monkeypatch):
    def look(reading):
        for start in range(0, len(reading.text) - 1, 2):
            place = (start, start + 1, reading.field, "test", "personal_data")
            yield Finding(*place, category="contact", hide=True)

    monkeypatch.setattr(registry, "_ADVISERS", {})
    registry.register("test", rule="personal_data", look=look)
    text = "٧ " * (AT_MOST + 1)
    item = make_waiting(text=text.strip(), language="ar")
    (found,) = [each for each, _hide in suggested(item) if each.field == "text"]
    assert (found.start, found.end) == (0, len(item.text))


def test_more_boxes_than_that_are_refused_not_dropped(desk):
    item = make_waiting(text="أ" * (AT_MOST + 2), language="ar")
    chosen = [f"text:{n}:{n + 1}:contact" for n in range(AT_MOST + 1)]
    page = post(desk, item, hide=chosen).content.decode()
    assert str(AT_MOST) in page
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_the_second_person_sees_what_is_to_be_hidden(desk):
    item = make_waiting(text=TEXT, language="ar")
    decide(
        item,
        Outcome.PUBLISH_REDACTED,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code=SENSITIVE,
        ground="رقم",
        places=[Place("text", 6, 16, "contact")],
    )
    page = desk.get(url_of(item)).content.decode()
    proposal = page[page.index('id="proposal-title"') :].partition("</section>")[0]
    assert "٠٥٥١٢٣٤٥٦٧" in proposal


def test_what_is_marked_is_published_only_when_somebody_says_so(desk, adviser):
    item = make_waiting(text=TEXT, language="ar")
    form = {
        "decide": "publish",
        "publish-state": item.state,
        "publish-revision": str(item.revision),
    }

    page = desk.post(url_of(item), form)

    item.refresh_from_db()
    assert item.state == State.RECEIVED
    assert "as_marked" in page.context["forms"][0].errors
    desk.post(url_of(item), form | {"publish-as_marked": "on"})
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_publishing_asks_nothing_where_nothing_is_marked(desk, adviser):
    item = make_waiting(text="أحب الظل", language="ar")
    form = desk.get(url_of(item)).context["forms"][0]
    assert form.chosen == Outcome.PUBLISH and not form.asks
