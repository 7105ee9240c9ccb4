"""What the closing report says, part by part, agrees with what is on record."""

import json

import pytest

from tests.archive.makers import TEXTS, members
from wagtail_eparticipation.notifications.models import Notice

pytestmark = pytest.mark.django_db


def part(consultation, number, language="en"):
    """The blocks of one part of the frozen report."""
    return consultation.report.content[language]["parts"][number - 1]["blocks"]


def table(blocks, caption):
    """The rows of the table with a caption."""
    return next(b for b in blocks if b.get("caption") == caption)["rows"]


def test_the_messages_that_were_sent_are_counted_by_kind_and_result(closed):
    rows = table(part(closed, 3), "Messages by kind and result")
    numbers = {row[0]: row[2] for row in rows}
    assert numbers["Receipt of a participation"] == len(TEXTS)
    assert sum(numbers.values()) == Notice.objects.count()


def test_the_package_counts_the_same_messages_without_an_exact_time(package):
    rows = json.loads(members(package)["data/05-communication/messages.json"])
    assert sum(row["number"] for row in rows) == Notice.objects.count() > 0
    assert {row["kind"] for row in rows} >= {"receipt"}
    assert all(len(row["first"]) == len("2026-05-01") for row in rows)
