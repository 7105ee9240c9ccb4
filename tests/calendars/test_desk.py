"""The admin views of calendars: versions on save, default, permissions."""

import pytest
from django.urls import reverse

from tests.calendars.test_versions import make_calendar
from tests.factories import make_user
from wagtail_eparticipation.calendars.models import CalendarVersion, WorkingCalendar

pytestmark = pytest.mark.django_db


def form_data(name="Parks", *, default=False, rows=(), holidays=()):
    data = {"name": name, "time_zone": "Asia/Riyadh"}
    if default:
        data["is_default"] = "on"
    for prefix, items in (("hours", rows), ("holidays", holidays)):
        data |= {
            f"{prefix}-TOTAL_FORMS": len(items),
            f"{prefix}-INITIAL_FORMS": 0,
            f"{prefix}-MIN_NUM_FORMS": 0,
            f"{prefix}-MAX_NUM_FORMS": 1000,
        }
        for number, item in enumerate(items):
            data |= {f"{prefix}-{number}-{key}": text for key, text in item.items()}
    return data


SUNDAY = {"weekday": "6", "starts": "08:00", "ends": "14:00"}
FEAST = {
    "first_day": "2026-09-23",
    "last_day": "2026-09-23",
    "name_ar": "اليوم الوطني",
    "name_en": "National Day",
}


@pytest.fixture
def editor(client):
    permissions = ["add_workingcalendar", "change_workingcalendar"]
    client.force_login(make_user(permissions=permissions))
    return client


def test_saving_a_new_calendar_freezes_its_first_version(editor):
    url = reverse("eparticipation_calendars:add")
    data = form_data(rows=[SUNDAY], holidays=[FEAST])
    response = editor.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    version = CalendarVersion.objects.get()
    assert version.calendar.name == "Parks"
    assert version.rules["hours"][0]["starts"] == "08:00"
    assert version.rules["holidays"][0]["name"]["en"] == "National Day"


def test_changing_a_calendar_makes_the_next_version(editor):
    editor.post(reverse("eparticipation_calendars:add"), form_data(rows=[SUNDAY]))
    calendar = WorkingCalendar.objects.get()
    row = calendar.hours.get()
    data = form_data(rows=[{**SUNDAY, "ends": "13:00", "id": row.pk}])
    data["hours-INITIAL_FORMS"] = 1
    editor.post(reverse("eparticipation_calendars:edit", args=[calendar.pk]), data)
    versions = CalendarVersion.objects.order_by("number")
    numbers = versions.values_list("number", flat=True)
    assert list(numbers) == [1, 2]
    assert CalendarVersion.objects.get(number=1).rules["hours"][0]["ends"] == "14:00"


def test_a_new_default_takes_the_place_of_the_former_one(editor):
    former = make_calendar("Former", is_default=True)
    data = form_data(default=True, rows=[SUNDAY])
    assert editor.post(reverse("eparticipation_calendars:add"), data).status_code == 302
    former.refresh_from_db()
    assert not former.is_default
    assert WorkingCalendar.objects.get(is_default=True).name == "Parks"


def test_the_only_default_cannot_be_unticked(editor):
    calendar = make_calendar("Former", is_default=True)
    url = reverse("eparticipation_calendars:edit", args=[calendar.pk])
    response = editor.post(url, form_data("Former"))
    assert "needs one default" in str(response.context["form"].errors) or (
        "is_default" in response.context["form"].errors
    )
    calendar.refresh_from_db()
    assert calendar.is_default


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({**SUNDAY, "ends": "08:00"}, "ends"),
        ({**SUNDAY, "starts": "15:00"}, "ends"),
        (
            {**SUNDAY, "valid_from": "2026-03-02", "valid_until": "2026-03-01"},
            "valid_until",
        ),
    ],
)
def test_hours_in_the_wrong_order_are_refused_beside_the_field(editor, row, field):
    url = reverse("eparticipation_calendars:add")
    response = editor.post(url, form_data(rows=[row]))
    assert response.status_code == 200
    assert field in response.context["form"].formsets["hours"].errors[0]
    assert not WorkingCalendar.objects.exists()


def test_an_unknown_zone_and_a_taken_name_are_refused(editor):
    make_calendar("Parks")
    data = form_data(rows=[SUNDAY]) | {"time_zone": "Asia/Atlantis"}
    response = editor.post(reverse("eparticipation_calendars:add"), data)
    assert set(response.context["form"].errors) == {"name", "time_zone"}


@pytest.mark.parametrize(
    ("permissions", "index", "add", "delete"),
    [
        ((), 302, 302, 302),
        (("view_workingcalendar",), 200, 302, 302),
        (("add_workingcalendar",), 200, 200, 302),
        (("delete_workingcalendar",), 302, 302, 302),
    ],
)
def test_who_may_do_what(client, permissions, index, add, delete):
    calendar = make_calendar()
    client.force_login(make_user(permissions=permissions))
    assert client.get(reverse("eparticipation_calendars:index")).status_code == index
    assert client.get(reverse("eparticipation_calendars:add")).status_code == add
    url = reverse("eparticipation_calendars:delete", args=[calendar.pk])
    assert client.post(url).status_code == delete
    assert WorkingCalendar.objects.filter(pk=calendar.pk).exists()


def test_a_superuser_cannot_delete_a_calendar_either(client):
    calendar = make_calendar()
    client.force_login(make_user(superuser=True))
    client.post(reverse("eparticipation_calendars:delete", args=[calendar.pk]))
    assert WorkingCalendar.objects.filter(pk=calendar.pk).exists()


def test_the_list_costs_the_same_for_many_calendars(
    client, django_assert_max_num_queries
):
    client.force_login(make_user(superuser=True))
    for number in range(30):
        make_calendar(f"Office {number:02}")
    with django_assert_max_num_queries(14):
        client.get(reverse("eparticipation_calendars:index"))
