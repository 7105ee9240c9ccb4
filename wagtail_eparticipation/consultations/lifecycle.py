"""The birth of a process: one record for all languages of a topic."""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models.functions import Length

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.policy.install import NoPolicy, current_version

#: Groups made by ``eparticipation_setup`` that hold a role until people are named.
DEFAULT_GROUPS = {
    Role.OWNER: "Topic editors",
    Role.MODERATOR: "Participation moderators",
    Role.REPLY_DESK: "Reply desk",
    Role.LIAISON: "Reply desk",
    Role.ANALYST: "Analysts",
    Role.DECISION_MAKER: "Decision makers",
    Role.RECORDS: "Records officers",
    Role.PRIVACY: "Privacy officers",
}
_ATTEMPTS = 64
#: Attempts before a number is left out that this transaction cannot see as taken.
_PATIENCE = 8


def ensure_consultation(page) -> Consultation:
    """The process of a page's topic, made when the page is its first language."""
    found = Consultation.objects.filter(translation_key=page.translation_key).first()
    return found or _create(page)


def _create(page) -> Consultation:
    now = clock.now()
    year = now.astimezone(municipal_zone()).year
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return _insert(page, now, next_reference(year, attempt // _PATIENCE))
        except IntegrityError:
            key = page.translation_key
            found = Consultation.objects.filter(translation_key=key).first()
            if found is not None:
                return found
    raise RuntimeError(f"No free reference for {year} was found.")


def next_reference(year: int, skip: int = 0) -> str:
    """The next number of a year, ``2026-014``; a constraint keeps it unique.

    References of another form are left to those who gave them.
    """
    prefix = f"{year}-"
    last = (
        Consultation.objects.filter(reference__regex=rf"^{year}-[0-9]+$")
        .order_by(Length("reference").desc(), "-reference")
        .values_list("reference", flat=True)
        .first()
    )
    number = int(last.removeprefix(prefix)) if last else 0
    return f"{prefix}{number + 1 + skip:03}"


def _insert(page, now, reference: str) -> Consultation:
    try:
        policy = current_version(now)
    except NoPolicy:
        policy = None
    consultation = Consultation.objects.create(
        translation_key=page.translation_key,
        reference=reference,
        stage_since=now,
        created_at=now,
        policy_version=policy,
    )
    groups = {group.name: group for group in Group.objects.all()}
    RoleAssignment.objects.bulk_create(
        RoleAssignment(consultation=consultation, role=role, group=groups[name])
        for role, name in DEFAULT_GROUPS.items()
        if name in groups
    )
    record(consultation, "consultation_created", data={"reference": reference}, at=now)
    return consultation
