"""Hiding places: nobody reads them any more, two people show them again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.moderation.makers import make_moderator, make_topic, make_waiting
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import errors, redaction
from wagtail_eparticipation.moderation.decide import confirm, decide, take_down
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.moderation.sealed import Redaction, SealedOriginal
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.withdrawal import withdraw

pytestmark = pytest.mark.django_db

NUMBER = "٠٥٥١٢٣٤٥٦٧"
TEXT = f"أقترح تشجير الممشى. جوالي {NUMBER}"
REASON = "rule-8.personal_data"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def make_privacy_officer():
    return make_user(permissions=["view_identity", "view_consultation"])


def place_of(item, words=NUMBER, field="text", category="contact"):
    text = getattr(item, field, "") or item.data.get(field, "")
    start = text.index(words)
    return Place(field, start, start + len(words), category)


def make_item(text=TEXT, **fields):
    return make_waiting(text=text, language="ar", **fields)


def publish_redacted(item, places=None, actor=None):
    return decide(
        item,
        Outcome.PUBLISH_REDACTED,
        actor=actor or make_moderator(),
        expected_state=item.state,
        reason_code=REASON,
        places=places if places is not None else [place_of(item)],
    )


def hidden_item(**fields):
    item = make_item(**fields)
    publish_redacted(item)
    item.refresh_from_db()
    return item


def test_the_register_and_the_discussion_hold_the_mark_alone():
    item = hidden_item()
    assert item.state == State.PUBLISHED
    assert item.text == "أقترح تشجير الممشى. جوالي [▮ بيانات اتصال]"
    assert NUMBER not in item.text_html
    comment = PublishedComment.objects.get(participation=item)
    assert comment.comment == item.text
    assert NUMBER not in comment.html


def test_no_table_of_the_database_holds_the_hidden_words():
    hidden_item()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for cell in row:
                    found = bytes(cell) if isinstance(cell, memoryview) else cell
                    text = found if isinstance(found, bytes) else str(found).encode()
                    assert NUMBER.encode() not in text, table


def test_a_dump_without_the_keys_opens_nothing(settings):
    item = hidden_item()
    original = item.sealed_originals.get()
    settings.SECRET_KEY = "another installation"
    with pytest.raises(Exception, match="master keys"):
        redaction.open_original(original, actor=make_privacy_officer(), reason="فحص")


def test_title_sources_place_and_name_can_be_hidden_too():
    item = make_item(
        title=f"اتصلوا {NUMBER}",
        public_name="سعد",
        data={"sources": f"رقم {NUMBER}", "place": f"بيت {NUMBER}"},
    )
    places = [
        place_of(item, field="title"),
        place_of(item),
        place_of(item, field="sources"),
        place_of(item, field="place"),
        place_of(item, "سعد", field="public_name", category="name"),
    ]
    publish_redacted(item, places)
    item.refresh_from_db()
    assert NUMBER not in f"{item.title}{item.text}{item.data}"
    assert item.public_name == "[▮ اسم]"


def test_publishing_redacted_needs_places():
    with pytest.raises(errors.PlacesNeeded):
        publish_redacted(make_item(), places=[])


def test_a_place_outside_the_text_hides_nothing():
    item = make_item()
    with pytest.raises(errors.PlaceNotThere):
        publish_redacted(item, places=[Place("text", 0, 10_000, "contact")])
    item.refresh_from_db()
    assert item.text == TEXT
    assert not SealedOriginal.objects.exists()


def test_further_places_can_be_hidden_without_the_original():
    item = hidden_item()
    publish_redacted(item, [place_of(item, "الممشى", category="address")])
    item.refresh_from_db()
    assert item.text == "أقترح تشجير [▮ عنوان]. جوالي [▮ بيانات اتصال]"
    assert item.state == State.PUBLISHED
    assert len(redaction.current(item)) == 2
    original = item.sealed_originals.get()
    words = redaction.open_original(
        original, actor=make_privacy_officer(), reason="مراجعة"
    )
    assert words["text"] == TEXT


def test_earlier_wordings_are_sealed_whole():
    topic = make_topic()
    item = make_waiting(topic, text=TEXT, language="ar")
    amend(
        item,
        Changes(
            text=f"نص آخر {NUMBER}",
            language="ar",
            publication=item.publication,
            public_name=item.public_name,
        ),
    )
    item.refresh_from_db()
    publish_redacted(item)
    earlier = item.revisions.get()
    assert earlier.text == "[▮ محتوى محجوب]"
    assert set(item.sealed_originals.values_list("revision", flat=True)) == {1, 2}
    opened = redaction.open_original(
        item.sealed_originals.get(revision=1),
        actor=make_privacy_officer(),
        reason="مراجعة",
    )
    assert opened["text"] == TEXT


def test_other_words_of_the_author_are_moderated_anew():
    item = hidden_item()
    amend(
        item,
        Changes(
            text=f"{item.text} وأيضاً",
            language="ar",
            publication=item.publication,
            public_name=item.public_name,
        ),
    )
    item.refresh_from_db()
    assert item.state == State.RECEIVED
    assert redaction.current(item) == []
    assert not PublishedComment.objects.filter(
        participation=item, hidden=False, is_removed=False
    ).exists()


def test_a_sensitive_hiding_waits_for_a_second_person():
    item = make_item("كلام مسيء هنا")
    proposal = decide(
        item,
        Outcome.PUBLISH_REDACTED,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code="rule-4.mockery",
        ground="سخرية من شخص.",
        places=[place_of(item, "مسيء", category="offence")],
    )
    item.refresh_from_db()
    assert (item.state, item.text) == (State.RECEIVED, "كلام مسيء هنا")
    confirm(proposal, actor=make_moderator())
    item.refresh_from_db()
    assert item.text == "كلام [▮ ألفاظ مسيئة] هنا"
    assert item.state == State.PUBLISHED


def test_places_can_be_hidden_after_the_formal_closing():
    item = make_item()
    decide(item, Outcome.PUBLISH, actor=make_moderator(), expected_state=item.state)
    item.refresh_from_db()
    type(item.consultation).objects.filter(pk=item.consultation_id).update(
        stored_stage=Stored.CLOSED
    )
    publish_redacted(item)
    item.refresh_from_db()
    assert NUMBER not in item.text


def test_what_is_only_counted_can_have_places_hidden():
    item = make_item(publication="not_published", state=State.UNPUBLISHED)
    decide(
        item,
        Outcome.KEEP_UNPUBLISHED,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code=REASON,
        places=[place_of(item)],
    )
    item.refresh_from_db()
    assert (item.state, NUMBER in item.text) == (State.UNPUBLISHED, False)


def test_what_is_taken_down_and_restored_stays_hidden():
    item = hidden_item()
    take_down(item, actor=make_moderator(), reason_code="take_down.rule_breach")
    item.refresh_from_db()
    decide(item, Outcome.PUBLISH, actor=make_moderator(), expected_state=item.state)
    assert NUMBER not in PublishedComment.objects.get(participation=item).html


def test_opening_an_original_stands_in_the_ledger_with_its_reason():
    item = hidden_item()
    officer = make_privacy_officer()
    redaction.open_original(
        item.sealed_originals.get(), actor=officer, reason="طلب من صاحبها"
    )
    event = LedgerEvent.objects.get(kind="moderation.original_opened")
    assert event.data["reason"] == "طلب من صاحبها"
    assert event.actor == f"user:{officer.pk}"


@pytest.mark.parametrize("reason", ["", "   ", "\u200f"])
def test_an_original_is_not_opened_without_a_reason(reason):
    item = hidden_item()
    with pytest.raises(errors.GroundNeeded):
        redaction.open_original(
            item.sealed_originals.get(), actor=make_privacy_officer(), reason=reason
        )


def test_the_moderator_does_not_open_what_was_hidden():
    item = hidden_item()
    with pytest.raises(PermissionDenied):
        redaction.open_original(
            item.sealed_originals.get(), actor=make_moderator(), reason="فضول"
        )


def test_a_privacy_officer_of_another_department_does_not_open_it():
    item = hidden_item()
    other = make_privacy_officer()
    StaffScope.objects.create(user=other)
    with pytest.raises(PermissionDenied):
        redaction.open_original(
            item.sealed_originals.get(), actor=other, reason="مراجعة"
        )


def test_showing_again_takes_the_privacy_role_and_another_person():
    item = hidden_item()
    moderator, officer = make_moderator(), make_privacy_officer()
    asked = redaction.ask_to_show(item, [0], actor=moderator, ground="ليس رقم جوال")
    item.refresh_from_db()
    assert NUMBER not in item.text
    with pytest.raises(PermissionDenied):
        redaction.show_again(asked, actor=make_moderator())
    redaction.show_again(asked, actor=officer)
    item.refresh_from_db()
    assert item.text == TEXT
    assert PublishedComment.objects.get(participation=item).comment == TEXT
    versions = item.redactions.values_list("state", "shows_again")
    assert list(versions) == [("in_force", False), ("in_force", True)]


def test_nobody_confirms_their_own_wish_to_show_again():
    item = hidden_item()
    officer = make_privacy_officer()
    asked = redaction.ask_to_show(item, [0], actor=officer, ground="خطأ")
    with pytest.raises(errors.SamePerson):
        redaction.show_again(asked, actor=officer)


def test_one_of_several_places_is_shown_again():
    item = make_item(f"الممشى {NUMBER} هنا")
    publish_redacted(
        item, [place_of(item), place_of(item, "الممشى", category="address")]
    )
    asked = redaction.ask_to_show(
        item, [0], actor=make_moderator(), ground="المكان عام"
    )
    redaction.show_again(asked, actor=make_privacy_officer())
    item.refresh_from_db()
    assert item.text == "الممشى [▮ بيانات اتصال] هنا"


def test_a_declined_wish_leaves_everything_hidden():
    item = hidden_item()
    asked = redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    redaction.keep_hidden(asked, actor=make_privacy_officer())
    item.refresh_from_db()
    assert NUMBER not in item.text
    assert Redaction.objects.get(pk=asked.pk).state == "declined"
    with pytest.raises(errors.NotOpen):
        redaction.show_again(asked, actor=make_privacy_officer())


def test_two_wishes_at_once_are_one():
    item = hidden_item()
    redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    with pytest.raises(errors.AwaitingSecondPerson):
        redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")


def test_no_event_of_the_ledger_holds_a_hidden_word():
    item = hidden_item()
    redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    for event in LedgerEvent.objects.filter(consultation=item.consultation):
        assert NUMBER not in str(event.data)


@pytest.mark.parametrize("release", [True, False])
def test_links_are_text_until_a_moderator_releases_them(release):
    item = make_waiting(text="انظر https://example.org/a?b=1&c=2.", language="ar")
    decide(
        item,
        Outcome.PUBLISH,
        actor=make_moderator(),
        expected_state=item.state,
        release_links=release,
    )
    html = PublishedComment.objects.get(participation=item).html
    link = (
        '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener"'
        ' dir="ltr">https://example.org/a?b=1&amp;c=2</a>.'
    )
    assert (link in html) is release
    assert ("<a" in html) is release


def test_nothing_is_shown_again_under_a_proposal_that_counts_places():
    item = hidden_item()
    asked = redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    proposal = decide(
        item,
        Outcome.PUBLISH_REDACTED,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code="rule-4.mockery",
        ground="سخرية من شخص.",
        places=[place_of(item, "الممشى", category="offence")],
    )
    with pytest.raises(errors.AwaitingSecondPerson):
        redaction.show_again(asked, actor=make_privacy_officer())
    confirm(proposal, actor=make_moderator())
    item.refresh_from_db()
    assert item.text == "أقترح تشجير [▮ ألفاظ مسيئة]. جوالي [▮ بيانات اتصال]"


def test_what_was_hidden_since_stays_hidden():
    item = hidden_item()
    asked = redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    publish_redacted(item, [place_of(item, "الممشى", category="address")])
    redaction.show_again(asked, actor=make_privacy_officer())
    item.refresh_from_db()
    assert item.text == f"أقترح تشجير [▮ عنوان]. جوالي {NUMBER}"
    # And what is hidden next is counted past what is hidden now alone.
    assert [each.category for each in redaction.current(item)] == ["address"]
    publish_redacted(item, [place_of(item)])
    item.refresh_from_db()
    assert item.text == "أقترح تشجير [▮ عنوان]. جوالي [▮ بيانات اتصال]"


def shown_again(item, wanted=(0,)):
    asked = redaction.ask_to_show(item, wanted, actor=make_moderator(), ground="خطأ")
    redaction.show_again(asked, actor=make_privacy_officer())
    item.refresh_from_db()


def test_what_was_shown_again_can_be_hidden_again():
    item = hidden_item()
    shown_again(item)
    publish_redacted(item)
    item.refresh_from_db()
    assert NUMBER not in item.text
    assert item.sealed_originals.count() == 1


def test_what_is_taken_down_stays_without_words_when_places_are_shown():
    item = hidden_item()
    take_down(item, actor=make_moderator(), reason_code="take_down.rule_breach")
    shown_again(item)
    comment = PublishedComment.objects.get(participation=item)
    assert (item.text, comment.comment, comment.html) == (TEXT, "", "")


def test_nothing_is_shown_again_of_what_was_withdrawn():
    item = hidden_item()
    asked = redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")
    withdraw(item)
    with pytest.raises(errors.StateChanged):
        redaction.show_again(asked, actor=make_privacy_officer())
    redaction.keep_hidden(asked, actor=make_privacy_officer())
    with pytest.raises(errors.StateChanged):
        redaction.ask_to_show(item, [0], actor=make_moderator(), ground="خطأ")


def item_with_name():
    item = make_item(public_name="سعد", publication="with_name")
    name = place_of(item, "سعد", field="public_name", category="name")
    publish_redacted(item, [place_of(item), name])
    type(item).objects.filter(pk=item.pk).update(public_name="")
    item.refresh_from_db()
    return item


def test_a_name_taken_away_since_does_not_come_back_with_a_place():
    item = item_with_name()
    hidden = [place.field for place in redaction.current(item)]
    shown_again(item, [hidden.index("text")])
    assert (item.text, item.public_name) == (TEXT, "")
    assert PublishedComment.objects.get(participation=item).shown_name == ""


def test_further_places_are_hidden_though_a_name_was_taken_away():
    item = item_with_name()
    publish_redacted(item, [place_of(item, "الممشى", category="address")])
    item.refresh_from_db()
    assert item.text == "أقترح تشجير [▮ عنوان]. جوالي [▮ بيانات اتصال]"
    assert item.public_name == ""


def test_the_point_of_a_hidden_place_is_hidden_with_it_and_comes_back_with_it():
    point = {"latitude": 26.32592, "longitude": 43.97498}
    before = {"place": f"بيت {NUMBER}", "category": "", **point}
    item = make_item(tool="suggestion", data=before)
    publish_redacted(item, [place_of(item), place_of(item, field="place")])
    item.refresh_from_db()
    listed = PublicSuggestion.objects.filter(participation=item)
    assert not point.keys() & item.data.keys()
    assert listed.get().latitude is None
    shown_again(item, [1])
    assert not point.keys() & item.data.keys()
    shown_again(item, [0])
    assert item.data == before
    assert listed.get().longitude == point["longitude"]


def test_the_point_stays_while_other_words_are_hidden():
    item = make_item(tool="suggestion", data={"place": "بيت", "latitude": 26.5})
    publish_redacted(item)
    item.refresh_from_db()
    assert item.data["latitude"] == 26.5


def test_the_points_of_earlier_wordings_are_sealed_with_them():
    item = make_item(tool="suggestion", data={"place": "بيت", "latitude": 26.32592})
    amend(
        item,
        Changes(
            text=TEXT,
            language="ar",
            publication=item.publication,
            public_name=item.public_name,
            data={"place": "حي"},
        ),
    )
    item.refresh_from_db()
    publish_redacted(item)
    assert "latitude" not in item.revisions.get().data


def sent_again(page, item, client):
    """What a browser sends from a page that is open, to hide the number."""
    form = next(
        each for each in page.context["forms"] if each.chosen == "publish_redacted"
    )
    data = {f"{form.prefix}-{name}": value for name, value in form.initial.items()}
    where = place_of(item, NUMBER)
    data |= {
        "decide": form.prefix,
        f"{form.prefix}-reason": REASON,
        f"{form.prefix}-hide": f"text:{where.start}:{where.end}:contact",
    }
    return client.post(page.wsgi_request.path, data)


@pytest.mark.parametrize("changed", [True, False])
def test_a_page_opened_before_words_were_hidden_hides_no_other_words(client, changed):
    item = make_item(state=State.PUBLISHED)
    client.force_login(make_moderator())
    page = client.get(
        reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    )
    if changed:
        publish_redacted(item, [place_of(item, "أقترح", category="other")])
    sent_again(page, item, client)
    assert item.redactions.count() == 1
    item.refresh_from_db()
    assert (NUMBER in item.text) is changed
