import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.translation import gettext, override

from tests.discussion.makers import make_voice
from tests.factories import AFTER, DURING, make_user
from tests.factories_pages import make_consultation_page
from tests.moderation import small_advisers
from tests.moderation.makers import make_moderator, make_topic, make_waiting
from tests.moderation.test_desk import listed, queue_address, review_address
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.decide import take_down
from wagtail_eparticipation.moderation.early import EarlyPublication
from wagtail_eparticipation.moderation.modes import leave_published, publish_early
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.models import (
    Consent,
    Publication,
    State,
)

pytestmark = pytest.mark.django_db

WHY = {"ar": "الموضوع عاجل.", "en": "The topic is urgent."}
AFTERWARDS, ON_REPORT = ModerationMode.AFTER, ModerationMode.ON_REPORT


def send(topic, django_capture_on_commit_callbacks, **fields):
    fields.setdefault("publication", Publication.WITHOUT_NAME)
    fields.setdefault("consent", Consent.EXPLICIT)
    fields.setdefault("text", "ظل أكثر")
    submission = Submission(tool="comment", language="ar", **fields)
    with django_capture_on_commit_callbacks(execute=True):
        participation = submit(topic, submission).participation
    participation.refresh_from_db()
    return participation


def open_topic(mode):
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    return make_topic(
        moderation_mode=mode,
        opens_at=now - timedelta(days=2),
        closes_at=now + timedelta(days=2),
    )


@pytest.mark.parametrize(
    ("mode", "state", "due"),
    [
        (ModerationMode.BEFORE, State.RECEIVED, None),
        (AFTERWARDS, State.PUBLISHED, True),
        (ON_REPORT, State.PUBLISHED, False),
    ],
)
def test_the_mode_decides_what_is_shown_at_once(
    django_capture_on_commit_callbacks, mode, state, due
):
    item = send(open_topic(mode), django_capture_on_commit_callbacks)
    assert item.state == state
    rows = EarlyPublication.objects.values_list("review_due", flat=True)
    assert rows.first() == due
    item.consultation.refresh_from_db()
    assert item.consultation.published_count == (state == State.PUBLISHED)


@pytest.mark.parametrize(
    "fields",
    [
        {"publication": Publication.NOT_PUBLISHED},
        {"suspicious": True},
        {"batch": "b1", "consent": Consent.EXPLICIT},
        {"consent": Consent.NONE},
    ],
)
def test_what_a_person_must_see_first_waits_in_every_mode(
    django_capture_on_commit_callbacks, fields
):
    item = send(open_topic(AFTERWARDS), django_capture_on_commit_callbacks, **fields)
    assert item.state in (State.RECEIVED, State.QUARANTINED)
    assert not EarlyPublication.objects.exists()


@pytest.mark.parametrize("mode", [AFTERWARDS, ON_REPORT])
def test_what_is_flagged_waits_in_every_mode(django_capture_on_commit_callbacks, mode):
    item = send(
        open_topic(mode), django_capture_on_commit_callbacks, text="جوالي ٠٥٥١٢٣٤٥٦٧"
    )
    assert item.state == State.RECEIVED


@pytest.mark.parametrize("mode", [AFTERWARDS, ON_REPORT])
def test_what_an_adviser_fails_to_read_waits_in_every_mode(
    django_capture_on_commit_callbacks, monkeypatch, caplog, mode
):
    small_advisers.use(monkeypatch, small_advisers.broken)
    item = send(open_topic(mode), django_capture_on_commit_callbacks)
    assert item.state == State.RECEIVED
    assert item.text not in caplog.text


def test_what_a_moderator_has_decided_about_is_not_shown_by_itself():
    topic, user = make_topic(moderation_mode=AFTERWARDS), make_moderator()
    item = make_voice(topic).participation
    take_down(item, actor=user, reason_code="rule-8.marketing")
    item.state = State.RECEIVED
    item.save()
    assert not publish_early(item.pk)


def test_a_report_asks_for_the_review():
    topic = make_topic(moderation_mode=ON_REPORT)
    item = make_waiting(topic)
    publish_early(item.pk, now=DURING)
    voice = topic.published_comments.get()
    client = Client()
    client.force_login(make_moderator())
    assert listed(client.get(queue_address("?state=unread"))) == []
    file_report(voice, reason="other", explanation="x", language="ar", key="k")
    assert listed(client.get(queue_address("?state=unread"))) == [item.number]


def test_leaving_it_published_closes_it_and_is_noted():
    item, user = make_waiting(make_topic(moderation_mode=AFTERWARDS)), make_moderator()
    publish_early(item.pk, now=DURING)
    client = Client()
    client.force_login(user)
    address = review_address(item, "?state=unread")
    client.post(address, {"leave": str(item.revision)})
    early = EarlyPublication.objects.get()
    assert (early.review_due, early.reviewed_by) == (False, user)
    event = LedgerEvent.objects.get(kind="moderation.left_published")
    assert event.actor == f"user:{user.pk}"
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


@pytest.mark.parametrize("revision", ["", "x", "2", "9" * 30])
def test_other_words_than_those_seen_are_not_left(revision):
    item = make_waiting(make_topic(moderation_mode=AFTERWARDS))
    publish_early(item.pk, now=DURING)
    client = Client()
    client.force_login(make_moderator())
    client.post(review_address(item), {"leave": revision})
    assert EarlyPublication.objects.get().review_due


def test_leaving_needs_the_duty():
    item = make_waiting(make_topic(moderation_mode=AFTERWARDS))
    publish_early(item.pk, now=DURING)
    with pytest.raises(PermissionDenied):
        leave_published(item, actor=make_user(), expected_revision=1)


def test_it_is_left_once():
    item, user = make_waiting(make_topic(moderation_mode=AFTERWARDS)), make_moderator()
    publish_early(item.pk, now=DURING)
    leave_published(item, actor=user, expected_revision=1)
    with pytest.raises(errors.StateChanged):
        leave_published(item, actor=user, expected_revision=1)


def test_taking_it_down_is_a_review():
    item = make_waiting(make_topic(moderation_mode=AFTERWARDS))
    publish_early(item.pk, now=DURING)
    item.refresh_from_db()
    take_down(item, actor=make_moderator(), reason_code="rule-8.marketing")
    assert not EarlyPublication.objects.get().review_due


def test_the_closing_waits_for_what_nobody_has_read():
    topic = make_topic(moderation_mode=AFTERWARDS, stored="announced")
    item = make_waiting(topic)
    publish_early(item.pk, now=AFTER)
    found = [each.url for each in missing_for("close", topic, AFTER)]
    assert any("state=unread" in url for url in found)


def test_changing_the_mode_is_an_act_with_a_public_reason():
    page = make_consultation_page(consultation=make_topic())
    officer = make_user(permissions=["authorise_act", "view_consultation"])
    acts.perform(
        page.consultation,
        "change_moderation",
        actor=officer,
        reason=acts.Reason("", WHY),
        mode=AFTERWARDS,
    )
    assert page.consultation.moderation_mode == AFTERWARDS
    event = LedgerEvent.objects.get(kind="act.change_moderation")
    assert event.data["reason"] == WHY
    assert event.actor == f"user:{officer.pk}"


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(AFTERWARDS, {"ar": "سبب"}), ("nonsense", WHY), (ModerationMode.BEFORE, WHY)],
)
def test_a_change_that_says_nothing_is_refused(mode, reason):
    topic = make_topic()
    with pytest.raises(acts.ActRefused):
        acts.perform(
            topic,
            "change_moderation",
            actor=make_user(permissions=["authorise_act"]),
            reason=acts.Reason("", reason),
            mode=mode,
        )


def test_a_moderator_alone_cannot_change_the_mode():
    with pytest.raises(PermissionDenied):
        acts.perform(
            make_topic(),
            "change_moderation",
            actor=make_moderator(),
            reason=acts.Reason("", WHY),
            mode=AFTERWARDS,
        )


@pytest.mark.parametrize("mode", list(ModerationMode))
def test_the_topics_page_on_handling_says_how_it_is_moderated(client, mode):
    page = make_consultation_page(consultation=make_topic(moderation_mode=mode))
    text = client.get(page.get_url() + "handled/").content.decode()
    with override("ar"):
        assert gettext(mode.label) in text or str(mode.label) in text
