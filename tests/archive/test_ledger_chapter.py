"""The package's ledger can be checked from end to end and gives nobody away."""

import io
import json
import zipfile

import pytest

from tests.archive.makers import members
from wagtail_eparticipation.archive.verification import verify_package
from wagtail_eparticipation.ledger.chain import event_hash

pytestmark = pytest.mark.django_db

LEDGER = "data/09-ledger/ledger.jsonl"


def lines_of(package):
    return [json.loads(line) for line in members(package)[LEDGER].splitlines()]


def verify_with(package, lines):
    """What verification says of a package whose ledger has other lines."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bag:
        for name, body in members(package).items():
            if name == LEDGER:
                body = "\n".join(json.dumps(line) for line in lines).encode()
            bag.writestr(f"x/{name}", body)
    target.seek(0)
    return {str(fault) for fault in verify_package(target)}


def test_no_event_of_a_single_participation_shows_its_instant_or_its_id(package):
    text = members(package)[LEDGER].decode()
    for voice in package.consultation.participations.all():
        assert str(voice.public_id) not in text
    about = [line for line in lines_of(package) if line["kind"].count("participation")]
    assert about
    for line in about:
        assert line["withheld"]
        assert set(line) == {"sequence", "kind", "day", "previous", "hash", "withheld"}


def test_every_event_is_there_and_each_follows_the_one_before(package):
    lines = lines_of(package)
    assert len(lines) == package.ledger_sequence
    assert lines[-1]["hash"] == package.ledger_hash
    for before, after in zip(lines, lines[1:], strict=False):
        assert after["previous"] == before["hash"]


def test_whoever_is_shown_a_withheld_event_can_check_it(package):
    line = next(line for line in lines_of(package) if line.get("withheld"))
    event = package.consultation.ledger_events.get(sequence=line["sequence"])
    assert event_hash(event, line["sequence"], line["previous"]) == line["hash"]


def test_equal_events_have_salts_that_differ(package):
    received = package.consultation.ledger_events.filter(kind="participation.received")
    assert len({event.data["salt"] for event in received}) == received.count() > 1


def test_a_forged_line_is_found(package):
    lines = lines_of(package)
    place = next(n for n, line in enumerate(lines) if not line.get("withheld"))
    lines[place]["kind"] = "something.else"
    assert any(f"{place + 1}" in fault for fault in verify_with(package, lines))


@pytest.mark.parametrize("withheld", [True, False])
def test_a_missing_line_is_found(package, withheld):
    lines = lines_of(package)
    place = next(
        n for n, line in enumerate(lines) if bool(line.get("withheld")) is withheld
    )
    del lines[place]
    faults = [f for f in verify_with(package, lines) if f.startswith(LEDGER)]
    assert len(faults) > 1
