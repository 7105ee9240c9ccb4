"""Chapter 9 of a package: the ledger, as far as it is about the topic itself."""

from typing import Any

from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_files import as_lines
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.ledger.record import is_about_participations


def ledger(consultation, bag: BagWriter) -> None:
    """Every event of the chain; those of single participations by hash (AC-S5-B5)."""
    events = LedgerEvent.objects.filter(
        consultation=consultation, sequence__isnull=False
    ).order_by("sequence")
    rows = (_event(event) for event in events.iterator(chunk_size=2000))
    bag.add("09-ledger/ledger.jsonl", as_lines(rows))
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
