"""From an uploaded list to invitations: looked at, tried, carried out (AC-S1-E2).

Nothing is sent here. A list that is carried out again invites nobody twice: that an
address is invited once is a constraint of the database.
"""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import invitees, persons, table_files
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    open_text,
    seal_text,
)
from wagtail_eparticipation.participations.invitation_files import (
    ListPlan,
    ListReport,
    ListRow,
    read,
)
from wagtail_eparticipation.participations.invitation_lists import (
    ABANDONED_AFTER,
    InvitationList,
)
from wagtail_eparticipation.participations.invitations import (
    Invitation,
    hash_of,
    new_code,
)
from wagtail_eparticipation.participations.models import PersonKey

#: Who may be invited to what: until the topic stops collecting.
INVITING = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.COLLECTING})
_CHUNK = 500
#: Another list that invites the same address at the same instant is tried again.
_ATTEMPTS = 5


class InvitingRefused(ValueError):
    """Nothing was done; the message says why."""


def refusal(consultation, now: datetime, stages=INVITING) -> str:
    """Why nobody can be invited to a topic now; empty when somebody can."""
    if not persons.asks_for_code(consultation):
        return _(
            "This topic is open to everyone. Invitations belong to topics by"
            " invitation."
        )
    if consultation.stage(now) not in stages:
        return _("At this stage of the topic this cannot be done.")
    return ""


def require(consultation, actor, now: datetime, stages=INVITING) -> None:
    """Ask for the duty, then for the topic; raises :class:`InvitingRefused`."""
    access.require(actor, "request", consultation)
    if why := refusal(consultation, now, stages):
        raise InvitingRefused(why)


def prepare(consultation, file, name: str, *, actor) -> InvitationList:
    """Keep an uploaded list, sealed; raises ``table_files.UnreadableFile``, too."""
    now = clock.database_now()
    require(consultation, actor, now)
    table_files.read_through(file, name)
    content = base64.b64encode(file.read()).decode()
    with transaction.atomic():
        key, sealed = seal_text(content, now)
        key.save(force_insert=True)
        return InvitationList.objects.create(
            consultation=consultation,
            file_name=name[:255],
            key=key,
            sealed=sealed,
            entered_by=actor,
            created_at=now,
        )


def _content(waiting: InvitationList) -> io.BytesIO:
    try:
        content = open_text(waiting.key, waiting.sealed)
    except IdentityUnreadable as error:
        raise InvitingRefused(
            _("The list cannot be opened any more: upload it again.")
        ) from error
    return io.BytesIO(base64.b64decode(content))


@contextmanager
def _opened(waiting: InvitationList) -> Iterator[tuple[list[str], Iterator[list]]]:
    file = _content(waiting)
    with table_files.opened(file, waiting.file_name) as (headings, rows):
        yield headings, rows


def headings_of(waiting: InvitationList) -> tuple[list[str], list[list[str]]]:
    """The columns of the list, and its first five rows to look at."""
    with _opened(waiting) as (headings, rows):
        first = list(islice(rows, 5))
    return headings, [["" if cell is None else str(cell) for cell in r] for r in first]


def sheets_left_out(waiting: InvitationList) -> list[str]:
    """The sheets of its workbook that are not read, by name."""
    return table_files.sheets_left_out(_content(waiting), waiting.file_name)


def rehearse(waiting: InvitationList, plan: ListPlan, *, actor) -> ListReport:
    """What would become of each row, with nothing kept."""
    require(waiting.consultation, actor, clock.now())
    report = ListReport()
    with _opened(waiting) as (headings, rows):
        for _some in _to_invite(
            waiting.consultation, read(headings, rows, plan), report
        ):
            pass
    return report


def carry_out(waiting: InvitationList, plan: ListPlan, *, actor) -> ListReport:
    """Make the invitations, with codes that nobody has seen; the list is deleted."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _carry_out(waiting, plan, actor)
        except IntegrityError:
            if attempt == _ATTEMPTS:
                raise


def _carry_out(waiting: InvitationList, plan: ListPlan, actor) -> ListReport:
    held = InvitationList.objects.select_for_update().filter(pk=waiting.pk).first()
    if held is None:
        raise InvitingRefused(_("This list was carried out already."))
    consultation = waiting.consultation
    now = clock.database_now()
    require(consultation, actor, now)
    report = ListReport()
    batch = f"L-{held.pk}"
    with _opened(held) as (headings, rows):
        for some in _to_invite(consultation, read(headings, rows, plan), report):
            _invite(consultation, some, batch, now)
    drop(held)
    record(
        consultation,
        "invitation.listed",
        actor=actor,
        at=now,
        data={
            "list": batch,
            "invited": report.invited,
            "by_letter": report.by_letter,
            "repeated": report.repeated,
            "errors": report.failed,
        },
    )
    return report


def _to_invite(
    consultation, rows: Iterator[ListRow], report: ListReport
) -> Iterator[list[tuple[str, ListRow]]]:
    """Those not invited yet, in chunks, with their hash; the rest is counted."""
    seen: set[str] = set()
    while some := list(islice(rows, _CHUNK)):
        found = {}
        for row in some:
            if row.error:
                report.refuse(row.number, row.error)
                continue
            key = _hash_of(consultation, row)
            if key in seen:
                report.refuse(row.number, _("It stands in this list before."))
                continue
            seen.add(key)
            found[key] = row
        known = Invitation.objects.filter(
            consultation=consultation, contact_hash__in=list(found)
        )
        for key in known.values_list("contact_hash", flat=True):
            report.repeated += 1
            del found[key]
        for row in found.values():
            report.by_mail += bool(row.email)
            report.by_letter += not row.email
        yield list(found.items())


def _hash_of(consultation, row: ListRow) -> str:
    if row.email:
        return invitees.hash_of_address(consultation, row.email)
    return invitees.hash_of_letter(consultation, row.name, row.segment_id)


def _invite(consultation, some: list[tuple[str, ListRow]], batch, now) -> None:
    keys, made = [], []
    for contact_hash, row in some:
        code = new_code()
        key, sealed = invitees.sealed(invitees.Invitee(row.name, row.email, code), now)
        keys.append(key)
        made.append(
            Invitation(
                consultation=consultation,
                segment_id=row.segment_id,
                code_hash=hash_of(code),
                language=row.language,
                contact_hash=contact_hash,
                has_contact=bool(row.email),
                sealed=sealed,
                batch=batch,
                created_at=now,
            )
        )
    PersonKey.objects.bulk_create(keys)
    for key, invitation in zip(keys, made, strict=True):
        invitation.key = key
    Invitation.objects.bulk_create(made)


def discard(waiting: InvitationList, *, actor) -> None:
    """Drop a list: nobody on it is invited, and nothing of it is kept."""
    access.require(actor, "request", waiting.consultation)
    drop(waiting)


def drop(waiting: InvitationList) -> None:
    """Delete a list with its key."""
    key = waiting.key
    waiting.delete()
    key.delete()


def forget_abandoned(now: datetime) -> int:
    """Drop lists that nobody carried out within a day; how many."""
    old = InvitationList.objects.filter(created_at__lt=now - ABANDONED_AFTER)
    number = 0
    for waiting in old.select_related("key"):
        drop(waiting)
        number += 1
    return number
