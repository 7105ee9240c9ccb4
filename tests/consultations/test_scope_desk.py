"""Limiting staff to departments through the admin."""

import pytest
from django.urls import reverse

from tests.factories import make_user
from tests.factories_pages import make_vocabulary
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department

pytestmark = pytest.mark.django_db


def test_an_administrator_limits_a_member_of_staff(client):
    parks, clerk = make_vocabulary(Department, "department"), make_user("clerk")
    client.force_login(make_user(superuser=True))
    answer = client.post(
        reverse("eparticipation_scopes:add"),
        {"user": clerk.pk, "departments": [parks.pk]},
    )
    assert answer.status_code == 302
    assert list(StaffScope.objects.get(user=clerk).departments.all()) == [parks]
    listing = client.get(reverse("eparticipation_scopes:index")).content.decode()
    assert "clerk" in listing
    assert parks.name in listing


def test_each_department_is_offered_once_in_the_sites_first_language(client):
    parks = make_vocabulary(Department, "department")
    client.force_login(make_user(superuser=True))
    form = client.get(reverse("eparticipation_scopes:add")).context["form"]
    assert list(form.fields["departments"].queryset) == [parks]


@pytest.mark.parametrize("view", ["index", "add"])
def test_others_do_not_get_there(client, view):
    client.force_login(make_user(permissions=["view_consultation", "request_act"]))
    assert client.get(reverse(f"eparticipation_scopes:{view}")).status_code == 302
