"""Whoever holds the receipt changes the words until closing; the latest count."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.discussion.makers import make_participation, make_voice
from tests.factories import CLOSES, DURING, make_consultation
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.participations import receipts, tokens
from wagtail_eparticipation.participations.amending import (
    AnotherStands,
    Changes,
    TooLateToAmend,
    amend,
)
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.participations.receipt_views import receipt_address
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def changed(participation, at=DURING, text="نص جديد", **words):
    with clock.rehearse(at):
        changes = Changes(
            **{
                "text": text,
                "title": participation.title,
                "data": participation.data,
                "language": participation.language,
                "publication": participation.publication,
                "public_name": participation.public_name,
                **words,
            }
        )
        return amend(participation, changes)


def test_the_new_words_count_and_the_old_are_kept():
    participation = make_participation(text="نص قديم", title="عنوان قديم")
    row = changed(participation, title="عنوان جديد", data={"place": "الحي"})
    row.refresh_from_db()
    assert (row.title, row.text, row.revision) == ("عنوان جديد", "نص جديد", 2)
    assert "نص جديد" in row.text_html
    old = row.revisions.get()
    assert (old.number, old.title, old.text) == (1, "عنوان قديم", "نص قديم")
    assert (old.language, old.publication) == (row.language, row.publication)
    assert Participation.objects.counted().count() == 1


PERSON = Standing("a" * 64)


def said(consultation, title, text="نص"):
    with clock.rehearse(DURING):
        submission = Submission(
            tool="suggestion", language="ar", title=title, text=text, standing=PERSON
        )
        return submit(consultation, submission).participation


def counted(consultation):
    rows = consultation.participations.counted()
    return sorted(rows.values_list("title", flat=True))


def test_a_suggestion_that_was_retitled_leaves_its_old_title_free():
    topic = make_consultation()
    changed(said(topic, "مقاعد"), title="مظلات")
    said(topic, "مقاعد")
    assert counted(topic) == ["مظلات", "مقاعد"]


def test_two_of_one_person_never_get_the_same_title():
    topic = make_consultation()
    first = said(topic, "مقاعد")
    said(topic, "مظلات")
    with pytest.raises(AnotherStands):
        changed(first, title="مظلات")
    assert counted(topic) == ["مظلات", "مقاعد"]


def test_what_was_refused_comes_back_only_while_no_other_stands():
    topic = make_consultation()
    refused = said(topic, "مقاعد")
    Participation.objects.filter(pk=refused.pk).update(state=State.REFUSED)
    said(topic, "مقاعد", text="نص آخر")
    with pytest.raises(AnotherStands):
        changed(refused)
    assert counted(topic) == ["مقاعد"]


def test_the_same_words_change_nothing():
    participation = make_participation(text="نص", state=State.UNPUBLISHED)
    row = changed(participation, text="نص")
    assert (row.revision, row.state) == (1, State.UNPUBLISHED)
    assert not row.revisions.exists()


def test_what_was_published_waits_for_a_moderator_again_and_can_be_shown_again():
    participation = make_voice(text="نص قديم").participation
    row = changed(participation)
    comment = PublishedComment.objects.get(participation=row)
    row.consultation.refresh_from_db()
    assert (row.state, row.consultation.published_count) == (State.RECEIVED, 0)
    assert "نص قديم" not in f"{comment.comment}{comment.html}"
    publish(row, now=DURING)
    comment.refresh_from_db()
    assert comment.comment == "نص جديد"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.RECEIVED, State.RECEIVED),
        (State.UNPUBLISHED, State.RECEIVED),
        (State.REFUSED, State.RECEIVED),
        (State.QUARANTINED, State.QUARANTINED),
    ],
)
def test_new_words_are_looked_at_again(before, after):
    assert changed(make_participation(state=before)).state == after


@pytest.mark.parametrize(
    "state", [State.WITHDRAWN, State.LATE, State.TAKEN_DOWN, State.REROUTED]
)
def test_what_is_out_of_the_authors_hand_cannot_be_changed(state):
    with pytest.raises(TooLateToAmend):
        changed(make_participation(state=state))


@pytest.mark.parametrize(("at", "possible"), [(CLOSES - TICK, True), (CLOSES, False)])
def test_the_closing_is_exact_for_changes_too(at, possible):
    participation = make_participation(text="نص قديم")
    if possible:
        assert changed(participation, at).text == "نص جديد"
        return
    with pytest.raises(TooLateToAmend):
        changed(participation, at)
    participation.refresh_from_db()
    assert participation.text == "نص قديم"


def test_a_withdrawn_topic_takes_no_changes():
    consultation = make_consultation()
    consultation.window.accepting = False
    consultation.window.save()
    with pytest.raises(TooLateToAmend):
        changed(make_participation(consultation))


def test_the_ledger_keeps_the_fact_and_no_words():
    row = changed(make_participation(text="كلمات أولى"), text="كلمات سرية")
    event = row.consultation.ledger_events.get(kind="participation.amended")
    assert event.data["revision"] == 2
    assert "كلمات" not in str(event.data)


@pytest.fixture
def sent():
    """A suggestion as sent, with the address of its receipt."""
    cache.clear()
    page = make_consultation_page(policy_version=install_pack("qassim")[0])
    submission = Submission(
        tool="suggestion",
        language="ar",
        title="مقاعد",
        text="مقاعد مظللة",
        data={"place": "الحديقة"},
    )
    with clock.rehearse(DURING):
        outcome = submit(page.consultation, submission)
        return outcome.participation, receipt_address(outcome.receipt_code, "ar")


KEPT = {"language": "ar", "publication": "not_published"}


def call(method, url, *args, at=DURING):
    with clock.rehearse(at):
        return method(url, *args)


def test_the_receipt_leads_to_a_form_with_the_present_words(client, sent):
    participation, address = sent
    receipt = call(client.get, address).content.decode()
    assert f"{address}change/" in receipt
    form = call(client.get, f"{address}change/")
    html = form.content.decode()
    assert "مقاعد مظللة" in html
    assert "الحديقة" in html
    assert 'name="email"' not in html
    assert "no-store" in form["Cache-Control"]
    assert not form.cookies


def test_a_change_sent_by_the_form_lands_in_the_register(client, sent):
    participation, address = sent
    words = {"title": "مقاعد", "text": "مقاعد مظللة وماء", **KEPT}
    response = call(client.post, f"{address}change/", words)
    assert response.status_code == 302
    participation.refresh_from_db()
    assert (participation.text, participation.revision) == ("مقاعد مظللة وماء", 2)
    assert "place" not in participation.data
    assert participation.revisions.get().data == {"place": "الحديقة"}


@pytest.mark.parametrize("changes", [{"text": ""}, {"title": ""}, {"language": "xx"}])
def test_a_mistake_keeps_what_was_typed_and_changes_nothing(client, sent, changes):
    participation, address = sent
    words = {"title": "عنوان آخر", "text": "كلمات أخرى", **KEPT} | changes
    response = call(client.post, f"{address}change/", words)
    html = response.content.decode()
    assert response.status_code == 422
    assert all(words[name] in html for name in ("title", "text"))
    participation.refresh_from_db()
    assert participation.revision == 1


def test_closing_while_writing_keeps_the_words_and_says_so(client, sent):
    participation, address = sent
    words = {"title": "مقاعد", "text": "كلمات متأخرة", **KEPT}
    response = call(client.post, f"{address}change/", words, at=CLOSES)
    assert response.status_code == 422
    assert "كلمات متأخرة" in response.content.decode()
    participation.refresh_from_db()
    assert participation.revision == 1


def test_after_closing_the_receipt_offers_no_change(client, sent):
    _participation, address = sent
    assert "change/" not in call(client.get, address, at=CLOSES).content.decode()
    response = call(client.get, f"{address}change/", at=CLOSES)
    assert response.status_code == 302


def test_an_address_made_up_leads_to_the_look_up(client, sent):
    response = call(client.get, "/eparticipation/ar/receipt/made-up/change/")
    assert response["Location"] == "/eparticipation/ar/receipt/?expired=1"
    asked = call(client.get, response["Location"]).content.decode()
    assert "ساعة واحدة" in asked


def test_how_it_is_shown_can_be_changed_too(client, sent):
    participation, address = sent
    words = {"title": "مقاعد", "text": "مقاعد مظللة", "language": "ar"}
    named = {"publication": "with_name", "name": "سارة"}
    call(client.post, f"{address}change/", words | named)
    participation.refresh_from_db()
    assert (participation.publication, participation.public_name) == (
        "with_name",
        "سارة",
    )
    call(client.post, f"{address}change/", words | {"publication": "without_name"})
    participation.refresh_from_db()
    assert (participation.publication, participation.public_name) == (
        "without_name",
        "",
    )


@pytest.mark.parametrize(
    ("language", "saved", "unchanged"),
    [
        ("ar", "حُفظت تعديلاتك", "لم يتغير شيء"),
        ("en", "Your changes are saved", "You changed nothing"),
    ],
)
def test_a_form_that_is_sent_once_more_is_said_to_be_saved(
    client, sent, language, saved, unchanged
):
    participation, address = sent
    address = address.replace("/ar/", f"/{language}/")
    form = call(client.get, f"{address}change/").content.decode()
    opened_at = re.search(r'name="opened_at" value="(\d+)"', form)[1]
    words = {"title": "مقاعد", "text": "نص جديد", **KEPT, "opened_at": opened_at}
    for _time in range(2):
        done = call(client.post, f"{address}change/", words)
        shown = call(client.get, done["Location"]).content.decode()
        assert saved in shown and unchanged not in shown
    participation.refresh_from_db()
    assert participation.revision == 2
    untouched = call(client.post, f"{address}change/", words | {"opened_at": "2"})
    assert unchanged in call(client.get, untouched["Location"]).content.decode()


@pytest.fixture
def hours_later():
    later = timezone.now() + 5 * tokens.ADDRESS_LIFETIME
    with mock.patch("time.time", return_value=later.timestamp()):
        yield


NEW = KEPT | {"title": "مقاعد", "text": "نص كُتب على مهل"}


def test_words_written_for_hours_are_kept_and_taken_with_the_code(
    client, sent, hours_later
):
    participation, address = sent
    asked = call(client.post, f"{address}change/", NEW)
    html = asked.content.decode()
    assert asked.status_code == 422
    assert NEW["text"] in html
    assert 'name="code"' in html
    code = receipts.code_for(participation.idempotency_key)
    call(client.post, f"{address}change/", NEW | {"code": code.lower()})
    participation.refresh_from_db()
    assert participation.text == NEW["text"]


def test_an_old_address_opens_nothing_without_the_right_code(client, sent, hours_later):
    participation, address = sent
    wrong = NEW | {"code": "7KQM-2XWF-7KQM-2XWF-7KQM"}
    refused = call(client.post, f"{address}change/", wrong)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "مقاعد مظللة" not in html
    assert set(re.findall(r'/receipt/([^/"]{20,})/', html)) <= {address.split("/")[-2]}
    participation.refresh_from_db()
    assert participation.revision == 1
    attempts = [call(client.post, f"{address}change/", wrong) for _ in range(30)]
    assert attempts[-1].status_code == 429
