"""The closing report as one accessible HTML file that needs nothing beside it."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

STYLE = (Path(__file__).parent / "package.css").read_text(encoding="utf-8")


def render_html(report: dict[str, Any], *, stylesheet: str = "") -> str:
    """One language's report as a whole page.

    ``stylesheet`` is the address of a style sheet beside the file; without it the
    styles stand in the page itself.
    """
    return render_to_string(
        "wagtail_eparticipation/archive/report_file.html",
        {"report": report, "stylesheet": stylesheet, "style": STYLE},
    )
