"""Taking a file in and handing it out: checked, sealed, kept, destroyed."""

import hashlib
import json
import logging
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.participations import (
    attachment_images,
    attachment_pdf,
    clamav,
)
from wagtail_eparticipation.participations.attachment_kinds import (
    PDF,
    FileRefused,
    kind_of,
)
from wagtail_eparticipation.participations.attachment_settings import Limits, scanner
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.deadlocks import retried
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    keyed_hash,
    new_key,
    open_under,
    seal_under,
)
from wagtail_eparticipation.participations.models import PersonKey

logger = logging.getLogger(__name__)

NAME_LENGTH = 100


@dataclass(frozen=True)
class Copy:
    """What may be shown of a file."""

    data: bytes
    media_type: str
    kind: str
    width: int = 0
    height: int = 0
    pages: int = 0


def clean_name(name: str) -> str:
    """A file's name as staff and its author see it; no path, nothing invisible."""
    base = name.replace("\\", "/").rpartition("/")[2]
    base = unicodedata.normalize("NFC", base[-1000:])
    base = sanitize.plain(base, max_length=1000).replace("\n", " ")
    stem, dot, ending = base.rpartition(".")
    if dot and len(base) > NAME_LENGTH and len(ending) < 10:
        return f"{stem[: NAME_LENGTH - len(ending) - 2]}….{ending}"
    return base[:NAME_LENGTH].strip(". ") or _("file")


def too_large(limit: int) -> FileRefused:
    """The refusal of a file above the limit."""
    message = _("The file is larger than %(limit)s. Choose a smaller one.")
    return FileRefused("size", message % {"limit": filesizeformat(limit)})


def copy_of(data: bytes, limits: Limits) -> Copy:
    """The clean copy of a file; raises :class:`FileRefused`."""
    if len(data) > limits.max_bytes:
        raise too_large(limits.max_bytes)
    media_type = kind_of(data, limits.types)
    if media_type == PDF:
        written, pages = attachment_pdf.clean_copy(data)
        return Copy(written, PDF, Attachment.Kind.PDF, pages=pages)
    drawn = attachment_images.redraw(data, media_type)
    return Copy(
        drawn.data,
        drawn.media_type,
        Attachment.Kind.IMAGE,
        width=drawn.width,
        height=drawn.height,
    )


def scanned(data: bytes) -> tuple[str, bool]:
    """The state of a file with this content, and whether something looked through it.

    Raises :class:`FileRefused` for malware.
    """
    tool = scanner()
    if tool is None:
        return Attachment.State.CLEAN, False
    verdict = tool.scan(data)
    if verdict.state == clamav.INFECTED:
        logger.warning("A file was refused: malware (%s)", verdict.detail)
        raise FileRefused(
            "malware", _("Malware was found in the file. It is not kept.")
        )
    if verdict.state == clamav.CLEAN:
        return Attachment.State.CLEAN, True
    logger.warning("A file waits: no answer of the scanner (%s)", verdict.detail)
    return Attachment.State.QUARANTINED, False


def digest_of(data: bytes) -> str:
    """The keyed hash by which the same file is known again."""
    return keyed_hash("attachment", hashlib.sha256(data).hexdigest())


def keep(
    consultation,
    data: bytes,
    name: str,
    *,
    held_for: str,
    limits: Limits,
    now: datetime,
) -> Attachment:
    """Check a file and keep it for a form; raises :class:`FileRefused`.

    The same file for the same form is kept once.
    """
    digest = digest_of(data)
    same = Attachment.objects.filter(held_for=held_for, digest=digest)
    if found := same.first():
        return found
    copy = copy_of(data, limits)
    state, was_scanned = scanned(data)
    key = new_key(now)
    row = Attachment(
        consultation=consultation,
        held_for=held_for,
        kind=copy.kind,
        media_type=kind_of(data, limits.types),
        size=len(data),
        digest=digest,
        state=state,
        scanned_at=now if was_scanned else None,
        sealed_words=seal_under(key, json.dumps({"name": clean_name(name)}).encode()),
        created_at=now,
    )
    try:
        _write(row, key, copy, data, now)
    except IntegrityError:
        # The same form, sent twice at once.
        _delete(row.original.storage, row.original.name, row.copy.name)
        if found := same.first():
            return found
        # Taken in with the participation meanwhile: what is sent now is a further one.
        return keep(consultation, data, name, held_for=held_for, limits=limits, now=now)
    except Exception:
        _delete(row.original.storage, row.original.name, row.copy.name)
        raise
    return row


def _write(row: Attachment, key: PersonKey, copy: Copy, data: bytes, now) -> None:
    row.original.save("", ContentFile(seal_under(key, data)), save=False)
    copy_key = _fill_copy(row, copy, now)
    with transaction.atomic():
        key.save(force_insert=True)
        copy_key.save(force_insert=True)
        row.key, row.copy_key = key, copy_key
        row.save(force_insert=True)


def _fill_copy(row: Attachment, copy: Copy, now: datetime) -> PersonKey:
    key = new_key(now)
    row.copy.save("", ContentFile(seal_under(key, copy.data)), save=False)
    row.copy_type, row.copy_size = copy.media_type, len(copy.data)
    row.width, row.height, row.pages = copy.width, copy.height, copy.pages
    return key


def replace_copy(row: Attachment, copy: Copy, now: datetime) -> None:
    """Put another copy in place of the one there; inside the caller's transaction."""
    old_key, old_name = row.copy_key, row.copy.name
    key = _fill_copy(row, copy, now)
    key.save(force_insert=True)
    row.copy_key, row.redacted = key, True
    row.save()
    if old_key is not None:
        old_key.delete()
    storage = row.copy.storage
    transaction.on_commit(partial(_delete, storage, old_name))


def read_original(row: Attachment) -> bytes:
    """The file as it was sent; the caller has the right (see ``attachment_opening``).

    Raises :class:`IdentityUnreadable` once it is destroyed.
    """
    return _read(row.original, row.key)


def read_copy(row: Attachment) -> bytes:
    """What may be shown of it; raises :class:`IdentityUnreadable` once destroyed."""
    return _read(row.copy, row.copy_key)


def _read(file, key: PersonKey | None) -> bytes:
    if key is None or not file:
        raise IdentityUnreadable("This file was destroyed.")
    try:
        with file.open("rb") as opened:
            return open_under(key, opened.read())
    except FileNotFoundError as error:
        raise IdentityUnreadable("This file is not in the storage.") from error


def words_of(row: Attachment) -> dict[str, str]:
    """The file's own name, for staff and its author; empty once it is destroyed."""
    if row.key is None:
        return {}
    try:
        return json.loads(open_under(row.key, row.sealed_words))
    except IdentityUnreadable:
        return {}


def remember_words(row: Attachment, description: str) -> None:
    """Keep what its author says it shows, sealed and to be shown.

    Passes over a row that belongs to another form, or to none, by now.
    """
    words = {**words_of(row), "description": description}
    if row.key is not None:
        row.sealed_words = seal_under(row.key, json.dumps(words).encode())
    row.description = description
    words = {"sealed_words": row.sealed_words, "description": description}
    retried(partial(_update_held, row.pk, row.participation_id, words))


def hold_for(row: Attachment, key: str) -> None:
    """Let a file wait for another form; passes over one that was taken in by now."""
    retried(partial(_update_held, row.pk, None, {"held_for": key}))


@transaction.atomic
def _update_held(pk: int, participation: int | None, changes: dict) -> None:
    if _held_by(pk) == (participation,):
        Attachment.objects.filter(pk=pk).update(**changes)


def destroy_originals(rows: models.QuerySet) -> None:
    """Destroy what only the privacy role could open; copies stay (AC-S6-D2)."""
    found = list(rows.exclude(key=None))
    for row in found:
        _destroy(row, "original")
    _forget_keys([row.key_id for row in found])


def destroy(rows: models.QuerySet, state: str) -> int:
    """Destroy files altogether; the rows stay, in ``state``, and say nothing more."""
    found = list(rows)
    for row in found:
        _destroy(row, "original", "copy", state=state)
    _forget_keys([key for row in found for key in (row.key_id, row.copy_key_id)])
    return len(found)


def drop(rows: models.QuerySet) -> int:
    """Delete files that never came to belong to a participation, with their rows."""
    found = list(rows.filter(participation=None))
    return sum(retried(partial(_drop, row)) for row in found)


def _held_by(pk: int) -> tuple[int | None] | None:
    """Whose the file is now, locked; nothing if there is none.

    By its key alone, and with a column that no index holds: a database that came by way
    of another index would wait for the door, which comes by that of the form.
    """
    found = Attachment.objects.select_for_update().filter(pk=pk)
    row = found.values_list("participation_id", "created_at").first()
    return row and row[:1]


@transaction.atomic
def _drop(row: Attachment) -> bool:
    if _held_by(row.pk) != (None,):
        # Taken in since it was listed.
        return False
    Attachment.objects.filter(pk=row.pk).delete()
    _forget_keys([row.key_id, row.copy_key_id])
    names = (row.original.name, row.copy.name)
    transaction.on_commit(partial(_delete, row.original.storage, *names))
    return True


def _destroy(row: Attachment, *parts: str, **changes) -> None:
    names = [getattr(row, part).name for part in parts]
    changes |= {"original": "", "digest": "", "sealed_words": b"", "key": None}
    if "copy" in parts:
        changes |= {"copy": "", "copy_key": None, "description": ""}
    Attachment.objects.filter(pk=row.pk).update(**changes)
    transaction.on_commit(partial(_delete, row.original.storage, *names))


def _forget_keys(keys) -> None:
    keys = [key for key in keys if key is not None]
    for start in range(0, len(keys), 500):
        PersonKey.objects.filter(pk__in=keys[start : start + 500]).delete()


def _delete(storage, *names: str) -> None:
    for name in names:
        if not name:
            continue
        try:
            storage.delete(name)
        except OSError:
            # Without its key it is noise; that it lies there must not stop anything.
            logger.exception("A sealed file could not be deleted")
