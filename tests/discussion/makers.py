"""Participations and published voices for tests of discussion and moderation."""

import itertools
import uuid

from tests.factories import DURING, make_consultation
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.participations.models import (
    Consent,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.sanitize import clean_html

_numbers = itertools.count(1)

ARABIC = "أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال."


def make_participation(consultation=None, *, text=ARABIC, **fields):
    """A row of the register as the door would have written it."""
    consultation = consultation or make_consultation()
    key = uuid.uuid4().hex
    fields.setdefault("tool", "comment")
    fields.setdefault("language", "ar")
    fields.setdefault("publication", Publication.WITH_NAME)
    fields.setdefault("public_name", f"سارة {next(_numbers)}")
    fields.setdefault("made_at", DURING)
    fields.setdefault("received_at", DURING)
    return Participation.objects.create(
        consultation=consultation,
        period=consultation.periods.first(),
        text=text,
        text_html=clean_html(text),
        consent=Consent.EXPLICIT,
        idempotency_key=key,
        receipt_hash=key,
        **fields,
    )


def make_voice(consultation=None, *, now=DURING, **fields):
    """A published comment and, through it, its participation."""
    fields.setdefault("state", State.PUBLISHED)
    return publish(make_participation(consultation, **fields), now=now)
