"""What a site and a topic accept of files."""

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from wagtail_eparticipation.conf import DEFAULTS, get_setting
from wagtail_eparticipation.participations import attachment_pdf
from wagtail_eparticipation.participations.attachment_kinds import ACCEPTABLE, PDF

#: Beside the files, a form holds texts; what Django reads of them is limited apart.
_TEXTS = 4 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """``whole`` is in bytes: a longer request is not read at all."""

    max_files: int
    max_bytes: int
    types: tuple[str, ...]
    unscanned: bool

    @property
    def whole(self) -> int:
        """Twice what can be accepted: who chose one file too many loses no text."""
        return 2 * self.max_files * self.max_bytes + _TEXTS


def limits() -> Limits:
    """The setting ``ATTACHMENTS``; without the extra there are no PDF files."""
    chosen = {**DEFAULTS["ATTACHMENTS"], **get_setting("ATTACHMENTS")}
    possible = set(chosen["TYPES"])
    if not attachment_pdf.is_installed():
        possible.discard(PDF)
    return Limits(
        max_files=chosen["MAX_FILES"],
        max_bytes=chosen["MAX_BYTES"],
        types=tuple(each for each in ACCEPTABLE if each in possible),
        unscanned=bool(chosen["UNSCANNED"]),
    )


def scanner() -> Any | None:
    """What looks through files for malware: has ``scan(data)``; ``None`` for none."""
    chosen = get_setting("ATTACHMENT_SCANNER")
    if not chosen:
        return None
    return import_string(chosen["BACKEND"])(**chosen.get("OPTIONS", {}))


def are_possible() -> bool:
    """Whether this site takes files: it has a scanner, or said that it wants none."""
    found = limits()
    if not (found.max_files and found.types):
        return False
    return bool(get_setting("ATTACHMENT_SCANNER")) or found.unscanned


def taken_on(consultation) -> bool:
    """Whether people may attach files on this topic."""
    return consultation.takes_files and are_possible()
