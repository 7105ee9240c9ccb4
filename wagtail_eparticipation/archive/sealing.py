"""Formal closing and sealing: the last two acts of a consultation (P-5.6.1).

Sealing builds the package, verifies it, stores it, reads it back and verifies it
again; only then is the topic archived. Nothing after that changes it (R-5.6.1c).
"""

import hashlib
import tempfile
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.archive.faults import Fault
from wagtail_eparticipation.archive.models import ArchivePackage
from wagtail_eparticipation.archive.package import write_package
from wagtail_eparticipation.archive.verification import (
    checksum_line,
    file_hash,
    verify_package,
)
from wagtail_eparticipation.consultations import access, acts, gates
from wagtail_eparticipation.consultations.acts import ActRefused, IllegalTransition
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import is_allowed
from wagtail_eparticipation.consultations.windows import hold_process
from wagtail_eparticipation.ledger.chain import chain, head_of, verify
from wagtail_eparticipation.ledger.record import record


class SealingFailed(RuntimeError):
    """The package that was built does not verify; ``faults`` names the files."""

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def close(consultation: Consultation, *, actor, retention_class: str):
    """Close the topic formally (R-5.6.1a); ``ActRefused`` names what is missing."""
    access.require(actor, "close", consultation)
    with transaction.atomic():
        locked, _window = hold_process(consultation.pk)
        locked.retention_class = retention_class
        locked.save(update_fields=["retention_class"])
        act = acts.perform(locked, "close", actor=actor)
    consultation.refresh_from_db()
    return act


def seal(consultation: Consultation, *, actor) -> ArchivePackage:
    """Build, verify, store, verify again, and archive the topic (gate 'seal', C.3).

    Raises ``ActRefused`` when a gate stands in the way or the ledger is broken, and
    :class:`SealingFailed` when the package does not verify. Either leaves nothing
    behind.
    """
    access.require(actor, "close", consultation)
    stored = []
    try:
        with transaction.atomic():
            locked, _window = hold_process(consultation.pk)
            package = _seal(locked, actor, clock.database_now(), stored)
    except BaseException:
        for storage, name in stored:
            storage.delete(name)
        raise
    consultation.refresh_from_db()
    return package


def _seal(consultation, actor, now: datetime, stored: list) -> ArchivePackage:
    if not is_allowed("archive", consultation.stage(now)):
        raise IllegalTransition(_("Only a formally closed topic can be sealed."))
    if ArchivePackage.objects.filter(consultation=consultation).exists():
        raise IllegalTransition(_("This topic has been sealed already."))
    record(consultation, "archive_sealing", actor=actor, at=now)
    chain(consultation)
    if problems := verify(consultation):
        raise ActRefused([gates.Missing(_broken(problem)) for problem in problems])
    sequence, ledger_hash = head_of(consultation)
    with tempfile.TemporaryFile() as file:
        write_package(consultation, file, now)
        _must_verify(file)
        package = ArchivePackage(
            consultation=consultation,
            sha256=_hash(file),
            size=file.seek(0, 2),
            ledger_sequence=sequence,
            ledger_hash=ledger_hash,
            sealed_at=now,
            sealed_by=actor,
        )
        file.seek(0)
        package.file.save(f"{consultation.reference}.zip", File(file), save=False)
    storage, name = package.file.storage, package.file.name
    stored.append((storage, name))
    _must_verify(storage.open(name))
    if file_hash(storage.open(name)) != package.sha256:
        raise SealingFailed([Fault(name, "sealed")])
    beside = storage.save(
        f"{name}.sha256",
        ContentFile(checksum_line(package, name.rpartition("/")[2]).encode()),
    )
    stored.append((storage, beside))
    package.save()
    acts.perform(
        consultation,
        "archive",
        actor=actor,
        package_sha256=package.sha256,
        ledger_sequence=sequence,
    )
    chain(consultation)
    signals.consultation_archived.send(
        sender=ArchivePackage, consultation=consultation, package=package, now=now
    )
    return package


def _broken(problem) -> str:
    return _("The ledger does not verify: %(problem)s") % {"problem": problem}


def _must_verify(file) -> None:
    file.seek(0)
    if faults := verify_package(file):
        raise SealingFailed(faults)


def _hash(file) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
