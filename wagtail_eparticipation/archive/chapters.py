"""The ten chapters of a package; each writes its files into the bag."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_files import (
    as_json,
    as_lines,
    as_page,
    as_table,
)
from wagtail_eparticipation.archive.chapter_ledger import ledger
from wagtail_eparticipation.archive.chapter_outcome import analysis, decision
from wagtail_eparticipation.archive.chapter_polls import polls
from wagtail_eparticipation.archive.chapter_surveys import surveys
from wagtail_eparticipation.archive.communication_log import messages_of
from wagtail_eparticipation.archive.report import build
from wagtail_eparticipation.archive.report_communications import package_rows
from wagtail_eparticipation.archive.report_html import render_html
from wagtail_eparticipation.archive.request_blocks import request_blocks
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import content_languages, direction, pick
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.aggregating import figures_apart
from wagtail_eparticipation.participations.details import COLUMNS as DETAILS
from wagtail_eparticipation.participations.details import Details, with_status
from wagtail_eparticipation.participations.models import Participation, State

COLUMNS = (
    "number",
    "day",
    "state",
    "channel",
    "tool",
    "language",
    "capacity",
    "article",
    "opinion",
    "name",
    "title",
    "text",
    *DETAILS,
)


def _request(consultation, bag: BagWriter) -> None:
    for version in consultation.request_versions.order_by("number"):
        record = {
            "number": version.number,
            "approved_at": version.approved_at,
            "published_at": version.published_at,
            "checksum": version.checksum,
            "change_note": version.change_note,
            "content": version.content,
        }
        bag.add_text(f"01-request/version-{version.number}.json", as_json(record))
        for language in version.content:
            with override(language):
                blocks = list(request_blocks(version.content[language], language))
            page = as_page(
                language,
                "package_request.html",
                version=version,
                blocks=blocks,
                title=pick(consultation.titles, language),
            )
            name = f"01-request/version-{version.number}.{language}.html"
            bag.add_text(name, page)


def _publication(consultation, bag: BagWriter) -> None:
    records = []
    for act in consultation.publication_acts.order_by("id"):
        records.append(
            {
                "medium": act.medium,
                "account": act.account,
                "url": act.url,
                "text": act.text,
                "state": act.state,
                "reason": act.reason,
                "happened_at": act.happened_at,
                "proof_sha256": act.proof_sha256,
            }
        )
        if act.proof:
            suffix = act.proof.name.rpartition(".")[2][:8]
            with act.proof.open("rb") as file:
                bag.add(f"02-publication/proof-{act.pk}.{suffix}", file.chunks())
    bag.add_text("02-publication/publications.json", as_json(records))


def participation_rows(consultation) -> Iterator[dict[str, Any]]:
    """The register in its public form: words only of what is published.

    The day of receipt, never the instant, so that nobody is found by the clock.
    """
    zone = municipal_zone()
    rows = Participation.objects.filter(consultation=consultation)
    rows = with_status(rows.select_related("consultation")).order_by("id")
    more = Details()
    for row in rows.iterator(chunk_size=2000):
        public = row.state == State.PUBLISHED
        yield {
            "number": row.number,
            "day": row.received_at.astimezone(zone).date().isoformat(),
            "state": row.state,
            "channel": row.channel,
            "tool": row.tool,
            "language": row.language,
            "capacity": row.capacity,
            "article": row.article if public else "",
            "opinion": row.data.get("opinion", "") if public else "",
            "name": row.public_name if public else "",
            "title": row.title if public else "",
            "text": row.releasable_text if public else "",
            **(more.of(row) if public else dict.fromkeys(DETAILS, "")),
        }


def _participations(consultation, bag: BagWriter) -> None:
    folder = "03-participations"
    bag.add(
        f"{folder}/participations.jsonl", as_lines(participation_rows(consultation))
    )
    bag.add(
        f"{folder}/participations.csv",
        as_table(COLUMNS, participation_rows(consultation)),
    )
    for language, _name in content_languages():
        bag.add(
            f"{folder}/participations.{language}.html",
            _participations_page(consultation, language),
        )
    bag.add_text(f"{folder}/figures-apart.json", as_json(figures_apart(consultation)))


def _participations_page(consultation, language: str) -> Iterator[bytes]:
    """The published participations as one long page, in pieces."""
    title = pick(consultation.titles, language)
    yield as_page(language, "package_voices_start.html", title=title).encode()
    for row in participation_rows(consultation):
        if row["text"] or row["title"]:
            piece = as_page(
                language,
                "package_voice.html",
                row=row,
                row_direction=direction(row["language"]),
            )
            yield piece.encode()
    yield b"</main></body></html>\n"


def _moderation(consultation, bag: BagWriter) -> None:
    decisions = (
        ModerationDecision.objects.in_force()
        .filter(participation__consultation=consultation)
        .select_related("participation")
        .order_by("id")
    )
    zone = municipal_zone()
    rows = (
        {
            "participation": decision.participation.number,
            "outcome": decision.outcome,
            "reason_code": decision.reason_code,
            "sub_code": decision.sub_code,
            "clause": decision.clause,
            "day": decision.decided_at.astimezone(zone).date(),
        }
        for decision in decisions.iterator(chunk_size=2000)
    )
    bag.add("04-moderation/decisions.jsonl", as_lines(rows))


def _communication(consultation, bag: BagWriter) -> None:
    messages = [
        {
            "kind": row.kind,
            "result": row.result,
            "number": row.number,
            "first": row.first.astimezone(municipal_zone()).date(),
        }
        for row in messages_of(consultation)
    ]
    bag.add_text("05-communication/messages.json", as_json(messages))
    first_language = content_languages()[0][0]
    with override(first_language):
        said = list(package_rows(consultation))
    bag.add("05-communication/communications.jsonl", as_lines(said))
    replies = PublishedComment.objects.filter(
        consultation=consultation, is_official=True, hidden=False
    ).order_by("published_at")
    bag.add(
        "05-communication/official-replies.jsonl",
        as_lines(
            {"at": reply.published_at, "office": reply.office, "text": reply.comment}
            for reply in replies
        ),
    )


def _report(consultation, bag: BagWriter) -> None:
    report = consultation.report
    for language, _name in content_languages():
        content = build(report, language)
        bag.add_text(f"08-report/report.{language}.json", as_json(content))
        html = render_html(content, stylesheet="../style.css")
        bag.add_text(f"08-report/report.{language}.html", html)
    for edition in report.files.filter(format="pdf"):
        with edition.file.open("rb") as file:
            bag.add(f"08-report/report.{edition.language}.pdf", file.chunks())


def _policy(consultation, bag: BagWriter) -> None:
    version = consultation.policy_version
    if version is not None:
        bag.add_text("10-policy/policy.json", as_json(version.content))


IN_ORDER = (
    _request,
    _publication,
    _participations,
    surveys,
    polls,
    _moderation,
    _communication,
    analysis,
    decision,
    _report,
    ledger,
    _policy,
)
