"""Times in which the site was away: recorded, suspected, and given back."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from tests.factories import CLOSES, DURING, OPENS, make_consultation, make_user
from tests.together import at_once, real_connections
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.incident_cards import (
    REASON,
    duration_words,
    incident_card,
)
from wagtail_eparticipation.consultations.incidents import (
    Incident,
    beat,
    incidents_of,
    lost,
)
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

INDEX = reverse("eparticipation_incidents:index")
ADD = reverse("eparticipation_incidents:add")


def hours(number):
    return timedelta(hours=number)


def make_incident(topic=None, start=DURING, length=None, **fields):
    length = hours(3) if length is None else length
    return Incident.objects.create(
        consultation=topic, started_at=start, ended_at=start + length, **fields
    )


def editor(*departments):
    user = make_user(permissions=["request_act", "view_consultation"])
    if departments:
        StaffScope.objects.create(user=user).departments.set(departments)
    return user


def department(name):
    return Department.objects.create(name=name, locale=Locale.get_default())


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([(1, 2)], 1),
        ([(1, 3), (2, 4)], 3),
        ([(1, 4), (2, 3)], 3),
        ([(2, 3), (1, 2)], 2),
        ([(-5, 1)], 1),
        ([(9, 20)], 1),
        ([(-5, 20), (1, 2)], 10),
        ([(10, 12)], 0),
        ([(-3, 0)], 0),
    ],
)
def test_lost_time_counts_each_instant_once_and_inside_only(spans, expected):
    moved = [(OPENS + hours(start), OPENS + hours(end)) for start, end in spans]
    assert lost(moved, OPENS, OPENS + hours(10)) == hours(expected)


def test_a_first_run_of_the_job_suspects_nothing():
    make_consultation()
    assert beat(DURING) is None


@pytest.mark.parametrize(
    ("gap", "suspected"),
    [
        (timedelta(minutes=5), False),
        (timedelta(minutes=60), False),
        (timedelta(minutes=60, seconds=1), True),
        (timedelta(hours=5), True),
        (timedelta(0), False),
        (timedelta(minutes=-90), False),
    ],
    ids=str,
)
def test_a_long_gap_between_runs_is_suspected(gap, suspected):
    make_consultation()
    beat(DURING)
    found = beat(DURING + gap)
    assert bool(found) is suspected
    if found:
        assert (found.started_at, found.ended_at) == (DURING, DURING + gap)
        assert (found.kind, found.noticed) == ("job", True)


def test_the_same_gap_is_suspected_once():
    make_consultation()
    beat(DURING)
    beat(DURING + hours(5))
    beat(DURING + hours(5))
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("last", "now", "suspected"),
    [
        (OPENS - hours(9), OPENS - hours(2), False),
        (OPENS - hours(9), OPENS, False),
        (OPENS - hours(9), OPENS + hours(1), True),
        (CLOSES - hours(1), CLOSES + hours(9), True),
        (CLOSES, CLOSES + hours(9), False),
    ],
)
def test_only_what_touches_an_open_period_is_suspected(last, now, suspected):
    make_consultation()
    beat(last)
    assert bool(beat(now)) is suspected


def test_the_periodic_job_notes_its_own_runs():
    make_consultation(
        opens_at=timezone.now() - hours(50), closes_at=timezone.now() + hours(50)
    )
    beat(timezone.now() - hours(4))
    call_command("eparticipation_tick", verbosity=0)
    assert Incident.objects.get().noticed


@pytest.mark.django_db(transaction=True)
def test_jobs_that_run_at_once_suspect_one_incident(tmp_path):
    make_consultation()
    beat(DURING)
    with real_connections(tmp_path):
        at_once(*[lambda: beat(DURING + hours(5)) for _number in range(4)])
        assert Incident.objects.count() == 1


def test_incidents_of_all_topics_count_where_they_fall_into_the_period():
    topic, other = make_consultation(), make_consultation()
    inside = make_incident()
    own = make_incident(topic, DURING + hours(5))
    make_incident(other)
    make_incident(start=CLOSES + hours(1))
    make_incident(start=OPENS - hours(4), length=hours(4))
    assert list(incidents_of(topic)) == [inside, own]


def test_the_desk_asks_for_an_extension_after_a_loss_in_the_last_day():
    topic = make_consultation(policy_version=install_pack("qassim")[0])
    make_incident(topic, CLOSES - hours(10))
    card = incident_card(topic, editor(), CLOSES - hours(2))
    assert card.tone == "warning"
    assert "اليوم الأخير" in card.text and "3 ساعات" in card.text
    query = parse_qs(urlsplit(card.url).query)
    assert query["reason"] == [REASON]
    assert query["closes_at"] == [(CLOSES + hours(3)).isoformat(timespec="minutes")]


@pytest.mark.parametrize(
    ("now", "start", "shown", "tone"),
    [
        (CLOSES - hours(30), DURING, True, ""),
        (CLOSES - hours(1), CLOSES - hours(27), True, ""),
        (CLOSES - hours(1), CLOSES - hours(26), True, "warning"),
        (CLOSES, CLOSES - hours(5), False, ""),
    ],
)
def test_the_card_knows_how_late_it_was(now, start, shown, tone):
    topic = make_consultation()
    make_incident(topic, start)
    card = incident_card(topic, editor(), now)
    assert bool(card) is shown
    assert not card or card.tone == tone


def test_without_an_incident_nothing_is_asked(django_assert_num_queries):
    topic, user = make_consultation(), editor()
    topic.stage(DURING)
    user.has_perm("wagtail_eparticipation.request_act")
    incident_card(topic, user, DURING)
    with django_assert_num_queries(1):
        assert incident_card(topic, user, DURING) is None


@pytest.mark.parametrize("permissions", [[], ["moderate_participation"]])
def test_the_card_is_for_those_who_may_ask_for_an_extension(permissions):
    topic = make_consultation()
    make_incident(topic)
    assert incident_card(topic, make_user(permissions=permissions), DURING) is None


def test_the_link_fills_the_form_of_the_extension(client):
    topic = make_consultation(policy_version=install_pack("qassim")[0])
    make_incident(topic)
    user = editor()
    client.force_login(user)
    with clock.rehearse(DURING):
        answer = client.get(incident_card(topic, user, DURING).url)
    form = answer.context["form"]
    assert form["reason_code"].value() == REASON
    assert REASON in dict(form.fields["reason_code"].choices)
    # 26 April 14:00 in Riyadh, and three hours more.
    assert str(form["closes_on"].value()) == "2026-04-26"
    assert str(form["closes_time"].value()) == "17:00:00"


@pytest.mark.parametrize(
    "query",
    ["?closes_at=yesterday", "?closes_at=%00", "?closes_at=0001-01-01", "?reason=x"],
)
def test_a_made_up_link_breaks_nothing(client, query):
    topic = make_consultation(policy_version=install_pack("qassim")[0])
    client.force_login(editor())
    address = reverse("eparticipation_admin:desk_act", args=[topic.pk, "extend"])
    with clock.rehearse(DURING):
        assert client.get(f"{address}{query}").status_code == 200


def typed(topic=None, **changes):
    return {
        "consultation": topic.pk if topic else "",
        "kind": "outage",
        "started_at": "2026-04-12 10:00",
        "ended_at": "2026-04-12 13:30",
        "note": "",
        **changes,
    }


def test_an_incident_is_recorded_with_who_recorded_it(client):
    topic, user = make_consultation(), editor()
    client.force_login(user)
    assert client.post(ADD, typed(topic)).status_code == 302
    incident = Incident.objects.get()
    assert incident.recorded_by == user and not incident.noticed
    assert incident.duration == timedelta(hours=3, minutes=30)
    assert client.get(INDEX).status_code == 200


def test_an_end_before_the_beginning_is_refused_with_the_rest_kept(client):
    client.force_login(editor())
    answer = client.post(ADD, typed(ended_at="2026-04-12 09:00", note="كابل مقطوع"))
    assert answer.status_code == 200
    assert "يجب أن تكون النهاية بعد البداية" in answer.content.decode()
    assert "كابل مقطوع" in answer.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "permissions", [[], ["moderate_participation"], ["view_identity"]]
)
def test_nobody_else_records_reads_or_removes_one(client, permissions):
    incident = make_incident(make_consultation())
    client.force_login(make_user(permissions=permissions))
    one = [incident.pk]
    for address in (
        INDEX,
        ADD,
        reverse("eparticipation_incidents:edit", args=one),
        reverse("eparticipation_incidents:delete", args=one),
    ):
        assert client.get(address).status_code == 302
        client.post(address, typed())
    assert list(Incident.objects.all()) == [incident]


def test_other_departments_incidents_are_neither_shown_nor_changed(client):
    own, foreign = department("المياه"), department("الطرق")
    mine = make_incident(make_consultation(department=own))
    theirs = make_incident(make_consultation(department=foreign))
    everybodys = make_incident()
    client.force_login(editor(own))
    shown = client.get(INDEX).context["object_list"]
    assert set(shown) == {mine, everybodys}
    for other in (theirs, everybodys):
        for name in ("edit", "delete"):
            address = reverse(f"eparticipation_incidents:{name}", args=[other.pk])
            client.post(address, typed())
    assert Incident.objects.count() == 3
    theirs.refresh_from_db()
    assert theirs.started_at == DURING


def test_who_is_limited_to_a_department_speaks_for_its_topics_alone(client):
    own, foreign = department("المياه"), department("الطرق")
    make_consultation(department=own)
    client.force_login(editor(own))
    for topic in (None, make_consultation(department=foreign)):
        assert client.post(ADD, typed(topic)).status_code == 200
    assert not Incident.objects.exists()


@pytest.mark.parametrize("rows", [20, 200])
def test_the_list_costs_the_same_however_long(
    client, rows, django_assert_max_num_queries
):
    topic = make_consultation()
    for number in range(rows):
        make_incident(topic, DURING + timedelta(minutes=number))
    client.force_login(editor())
    client.get(INDEX)
    with django_assert_max_num_queries(16):
        assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=1), "1"),
        (timedelta(seconds=1), "1"),
        (timedelta(hours=2), "2"),
        (timedelta(hours=26, minutes=5), "26"),
    ],
    ids=str,
)
def test_a_duration_is_said_in_hours_and_minutes(span, words):
    assert words in duration_words(span)
