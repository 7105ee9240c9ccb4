"""Each channel of the table in figures, in one aggregate query (R-4.1h)."""

import pytest
from django.urls import reverse

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_user
from tests.factories_pages import every_channel, make_consultation_page
from tests.replies import service as services
from tests.replies.makers import ask, make_replier, send_complaint
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.discussion.official import reply_officially
from wagtail_eparticipation.participations.models import Channel, State
from wagtail_eparticipation.replies.counters import counts_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page(stage="published")


def by_place(rows):
    return {(row.channel, row.tool_label): row for row in rows}


def test_every_channel_of_the_table_stands_with_its_numbers(page, settings):
    services.use(settings, services.URL, url="https://940.example/")
    topic = page.consultation
    voice = make_voice(topic)
    make_voice(topic)
    make_participation(topic, state=State.REFUSED)
    make_participation(topic, state=State.LATE)
    make_participation(topic, state=State.ROLLED_BACK)
    make_participation(topic, channel=Channel.SOCIAL)
    send_complaint(topic)
    ask(topic)
    reply_officially(topic, text="شكراً", language="ar", actor=make_replier(), to=voice)
    rows = counts_of(topic)
    places = by_place(rows)
    comments = places["portal", "تعليق"]
    assert (comments.received, comments.accepted, comments.refused) == (4, 2, 1)
    assert (comments.late, comments.answered) == (1, 1)
    complaints = places["portal", "شكوى"]
    assert (complaints.received, complaints.rerouted, complaints.answered) == (1, 1, 1)
    assert not places["social", "تعليق"].named
    assert [row.received for row in rows if row.channel == "counter"] == [0]
    for row in rows:
        parts = row.accepted + row.refused + row.rerouted
        parts += row.quarantined + row.late + row.withdrawn
        assert parts == row.received


def test_what_is_in_quarantine_stands_apart_from_late_and_withdrawn(page):
    for state in (State.QUARANTINED, State.LATE, State.WITHDRAWN, State.REPLACED):
        make_participation(page.consultation, state=state)
    (row,) = [row for row in counts_of(page.consultation) if row.received]
    assert (row.received, row.accepted) == (4, 0)
    assert (row.quarantined, row.late, row.withdrawn) == (1, 1, 2)


@pytest.mark.parametrize("rows", [20, 200])
def test_the_figures_take_one_query_beside_the_table(
    page, rows, django_assert_num_queries
):
    for _number in range(rows):
        make_participation(page.consultation)
    consultation = type(page.consultation).objects.get(pk=page.consultation_id)
    # The table of means, the window, and the aggregate.
    with django_assert_num_queries(3):
        counts_of(consultation)


def test_the_figures_are_for_those_who_work_with_the_topic(client, page):
    address = reverse("eparticipation_admin:channels", args=[page.consultation_id])
    assert client.get(address).status_code == 302
    client.force_login(make_user(permissions=[]))
    assert client.get(address).status_code == 302
    client.force_login(make_user(permissions=["view_consultation"]))
    assert client.get(address).status_code == 200


def test_all_channels_can_be_named():
    page = make_consultation_page(stage="published", channels=every_channel())
    rows = counts_of(page.consultation)
    assert [row.channel for row in rows] == every_kind()


def every_kind():
    return [row["value"]["kind"] for row in every_channel()]
