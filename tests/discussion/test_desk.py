import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import reply_officially

pytestmark = pytest.mark.django_db

LIST = reverse("eparticipation_admin:discussion")


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def spokesperson(client):
    user = make_user(permissions=["reply_officially", "view_consultation"])
    client.force_login(user)
    return user


def listed(client, query=""):
    response = client.get(LIST + query)
    return [comment.pk for comment in response.context["object_list"]]


def reply_address(voice):
    return reverse("eparticipation_admin:official_reply", args=[voice.consultation_id])


def test_the_reply_desk_finds_published_voices_the_newest_first(client, spokesperson):
    older, newer = make_voice(), make_voice()
    make_participation()
    removed = make_voice()
    publishing.take_down(removed.participation, now=DURING)
    assert listed(client) == [newer.pk, older.pk]


def test_voices_can_be_searched_and_narrowed_to_a_topic(client, spokesperson):
    wanted = make_voice(text="ظل أكثر للأطفال")
    make_voice()
    assert listed(client, "?q=للأطفال") == [wanted.pk]
    assert listed(client, f"?consultation={wanted.consultation_id}") == [wanted.pk]
    assert listed(client, "?ordering=nonsense")


def test_voices_of_other_departments_are_not_listed(client):
    make_voice()
    user = make_user(permissions=["reply_officially"])
    StaffScope.objects.create(user=user)
    client.force_login(user)
    assert listed(client) == []


@pytest.mark.parametrize("permissions", [None, [], ["moderate_participation"]])
@pytest.mark.parametrize("name", ["discussion", "discussion_results"])
def test_the_list_is_for_those_who_may_reply(client, permissions, name):
    if permissions is not None:
        client.force_login(make_user(permissions=permissions))
    response = client.get(reverse(f"eparticipation_admin:{name}"))
    assert response.status_code in (302, 403)


def test_the_list_costs_the_same_with_5_and_with_50_rows(client, spokesperson):
    topic = make_consultation()
    costs = []
    for number in range(1, 51):
        make_voice(topic)
        if number in (5, 50):
            client.get(LIST)
            with CaptureQueriesContext(connection) as cost:
                assert len(listed(client)) == number
            costs.append(len(cost))
    assert costs[0] == costs[1]


def test_an_official_reply_is_taken_back_on_its_own_page(client, spokesperson):
    voice = make_voice()
    reply = reply_officially(
        voice.consultation, text="شكراً", language="ar", actor=spokesperson, to=voice
    )
    address = reply_address(voice)
    client.post(f"{address}?to={reply.key}", {"take_back": "1"})
    reply.refresh_from_db()
    assert reply.is_taken_down


def test_a_citizens_voice_cannot_be_taken_back_there(client, spokesperson):
    voice = make_voice()
    address = reply_address(voice)
    response = client.post(f"{address}?to={voice.key}", {"take_back": "1"})
    assert response.status_code in (302, 403)
    assert not PublishedComment.objects.get(pk=voice.pk).is_taken_down
