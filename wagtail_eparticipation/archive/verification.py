"""Checking a package: its files, its ledger, and what the database says of it."""

import hashlib
import json
import zipfile
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from wagtail_eparticipation.archive.bags import open_bag, read_info, verify_bag
from wagtail_eparticipation.archive.faults import Fault
from wagtail_eparticipation.archive.models import ArchivePackage, Verification

LEDGER = "data/09-ledger/ledger.jsonl"


def verify_package(source) -> list[Fault]:
    """Every fault of a package at a path or in an open file, without the database.

    Files against their manifests, the ledger's chain hash by hash, the chain's end
    against ``bag-info.txt``, and a ``.sha256`` file beside the package when there
    is one.
    """
    faults = verify_bag(source)
    if all(fault.code != "no_zip" for fault in faults):
        faults += _verify_ledger(open_bag(source))
    if isinstance(source, str | Path):
        faults += _verify_sidecar(Path(source))
    return faults


def _verify_ledger(bag) -> list[Fault]:
    if LEDGER not in bag.names:
        return []
    try:
        lines = b"".join(bag.read(LEDGER)).decode().splitlines()
        events = [json.loads(line) for line in lines]
    except Exception:  # noqa: BLE001 (a damaged member raises anything)
        return [Fault(LEDGER, "unreadable")]
    faults, previous = [], ""
    for number, event in enumerate(events, 1):
        if event.get("sequence") != number or event.get("previous") != previous:
            faults.append(Fault(LEDGER, "order", str(number)))
        if not event.get("withheld") and _event_hash(event) != event.get("hash"):
            faults.append(Fault(LEDGER, "event", str(number)))
        previous = event.get("hash")
    stated = read_info(bag).get("Ledger-Head", "")
    if stated and stated != previous:
        faults.append(Fault(LEDGER, "head"))
    return faults


def _event_hash(event: dict) -> str:
    content = {key: event[key] for key in event if key != "hash"}
    canonical = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _verify_sidecar(path: Path) -> list[Fault]:
    sidecar = path.with_name(path.name + ".sha256")
    if not path.is_file() or not sidecar.is_file():
        return []
    stated = sidecar.read_text(encoding="utf-8").split()
    if not stated or stated[0] != file_hash(path.open("rb")):
        return [Fault(path.name, "sidecar", sidecar.name)]
    return []


def verify_against_record(path: Path) -> list[Fault]:
    """Compare a ZIP file with what this site sealed, byte for byte.

    Finds what the bag's own manifests cannot: a change in the ZIP file's headers.
    Empty for a package that was sealed elsewhere and for an unpacked one.
    """
    if not path.is_file() or not zipfile.is_zipfile(path):
        return []
    sender = read_info(open_bag(path)).get("Internal-Sender-Identifier", "")
    try:
        package = ArchivePackage.objects.get(consultation__public_id=UUID(sender))
    except (ValueError, ArchivePackage.DoesNotExist):
        return []
    if file_hash(path.open("rb")) != package.sha256:
        return [Fault(path.name, "sealed")]
    return []


def checksum_line(package: ArchivePackage, name: str) -> str:
    """What ``sha256sum --check`` reads, for a package kept under ``name``."""
    return f"{package.sha256}  {name}\n"


def file_hash(file) -> str:
    """SHA-256 of an open binary file, which is closed."""
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def verify_stored(package: ArchivePackage, *, actor, now: datetime) -> Verification:
    """Check the stored package, against the database too, and keep the result."""
    try:
        faults = verify_package(package.file.storage.open(package.file.name))
        if file_hash(package.file.storage.open(package.file.name)) != package.sha256:
            faults.append(Fault(package.file.name, "sealed"))
    except OSError:
        faults = [Fault(package.file.name, "unreadable")]
    return Verification.objects.create(
        package=package, at=now, by=actor, faults=[astuple(fault) for fault in faults]
    )
