"""A survey's export for statistics: one archive, handed over while it is written.

The rows are read once: ``data.csv`` goes out at once, ``data-labels.csv`` waits on the
disk. ``manifest-sha256.txt`` has the checksum of each file, for ``sha256sum -c``.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.surveys.export import RESPONSES, Export
from wagtail_eparticipation.surveys.export_files import (
    TableText,
    codebook_csv,
    codebook_json,
)
from wagtail_eparticipation.surveys.statistics_files import datapackage, spss_syntax
from wagtail_eparticipation.surveys.statistics_scripts import pandas_script, r_script
from wagtail_eparticipation.surveys.variables import Holds, Variable, Wording

_PIECE = 1 << 16


class _Outgoing:
    """Where an archive is written that nobody can go back in."""

    def __init__(self):
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here: all that was written is taken."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class _Archive:
    def __init__(self, made_at: datetime):
        self.outgoing = _Outgoing()
        # Level 1: half the time of the usual one, for a tenth more bytes.
        self._zip = zipfile.ZipFile(
            self.outgoing, "w", zipfile.ZIP_DEFLATED, compresslevel=1
        )
        self._stamp = made_at.timetuple()[:6]
        self.digests: dict[str, str] = {}

    @contextmanager
    def member(self, name: str):
        """A function that writes a piece of the file ``name``."""
        entry = zipfile.ZipInfo(name, self._stamp)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self._zip.open(entry, "w", force_zip64=True) as member:

            def write(piece: bytes) -> None:
                digest.update(piece)
                member.write(piece)

            yield write
        self.digests[name] = digest.hexdigest()

    def add(self, name: str, content: bytes) -> None:
        with self.member(name) as write:
            write(content)

    def close(self) -> None:
        self._zip.close()


def zip_pieces(export: Export, *, made_at: datetime) -> Iterator[bytes]:
    """The archive in pieces; always one row per response.

    Raises ``ValueError`` for an export of another shape or without a language.
    """
    if export.shape != RESPONSES or not export.language:
        raise ValueError("Statistics need one row per response, and a language.")
    variables, language = export.variables, export.language
    archive = _Archive(made_at)
    widths = _Widths(variables)
    with tempfile.TemporaryFile() as waiting:
        with archive.member("data.csv") as write:
            for piece in _both(export, widths, waiting):
                write(piece)
                yield archive.outgoing.take()
        waiting.seek(0)
        with archive.member("data-labels.csv") as write:
            while piece := waiting.read(_PIECE):
                write(piece)
                yield archive.outgoing.take()
    archive.add("codebook.csv", codebook_csv(export))
    archive.add("codebook.json", codebook_json(export).encode())
    package = datapackage(export.codebook, variables, language, archive.digests)
    archive.add("datapackage.json", package.encode())
    syntax = spss_syntax(variables, language, widths)
    archive.add("import.sps", b"\xef\xbb\xbf" + syntax.encode())
    archive.add("import.R", r_script(variables, language).encode())
    archive.add("import_pandas.py", pandas_script(language).encode())
    archive.add("README.txt", _readme(export, made_at).encode())
    lines = [f"{digest}  {name}\n" for name, digest in archive.digests.items()]
    archive.add("manifest-sha256.txt", "".join(lines).encode())
    archive.close()
    yield archive.outgoing.take()


def _both(export: Export, widths: "_Widths", waiting) -> Iterator[bytes]:
    """Pieces of ``data.csv``, while ``data-labels.csv`` is written to ``waiting``."""
    names = [each.name for each in export.variables]
    coded, worded = TableText(names), TableText(names)
    word = Wording(export.variables, export.language)
    texts = [p for p, each in enumerate(export.variables) if each.holds == Holds.WORDS]
    for row in export.coded():
        for place in texts:
            if row[place] is not None:
                # SPSS takes the end of a line for that of a row, also within quotes.
                row[place] = " ".join(row[place].splitlines())
        coded.add(row)
        worded.add(word(row))
        widths.note(row)
        if worded.is_full:
            waiting.write(worded.take())
            yield coded.take()
    waiting.write(worded.take())
    yield coded.take()


class _Widths(dict):
    """Bytes of the longest text of each column that is no number."""

    def __init__(self, variables: list[Variable]):
        super().__init__()
        self._texts = [
            (place, each.name)
            for place, each in enumerate(variables)
            if not each.is_number
        ]

    def note(self, row: Iterable) -> None:
        for place, name in self._texts:
            cell = row[place]
            if cell is not None:
                # The apostrophe before what looks like a formula takes one more.
                width = len(cell) + 1 if cell.isascii() else len(cell.encode()) + 1
                if width > self.get(name, 0):
                    self[name] = width


def _readme(export: Export, made_at: datetime) -> str:
    with override(export.language):
        book = export.codebook
        lines = [
            book.text(book.titles, export.language),
            "",
            _("data.csv: one row per response, with codes."),
            _("data-labels.csv: the same rows, with texts in place of the codes."),
            _("codebook.csv, codebook.json: what each column and each code means."),
            _("import.sps: reads data.csv into SPSS with labels."),
            _("import.R: reads data.csv into R with factors."),
            _("import_pandas.py: reads data.csv into pandas with categories."),
            _("datapackage.json: the tables for programs that read Data Packages."),
            _("manifest-sha256.txt: checksums, for sha256sum -c."),
            "",
            _(
                "An empty cell means that the question was not answered or not shown."
                " Words that look like a formula begin with an apostrophe. Ends of"
                " lines within words are spaces."
            ),
            "",
            *(f"{label}: {value}" for label, value in export.chosen),
            _("Made: %(instant)s") % {"instant": instant_words(made_at)},
        ]
    return "\n".join([*lines, ""])
