"""Nothing about a decision is public before the act that announces it (AC-S5-C1)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory
from django.utils import translation
from wagtail.search.index import get_indexed_instance

from tests.consultations.makers import withhold_results
from tests.decisions.makers import WORDS, make_both, make_decision, make_topic
from tests.factories import AFTER, make_user
from wagtail_eparticipation import signals
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.locks import PageIsKept
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.decisions.models import DecisionApproval, DecisionVersion
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.record import is_approved, release

pytestmark = pytest.mark.django_db

HIDDEN = ["published", "decided"]
SHOWN = ["announced", "closed", "archived"]


def put(consultation, stage):
    Consultation.objects.filter(pk=consultation.pk).update(stored_stage=stage)
    consultation.refresh_from_db()


def announced(topic):
    """The topic with what the act 'announce' does to its decision pages."""
    put(topic.consultation, "announced")
    with rehearse(AFTER):
        release(topic.consultation, now=AFTER)
    return topic.consultation


def test_approval_does_not_publish():
    page = make_decision(make_topic())
    assert not page.live
    assert is_approved(page)
    assert DecisionApproval.objects.get().revision == page.latest_revision


def test_an_edit_after_the_approval_needs_a_new_one():
    page = make_decision(make_topic())
    page.decision = "<p>Something else</p>"
    page.save_revision()
    page.refresh_from_db()
    assert not is_approved(page)


@pytest.mark.parametrize("stage", HIDDEN)
def test_a_decision_page_that_is_live_all_the_same_is_not_found(client, stage):
    topic = make_topic()
    page = make_decision(topic)
    url = page.get_url()
    DecisionPage.objects.filter(pk=page.pk).update(live=True)
    put(topic.consultation, stage)
    assert client.get(url).status_code == 404
    assert client.get(f"{url}version/1/").status_code == 404


@pytest.mark.parametrize("stage", HIDDEN)
def test_no_sitemap_and_no_search_knows_it(stage, rf):
    topic = make_topic()
    page = make_decision(topic)
    DecisionPage.objects.filter(pk=page.pk).update(live=True)
    put(topic.consultation, stage)
    page.refresh_from_db()
    assert page.get_sitemap_urls(rf.get("/")) == []
    assert page not in DecisionPage.get_indexed_objects()
    assert get_indexed_instance(page) is None


def test_the_topic_page_does_not_mention_it(client):
    topic = make_topic(stage="decided")
    make_decision(topic)
    content = client.get(topic.get_url()).content.decode()
    assert WORDS["ar"]["title"] not in content


def test_announcing_publishes_both_languages_at_once(client):
    topic = make_topic(stage="decided")
    arabic, english = make_both(topic)
    announced(topic)
    for page, language in ((arabic, "ar"), (english, "en")):
        response = client.get(page.get_url())
        assert response.status_code == 200
        content = response.content.decode()
        assert WORDS[language]["title"] in content
        assert "max-age=" in response["Cache-Control"]
        assert not response.cookies


@pytest.mark.parametrize("stage", SHOWN)
def test_afterwards_it_stays_public(client, stage):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    put(topic.consultation, stage)
    assert client.get(page.get_url()).status_code == 200


def test_what_was_approved_is_published_not_a_later_draft(client):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    page.refresh_from_db()
    page.decision = "<p>draft of a correction</p>"
    page.correction_note = "A note"
    page.save_revision()
    assert "draft of a correction" not in client.get(page.get_url()).content.decode()


def test_an_unapproved_language_is_not_published_with_the_others():
    topic = make_topic(stage="decided")
    make_decision(topic)
    english = make_decision(topic, language="en", approved=False)
    announced(topic)
    english.refresh_from_db()
    assert not english.live


def test_the_search_finds_it_afterwards():
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    page.refresh_from_db()
    assert page in DecisionPage.get_indexed_objects()
    assert get_indexed_instance(page) is not None


def test_the_others_are_told_once():
    topic = make_topic(stage="decided")
    arabic, _english = make_both(topic)
    told = []

    def listen(**kwargs):
        told.append(kwargs["page"].pk)

    signals.decision_announced.connect(listen)
    try:
        put(topic.consultation, "announced")
        signals.stage_changed.send(
            None,
            consultation=topic.consultation,
            stage_from=Stage.DECIDED,
            stage_to=Stage.ANNOUNCED,
            now=AFTER,
        )
    finally:
        signals.decision_announced.disconnect(listen)
    assert told == [arabic.pk]


def test_editors_see_the_page_before_the_announcement(client):
    topic = make_topic(stage="decided")
    page = make_decision(topic, approved=False)
    client.force_login(make_user(superuser=True))
    response = client.get(f"/admin/pages/{page.pk}/view_draft/")
    assert response.status_code == 200
    assert WORDS["ar"]["title"] in response.content.decode()


def test_a_correction_needs_a_note_and_leaves_the_earlier_version(client):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    page = DecisionPage.objects.get(pk=page.pk)
    page.decision = "<p>تُظلَّل نصف الممرات.</p>"
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "correction_note" in refusal.value.message_dict
    page.correction_note = "كان المقصود نصف الممرات."
    page.full_clean()
    page.save_revision().publish()
    assert DecisionVersion.objects.filter(language="ar").count() == 2
    content = client.get(page.get_url()).content.decode()
    assert "كان المقصود نصف الممرات." in content
    with translation.override("ar"):
        earlier = client.get(f"{page.get_url()}version/1/").content.decode()
    assert "تُظلَّل الممرات كلها بالأشجار" in earlier
    assert topic.consultation.ledger_events.filter(kind="decision_corrected").exists()


@pytest.mark.parametrize("number", ["0", "2", "x", "99999999", "-1", "١"])
def test_a_version_that_never_was_is_not_found(client, number):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    assert client.get(f"{page.get_url()}version/{number}/").status_code == 404


def test_publishing_again_without_a_change_makes_no_version():
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    page = DecisionPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    assert DecisionVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("stage", "possible"), [("decided", True), ("announced", False)]
)
def test_what_was_announced_is_neither_deleted_nor_taken_back(stage, possible):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    if stage == "announced":
        announced(topic)
    page = DecisionPage.objects.get(pk=page.pk)
    tester = page.permissions_for_user(make_user(superuser=True))
    assert tester.can_delete() == possible
    assert not tester.can_unpublish()


def test_request_factory_preview_says_so():
    topic = make_topic(stage="decided")
    page = make_decision(topic, approved=False)
    request = RequestFactory().get("/")
    assert page.serve_preview(request, "").status_code == 200
    assert request.is_preview


def test_words_are_translated_and_facts_are_synchronised():
    kinds = {
        field.field_name: type(field).__name__
        for field in DecisionPage.translatable_fields
    }
    assert kinds["decision"] == "TranslatableField"
    assert kinds["number"] == kinds["decided_on"] == "SynchronizedField"
    own = {field.name for field in DecisionPage._meta.local_fields}
    assert own - set(kinds) == {"page_ptr", "consultation"}


def test_what_was_said_may_be_withheld_with_its_reason_while_the_decision_stands(
    client,
):
    topic = make_topic(stage="decided")
    page = make_decision(topic)
    announced(topic)
    withhold_results(topic.consultation, "said")
    for address in (page.get_url(), f"{page.get_url()}version/1/"):
        content = client.get(address).content.decode()
        assert WORDS["ar"]["said"] not in content
        assert "تتعلق بأمن المنشأة." in content
        assert WORDS["ar"]["decision"] in content


@pytest.mark.parametrize("stage", SHOWN)
def test_nobody_takes_an_announced_decision_off_the_site(stage, client):
    topic = make_topic()
    page = make_decision(topic)
    announced(topic)
    put(topic.consultation, stage)
    page = DecisionPage.objects.get(pk=page.pk)
    other = make_topic()
    with pytest.raises(PageIsKept), transaction.atomic():
        page.unpublish()
    with pytest.raises(PageIsKept), transaction.atomic():
        page.move(other, pos="last-child")
    DecisionPage.objects.filter(pk=page.pk).update(expire_at=AFTER)
    with pytest.raises(PageIsKept), transaction.atomic():
        call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.live
    assert not page.permissions_for_user(make_user(superuser=True)).can_move()


def test_a_decision_does_not_expire():
    page = make_decision(make_topic())
    page.expire_at = AFTER
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "expire_at" in refusal.value.message_dict
