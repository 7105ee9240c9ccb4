"""A bag is read by the Library of Congress's tool, and every changed byte is found."""

import io
import zipfile
from datetime import UTC, datetime

import bagit
import pytest
from django.utils.translation import override

from wagtail_eparticipation.archive.bags import (
    BagWriter,
    open_bag,
    read_info,
    verify_bag,
)
from wagtail_eparticipation.archive.faults import Fault

STAMP = datetime(2026, 8, 30, 9, 0, tzinfo=UTC)
FILES = {
    "index.html": "<p>ملف</p>",
    "03-participations/participations.csv": "رقم,نص\n1,أهلا\n" * 500,
    "09-ledger/ledger.jsonl": '{"a": 1}\n',
}


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "package.zip"
    with path.open("wb") as file:
        bag = BagWriter(file, "2026-001", STAMP)
        for name, text in FILES.items():
            bag.add_text(name, text)
        bag.finish([("External-Identifier", "2026-001"), ("Title", "حديقة\nالنخيل")])
    return path


def unpack(package, folder):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder / "2026-001"


def repack(package, change):
    """The same package with ``change(name, content)`` applied to every member."""
    target = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    target.seek(0)
    return target


def test_a_fresh_package_verifies(package):
    assert verify_bag(package) == []


def test_the_library_of_congress_tool_accepts_it(package, tmp_path):
    bagit.Bag(str(unpack(package, tmp_path / "out"))).validate()


def test_an_unpacked_package_verifies_too(package, tmp_path):
    unpack(package, tmp_path / "out")
    assert verify_bag(tmp_path / "out") == []


def test_the_same_content_gives_the_same_bytes(package, tmp_path):
    again = tmp_path / "again.zip"
    with again.open("wb") as file:
        bag = BagWriter(file, "2026-001", STAMP)
        for name, text in FILES.items():
            bag.add_text(name, text)
        bag.finish([("External-Identifier", "2026-001"), ("Title", "حديقة\nالنخيل")])
    assert again.read_bytes() == package.read_bytes()


def test_a_value_with_a_line_break_cannot_forge_a_label(package):
    assert read_info(open_bag(package))["Title"] == "حديقة النخيل"


@pytest.mark.parametrize("name", [*(f"data/{n}" for n in FILES), "bag-info.txt"])
def test_one_changed_byte_in_any_member_is_named(package, name):
    def flip(member, content):
        if member.endswith(name):
            return content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
        return content

    assert name in {fault.path for fault in verify_bag(repack(package, flip))}


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_changed_manifest_is_found(package, name):
    def change(member, content):
        if member.endswith(f"/{name}"):
            return content.replace(
                content[:1], b"0" if content[:1] != b"0" else b"1", 1
            )
        return content

    assert verify_bag(repack(package, change))


@pytest.mark.parametrize("name", [*(f"data/{n}" for n in FILES), "bagit.txt"])
def test_a_missing_file_is_named(package, name):
    faults = verify_bag(
        repack(package, lambda m, c: None if m.endswith(f"/{name}") else c)
    )
    assert name in {fault.path for fault in faults}


def test_a_file_added_later_is_named(package):
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("2026-001/data/extra.txt", "later")
    assert verify_bag(package) == [Fault("data/extra.txt", "not_listed")]


def test_a_file_beside_the_folder_is_the_only_one_named(package):
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("readme.txt", "later")
    assert verify_bag(package) == [Fault("readme.txt", "beside")]


def test_what_lies_beside_an_unpacked_package_is_not_part_of_it(package, tmp_path):
    unpack(package, tmp_path / "out")
    (tmp_path / "out" / "other").mkdir()
    (tmp_path / "out" / "other" / "letter.txt").write_text("mine")
    assert verify_bag(tmp_path / "out") == []


def test_faults_are_said_in_the_readers_language(package):
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("2026-001/data/extra.txt", "later")
    (fault,) = verify_bag(package)
    with override("en"):
        assert str(fault) == "data/extra.txt: is not in the manifest"
    with override("ar"):
        assert "manifest" not in str(fault)


def test_damage_inside_a_compressed_member_is_named_and_never_crashes(package):
    content = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        entry = archive.getinfo("2026-001/data/03-participations/participations.csv")
    header = 30 + len(entry.filename.encode()) + 20
    for offset in range(header, header + entry.compress_size, 7):
        broken = bytearray(content)
        broken[entry.header_offset + offset] ^= 0xFF
        faults = verify_bag(io.BytesIO(bytes(broken)))
        assert "data/03-participations/participations.csv" in {f.path for f in faults}


def test_what_is_no_package_is_said_plainly(tmp_path):
    path = tmp_path / "letter.zip"
    path.write_bytes(b"not a zip")
    assert verify_bag(path) == [Fault("ZIP", "no_zip")]


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../b"])
def test_a_path_out_of_the_package_is_refused(path):
    bag = BagWriter(io.BytesIO(), "x", STAMP)
    with pytest.raises(ValueError):
        bag.add_text(path, "x")
