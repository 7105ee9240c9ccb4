"""Participations and themes as the analysis finds them."""

import itertools
import uuid

from tests.factories import DURING
from wagtail_eparticipation.analysis.models import Theme
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
    State,
)

_numbers = itertools.count(1)


def make_participation(consultation, **fields):
    """A row of the register as the door leaves it."""
    number = next(_numbers)
    defaults = {
        "tool": "comment",
        "channel": Channel.PORTAL,
        "state": State.PUBLISHED,
        "text": f"نحتاج إلى مزيد من الظل في الحديقة {number}",
        "language": "ar",
        "publication": Publication.WITHOUT_NAME,
        "consent": Consent.EXPLICIT,
        "made_at": DURING,
        "received_at": DURING,
        "idempotency_key": uuid.uuid4().hex,
        "receipt_hash": uuid.uuid4().hex,
    }
    return Participation.objects.create(
        consultation=consultation, **{**defaults, **fields}
    )


def make_theme(consultation, **fields):
    """A theme with titles in both languages."""
    defaults = {"titles": {"ar": "الظل", "en": "Shade"}, "order": next(_numbers)}
    return Theme.objects.create(consultation=consultation, **{**defaults, **fields})


def answered(consultation, **fields):
    """A theme that the gates have nothing against."""
    return make_theme(
        consultation,
        **{
            "disposition": "taken_up",
            "reason": {"ar": "لأن الظل مطلوب.", "en": "Because shade is needed."},
            **fields,
        },
    )
