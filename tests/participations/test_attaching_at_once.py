"""The same form with files, sent twice at once: one participation, each file once."""

import pytest
from django.db import transaction
from django.test import Client

from tests.factories_pages import every_channel, make_consultation_page
from tests.participations import files_made as made
from tests.participations.attaching_files import (
    UNSCANNED,
    send_files,
    take_files,
    upload,
)
from tests.participations.sending import ask, token_of
from tests.together import at_once, real_connections
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page():
    """As the room's own, in a transaction, which these tests do not run in."""
    with transaction.atomic():
        found = make_consultation_page(stage="published", channels=every_channel())
        Consultation.objects.filter(pk=found.consultation_id).update(
            policy_version=install_pack("qassim")[0]
        )
    found.refresh_from_db()
    return found


@pytest.fixture(autouse=True)
def takes(settings, tmp_path, page):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED
    take_files(page.consultation)


def test_one_form_sent_twice_at_once_attaches_its_file_once(page, tmp_path):
    token = token_of(ask(Client(), page))
    photo = made.photo()

    def send():
        return send_files(Client(), page, upload(photo), token=token).status_code

    with real_connections(tmp_path):
        statuses = at_once(send, send, send)
        assert statuses == [302, 302, 302]
        participation = Participation.objects.get()
        assert participation.attachment_count == 1
        attached = Attachment.objects.filter(participation=participation)
        assert attached.count() == 1


def test_other_files_for_one_form_at_once_are_never_more_than_allowed(page, tmp_path):
    token = token_of(ask(Client(), page))

    def sender(shade):
        files = [
            upload(made.picture(color=(shade, number, 0)), f"{number}.png")
            for number in range(3)
        ]
        return lambda: send_files(Client(), page, *files, token=token).status_code

    with real_connections(tmp_path):
        statuses = at_once(sender(10), sender(200))
        assert all(status in (302, 409, 422) for status in statuses)
        for participation in Participation.objects.all():
            attached = participation.attachments.count()
            assert attached == participation.attachment_count <= 3
