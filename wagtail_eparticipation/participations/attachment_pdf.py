"""PDF files: what is refused, the copy that may be shown, and pages as pictures.

All of it happens in a process of its own, see ``pdf_worker``; needs the extra
``[attachments]``.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext as _

from wagtail_eparticipation.participations import pdf_worker
from wagtail_eparticipation.participations.attachment_kinds import FileRefused

#: Seconds that anybody waits for the other process.
PATIENCE = pdf_worker.SECONDS + 10
#: Pages that staff are shown; the rest stays for whoever opens the original.
PAGES_SHOWN = 50


def is_installed() -> bool:
    """Whether PDF files can be read at all here."""
    return all(find_spec(name) is not None for name in ("pypdf", "pypdfium2"))


def clean_copy(data: bytes) -> tuple[bytes, int]:
    """The document without what acts and without its makers; and its pages.

    Raises :class:`FileRefused`.
    """
    written, told = _work(data, "clean")
    return written, int(told.removeprefix("pages ") or 0)


def page_picture(data: bytes, number: int) -> bytes:
    """A page as PNG, counted from one; raises :class:`FileRefused`."""
    return _work(data, "page", str(number))[0]


def _work(data: bytes, *task: str) -> tuple[bytes, str]:
    command = [_python(), "-P", str(Path(pdf_worker.__file__)), *task]
    try:
        # Our own program, by its path, with words of our own.
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("big") from error
    told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if done.returncode == pdf_worker.REFUSED:
        raise _refusal(told)
    if done.returncode != 0:
        # Ended by the system: it took too much, or fell over what it read.
        raise _refusal("big" if done.returncode < 0 else "broken")
    return done.stdout, told


def _python() -> str:
    """The interpreter; inside some servers ``sys.executable`` is the server."""
    if Path(sys.executable or "").name.startswith("python"):
        return sys.executable
    return str(Path(sys.prefix) / "bin" / "python3")


def _refusal(code: str) -> FileRefused:
    sentences = {
        "active": _(
            "The PDF holds programs, forms or other files that act when it is opened,"
            " which is not accepted. Print it to a PDF and choose that."
        ),
        "locked": _(
            "The PDF is protected by a password and cannot be checked. Choose one"
            " without protection."
        ),
        "pages": _("The PDF has more than %(limit)d pages. Choose a shorter one.")
        % {"limit": pdf_worker.MAX_PAGES},
        "big": _(
            "The PDF takes too much work to be checked. Print it to a PDF and choose"
            " that."
        ),
    }
    broken = _("The PDF is damaged or incomplete. Save it anew and choose that.")
    code = code if code in sentences else "broken"
    return FileRefused(code, sentences.get(code, broken))
