"""Who sees the abuse log, and what they see of it."""

import pytest
from django.urls import reverse
from wagtail.models import Locale

from tests.factories import DURING, make_consultation, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.participations.abuse_log import AbuseEvent, note

pytestmark = pytest.mark.django_db

LOG = reverse("eparticipation_admin:abuse_log")


def department(name):
    return Department.objects.create(name=name, locale=Locale.get_default())


def privacy_officer(*departments):
    user = make_user(permissions=["view_identity"])
    if departments:
        scope = StaffScope.objects.create(user=user)
        scope.departments.set(departments)
    return user


def noted(rf, topic=None, kind="limited", network="8.8.8.8"):
    with clock.rehearse(DURING):
        note(rf.post("/", REMOTE_ADDR=network), kind, "send", topic)


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ([], 302),
        (["moderate_participation"], 302),
        (["reply_officially"], 302),
        (["authorise_act"], 302),
        (["view_identity"], 200),
    ],
)
def test_the_log_is_for_those_who_answer_for_personal_data(client, permissions, status):
    client.force_login(make_user(permissions=permissions))
    for address in (LOG, f"{LOG}results/", f"{LOG}?export=csv"):
        assert client.get(address).status_code == status
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (LOG in menu) is (status == 200)


def test_visitors_are_asked_to_sign_in(client):
    assert "login" in client.get(LOG)["Location"]


def test_only_the_own_departments_entries_are_shown(client, rf):
    own, foreign = department("المياه"), department("الطرق")
    mine = make_consultation(department=own)
    theirs = make_consultation(department=foreign)
    for topic in (mine, theirs, None):
        noted(rf, topic)
    client.force_login(privacy_officer(own))
    shown = client.get(LOG).context["object_list"]
    assert [event.consultation_id for event in shown] == [mine.pk]
    exported = b"".join(client.get(f"{LOG}?export=csv").streaming_content).decode()
    assert mine.reference in exported and theirs.reference not in exported
    narrowed = client.get(LOG, {"consultation": theirs.pk})
    assert not [
        event
        for event in narrowed.context["object_list"]
        if event.consultation_id == theirs.pk
    ]


def test_who_is_not_limited_also_sees_what_belongs_to_no_topic(client, rf):
    noted(rf)
    client.force_login(privacy_officer())
    assert len(client.get(LOG).context["object_list"]) == 1


def test_the_log_is_cut_by_kind_and_day(client, rf):
    noted(rf)
    noted(rf, kind="bad_token")
    client.force_login(privacy_officer())
    day = DURING.date().isoformat()
    for query, number in (
        ({"kind": "limited"}, 1),
        ({"at_from": day, "at_to": day}, 2),
        ({"at_from": "2030-01-01"}, 0),
        ({"kind": "made-up"}, 2),
    ):
        assert len(client.get(LOG, query).context["object_list"]) == number, query


def test_no_address_is_shown_or_exported(client, rf):
    noted(rf, network="203.0.113.77")
    client.force_login(privacy_officer())
    exported = b"".join(client.get(f"{LOG}?export=csv").streaming_content).decode()
    assert "203.0.113" not in client.get(LOG).content.decode() + exported


@pytest.mark.parametrize("rows", [20, 200])
def test_the_log_costs_the_same_however_long(
    client, rows, django_assert_max_num_queries
):
    topic = make_consultation()
    AbuseEvent.objects.bulk_create(
        AbuseEvent(
            kind="limited",
            purpose="send",
            network=f"{number:032x}",
            consultation=topic,
            at=DURING,
            last_at=DURING,
            slot=f"{number:064x}",
        )
        for number in range(rows)
    )
    client.force_login(privacy_officer())
    client.get(LOG)
    with django_assert_max_num_queries(14):
        assert client.get(LOG).status_code == 200
