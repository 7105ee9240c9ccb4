"""Small makers of what a test needs; each returns a saved object."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from wagtail_eparticipation.consultations.models import (
    CollectionWindow,
    Consultation,
    Period,
)
from wagtail_eparticipation.consultations.stages import Stored

_numbers = itertools.count(1)

#: Sunday 5 April 2026 08:00 and Sunday 26 April 2026 14:00 in Riyadh (fixture T1).
OPENS = datetime(2026, 4, 5, 5, 0, tzinfo=UTC)
CLOSES = datetime(2026, 4, 26, 11, 0, tzinfo=UTC)
DURING = datetime(2026, 4, 12, 9, 0, tzinfo=UTC)
AFTER = CLOSES + timedelta(hours=1)


def make_consultation(
    *, stored=Stored.PUBLISHED, opens_at=OPENS, closes_at=CLOSES, **fields
):
    """A process without pages, at once in the stage asked for."""
    number = next(_numbers)
    fields.setdefault("reference", f"T-{number:04}")
    fields.setdefault("titles", {"ar": "تطوير حديقة النخيل", "en": "Al-Nakheel Park"})
    consultation = Consultation.objects.create(
        translation_key=uuid.uuid4(),
        stored_stage=stored,
        stage_since=opens_at,
        created_at=opens_at - timedelta(days=30),
        **fields,
    )
    if stored not in (Stored.DRAFT, Stored.APPROVED):
        period = Period.objects.create(
            consultation=consultation,
            number=1,
            opens_at=opens_at,
            closes_at=closes_at,
            origin="planned",
            recorded_at=opens_at,
        )
        CollectionWindow.objects.create(
            consultation=consultation,
            period=period,
            opens_at=opens_at,
            closes_at=closes_at,
        )
    return consultation


def make_user(name=None, *, permissions=(), superuser=False, groups=()):
    """An account with Wagtail admin access and the codenames of permissions given."""
    name = name or f"user{next(_numbers)}"
    user = get_user_model().objects.create_user(
        name,
        f"{name}@municipality.example",
        "demo",
        is_superuser=superuser,
        is_staff=superuser,
    )
    codenames = ["access_admin", *permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    for group in groups:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user
