"""Tables stay tables, and nothing runs over the edge of a printed page."""

import io
import re
from datetime import UTC, datetime

from pypdf import PdfReader

from wagtail_eparticipation.archive.report_blocks import table
from wagtail_eparticipation.archive.report_pdf import render_pdf
from wagtail_eparticipation.archive.request_blocks import background

ADDRESS = "participation.helpdesk@municipality.example"


def pdf_text(blocks):
    """The text of a PDF report in Arabic with these blocks."""
    part = {"number": 1, "clause": "x", "heading": "1", "blocks": blocks}
    report = {
        "language": "ar",
        "direction": "rtl",
        "title": "التقرير",
        "reference": "2026-001",
        "publisher": "البلدية",
        "contents": "المحتويات",
        "cover": [["المرجع", "1"]],
        "parts": [part],
    }
    pdf = render_pdf(report, datetime(2026, 8, 1, tzinfo=UTC))
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_a_long_address_breaks_inside_its_column_and_gains_no_character():
    text = pdf_text([table("قنوات", ["أ", "ب", "ج", "د"], [["1", "2", "3", ADDRESS]])])
    assert ADDRESS not in text
    assert ADDRESS in re.sub(r"\s", "", text)


def test_an_empty_table_keeps_its_caption():
    assert "1234" in pdf_text([table("1234", ["أ"], [], empty="-")])


def test_a_table_of_the_background_is_a_table():
    value = {
        "caption": "القياس",
        "header": "القياس | يناير | يوليو",
        "rows": ["الزوار | 10 | 20", "الظل |", "أ | ب | ج | د"],
    }
    (block,) = background({"background": [{"type": "table", "value": value}]})
    assert block["head"] == ["القياس", "يناير", "يوليو"]
    assert block["rows"] == [
        ["الزوار", "10", "20"],
        ["الظل", "–", "–"],
        ["أ", "ب", "ج د"],
    ]
