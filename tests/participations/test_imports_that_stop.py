"""An import that ends before its time says how far it came; nothing is lost of it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.urls import reverse

from tests.factories import DURING
from tests.participations.batches_made import (
    bring_in,
    forms,
    make_moderator,
    plan_of,
    prepared,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course, batch_run, importing
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.models import Participation, State

pytestmark = pytest.mark.django_db

ROWS = 25
CHUNK = 10


class Killed(BaseException):
    """The process is ended: nothing of its own is run any more."""


@pytest.fixture(autouse=True)
def during(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk(client):
    user = make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def breaking(monkeypatch):
    """The second chunk of rows fails, until it is mended."""
    step, chunks = batch_run.Run.step, []

    def failing(self, report):
        chunks.append(report)
        if len(chunks) == 2:
            raise OperationalError("the database is gone")
        step(self, report)

    monkeypatch.setattr(batch_run.Run, "step", failing)


def stopped(page, clerk) -> ImportBatch:
    batch = prepared(page.consultation, forms(ROWS), actor=clerk)
    with pytest.raises(OperationalError):
        batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    batch.refresh_from_db()
    return batch


def finished() -> list[LedgerEvent]:
    return list(LedgerEvent.objects.filter(kind="import.finished"))


def run(page, clerk, tmp_path, *args):
    path = tmp_path / "rows.csv"
    path.write_text(forms(ROWS), encoding="utf-8")
    told, errors = io.StringIO(), io.StringIO()
    call_command(
        "eparticipation_import",
        page.consultation.reference,
        str(path),
        f"--user={clerk.username}",
        "--channel=paper",
        *args,
        stdout=told,
        stderr=errors,
    )
    return told.getvalue(), errors.getvalue()


def test_a_batch_that_stopped_says_how_far_it_came(page, clerk, breaking):
    batch = stopped(page, clerk)
    assert (batch.state, batch.imported, batch.reached) == ("stopped", CHUNK, CHUNK + 1)
    assert Participation.objects.filter(batch=batch.code).count() == CHUNK
    assert finished() == []


def test_it_is_gone_on_with_and_every_row_counts_once(page, clerk, breaking):
    batch = stopped(page, clerk)
    batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    assert (batch.state, batch.imported, batch.repeated) == ("imported", ROWS, 0)
    assert Participation.objects.filter(batch=batch.code).count() == ROWS
    (event,) = finished()
    assert event.data["imported"] == ROWS


def test_the_same_file_goes_on_with_the_same_batch(page, clerk, breaking):
    batch = stopped(page, clerk)
    again = prepared(page.consultation, forms(ROWS), actor=clerk)
    assert again == batch
    with pytest.raises(batch_course.ImportRefused, match=batch.code):
        prepared(page.consultation, forms(ROWS), actor=clerk, channel="social")


def test_it_is_taken_back_with_its_rows_and_no_others(page, clerk, breaking):
    before = bring_in(page.consultation, forms(3, start=100), actor=clerk)
    # That was the first chunk.
    batch = prepared(page.consultation, forms(ROWS), actor=clerk)
    with pytest.raises(OperationalError):
        batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    assert batch.state == "prepared"
    batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    assert batch_course.roll_back(batch, reason="wrong", actor=clerk) == ROWS
    rows = Participation.objects.filter(batch=before.code)
    assert not rows.filter(state=State.ROLLED_BACK).exists()


def test_one_that_stopped_is_taken_back_and_made_anew(page, clerk, breaking):
    batch = stopped(page, clerk)
    assert batch_course.roll_back(batch, reason="wrong", actor=clerk) == CHUNK
    anew = bring_in(page.consultation, forms(ROWS), actor=clerk)
    assert anew.code != batch.code
    assert (anew.imported, anew.repeated) == (ROWS, 0)


def test_it_is_never_cancelled(client, page, clerk, breaking):
    batch = stopped(page, clerk)
    with pytest.raises(batch_course.ImportRefused):
        batch_course.discard(batch, actor=clerk)
    url = reverse("eparticipation_admin:import", args=[page.consultation_id, batch.pk])
    client.post(url, {"action": "cancel"})
    assert ImportBatch.objects.filter(pk=batch.pk).exists()


def test_the_desk_goes_on_with_it(client, page, clerk, breaking):
    batch = stopped(page, clerk)
    url = reverse("eparticipation_admin:import", args=[page.consultation_id, batch.pk])
    html = client.get(url).content.decode()
    assert 'value="import"' in html and 'value="roll_back"' in html
    assert 'value="cancel"' not in html
    columns = {f"column_{name}": each for name, each in batch.mapping.items()}
    client.post(url, {"action": "import", **columns, **batch.for_all, "made_on": ""})
    batch.refresh_from_db()
    assert (batch.state, batch.imported) == ("imported", ROWS)


def test_the_command_keeps_the_batch_and_goes_on_with_it(
    page, clerk, breaking, tmp_path
):
    with pytest.raises(OperationalError):
        run(page, clerk, tmp_path)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.imported) == ("stopped", CHUNK)
    run(page, clerk, tmp_path)
    batch.refresh_from_db()
    assert (batch.state, batch.imported, batch.repeated) == ("imported", ROWS, 0)


def test_a_killed_process_leaves_a_batch_that_can_be_gone_on_with(
    page, clerk, monkeypatch
):
    batch = prepared(page.consultation, forms(ROWS), actor=clerk)
    step = batch_run.Run.step

    def killed(self, report):
        if report.imported > CHUNK:
            raise Killed
        step(self, report)

    with monkeypatch.context() as patched:
        patched.setattr(batch_run.Run, "step", killed)
        patched.setattr(batch_run.Run, "stop", lambda self: None)
        with pytest.raises(Killed):
            batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    batch.refresh_from_db()
    assert (batch.state, batch.imported) == ("running", CHUNK)
    for act in (
        lambda: batch_course.carry_out(batch, plan_of(batch), actor=clerk),
        lambda: batch_course.rehearse(batch, plan_of(batch), actor=clerk),
        lambda: batch_course.discard(batch, actor=clerk),
        lambda: batch_course.roll_back(batch, reason="wrong", actor=clerk),
        lambda: prepared(page.consultation, forms(ROWS), actor=clerk),
    ):
        with pytest.raises(batch_course.ImportRefused):
            act()
    with clock.rehearse(DURING + 2 * batch_run.QUIET_AFTER):
        assert prepared(page.consultation, forms(ROWS), actor=clerk) == batch
        batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    assert (batch.state, batch.imported) == ("imported", ROWS)


def test_one_that_was_killed_before_its_first_rows_can_be_cancelled(page, clerk):
    batch = prepared(page.consultation, forms(ROWS), actor=clerk)
    batch_run.Run(batch, plan_of(batch))
    with clock.rehearse(DURING + 2 * batch_run.QUIET_AFTER):
        assert prepared(page.consultation, forms(ROWS), actor=clerk) == batch
        batch.refresh_from_db()
        assert batch.state == "prepared"
        batch_course.discard(batch, actor=clerk)
    assert not ImportBatch.objects.exists()


def test_a_run_whose_batch_was_taken_over_takes_its_rows_back(page, clerk):
    batch = prepared(page.consultation, forms(ROWS), actor=clerk)
    plan = plan_of(batch)
    slow = batch_run.Run(batch, plan)
    with clock.rehearse(DURING + 2 * batch_run.QUIET_AFTER):
        batch_course.carry_out(batch, plan, actor=clerk)
    with pytest.raises(batch_course.ImportRefused):
        slow.step(importing.ImportReport(batch.code))
    slow.stop()
    batch.refresh_from_db()
    assert (batch.state, batch.imported) == ("imported", ROWS)


def test_codes_are_never_given_twice(page, clerk):
    first = bring_in(page.consultation, forms(2), actor=clerk)
    second = prepared(page.consultation, forms(3, start=10), actor=clerk)
    bring_in(page.consultation, forms(2, start=20), actor=clerk)
    batch_course.discard(second, actor=clerk)
    fourth = bring_in(page.consultation, forms(2, start=30), actor=clerk)
    assert (first.code, fourth.code) == ("I-1", "I-4")
    Participation.objects.filter(batch="I-4").update(batch="I-5")
    assert bring_in(page.consultation, forms(1, start=40), actor=clerk).code == "I-6"


def test_a_stopped_import_loses_its_file_after_a_day_and_nothing_else(
    client, page, clerk, breaking, tmp_path
):
    batch = stopped(page, clerk)
    with clock.rehearse(DURING + timedelta(hours=25)):
        call_command("eparticipation_tick", stdout=io.StringIO())
        assert not [each for each in tmp_path.rglob("*.csv") if each.is_file()]
        url = reverse(
            "eparticipation_admin:import", args=[page.consultation_id, batch.pk]
        )
        assert 'value="import"' not in client.get(url).content.decode()
        columns = {f"column_{name}": each for name, each in batch.mapping.items()}
        answer = client.post(
            url, {"action": "import", **columns, **batch.for_all, "made_on": ""}
        )
        assert answer.status_code == 302
        client.post(
            reverse("eparticipation_admin:imports", args=[page.consultation_id]),
            {
                "channel": "paper",
                "tool": "comment",
                "file": SimpleUploadedFile("rows.csv", forms(ROWS).encode()),
            },
        )
        batch.refresh_from_db()
        assert batch.file
        batch_course.carry_out(batch, plan_of(batch), actor=clerk)
    assert (batch.state, batch.imported) == ("imported", ROWS)


def test_the_command_drops_a_batch_of_which_nothing_came_in(page, clerk, tmp_path):
    with pytest.raises(CommandError):
        run(page, clerk, tmp_path, "--map=text=nowhere")
    assert not ImportBatch.objects.exists()
