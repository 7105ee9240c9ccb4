"""The command prepares a site once and leaves alone what is there."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import GroupPagePermission, Locale, Workflow

from tests.consultations.makers_pages import people, prepared_site
from tests.factories import make_user
from tests.factories_pages import make_home, make_hub
from wagtail_eparticipation.calendars.models import WorkingCalendar
from wagtail_eparticipation.consultations.lifecycle import DEFAULT_GROUPS
from wagtail_eparticipation.consultations.pages import ConsultationIndexPage
from wagtail_eparticipation.consultations.setup import GROUPS
from wagtail_eparticipation.consultations.workflows import (
    decision_workflow,
    request_workflow,
)
from wagtail_eparticipation.policy.models import PolicyVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def run(*args, **options):
    output = io.StringIO()
    call_command("eparticipation_setup", *args, stdout=output, **options)
    return output.getvalue()


def test_it_makes_policy_calendar_groups_and_workflows():
    make_hub()
    run(policy="qassim")
    assert PolicyVersion.objects.get().pack == "qassim"
    assert WorkingCalendar.objects.get().is_default
    assert set(GROUPS) <= set(Group.objects.values_list("name", flat=True))
    assert len(request_workflow().tasks) == 2
    assert len(decision_workflow().tasks) == 1


def test_a_second_run_changes_nothing_and_says_so():
    make_hub()
    run(policy="qassim")
    before = GroupPagePermission.objects.count(), Workflow.objects.count()
    assert run(policy="qassim").strip() == "Everything was there already."
    assert (GroupPagePermission.objects.count(), Workflow.objects.count()) == before


def test_what_editors_renamed_is_not_made_again():
    make_hub()
    run()
    Workflow.objects.filter(pk=request_workflow().pk).update(name="طلب")
    before = Workflow.objects.count()
    run()
    assert Workflow.objects.count() == before


def test_each_role_of_a_new_process_has_its_group():
    assert set(DEFAULT_GROUPS.values()) <= set(GROUPS)


def test_it_names_what_a_wrong_policy_could_have_been():
    with pytest.raises(CommandError, match="neutral"):
        run(policy="atlantis")


def test_it_makes_hubs_in_every_language_on_request():
    make_home()
    run(hub="participation")
    hubs = ConsultationIndexPage.objects.order_by("pk")
    assert [hub.url for hub in hubs] == ["/ar/participation/", "/en/participation/"]
    assert all(hub.get_workflow() == request_workflow() for hub in hubs)


def test_a_hub_made_afterwards_gets_the_workflow_too():
    make_home()
    run()
    assert make_hub().get_workflow() == request_workflow()


def test_nobody_both_edits_and_publishes():
    hub = prepared_site()
    permissions = {
        name: hub.permissions_for_user(user) for name, user in people().items()
    }
    assert permissions["editor"].can_edit()
    assert not permissions["editor"].can_publish()
    assert permissions["editor"].can_add_subpage()
    assert permissions["decider"].can_publish()
    assert not permissions["decider"].can_edit()
    assert not permissions["reviewer"].can_publish()


#: They see what their department is asked, and no topic (R-6.5.1d).
ASKED_ONLY = "Department liaisons"


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {ASKED_ONLY}))
def test_every_group_reaches_the_admin_and_sees_topics(group):
    prepared_site()
    user = make_user(groups=[group])
    user.user_permissions.clear()
    assert user.has_perm("wagtailadmin.access_admin")
    assert user.has_perm("wagtail_eparticipation.view_consultation")


def test_liaisons_see_the_questions_to_their_department_and_no_topic():
    prepared_site()
    user = make_user(groups=[ASKED_ONLY])
    user.user_permissions.clear()
    assert user.has_perm("wagtailadmin.access_admin")
    assert user.has_perm("wagtail_eparticipation.answer_referral")
    assert not user.has_perm("wagtail_eparticipation.view_consultation")


def test_rights_on_the_whole_site_go_once_there_is_a_hub(without_pages):
    home = make_home()
    run()
    assert GroupPagePermission.objects.filter(page=home).exists()
    hub = make_hub()
    assert "taken back" in run()
    assert not GroupPagePermission.objects.filter(page=home).exists()
    assert GroupPagePermission.objects.filter(page=hub).exists()


def test_it_makes_the_sites_languages(without_pages):
    Locale.objects.filter(language_code="en").delete()
    assert "Language made: en" in run()
    assert Locale.objects.filter(language_code="en").exists()


def test_an_upgrade_leaves_the_policy_in_force():
    run(policy="neutral")
    run()
    assert [version.pack for version in PolicyVersion.objects.all()] == ["neutral"]


def test_what_is_no_slug_makes_no_hub(without_pages):
    with pytest.raises(CommandError, match="a b"):
        call_command("eparticipation_setup", hub="a b", verbosity=0)
    assert not ConsultationIndexPage.objects.exists()
