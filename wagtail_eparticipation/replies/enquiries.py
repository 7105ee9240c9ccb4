"""Taking an enquiry in: at any stage and any hour, once, with its clock (P-6.5)."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.calendars.versions import (
    NoCalendar,
    calendar_for,
    clock_of,
    version_at,
)
from wagtail_eparticipation.calendars.working_time import NoWorkingTime
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import receipts
from wagtail_eparticipation.participations.identity import (
    Person,
    contact_hash,
    encrypted,
    keyed_hash,
)
from wagtail_eparticipation.policy.install import NoPolicy, current_version
from wagtail_eparticipation.policy.reading import policy_of
from wagtail_eparticipation.replies.models import Case, CaseIdentity

#: Where no policy says how fast an answer is owed and a case settled, in working hours.
TARGETS = {"first_answer_working_hours": 6, "close_case_working_hours": 30}


@dataclass(frozen=True)
class Enquiry:
    """What somebody asks; ``key`` names this one act of sending."""

    subject: str
    text: str
    language: str
    person: Person = field(default_factory=Person)
    suspicious: bool = False
    key: str = ""


@dataclass(frozen=True)
class Receipt:
    """The case, the code to show once, and whether it was sent before.

    ``differs``: it was sent before with other words, which were not taken in.
    """

    case: Case
    code: str
    repeated: bool = False
    differs: bool = False


def receive(consultation, enquiry: Enquiry) -> Receipt:
    """Take an enquiry in; ``consultation`` may be ``None`` (R-4.1g, R-6.5.1b).

    Raises ``sanitize.TextTooLong`` for a text over the limit.
    """
    nonce = enquiry.key or secrets.token_hex(16)
    place = consultation.pk if consultation is not None else 0
    key = hashlib.sha256(f"case:{place}:{nonce}".encode()).hexdigest()
    words = {
        "subject": sanitize.plain(enquiry.subject, max_length=200).replace("\n", " "),
        "text": sanitize.plain(enquiry.text, max_length=get_setting("MAX_TEXT_LENGTH")),
    }
    digest = _digest(enquiry, words)
    try:
        with transaction.atomic():
            return _take_in(consultation, enquiry, words, key, digest)
    except IntegrityError:
        case = Case.objects.filter(idempotency_key=key).first()
        if case is None:
            raise
    code = receipts.code_matching(case.idempotency_key, case.receipt_hash)
    # After erasure nothing tells the contact any more: the words remain.
    differs = (
        case.sent_digest != digest
        if case.sent_digest
        else (case.subject, case.text) != (words["subject"], words["text"])
    )
    return Receipt(case, code, repeated=True, differs=differs)


def _digest(enquiry: Enquiry, words: dict[str, str]) -> str:
    entered = [words, enquiry.language, asdict(enquiry.person)]
    return keyed_hash("enquiry", json.dumps(entered, sort_keys=True))


def _take_in(consultation, enquiry, words, key, digest) -> Receipt:
    now = clock.database_now()
    code = receipts.code_for(key)
    case = Case.objects.create(
        consultation=consultation,
        **words,
        language=enquiry.language,
        suspicious=enquiry.suspicious,
        received_at=now,
        idempotency_key=key,
        receipt_hash=receipts.hash_of(code),
        sent_digest=digest,
        **owed(consultation, now),
    )
    _seal(case, enquiry.person)
    note(case, "case.received", at=now)
    signals.case_received.send(sender=Case, case=case, now=now)
    return Receipt(case, code)


def owed(consultation, now: datetime) -> dict[str, Any]:
    """By which calendar, from when and until when an answer is owed (AC-S3-J1).

    Nothing on a site without working hours: then nobody promised any.
    """
    department = consultation.department if consultation is not None else None
    first, whole = target_hours(consultation, now)
    try:
        version = version_at(calendar_for(department), now)
        working = clock_of(version)
        start = working.next_start(now)
        due = working.add(now, timedelta(hours=first))
    except (NoCalendar, NoWorkingTime):
        return {}
    try:
        settled = working.add(now, timedelta(hours=whole))
    except NoWorkingTime:
        # The calendar ends in between; what it can promise is promised.
        settled = None
    return {
        "calendar_version": version,
        "resumes_at": start if start > now else None,
        "due_at": due,
        "resolve_due_at": settled,
    }


def target_hours(consultation, now: datetime) -> tuple[int, int]:
    """Working hours in which the policy promises a first answer, and a settled case."""
    version = consultation.policy_version if consultation is not None else None
    if version is None:
        try:
            version = current_version(now)
        except NoPolicy:
            version = None
    periods = policy_of(version).periods if version is not None else {}
    first, whole = (periods.get(name, hours) for name, hours in TARGETS.items())
    return first, whole


def _seal(case: Case, person: Person) -> None:
    if not person:
        return
    key, content = encrypted(person, case.received_at)
    key.save(force_insert=True)
    CaseIdentity.objects.create(
        case=case,
        key=key,
        sealed=content,
        contact_hash=contact_hash(person.email),
        has_contact=bool(person.email),
    )


@transaction.atomic
def forget(case: Case, *, ground: str, actor=None) -> bool:
    """Destroy the key of who asked: nobody can read the identity again (AC-S6-D2).

    What only helped to recognise the same form goes with it. The caller has checked
    that this person may have it done.
    """
    identity = CaseIdentity.objects.filter(case=case, key__isnull=False).first()
    if identity is None:
        return False
    key, identity.key = identity.key, None
    identity.sealed, identity.contact_hash, identity.has_contact = b"", "", False
    identity.save()
    key.delete()
    Case.objects.filter(pk=case.pk).update(sent_digest="")
    now = clock.database_now()
    note(case, "case.identity_destroyed", at=now, actor=actor, ground=ground)
    return True


def note(case: Case, kind: str, *, at: datetime, actor=None, **data) -> None:
    """Write to the topic's ledger, with ids alone; a case without one has none."""
    if case.consultation is not None:
        content = {"case": str(case.public_id), **data}
        record(case.consultation, kind, actor=actor, at=at, data=content)


def find(code: str) -> Case | None:
    """The case with this receipt code."""
    if not receipts.looks_like_code(code):
        return None
    return (
        Case.objects.filter(receipt_hash=receipts.hash_of(code))
        .select_related("consultation__window", "consultation__policy_version")
        .first()
    )
