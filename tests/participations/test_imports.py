"""Imports into the register: tried, carried out, listed, taken back (S3-I)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from tests.factories import DURING, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course, import_files, importing
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.identity import open_identity
from wagtail_eparticipation.participations.models import (
    Identity,
    Participation,
    PersonKey,
    Publication,
    State,
)

pytestmark = pytest.mark.django_db

POSTS = (
    "id,text,date,handle\n"
    "p1,نريد ظلاً,2026-04-10 10:00,@one\n"
    "p2,,2026-04-10 11:00,@two\n"
    "p3,مقاعد,2026-04-10,@three\n"
    "p1,نريد ظلاً,2026-04-10 10:00,@one\n"
    "p4,مبكر,2026-03-01,@four\n"
    "p5,بلا تاريخ,,@five\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk():
    return make_user(permissions=["moderate_participation"])


def prepare(page, clerk, text=POSTS):
    file = ContentFile(text.encode(), name="posts.csv")
    return batch_course.prepare(
        page.consultation, file, "posts.csv", channel="social", actor=clerk
    )


def plan_of(batch, **values):
    headings, _first = batch_course.headings_of(batch)
    columns = import_files.propose(headings)
    return import_files.Plan(columns, **values)


def imported(page, clerk, text=POSTS):
    batch = prepare(page, clerk, text)
    plan = plan_of(batch, publication=Publication.WITHOUT_NAME)
    batch_course.carry_out(batch, plan, actor=clerk)
    return batch


def numbers(report):
    return report.imported, report.late, report.repeated, report.failed


def test_every_row_is_taken_in_or_listed(page, clerk):
    batch = imported(page, clerk)
    assert numbers(batch) == (2, 1, 1, 2)
    assert [number for number, _message in batch.errors] == [3, 7]
    rows = Participation.objects.order_by("pk")
    assert [row.state for row in rows] == [State.RECEIVED, State.RECEIVED, State.LATE]
    assert {row.batch for row in rows} == {batch.code}
    assert LedgerEvent.objects.filter(kind="participation.received").count() == 3


def test_a_rehearsal_tells_the_same_and_keeps_nothing(page, clerk):
    batch = prepare(page, clerk)
    report = batch_course.rehearse(batch, plan_of(batch), actor=clerk)
    assert numbers(report) == (2, 1, 1, 2)
    assert not Participation.objects.exists()
    assert not PersonKey.objects.exists()
    assert not LedgerEvent.objects.filter(kind="participation.received").exists()


def test_handles_and_links_are_sealed_and_shown_nowhere(page, clerk):
    imported(page, clerk)
    row = Participation.objects.get(text="نريد ظلاً")
    assert "@one" not in f"{row.data}{row.text}{row.public_name}"
    privacy = make_user(superuser=True)
    person = open_identity(row, actor=privacy, reason="test")
    assert (person.name, person.source) == ("@one", "p1")


def test_the_same_file_imports_nothing_twice(page, clerk):
    batch = imported(page, clerk)
    with pytest.raises(batch_course.ImportRefused, match=batch.code):
        prepare(page, clerk)
    other = imported(page, clerk, POSTS + "p6,جديد,2026-04-11,@six\n")
    assert (other.imported, other.repeated) == (1, 4)


def forms_of(*words, start=1) -> str:
    rows = [f"{n},{each},2026-04-10,@x" for n, each in enumerate(words, start=start)]
    return "\n".join(["id,text,date,handle", *rows]) + "\n"


def test_an_id_that_came_in_with_other_words_is_listed_and_loses_no_voice(page, clerk):
    imported(page, clerk, forms_of("نريد ظلاً", "مقاعد"))
    again = prepare(page, clerk, forms_of("ممشى", "مقاعد", "إنارة"))
    for act in (batch_course.rehearse, batch_course.carry_out):
        report = act(again, plan_of(again), actor=clerk)
        assert numbers(report) == (1, 0, 1, 1)
        assert [number for number, _message in report.errors] == [2]
    assert {row.text for row in Participation.objects.all()} == {
        "نريد ظلاً",
        "مقاعد",
        "إنارة",
    }


@pytest.mark.parametrize("chunk", [2, 500])
def test_an_id_that_stands_twice_in_a_file_counts_once(page, clerk, monkeypatch, chunk):
    monkeypatch.setattr(importing, "CHUNK", chunk)
    text = forms_of("أ", "ب", "ج") + "1,أ,2026-04-10,@x\n2,د,2026-04-10,@x\n"
    batch = prepare(page, clerk, text)
    for act in (batch_course.rehearse, batch_course.carry_out):
        report = act(batch, plan_of(batch), actor=clerk)
        assert numbers(report) == (3, 0, 1, 1)
        assert [number for number, _message in report.errors] == [6]


def test_another_footing_or_account_are_no_other_words(page, clerk):
    imported(page, clerk, forms_of("نريد ظلاً"))
    again = prepare(page, clerk, forms_of("نريد ظلاً", "جديد").replace("@x", "@y"))
    batch_course.carry_out(again, plan_of(again), actor=clerk)
    assert numbers(again) == (1, 0, 1, 0)


def test_a_row_that_a_second_person_corrected_is_known_again(page, clerk):
    imported(page, clerk, forms_of("نريد ظلاً"))
    Participation.objects.update(text="نريد ظلاً وماء")
    again = imported(page, clerk, forms_of("نريد ظلاً", "جديد"))
    assert numbers(again) == (1, 0, 1, 0)


def test_a_row_of_the_future_is_the_mistake_of_its_row(page, clerk):
    text = "text,date\nاليوم,2026-04-12\nغداً,2026-04-13\nفي حينه,2026-05-30\n"
    batch = prepare(page, clerk, text)
    for act in (batch_course.rehearse, batch_course.carry_out):
        report = act(batch, plan_of(batch), actor=clerk)
        assert numbers(report) == (1, 0, 0, 2)
        assert [number for number, _message in report.errors] == [3, 4]


BENCH, SHADE = "مقاعد,2026-04-10\n", "نريد ظلاً,2026-04-10\n"


def test_of_a_longer_file_without_ids_only_the_new_rows_come_in(page, clerk):
    first = imported(page, clerk, "text,date\n" + BENCH + SHADE + BENCH)
    assert numbers(first) == (3, 0, 0, 0)
    longer = "text,date\n" + "ممشى,2026-04-10\n" + SHADE + BENCH * 3
    again = imported(page, clerk, longer)
    assert numbers(again) == (2, 0, 3, 0)
    assert Participation.objects.filter(text="مقاعد").count() == 3


def test_rows_without_a_number_are_known_again_by_what_they_say(page, clerk):
    text = "text,date\n" + BENCH * 2
    batch = prepare(page, clerk, text)
    plan = plan_of(batch)
    batch_course.carry_out(batch, plan, actor=clerk)
    assert batch.imported == 2
    ImportBatch.objects.update(state=ImportBatch.State.ROLLED_BACK)
    again = prepare(page, clerk, text)
    batch_course.carry_out(again, plan, actor=clerk)
    assert (again.imported, again.repeated) == (0, 2)


def test_the_file_is_deleted_once_its_rows_are_in(page, clerk, media):
    imported(page, clerk)
    assert not [each for each in media.rglob("*") if each.is_file()]


def test_a_discarded_import_leaves_nothing(page, clerk, media):
    batch_course.discard(prepare(page, clerk), actor=clerk)
    assert not ImportBatch.objects.exists()
    assert not [each for each in media.rglob("*") if each.is_file()]


def test_who_does_not_moderate_imports_nothing(page):
    with pytest.raises(PermissionDenied):
        prepare(page, make_user(permissions=["analyse_participation"]))


def test_a_wrong_import_is_taken_out_of_the_counts_and_can_be_made_anew(page, clerk):
    batch = imported(page, clerk)
    row = Participation.objects.get(text="مقاعد")
    publish(row, now=DURING)
    Participation.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
    taken = batch_course.roll_back(batch, reason="Wrong topic", actor=clerk)
    assert taken == 3
    assert Participation.objects.counted().count() == 0
    assert not PersonKey.objects.exists()
    assert not Identity.objects.filter(has_contact=True).exists()
    assert not PublishedComment.objects.filter(
        is_public=True, is_removed=False
    ).exists()
    row.refresh_from_db()
    assert row.releasable_text == ""
    event = LedgerEvent.objects.get(kind="import.rolled_back")
    assert event.data["reason"] == "Wrong topic"
    assert imported(page, clerk).imported == 2


def test_an_import_is_taken_back_once_with_a_reason_while_the_topic_collects(
    page, clerk
):
    batch = imported(page, clerk)
    with pytest.raises(batch_course.ImportRefused):
        batch_course.roll_back(batch, reason=" ", actor=clerk)
    closed = clock.rehearse(page.consultation.window.closes_at)
    with closed, pytest.raises(batch_course.ImportRefused):
        batch_course.roll_back(batch, reason="late", actor=clerk)
    batch_course.roll_back(batch, reason="wrong", actor=clerk)
    with pytest.raises(batch_course.ImportRefused):
        batch_course.roll_back(batch, reason="again", actor=clerk)


def run(page, clerk, tmp_path, *args, text=POSTS):
    path = tmp_path / "in" / "posts.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    output = io.StringIO()
    call_command(
        "eparticipation_import",
        page.consultation.reference,
        str(path),
        f"--user={clerk.username}",
        "--channel=social",
        *args,
        stdout=output,
        stderr=io.StringIO(),
    )
    return output.getvalue()


def test_the_command_tries_imports_lists_and_takes_back(page, clerk, tmp_path):
    assert "7" in run(page, clerk, tmp_path, "--dry-run")
    assert not Participation.objects.exists()
    told = run(page, clerk, tmp_path)
    assert "3" in told
    assert Participation.objects.count() == 3
    code = ImportBatch.objects.get().code
    run(page, clerk, tmp_path, f"--roll-back={code}", "--reason=wrong")
    assert Participation.objects.counted().count() == 0


@pytest.mark.parametrize(
    ("args", "text", "told"),
    [
        ((), "a,b\n1,2\n", "a, b"),
        (("--map=text=c",), "a,b\n1,2\n", "a, b"),
        (("--roll-back=I-9",), POSTS, "I-9"),
    ],
)
def test_the_command_says_what_is_missing(page, clerk, tmp_path, args, text, told):
    with pytest.raises(CommandError, match=told):
        run(page, clerk, tmp_path, *args, text=text)
    assert not ImportBatch.objects.exists()


def test_a_file_that_nobody_imported_is_deleted_after_a_day(page, clerk, media):
    prepare(page, clerk)
    done = imported(page, clerk, POSTS + "p6,جديد,2026-04-11,@six\n")
    with clock.rehearse(DURING + timedelta(hours=23)):
        call_command("eparticipation_tick", stdout=io.StringIO())
    assert ImportBatch.objects.count() == 2
    with clock.rehearse(DURING + timedelta(hours=25)):
        call_command("eparticipation_tick", stdout=io.StringIO())
    assert ImportBatch.objects.get() == done
    assert not [each for each in media.rglob("*.csv") if each.is_file()]


def test_no_import_shows_a_name(page, clerk, tmp_path):
    with pytest.raises(CommandError):
        run(page, clerk, tmp_path, "--publication=with_name")
    batch = prepare(page, clerk)
    plan = plan_of(batch, publication=Publication.WITH_NAME)
    with pytest.raises(ValueError, match="never shown"):
        batch_course.carry_out(batch, plan, actor=clerk)
    assert not Participation.objects.exists()


def test_a_row_names_the_batch_of_its_evidence_and_not_where_it_lies(
    page, clerk, tmp_path
):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-")
    run(page, clerk, tmp_path, f"--evidence={scan}")
    evidence = {row.data["evidence"] for row in Participation.objects.all()}
    assert evidence == {ImportBatch.objects.get().code}
