"""Topics that take files, forms with files, and files that are there already."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import DURING
from tests.participations import files_made as made
from tests.participations.sending import ask, fill, send, token_of
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import attaching, attachment_store
from wagtail_eparticipation.participations.attachment_settings import limits
from wagtail_eparticipation.participations.attachments import Attachment

#: Settings of a site that has no scanner and says so.
UNSCANNED = {"TIME_ZONE": "Asia/Riyadh", "ATTACHMENTS": {"UNSCANNED": True}}
ABOUT = "صورة ممر بلا ظل"


def take_files(consultation):
    """Switch it on as the desk does."""
    Consultation.objects.filter(pk=consultation.pk).update(takes_files=True)
    consultation.takes_files = True


def upload(data, name="ظل.png"):
    return SimpleUploadedFile(name, data, "application/octet-stream")


def with_files(token, *files, **changes):
    """What the form sends."""
    files = [file if hasattr(file, "read") else upload(file) for file in files]
    return fill(token, files=files, files_about=ABOUT, files_shared="on", **changes)


def send_files(client, page, *files, tool="comment", **changes):
    token = changes.pop("token", "") or token_of(ask(client, page))
    return send(client, page, with_files(token, *files, **changes), tool=tool)


def attach(participation, data=None, *, state=None, name="ظل.png", about=ABOUT):
    """A file of a participation that is there already."""
    row = attachment_store.keep(
        participation.consultation,
        data or made.photo(),
        name,
        held_for=participation.idempotency_key,
        limits=limits(),
        now=DURING,
    )
    attachment_store.remember_words(row, about)
    take_files(participation.consultation)
    attaching.attach_held(None, participation, DURING)
    if state:
        Attachment.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row
