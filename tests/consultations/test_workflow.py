"""Review and approval: an incomplete request cannot pass, what passes is frozen."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, PageLogEntry, TaskState

from tests.consultations.makers import BEFORE_OPENING
from tests.consultations.makers_pages import (
    approve_through,
    drafted,
    people,
    prepared_site,
)
from tests.factories import make_user
from tests.factories_pages import translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations.approval import (
    RequestIncomplete,
    approve_request,
)
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.request_versions import is_genuine
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.consultations.vocabulary import Department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def before_opening():
    with clock.rehearse(BEFORE_OPENING):
        yield


@pytest.fixture
def staff():
    prepared_site()
    return people()


def publish_english(page, staff):
    return approve_through(translation_of(page), staff["reviewer"], staff["decider"])


def revise(page, user=None, **values):
    """A new draft of the page with other values."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=user)
    return page.specific_class.objects.get(pk=page.pk)


def test_review_and_approval_publish_the_topic(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    assert page.live
    assert page.consultation.stage() == Stage.FORTHCOMING
    assert client.get(page.url).status_code == 200


def test_approval_freezes_all_languages_with_a_checksum(staff):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    version = page.consultation.request_versions.get()
    assert set(version.content) == {"ar", "en"}
    assert version.approved_by == staff["decider"]
    assert version.published_at is not None
    assert is_genuine(version)


def test_the_period_comes_from_the_approved_page(staff):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    window = page.consultation.window
    assert (window.opens_at, window.closes_at) == page.period()


def test_the_approved_languages_become_public_together(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    english = translation_of(page)
    assert not english.has_unpublished_changes
    assert client.get(english.url).status_code == 200
    published = PageLogEntry.objects.get(page=english.pk, action="wagtail.publish")
    assert published.user == staff["decider"]


def test_a_translation_under_a_review_of_its_own_is_left_to_it(staff):
    page = drafted()
    english = translation_of(page)
    english.get_workflow().start(english, staff["reviewer"])
    approve_through(page, staff["reviewer"], staff["decider"])
    english.refresh_from_db()
    assert not english.live
    assert english.workflow_in_progress


def test_a_translation_published_later_adds_no_version_when_unchanged(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    english = publish_english(page, staff)
    assert client.get(english.url).status_code == 200
    assert page.consultation.request_versions.count() == 1


def test_an_incomplete_request_is_not_approved_in_review(staff):
    page = drafted()
    revise(page, audience=[])
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"], staff["decider"])
    assert [item.field for item in refusal.value.missing] == ["audience"]
    assert not TaskState.objects.filter(status="approved").exists()


def test_an_incomplete_request_is_not_approved_by_a_superuser_either(staff):
    page = revise(drafted(), decision_open="")
    boss = make_user("boss", superuser=True)
    with pytest.raises(RequestIncomplete):
        approve_through(page, boss, boss)


def test_what_is_missing_names_item_language_and_field(staff):
    page = revise(translation_of(drafted()), summary="")
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"])
    (item,) = refusal.value.missing
    assert str(item) == "Fill in “plain-language summary”. (English)"
    assert item.language == "en"
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert item.url == f"{edit}#ask-summary"


def test_the_quick_button_disappears_while_something_is_missing(staff):
    page = drafted()
    state = page.get_workflow().start(page, staff["editor"])
    task = state.current_task_state.task.specific
    names = [
        (name, form) for name, _label, form in task.get_actions(page, staff["reviewer"])
    ]
    assert ("approve", False) in names
    page = revise(page, objectives=[])
    names = [
        (name, form) for name, _label, form in task.get_actions(page, staff["reviewer"])
    ]
    assert names == [("reject", True), ("approve", True)]


def test_the_approval_form_lists_what_is_missing(staff, client):
    page = revise(drafted(), decision_maker="")
    state = page.get_workflow().start(page, staff["editor"])
    client.force_login(staff["reviewer"])
    address = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[page.pk, "approve", state.current_task_state.pk],
    )
    response = client.post(
        address, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"}
    )
    html = response.json()["html"]
    assert "صاحب القرار" in html
    assert "#ask-decision_maker" in html
    state.refresh_from_db()
    assert state.current_task_state.status == "in_progress"


def test_only_the_group_of_a_task_acts_on_it(staff):
    page = drafted()
    state = page.get_workflow().start(page, staff["editor"])
    task = state.current_task_state.task.specific
    assert task.get_actions(page, staff["editor"]) == []
    assert task.get_actions(page, staff["decider"]) == []
    assert task.get_actions(page, staff["reviewer"]) != []


def test_a_decision_maker_without_the_duty_approves_nothing(staff):
    page = drafted()
    group = staff["decider"].groups.get()
    group.permissions.remove(*group.permissions.filter(codename="take_decision"))
    with pytest.raises(PermissionDenied):
        approve_through(page, staff["reviewer"], staff["decider"])
    page.refresh_from_db()
    assert not page.live
    assert page.consultation.request_versions.count() == 0


def test_publishing_past_the_workflow_opens_nothing(staff, client):
    page = drafted()
    page.get_latest_revision().publish(user=make_user("boss", superuser=True))
    page.refresh_from_db()
    assert page.live
    assert page.consultation.stored_stage == Stored.DRAFT
    assert client.get(page.url).status_code == 404
    assert page.title not in client.get("/ar/participation/").content.decode()


def test_a_topic_published_too_early_opens_when_it_is_approved(staff, client):
    page = drafted()
    page.get_latest_revision().publish()
    page = approve_through(page, staff["reviewer"], staff["decider"])
    assert client.get(page.url).status_code == 200


def test_a_change_after_approval_makes_the_approval_lapse(staff, client):
    page = drafted()
    approve_request(page.get_latest_revision_as_object(), staff["decider"])
    page.refresh_from_db()
    assert page.consultation.stored_stage == Stored.APPROVED
    page = revise(page, question="سؤال آخر لم يعتمده أحد؟")
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.consultation.stored_stage == Stored.DRAFT
    assert client.get(page.url).status_code == 404
    lapse = page.consultation.acts.get(name="lapse")
    assert lapse.parameters["changed"] == ["ar.question"]


def test_after_a_lapse_the_second_version_needs_its_own_approval(staff, client):
    page = drafted()
    approve_request(page.get_latest_revision_as_object(), staff["decider"])
    revise(page, question="سؤال آخر لم يعتمده أحد؟").get_latest_revision().publish()
    page = approve_through(page, staff["reviewer"], staff["decider"])
    versions = page.consultation.request_versions.order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert [bool(version.published_at) for version in versions] == [False, True]
    assert client.get(page.url).status_code == 200


def test_a_correction_after_publication_needs_a_public_note(staff):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    page = revise(page, place="حديقة النخيل، القطعة 12.")
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"])
    assert "what changed" in str(refusal.value)


def test_a_correction_becomes_the_next_version_with_its_note(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    english = publish_english(page, staff)
    note = {"ar": "صُحّح رقم القطعة.", "en": "The plot number was corrected."}
    page = revise(page, place="حديقة النخيل، القطعة 12.", change_note=note)
    page = approve_through(page, staff["reviewer"], staff["decider"])
    version = page.consultation.request_versions.get(number=2)
    assert version.change_note == note
    event = page.consultation.ledger_events.get(kind="request_changed")
    assert event.data["changed"] == ["ar.place"]
    shown = client.get(english.url).content.decode()
    assert "The plot number was corrected." in shown
    assert "This language version is being updated" in shown


def test_the_mark_goes_when_the_translation_follows(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    english = publish_english(page, staff)
    note = {"ar": "صُحّح رقم القطعة.", "en": "The plot number was corrected."}
    page = revise(page, place="القطعة 12 من المخطط.", change_note=note)
    approve_through(page, staff["reviewer"], staff["decider"])
    english = revise(english, place="Plot 12 of the plan.")
    english = approve_through(english, staff["reviewer"], staff["decider"])
    assert not english.update_pending
    assert "being updated" not in client.get(english.url).content.decode()


def test_a_half_translated_version_is_never_shown(staff, client):
    page = approve_through(drafted(), staff["reviewer"], staff["decider"])
    english = translation_of(page)
    english = revise(english, question=page.question)
    english.get_latest_revision().publish()
    english.refresh_from_db()
    assert english.live
    assert client.get(english.url).status_code == 404
    assert english.title not in client.get("/en/participation/").content.decode()
    assert f'href="{english.url}"' not in client.get(page.url).content.decode()


def test_a_language_that_follows_later_is_announced_in_public(staff, client):
    page = drafted(languages=("ar",))
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"], staff["decider"])
    assert "There is no version in English" in str(refusal.value)
    page = revise(page, excluded_languages={"en": "The English version will follow."})
    state = page.current_workflow_state
    for name in ("reviewer", "decider"):
        state.refresh_from_db()
        task_state = state.current_task_state.specific
        task_state.task.specific.on_action(task_state, staff[name], "approve")
    page.refresh_from_db()
    assert page.consultation.stored_stage == Stored.PUBLISHED
    shown = client.get(page.url).content.decode()
    assert "The English version will follow." in shown


def test_a_note_in_the_topics_own_language_leaves_nothing_out(staff, client):
    page = drafted(languages=("ar",))
    notes = {"ar": "تتبع النسخة الإنجليزية.", "en": "The English version will follow."}
    page = revise(page, excluded_languages=notes)
    page = approve_through(page, staff["reviewer"], staff["decider"])
    assert page.consultation.stored_stage == Stored.PUBLISHED
    version = page.consultation.request_versions.get()
    assert set(version.content) == {"ar"}
    assert client.get(page.url).status_code == 200


def test_a_period_below_the_minimum_is_refused(staff):
    page = revise(drafted(), closes_on=date(2026, 4, 8), closes_time=None)
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"])
    assert "shorter than the" in str(refusal.value)


def test_a_publication_that_would_leave_too_few_days_is_refused(staff):
    page = drafted()
    page = revise(page, go_live_at=page.period()[1] - timedelta(days=2))
    with pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"])
    assert "an earlier publication" in str(refusal.value)


def test_an_approval_that_comes_too_late_is_refused(staff):
    page = drafted()
    late = page.period()[1] - timedelta(days=2)
    with clock.rehearse(late), pytest.raises(RequestIncomplete) as refusal:
        approve_through(page, staff["reviewer"])
    assert "Set later dates" in str(refusal.value)


def test_an_approved_topic_waits_for_its_scheduled_publication(
    staff, client, monkeypatch
):
    monkeypatch.setattr(timezone, "now", lambda: BEFORE_OPENING)
    page = drafted()
    go_live_at = BEFORE_OPENING + timedelta(hours=1)
    page = revise(page, go_live_at=go_live_at)
    page = approve_through(page, staff["reviewer"], staff["decider"])
    assert page.consultation.stored_stage == Stored.APPROVED
    assert client.get(page.url).status_code == 404
    client.force_login(staff["decider"])
    desk = reverse("eparticipation_admin:desk", args=[page.consultation_id])
    assert instant_words(go_live_at, "ar") in client.get(desk).content.decode()
    client.logout()
    monkeypatch.setattr(timezone, "now", lambda: go_live_at + timedelta(minutes=1))
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.consultation.stored_stage == Stored.PUBLISHED
    assert client.get(page.url).status_code == 200
    assert client.get(translation_of(page).url).status_code == 200
    published = page.consultation.ledger_events.get(kind="act.publish")
    assert published.actor == f"user:{staff['decider'].pk}"


@pytest.fixture
def elsewhere(staff):
    """The same people, limited to a department that is not the topic's."""
    other = Department.objects.create(name="إدارة أخرى", locale=Locale.get_default())
    for person in staff.values():
        StaffScope.objects.create(user=person).departments.add(other)
    return staff


def test_people_of_other_departments_neither_edit_nor_approve(elsewhere, client):
    page = drafted()
    page.get_workflow().start(page, elsewhere["editor"])
    task_state = page.current_workflow_state.current_task_state.specific
    reviewer = elsewhere["reviewer"]
    assert task_state.task.specific.get_actions(page, reviewer) == []
    assert not page.current_workflow_task.get_task_states_user_can_moderate(reviewer)
    for action in ("approve", "reject"):
        with pytest.raises(PermissionDenied):
            task_state.task.specific.on_action(task_state, reviewer, action)
    for person in elsewhere.values():
        assert not page.permissions_for_user(person).can_edit()
        client.force_login(person)
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert client.get(url).status_code == 302


def test_people_of_the_department_do(elsewhere):
    page = drafted()
    for scope in StaffScope.objects.all():
        scope.departments.add(page.department)
    assert page.permissions_for_user(elsewhere["editor"]).can_edit()
    page = approve_through(page, elsewhere["reviewer"], elsewhere["decider"])
    assert page.live
