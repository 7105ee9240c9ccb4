"""After sealing a text can still be taken down; the archive's page then says so."""

import pytest

from tests.archive.makers import AFTER, CLOSING, TEXTS
from tests.replies.clarified import REASON, make_clarification
from tests.replies.makers import make_replier
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.verification import verify_stored
from wagtail_eparticipation.consultations.tick import tick
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.moderation.decide import take_down
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies import clarifying

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(package, officer):
    """The participation that was taken down after its topic was sealed."""
    voice = package.consultation.participations.order_by("pk").first()
    with clock.rehearse(AFTER):
        take_down(voice, actor=officer, reason_code="take_down.law")
    return voice


def test_the_package_is_no_longer_given_out(package, taken, client):
    url = package.consultation.page_in("ar").get_url()
    response = client.get(f"{url}archive/package/")
    assert response.status_code == 302
    assert response["Location"] == f"{url}#ep-archive"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("where", ["", "report/"])
def test_the_page_says_how_many_when_and_under_which_rule(
    package, taken, client, where
):
    url = package.consultation.page_in("en").get_url()
    page = client.get(f"{url}{where}").content.decode()
    assert "1 text was taken down after sealing" in page
    assert str(AFTER.year) in page
    assert (
        package.consultation.ledger_events.get(kind="moderation.taken_down").data[
            "clause"
        ]
        in page
    )
    assert "archive/package/" not in page


def test_chaining_the_ledger_afterwards_changes_nothing_of_it(package, taken, client):
    tick()
    url = package.consultation.page_in("en").get_url()
    assert client.get(f"{url}archive/package/").status_code == 302


def test_the_sealed_package_itself_stays_as_it_is(package, taken, officer):
    assert verify_stored(package, actor=officer, now=AFTER).passed


def test_discussion_and_author_hear_of_it(package, taken):
    comment = PublishedComment.objects.get(participation=taken)
    assert comment.is_taken_down and TEXTS[0] not in comment.comment
    assert Notice.objects.filter(kind=Kind.MODERATED, participation=taken).exists()


def test_no_shared_cache_keeps_the_package_for_long(package, client, settings):
    url = package.consultation.page_in("ar").get_url()
    cached = client.get(f"{url}archive/package/")["Cache-Control"]
    assert "immutable" not in cached
    assert "max-age=300" in cached


@pytest.fixture
def clarification(consultation):
    """Published before the topic is closed and sealed."""
    with clock.rehearse(CLOSING):
        return make_clarification(consultation)


def test_a_clarification_withdrawn_after_sealing_is_not_given_out(
    clarification, package, client
):
    url = package.consultation.page_in("ar").get_url()
    assert client.get(f"{url}archive/package/").status_code == 200
    with clock.rehearse(AFTER):
        clarifying.withdraw(clarification, reason=REASON, actor=make_replier())
    assert client.get(f"{url}archive/package/").status_code == 302
    assert str(AFTER.year) in client.get(url).content.decode()
