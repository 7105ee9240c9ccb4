"""The closing report as PDF: typst, PDF/UA-1 together with PDF/A-2a.

typst refuses to compile what its standards forbid, e.g. a figure without a text
alternative; so a report that comes out carries its tags (R-5.6.2g).
"""

import json
import tempfile
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

_HERE = Path(__file__).parent / "typst"
STANDARDS = ("ua-1", "a-2a")


class PdfUnavailable(RuntimeError):
    """The ``[pdf]`` extra is not installed; the message says how to get it."""


def is_available() -> bool:
    """Whether typst is installed."""
    return find_spec("typst") is not None


def render_pdf(report: dict[str, Any], now: datetime) -> bytes:
    """Compile one language's report; the same report gives the same bytes.

    ``report`` is what ``report.build`` returns. It reaches typst as JSON data only.
    """
    if not is_available():
        raise PdfUnavailable(
            _(
                "The PDF edition needs an extra package: pip install"
                ' "wagtail-eparticipation[pdf]".'
            )
        )
    import typst

    data = {**report, "date": {"year": now.year, "month": now.month, "day": now.day}}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "report.json").write_text(
            json.dumps(data, ensure_ascii=False), encoding="utf-8"
        )
        (place / "report.typ").write_bytes((_HERE / "report.typ").read_bytes())
        return typst.compile(
            str(place / "report.typ"),
            font_paths=[str(_HERE / "fonts")],
            ignore_system_fonts=True,
            pdf_standards=list(STANDARDS),
            timestamp=int(now.timestamp()),
        )
