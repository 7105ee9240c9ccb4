"""What the closing report says, part by part, agrees with what is on record."""

import json
from datetime import timedelta

import pytest

from tests.archive.makers import CLOSING, TEXTS, members, write_report
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.models import Theme, ThemeAssignment
from wagtail_eparticipation.analysis.themes import top_level
from wagtail_eparticipation.archive.approval import approve
from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.consultations.incidents import Incident
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.moderation import reports
from wagtail_eparticipation.moderation.decide import take_down
from wagtail_eparticipation.notifications.models import Notice

pytestmark = pytest.mark.django_db


def part(consultation, number, language="en"):
    """The blocks of one part of the frozen report."""
    report = Report.objects.get(consultation=consultation)
    return report.content[language]["parts"][number - 1]["blocks"]


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


def test_participations_of_a_part_count_for_the_whole_theme(consultation, officer):
    whole = consultation.themes.get()
    part_of_it = Theme.objects.create(
        consultation=consultation, parent=whole, titles={"ar": "جزء", "en": "A part"}
    )
    moved = whole.assignments.first()
    ThemeAssignment.objects.filter(pk=moved.pk).update(theme=part_of_it)
    uncounted = whole.assignments.exclude(pk=moved.pk).first().participation
    consultation.participations.filter(pk=uncounted.pk).update(state="refused")
    approve(write_report(consultation), actor=officer, now=CLOSING)
    ((_title, _said, number, *_rest),) = table(
        part(consultation, 5), "Answers by theme"
    )
    assert number == top_level(consultation)[0].total == len(TEXTS) - 1


def test_a_text_taken_down_after_the_frozen_numbers_is_explained(consultation, officer):
    with clock.rehearse(CLOSING):
        voice = consultation.participations.first()
        take_down(voice, actor=officer, reason_code="take_down.law")
        approve(write_report(consultation), actor=officer, now=CLOSING)
    notes = [b["text"] for b in part(consultation, 4) if b["type"] == "note"]
    assert any("Taken down, counted: \u2068+1" in note for note in notes)
    assert not any("equal the last frozen numbers" in note for note in notes)


def test_reports_of_voices_are_counted_by_outcome(consultation, officer):
    with clock.rehearse(CLOSING):
        voice = PublishedComment.objects.filter(consultation=consultation).first()
        if voice is None:
            item = consultation.participations.first()
            consultation.participations.filter(pk=item.pk).update(state="published")
            item.refresh_from_db()
            item.publication = "without_name"
            voice = publish(item, now=CLOSING)
        for number in range(3):
            report = file_report(
                voice,
                reason="other",
                explanation="كلمات",
                language="ar",
                key=f"k{number}",
            ).report
            if number:
                reports.dismiss(report, "report.no_breach", actor=officer)
        approve(write_report(consultation), actor=officer, now=CLOSING)
    caption = "Reports of published participations by outcome"
    rows = table(part(consultation, 4), caption)
    assert [row[:2] for row in rows] == [
        ["Waiting for a decision", 1],
        ["Dismissed", 2],
        ["Total", 3],
    ]
    assert "كلمات" not in json.dumps(part(consultation, 4), ensure_ascii=False)


def test_times_in_which_the_site_was_away_are_obstacles(consultation, officer):
    opens_at = consultation.window.opens_at
    for day, length, noticed in ((3, 3, False), (5, 26, True)):
        start = opens_at + timedelta(days=day)
        Incident.objects.create(
            started_at=start,
            ended_at=start + timedelta(hours=length),
            note="cable cut",
            noticed=noticed,
        )
    Incident.objects.create(
        started_at=opens_at - timedelta(days=2), ended_at=opens_at - timedelta(days=1)
    )
    approve(write_report(consultation), actor=officer, now=CLOSING)
    rows = table(part(consultation, 6), "Times in which people could not take part")
    assert [row[2:] for row in rows] == [
        ["3 hours", "Recorded by staff"],
        ["26 hours", "Suspected by the periodic job"],
    ]
    assert "cable cut" not in str(part(consultation, 6))
