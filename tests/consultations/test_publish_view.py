"""Publishing from the desk what a gate had stopped."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from tests.consultations.makers import make_requester, pinned_policy
from tests.factories import make_consultation, make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.consultations.consultation_gates import unfilled_roles
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = pytest.mark.django_db


def waiting_topic():
    """Approved and live, but nobody holds a role."""
    opens_at = (timezone.now() + timedelta(days=2)).replace(microsecond=0, second=0)
    page = make_consultation_page(
        stage=Stored.APPROVED,
        live=True,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=30),
        policy_version=pinned_policy(),
    )
    return page.consultation


def address(topic):
    return reverse("eparticipation_admin:desk_publish", args=[topic.pk])


def test_the_desk_offers_publishing_and_names_what_stands_in_the_way(client):
    topic, root = waiting_topic(), make_user(superuser=True)
    client.force_login(root)
    desk = client.get(reverse("eparticipation_admin:desk", args=[topic.pk]))
    assert address(topic) in desk.content.decode()
    assert client.get(address(topic)).context["missing"]
    client.post(address(topic))
    assert Consultation.objects.get(pk=topic.pk).stored_stage == Stored.APPROVED


def test_a_group_without_an_active_member_holds_no_role(english):
    topic = make_consultation()
    group = Group.objects.create(name="Reply desk")
    RoleAssignment.objects.create(consultation=topic, role=Role.REPLY_DESK, group=group)
    label = str(Role.REPLY_DESK.label)
    assert label in unfilled_roles(topic)
    clerk = make_user(groups=["Reply desk"])
    assert label not in unfilled_roles(topic)
    clerk.is_active = False
    clerk.save()
    assert label in unfilled_roles(topic)


def test_the_topic_is_published_once_nothing_is_missing(client):
    topic, root = waiting_topic(), make_user(superuser=True)
    for role in Role:
        RoleAssignment.objects.create(consultation=topic, role=role, user=root)
    client.force_login(root)
    assert client.get(address(topic)).context["missing"] == []
    client.post(address(topic))
    topic = Consultation.objects.get(pk=topic.pk)
    assert topic.stored_stage == Stored.PUBLISHED
    assert topic.acts.get(name="publish").requested_by == root
    assert topic.request_versions.get().published_at is not None


def test_who_may_not_publish_the_page_may_not_publish_the_topic(client):
    topic = waiting_topic()
    client.force_login(make_requester())
    assert client.post(address(topic)).status_code == 302
    assert (
        address(topic)
        not in client.get(
            reverse("eparticipation_admin:desk", args=[topic.pk])
        ).content.decode()
    )
    assert Consultation.objects.get(pk=topic.pk).stored_stage == Stored.APPROVED


def test_a_topic_at_another_stage_is_not_published_here(client):
    page = make_consultation_page(policy_version=pinned_policy())
    client.force_login(make_user(superuser=True))
    assert client.get(address(page.consultation)).status_code == 302
