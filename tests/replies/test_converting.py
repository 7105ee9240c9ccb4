"""An enquiry becomes a participation only when its sender says so (R-4.1g)."""

import pytest

from tests.factories import AFTER, DURING
from tests.factories_pages import make_consultation_page
from tests.notifications.smtp import running as running_mail
from tests.participations.conftest import fresh_cache  # noqa: F401 (used by pytest)
from tests.replies.makers import QUESTION, ask, make_replier
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import persons
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies import converting
from wagtail_eparticipation.replies.answering import NotPossible
from wagtail_eparticipation.replies.views import case_address

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"
AGREED = {"publication": "with_name", "name": "سالم", "accept": "on"}


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page(
        stage="published", policy_version=install_pack("qassim")[0]
    )


@pytest.fixture
def receipt(page):
    return ask(page.consultation, email=SALEM)


def address(receipt, language="ar"):
    return case_address(receipt.code, language)


def test_nobody_is_asked_of_itself(client, receipt):
    html = client.get(address(receipt)).content.decode()
    assert 'name="accept"' not in html
    client.post(address(receipt), AGREED)
    assert not Participation.objects.exists()


def test_the_sender_is_asked_by_mail_and_agrees(
    client, receipt, settings, django_capture_on_commit_callbacks
):
    with running_mail(settings) as mailbox:
        with django_capture_on_commit_callbacks(execute=True):
            converting.ask(receipt.case, actor=make_replier())
        mail = mailbox.to(SALEM)[-1].get_body().get_content()
    assert receipt.code in mail
    assert 'name="accept"' in client.get(address(receipt)).content.decode()
    response = client.post(address(receipt), AGREED)
    assert response.status_code == 302
    row = Participation.objects.get()
    assert (row.text, row.channel, row.tool) == (QUESTION, "portal", "comment")
    assert (row.consent, row.publication) == ("explicit", "with_name")
    assert row.public_name == "سالم"
    assert row.consent_version
    receipt.case.refresh_from_db()
    assert receipt.case.participation == row
    assert LedgerEvent.objects.filter(kind="case.converted").exists()
    assert "/receipt/" in response["Location"]


def test_agreeing_again_gives_the_same_participation(client, receipt):
    converting.ask(receipt.case, actor=make_replier())
    client.post(address(receipt), AGREED)
    client.post(address(receipt), AGREED)
    assert Participation.objects.count() == 1


@pytest.mark.parametrize("changes", [{"accept": ""}, {"publication": ""}, {"name": ""}])
def test_without_an_explicit_choice_nothing_happens(client, receipt, changes):
    converting.ask(receipt.case, actor=make_replier())
    response = client.post(address(receipt), {**AGREED, **changes})
    assert response.status_code == 422
    assert not Participation.objects.exists()


def test_after_closing_nobody_can_agree(client, receipt):
    converting.ask(receipt.case, actor=make_replier())
    with rehearse(AFTER):
        late = address(receipt)
        assert 'name="accept"' not in client.get(late).content.decode()
        client.post(late, AGREED)
    assert not Participation.objects.exists()


def test_the_sender_is_asked_once_and_only_about_an_open_topic(page, receipt):
    replier = make_replier()
    converting.ask(receipt.case, actor=replier)
    with pytest.raises(NotPossible):
        converting.ask(receipt.case, actor=replier)
    with pytest.raises(NotPossible):
        converting.ask(ask(None).case, actor=replier)
    with rehearse(AFTER), pytest.raises(NotPossible):
        converting.ask(ask(page.consultation).case, actor=replier)


def set_topic(page, **fields):
    Consultation.objects.filter(pk=page.consultation_id).update(**fields)
    page.refresh_from_db()


@pytest.mark.parametrize(
    "asking", [{"identity_mode": "signed_in"}, {"audience_mode": "invited"}]
)
def test_a_topic_that_knows_its_people_takes_none_in_this_way(page, asking):
    set_topic(page, **asking)
    with pytest.raises(NotPossible):
        converting.ask(ask(page.consultation).case, actor=make_replier())


def test_where_an_address_is_asked_it_counts_once_confirmed(client, page, receipt):
    set_topic(page, identity_mode="email")
    converting.ask(receipt.case, actor=make_replier())
    client.post(address(receipt), AGREED)
    row = Participation.objects.get()
    assert row.state == "unconfirmed"
    assert row.person_key == persons.key_of_address(page.consultation, SALEM)
