"""From the announced decision to the sealed package: complete, verified, immutable."""

import io
import json
import re
import zipfile

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils.translation import override
from pypdf import PdfReader

from tests.archive.makers import CLOSING, TEXTS, members, write_report
from tests.consultations.makers import withhold_results
from tests.factories import make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.approval import ReportIncomplete, approve
from wagtail_eparticipation.archive.models import (
    ArchivePackage,
    Report,
    ReportFile,
    ReportIsFixed,
)
from wagtail_eparticipation.archive.sealing import close, seal
from wagtail_eparticipation.archive.verification import verify_package, verify_stored
from wagtail_eparticipation.consultations.acts import ActRefused, IllegalTransition
from wagtail_eparticipation.ledger.chain import verify

pytestmark = pytest.mark.django_db

#: Nothing of this may be in anything that the public gets (AC-S6-B4).
SEEDED = ("noura@citizens.example",)


def refused(excinfo):
    return [str(item) for item in excinfo.value.missing]


def test_closing_is_refused_without_an_approved_report(consultation, officer):
    with clock.rehearse(CLOSING), pytest.raises(ActRefused):
        close(consultation, actor=officer, retention_class="standard")
    consultation.refresh_from_db()
    assert consultation.stored_stage == "announced"
    assert consultation.retention_class == ""


def test_closing_is_refused_without_a_retention_class(consultation, officer):
    report = write_report(consultation)
    with clock.rehearse(CLOSING):
        approve(report, actor=officer, now=CLOSING)
        with pytest.raises(ActRefused):
            close(consultation, actor=officer, retention_class="")


def test_a_report_with_an_empty_part_names_it_and_its_language(consultation, officer):
    report = write_report(consultation)
    Report.objects.filter(pk=report.pk).update(recommendations={"ar": "توصية"})
    report.refresh_from_db()
    with pytest.raises(ReportIncomplete) as excinfo:
        approve(report, actor=officer, now=CLOSING)
    assert [item.language for item in excinfo.value.missing] == ["en"]


def test_an_approved_report_cannot_be_changed(closed):
    report = closed.report
    report.mechanism = {"ar": "غير ذلك"}
    with pytest.raises(ReportIsFixed):
        report.save()
    with pytest.raises(ReportIsFixed):
        report.delete()


def test_sealing_before_closing_is_impossible(consultation, officer):
    write_report(consultation)
    with clock.rehearse(CLOSING), pytest.raises((ActRefused, IllegalTransition)):
        seal(consultation, actor=officer)
    assert not ArchivePackage.objects.exists()


def test_who_has_no_business_with_records_can_do_nothing(consultation):
    stranger = make_user()
    for attempt in (
        lambda: close(consultation, actor=stranger, retention_class="standard"),
        lambda: seal(consultation, actor=stranger),
        lambda: approve(write_report(consultation), actor=stranger, now=CLOSING),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_sealed_package_verifies_and_ends_the_process(package, closed):
    assert verify_package(package.file.path) == []
    assert closed.stored_stage == "archived"
    assert verify(closed) == []


def test_the_package_has_every_chapter(package):
    names = set(members(package))
    for expected in (
        "data/index.html",
        "data/01-request/version-1.json",
        "data/01-request/version-1.ar.html",
        "data/02-publication/publications.json",
        "data/03-participations/participations.jsonl",
        "data/03-participations/participations.en.html",
        "data/04-moderation/decisions.jsonl",
        "data/05-communication/messages.json",
        "data/06-analysis/snapshots.json",
        "data/07-decision/decision.ar.html",
        "data/08-report/report.ar.html",
        "data/08-report/report.ar.pdf",
        "data/08-report/report.en.pdf",
        "data/09-ledger/ledger.jsonl",
        "data/10-policy/policy.json",
    ):
        assert expected in names


def test_every_link_inside_the_package_leads_somewhere(package):
    content = members(package)
    for name, body in content.items():
        if not name.endswith(".html"):
            continue
        folder = name.rpartition("/")[0].split("/")
        for address in re.findall(r'(?:href|src)="([^"#]+)"', body.decode()):
            if address.startswith("http"):
                continue
            path = list(folder)
            for step in address.split("/"):
                path = path[:-1] if step == ".." else [*path, step]
            assert "/".join(path) in content, f"{name} → {address}"


def test_nothing_in_the_package_identifies_a_participant(package):
    for name, body in members(package).items():
        if name.endswith(".pdf"):
            reader = PdfReader(io.BytesIO(body))
            text = "".join(page.extract_text() for page in reader.pages)
            # Addresses may be broken over lines.
            text = re.sub(r"\s", "", text)
            body = (text + str(reader.metadata)).encode()
        for seeded in SEEDED:
            assert seeded.encode() not in body, name


def test_a_spreadsheet_takes_no_participation_for_a_formula(package):
    table = members(package)["data/03-participations/participations.csv"].decode()
    assert ",=1+1" not in table
    assert "'=1+1 More trees" in table


def test_totals_are_the_same_in_register_snapshot_report_and_package(package, closed):
    rows = members(package)["data/03-participations/participations.jsonl"]
    lines = [json.loads(line) for line in rows.decode().splitlines()]
    snapshot = closed.snapshots.order_by("-number").first()
    report = json.loads(members(package)["data/08-report/report.en.json"])
    facts = dict(
        row
        for block in report["parts"][3]["blocks"]
        if block["type"] == "facts"
        for row in block["rows"]
    )
    assert (
        len(lines)
        == len(TEXTS)
        == closed.participations.counted().count()
        == snapshot.counted
        == facts["Of these counted"]
    )
    tables = [b for b in report["parts"][3]["blocks"] if b["type"] == "table"]
    for name in ("By channel", "By language", "By tool"):
        rows = next(b for b in tables if b["caption"] == name)["rows"]
        assert rows[-1][1] == sum(row[1] for row in rows[:-1]) == len(TEXTS)


def test_the_report_has_six_parts_in_the_order_of_the_policy(closed):
    for content in closed.report.content.values():
        assert [part["clause"] for part in content["parts"]] == [
            f"P-5.6.2{letter}" for letter in "abcdef"
        ]


def test_the_pdf_is_tagged_archivable_and_speaks_its_language(closed):
    for edition in ReportFile.objects.filter(report=closed.report, format="pdf"):
        with pikepdf.open(edition.file.open("rb")) as pdf:
            assert str(pdf.Root.Lang).startswith(edition.language)
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            meta = pdf.open_metadata()
            assert meta["pdfuaid:part"] == "1"
            assert meta["pdfaid:part"] == "2"


def test_report_and_package_cannot_be_changed_by_anybody(package, officer):
    with pytest.raises(ReportIsFixed):
        package.save()
    with pytest.raises(ReportIsFixed):
        package.delete()
    with clock.rehearse(CLOSING), pytest.raises((ActRefused, IllegalTransition)):
        seal(package.consultation, actor=officer)
    assert ArchivePackage.objects.count() == 1


def test_a_changed_byte_in_storage_is_found_and_kept_on_record(package, officer):
    assert verify_stored(package, actor=officer, now=CLOSING).passed
    content = bytearray(package.file.open("rb").read())
    content[len(content) // 2] ^= 1
    with open(package.file.path, "wb") as file:
        file.write(content)
    found = verify_stored(package, actor=officer, now=CLOSING)
    assert not found.passed
    assert package.verifications.count() == 2
    assert str(package.verifications.first().found[-1]) == str(found.found[-1])


@pytest.mark.parametrize("byte", [b"\x0b", b" ", b""])
def test_the_last_byte_of_the_last_manifest_counts(package, tmp_path, byte):
    with package.file.open("rb") as file, zipfile.ZipFile(file) as bag:
        bag.extractall(tmp_path / "unpacked")
    manifest = next((tmp_path / "unpacked").rglob("tagmanifest-sha256.txt"))
    assert verify_package(manifest.parent) == []
    manifest.write_bytes(manifest.read_bytes()[:-1] + byte)
    assert verify_package(manifest.parent)


def test_the_command_verifies_and_fails_with_the_name(package, tmp_path, capsys):
    call_command("eparticipation_verify_archive", package.file.path)
    folder = tmp_path / "unpacked"
    with package.file.open("rb") as file, zipfile.ZipFile(file) as bag:
        bag.extractall(folder)
    victim = next(folder.rglob("participations.csv"))
    victim.write_bytes(victim.read_bytes()[:-1])
    with pytest.raises(CommandError):
        call_command("eparticipation_verify_archive", str(folder))
    assert "data/03-participations/participations.csv" in capsys.readouterr().err


def flipped(package, path, place):
    """A copy of a package in which one byte was changed."""
    content = bytearray(package.file.open("rb").read())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    return str(path)


def test_a_changed_byte_in_the_zip_headers_differs_from_the_sites_record(
    package, tmp_path, capsys
):
    copy = flipped(package, tmp_path / "copy.zip", 11)
    assert verify_package(copy) == []
    with pytest.raises(CommandError), override("en"):
        call_command("eparticipation_verify_archive", copy)
    assert "copy.zip: differs from what was sealed" in capsys.readouterr().err


def test_the_checksum_file_of_the_public_page_finds_it_anywhere(
    package, tmp_path, client
):
    copy = flipped(package, tmp_path / "copy.zip", 11)
    url = package.consultation.page_in("en").get_url()
    checksum = client.get(f"{url}archive/checksum/")
    (tmp_path / "copy.zip.sha256").write_bytes(checksum.content)
    assert [fault.code for fault in verify_package(copy)] == ["sidecar"]


def test_the_stored_package_has_its_checksum_beside_it(package):
    with open(f"{package.file.path}.sha256") as file:
        assert file.read().split() == [
            package.sha256,
            f"{package.consultation.reference}.zip",
        ]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_public_pages_offer_report_and_package(package, client, language):
    page = package.consultation.page_in(language)
    url = page.get_url()
    assert client.get(url).status_code == 200
    report = client.get(f"{url}report/")
    assert report.status_code == 200
    assert report.content.count(b"<h2") >= 6
    assert client.get(f"{url}report/{language}-pdf/").status_code == 200
    download = client.get(f"{url}archive/package/")
    assert b"".join(download.streaming_content)[:2] == b"PK"
    assert not client.cookies


def test_before_closing_there_is_nothing_to_download(consultation, client):
    url = consultation.page_in("ar").get_url()
    assert client.get(f"{url}report/").status_code == 404
    assert client.get(f"{url}archive/package/").status_code == 404


def test_a_withheld_report_is_not_offered_and_the_reason_is(package, client):
    withhold_results(package.consultation, "report")
    url = package.consultation.page_in("ar").get_url()
    assert "تتعلق بأمن المنشأة." in client.get(url).content.decode()
    for address in ("report/", "report/ar-pdf/", "archive/package/"):
        assert client.get(url + address).status_code == 404
