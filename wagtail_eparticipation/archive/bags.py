"""BagIt 1.0 packages (RFC 8493), written in one pass and read back byte by byte.

A bag is a ZIP file with one folder; each payload file's SHA-256 is in
``manifest-sha256.txt``, each tag file's in ``tagmanifest-sha256.txt``. Standard
tools of archives read and check it without this software (AC-S6-C3).
"""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from wagtail_eparticipation.archive.faults import Fault

CHUNK = 1 << 20
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LINE = re.compile(r"^([0-9a-f]{64})\s+(\S.*)$")


class BagWriter:
    """Writes a bag to ``target`` as it comes; memory does not grow with its size.

    ``info`` becomes ``bag-info.txt`` in the order given. All entries carry
    ``stamp``, so the same content gives the same file.
    """

    def __init__(self, target: BinaryIO, folder: str, stamp: datetime):
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._folder = folder
        self._stamp = stamp.timetuple()[:6]
        self._payload: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._octets = 0

    def add(self, path: str, chunks: Iterable[bytes]) -> str:
        """Add a payload file at ``data/<path>``; returns its SHA-256."""
        name = f"data/{path}"
        if name in self._payload or ".." in path.split("/") or path.startswith("/"):
            raise ValueError(f"{path!r} cannot be added to the package.")
        digest, size = self._write(name, chunks)
        self._payload[name] = digest
        self._octets += size
        return digest

    def add_text(self, path: str, text: str) -> str:
        """Add a payload file of UTF-8 text."""
        return self.add(path, [text.encode()])

    def finish(self, info: list[tuple[str, str]]) -> None:
        """Write manifests and tag files and end the package."""
        oxum = f"{self._octets}.{len(self._payload)}"
        lines = [*info, ("Payload-Oxum", oxum)]
        self._tag("bagit.txt", _DECLARATION)
        self._tag("bag-info.txt", "".join(_info_line(k, v) for k, v in lines).encode())
        self._tag("manifest-sha256.txt", _manifest(self._payload))
        self._write("tagmanifest-sha256.txt", [_manifest(self._tags)])
        self._zip.close()

    def _tag(self, name: str, content: bytes) -> None:
        self._tags[name], _size = self._write(name, [content])

    def _write(self, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        entry = zipfile.ZipInfo(f"{self._folder}/{name}", self._stamp)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o444 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        return digest.hexdigest(), size


def _info_line(label: str, value: str) -> str:
    return f"{label}: {' '.join(str(value).split())}\n"


def _manifest(digests: dict[str, str]) -> bytes:
    return "".join(
        f"{digest}  {name}\n" for name, digest in sorted(digests.items())
    ).encode()


class _ZipBag:
    """A bag inside a ZIP file."""

    def __init__(self, source: BinaryIO | Path):
        self._zip = zipfile.ZipFile(source)
        names = [n for n in self._zip.namelist() if not n.endswith("/")]
        self._prefix = _folder_of(names)
        inside = [n for n in names if n.startswith(self._prefix)]
        self.names = [n.removeprefix(self._prefix) for n in inside]
        self.beside = [n for n in names if not n.startswith(self._prefix)]

    def read(self, name: str) -> Iterator[bytes]:
        with self._zip.open(self._prefix + name) as member:
            while chunk := member.read(CHUNK):
                yield chunk


def _folder_of(names: list[str]) -> str:
    """Where the bag lies: beside its declaration, else in the only folder there is."""
    declared = [n for n in names if n.rpartition("/")[2] == "bagit.txt"]
    if declared:
        return min(declared, key=lambda n: (n.count("/"), n)).removesuffix("bagit.txt")
    roots = {n.split("/", 1)[0] for n in names}
    return f"{roots.pop()}/" if len(roots) == 1 else ""


class _FolderBag:
    """A bag unpacked into a folder, or the only bag inside one.

    What else lies in the outer folder is not the package's business.
    """

    beside: list[str] = []

    def __init__(self, folder: Path):
        if not (folder / "bagit.txt").exists():
            inner = [path.parent for path in folder.glob("*/bagit.txt")]
            if len(inner) == 1:
                folder = inner[0]
        self._folder = folder
        self.names = [
            path.relative_to(folder).as_posix()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]

    def read(self, name: str) -> Iterator[bytes]:
        with (self._folder / name).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def open_bag(source: BinaryIO | Path | str):
    """The bag at a path (ZIP or folder) or in an open file; ``OSError`` if neither."""
    if isinstance(source, str):
        source = Path(source)
    if isinstance(source, Path) and source.is_dir():
        return _FolderBag(source)
    return _ZipBag(source)


def verify_bag(source: BinaryIO | Path | str) -> list[Fault]:
    """Every changed, missing or surplus file of the package; empty when intact."""
    try:
        bag = open_bag(source)
    except zipfile.BadZipFile:
        return [Fault("ZIP", "no_zip")]
    names = bag.names
    faults = [
        Fault(name, "twice")
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    faults += _check_declaration(bag)
    tags, tag_faults = _read_manifest(bag, "tagmanifest-sha256.txt")
    payload, payload_faults = _read_manifest(bag, "manifest-sha256.txt")
    faults += tag_faults + payload_faults
    for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt"):
        if tags and name not in tags:
            faults.append(Fault(name, "not_in_tags"))
    octets = 0
    for name, digest in {**tags, **payload}.items():
        size, fault = _check_file(bag, name, digest)
        octets += size if name in payload else 0
        faults += [fault] if fault else []
    listed = {*tags, *payload, "tagmanifest-sha256.txt"}
    faults += [Fault(name, "not_listed") for name in names if name not in listed]
    faults += [Fault(name, "beside") for name in bag.beside]
    return faults + _check_oxum(bag, octets, len(payload))


def _check_declaration(bag) -> list[Fault]:
    if "bagit.txt" not in bag.names:
        return [Fault("bagit.txt", "missing")]
    return []


def _text(bag, name: str) -> str:
    return b"".join(bag.read(name)).decode("utf-8", "replace")


def _read_manifest(bag, name: str) -> tuple[dict[str, str], list[Fault]]:
    if name not in bag.names:
        return {}, [Fault(name, "missing")]
    try:
        # Not splitlines(), which takes other characters for the end of a line.
        *lines, rest = _text(bag, name).split("\n")
    except (zipfile.BadZipFile, OSError, EOFError):
        return {}, [Fault(name, "damaged")]
    entries: dict[str, str] = {}
    faults = [Fault(name, "line", str(len(lines) + 1))] if rest else []
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None:
            faults.append(Fault(name, "line", str(number)))
        else:
            entries[match[2]] = match[1]
    return entries, faults


def _check_file(bag, name: str, digest: str) -> tuple[int, Fault | None]:
    if name not in bag.names:
        return 0, Fault(name, "missing")
    found, size = hashlib.sha256(), 0
    try:
        for chunk in bag.read(name):
            found.update(chunk)
            size += len(chunk)
    except Exception:  # noqa: BLE001 (a damaged ZIP member raises anything)
        return size, Fault(name, "damaged")
    if found.hexdigest() != digest:
        return size, Fault(name, "changed")
    return size, None


def _check_oxum(bag, octets: int, files: int) -> list[Fault]:
    info = read_info(bag)
    stated = info.get("Payload-Oxum")
    if stated is None or stated == f"{octets}.{files}":
        return []
    return [Fault("bag-info.txt", "oxum", f"{stated} ≠ {octets}.{files}")]


def read_info(bag) -> dict[str, str]:
    """Labels and values of ``bag-info.txt``; empty when it cannot be read."""
    if "bag-info.txt" not in bag.names:
        return {}
    try:
        lines = _text(bag, "bag-info.txt").splitlines()
    except (zipfile.BadZipFile, OSError, EOFError):
        return {}
    return dict(line.split(": ", 1) for line in lines if ": " in line)
