"""The ten chapters of a package; each writes its files into the bag."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import override

from wagtail_eparticipation.analysis.models import Theme, ThemeAssignment
from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.communication_log import messages_of
from wagtail_eparticipation.archive.report import build
from wagtail_eparticipation.archive.report_html import render_html
from wagtail_eparticipation.archive.report_outcome import decision_blocks
from wagtail_eparticipation.archive.request_blocks import request_blocks
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import content_languages, direction, pick
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.ledger.record import is_about_participations
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.models import Participation, State

COLUMNS = (
    "number",
    "day",
    "state",
    "channel",
    "tool",
    "language",
    "capacity",
    "name",
    "title",
    "text",
)


def as_json(value: Any) -> str:
    """Readable JSON with Arabic as Arabic."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield line.encode() + b"\n"


def _table(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore")
    buffer.write("\ufeff")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: safe_cell(row[key]) for key in columns})
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _page(language: str, template: str, **context) -> str:
    with override(language):
        return render_to_string(
            f"wagtail_eparticipation/archive/{template}",
            {
                "language": language,
                "direction": direction(language),
                "stylesheet": "../style.css",
                **context,
            },
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
            page = _page(
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
    rows = Participation.objects.filter(consultation=consultation).order_by("id")
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
            "name": row.public_name if public else "",
            "title": row.title if public else "",
            "text": row.releasable_text if public else "",
        }


def _participations(consultation, bag: BagWriter) -> None:
    folder = "03-participations"
    bag.add(f"{folder}/participations.jsonl", _lines(participation_rows(consultation)))
    bag.add(
        f"{folder}/participations.csv",
        _table(COLUMNS, participation_rows(consultation)),
    )
    for language, _name in content_languages():
        bag.add(
            f"{folder}/participations.{language}.html",
            _participations_page(consultation, language),
        )


def _participations_page(consultation, language: str) -> Iterator[bytes]:
    """The published participations as one long page, in pieces."""
    title = pick(consultation.titles, language)
    yield _page(language, "package_voices_start.html", title=title).encode()
    for row in participation_rows(consultation):
        if row["text"] or row["title"]:
            piece = _page(
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
    bag.add("04-moderation/decisions.jsonl", _lines(rows))


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
    replies = PublishedComment.objects.filter(
        consultation=consultation, is_official=True, hidden=False
    ).order_by("published_at")
    bag.add(
        "05-communication/official-replies.jsonl",
        _lines(
            {"at": reply.published_at, "office": reply.office, "text": reply.comment}
            for reply in replies
        ),
    )


def _analysis(consultation, bag: BagWriter) -> None:
    themes = [
        {
            "id": theme.pk,
            "parent": theme.parent_id,
            "titles": theme.titles,
            "description": theme.description,
            "disposition": theme.disposition,
            "reason": theme.reason,
        }
        for theme in Theme.objects.filter(consultation=consultation)
    ]
    bag.add_text("06-analysis/themes.json", as_json(themes))
    assignments = (
        ThemeAssignment.objects.filter(theme__consultation=consultation)
        .select_related("participation")
        .order_by("participation_id", "theme_id")
    )
    rows = (
        {"participation": each.participation.number, "theme": each.theme_id}
        for each in assignments.iterator(chunk_size=2000)
    )
    bag.add("06-analysis/assignments.csv", _table(("participation", "theme"), rows))
    snapshots = [
        {
            "number": snapshot.number,
            "kind": snapshot.kind,
            "taken_at": snapshot.taken_at,
            "counts": snapshot.counts,
            "checksum": snapshot.checksum,
            "ledger": [snapshot.ledger_sequence, snapshot.ledger_hash],
        }
        for snapshot in consultation.snapshots.order_by("number")
    ]
    bag.add_text("06-analysis/snapshots.json", as_json(snapshots))


def _decision(consultation, bag: BagWriter) -> None:
    pages = DecisionPage.objects.filter(consultation=consultation, live=True)
    for page in pages.select_related("locale"):
        language = page.locale.language_code
        with override(language):
            blocks = list(decision_blocks(page, language))
        content = _page(language, "package_decision.html", page=page, blocks=blocks)
        bag.add_text(f"07-decision/decision.{language}.html", content)


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


def _ledger(consultation, bag: BagWriter) -> None:
    events = LedgerEvent.objects.filter(
        consultation=consultation, sequence__isnull=False
    ).order_by("sequence")
    rows = (_event(event) for event in events.iterator(chunk_size=2000))
    bag.add("09-ledger/ledger.jsonl", _lines(rows))
    bag.add_text("09-ledger/README.txt", LEDGER_NOTE)


def _event(event: LedgerEvent) -> dict[str, Any]:
    links = {
        "sequence": event.sequence,
        "kind": event.kind,
        "previous": event.previous_hash,
        "hash": event.hash,
    }
    if is_about_participations(event):
        day = event.at.astimezone(municipal_zone()).date()
        return {**links, "day": day, "withheld": True}
    return {
        **links,
        "consultation": event.consultation_id,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor": event.actor,
        "data": event.data,
    }


LEDGER_NOTE = """\
Each line is one event. Its "hash" is the SHA-256 of the same object without "hash",
written as JSON with sorted keys, no spaces, UTF-8; "previous" is the hash of the line
before. Ledger-Head in bag-info.txt is the last hash. A changed, missing or inserted
line breaks the chain at its place.

Lines with "withheld" are about single participations. Their exact time and their
content stay with the municipality, so that nobody is found by the clock; kind and day
are given, and the hash keeps the line's place in the chain. Its content can be checked
against that hash by whoever is shown it.

كل سطر قيد واحد. قيمة hash هي بصمة SHA-256 للكائن نفسه من دون hash، مكتوباً بصيغة JSON
بمفاتيح مرتبة وبلا مسافات وبترميز UTF-8، وقيمة previous هي بصمة السطر السابق. أما
Ledger-Head في الملف bag-info.txt فهي آخر بصمة. وأي سطر يُغيَّر أو يُحذف أو يُضاف يكسر
السلسلة في موضعه.

والأسطر التي فيها withheld تخص مشاركات مفردة. يبقى وقتها الدقيق ومضمونها لدى البلدية
كي لا يُستدل على أحد من الساعة، ويُذكر نوعها ويومها، وتحفظ بصمتها موضعها في السلسلة،
ويمكن لمن يُعرض عليه مضمونها أن يطابقه بتلك البصمة.
"""


def _policy(consultation, bag: BagWriter) -> None:
    version = consultation.policy_version
    if version is not None:
        bag.add_text("10-policy/policy.json", as_json(version.content))


IN_ORDER = (
    _request,
    _publication,
    _participations,
    _moderation,
    _communication,
    _analysis,
    _decision,
    _report,
    _ledger,
    _policy,
)
