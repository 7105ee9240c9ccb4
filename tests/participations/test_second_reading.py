"""A second person reads a sample of typed rows, beside their evidence (AC-S3-I6)."""

import itertools
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import AFTER, CLOSES, DURING, make_user
from tests.participations.batches_made import bring_in, forms, make_moderator
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course, second_reading
from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.participations.models import (
    Participation,
    ParticipationRevision,
    Publication,
    State,
)
from wagtail_eparticipation.participations.samples import SampleReading
from wagtail_eparticipation.participations.second_reading import Reading, total_of

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk():
    return make_moderator()


@pytest.fixture
def reader():
    return make_moderator()


@pytest.fixture
def batch(page, clerk):
    return bring_in(
        page.consultation,
        forms(12),
        actor=clerk,
        publication=Publication.WITHOUT_NAME,
    )


def changes_of(row, **fields):
    stands = {
        "text": row.text,
        "title": row.title,
        "data": row.data,
        "language": row.language,
        "publication": row.publication,
    }
    return Changes(**(stands | fields))


def corrected(reading, reader, *, made_at=None, **fields):
    row = reading.participation
    return second_reading.correct_row(
        reading,
        changes_of(row, **fields),
        made_at=made_at or row.made_at,
        actor=reader,
    )


@pytest.mark.parametrize(
    ("rows", "size"),
    [(0, 0), (1, 1), (9, 9), (10, 10), (99, 10), (100, 10), (101, 11), (1000, 100)],
)
def test_a_tenth_is_drawn_and_at_least_ten(rows, size):
    assert second_reading.size_of_sample(rows) == size


def test_the_sample_is_drawn_once_and_can_be_drawn_again_by_anybody(batch):
    drawn = set(batch.sample.values_list("participation_id", flat=True))
    assert len(drawn) == 10
    assert second_reading.draw(batch) == 0
    rows = Participation.objects.filter(batch=batch.code)
    lots = sorted(
        (second_reading.place_in_draw(batch, row.public_id), row.pk) for row in rows
    )
    assert {pk for _lot, pk in lots[:10]} == drawn


def test_what_a_platform_exported_needs_no_second_reading(page, clerk):
    batch = bring_in(page.consultation, forms(3), actor=clerk, channel="social")
    assert not batch.sample.exists()


def test_a_rehearsal_draws_nothing(page, clerk):
    bring_in(page.consultation, forms(3), actor=clerk)
    assert SampleReading.objects.count() == 3


def test_a_row_as_on_the_paper_is_confirmed(batch, reader):
    reading = second_reading.waiting(batch).first()
    second_reading.confirm(reading, actor=reader)
    reading.refresh_from_db()
    assert (reading.result, reading.read_by) == ("same", reader)
    assert second_reading.waiting(batch).count() == 9
    assert second_reading.readings_of(batch.consultation) == {
        batch.pk: Reading(10, 1, 0)
    }


def test_a_correction_keeps_the_earlier_wording_and_names_no_word(batch, reader):
    reading = second_reading.waiting(batch).first()
    before = reading.participation.text
    corrected(reading, reader, text="نص صحيح كما في الورقة")
    row = Participation.objects.get(pk=reading.participation_id)
    assert row.text == "نص صحيح كما في الورقة"
    assert "نص صحيح" in row.text_html
    assert row.revision == 2
    assert ParticipationRevision.objects.get(participation=row).text == before
    for event in LedgerEvent.objects.filter(
        kind__in=["participation.corrected", "import.row_read"]
    ):
        assert "نص" not in str(event.data)
    assert second_reading.readings_of(batch.consultation)[batch.pk].rate == 100


def test_a_correction_that_changes_nothing_is_a_confirmation(batch, reader):
    reading = second_reading.waiting(batch).first()
    corrected(reading, reader)
    reading.refresh_from_db()
    assert reading.result == "same"
    assert not ParticipationRevision.objects.exists()


def test_a_corrected_text_that_was_shown_waits_for_a_moderator(batch, reader):
    reading = second_reading.waiting(batch).first()
    row = reading.participation
    publish(row, now=DURING)
    Participation.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
    row.refresh_from_db()
    corrected(reading, reader, text="كلمات أخرى تماماً")
    row.refresh_from_db()
    assert row.state == State.RECEIVED
    shown = PublishedComment.objects.filter(is_public=True, is_removed=False)
    assert not shown.exists()


@pytest.mark.parametrize("state", [State.REFUSED, State.QUARANTINED, State.LATE])
def test_a_correction_revives_nothing(batch, reader, state):
    reading = second_reading.waiting(batch).first()
    Participation.objects.filter(pk=reading.participation_id).update(state=state)
    corrected(reading, reader, text="كلمات أخرى تماماً")
    assert Participation.objects.get(pk=reading.participation_id).state == state


@pytest.mark.parametrize(
    ("made_at", "state", "reason"),
    [
        (CLOSES - timedelta(minutes=1), State.RECEIVED, ""),
        (CLOSES, State.LATE, "made_after_closing"),
        (DURING - timedelta(days=30), State.LATE, "made_before_opening"),
    ],
)
def test_a_wrong_date_is_judged_anew(batch, reader, made_at, state, reason):
    reading = second_reading.waiting(batch).first()
    corrected(reading, reader, made_at=made_at)
    row = Participation.objects.get(pk=reading.participation_id)
    assert (row.made_at, row.state, row.late_reason) == (made_at, state, reason)


def test_whoever_imported_a_row_does_not_read_it_again(batch, clerk):
    reading = second_reading.waiting(batch).first()
    with pytest.raises(PermissionDenied):
        second_reading.confirm(reading, actor=clerk)
    boss = make_user(superuser=True)
    second_reading.confirm(reading, actor=boss)


def test_the_database_refuses_the_same_reader_and_half_a_reading(batch, clerk, reader):
    reading = batch.sample.first()
    rows = SampleReading.objects.filter(pk=reading.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(read_by=clerk, read_at=DURING, result="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(read_by=reader, result="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        SampleReading.objects.create(batch=batch, participation=reading.participation)


def test_a_row_is_read_once(batch, reader):
    reading = second_reading.waiting(batch).first()
    second_reading.confirm(reading, actor=reader)
    with pytest.raises(second_reading.CannotRead):
        corrected(reading, reader, text="x")


def test_nothing_is_corrected_once_the_decision_is_recorded(batch, reader):
    reading = second_reading.waiting(batch).first()
    with clock.rehearse(AFTER):
        second_reading.confirm(reading, actor=reader)
    other = second_reading.waiting(batch).first()
    consultation = other.batch.consultation
    consultation.stored_stage = "decided"
    consultation.save()
    with pytest.raises(second_reading.CannotRead):
        second_reading.confirm(other, actor=reader)


def test_an_import_that_was_taken_back_is_not_read_and_has_no_rate(
    batch, reader, clerk
):
    reading = second_reading.waiting(batch).first()
    batch_course.roll_back(batch, reason="wrong", actor=clerk)
    batch.refresh_from_db()
    assert not second_reading.waiting(batch).exists()
    assert second_reading.readings_of(batch.consultation) == {}
    with pytest.raises(second_reading.CannotRead):
        second_reading.confirm(reading, actor=reader)


def test_the_rate_of_a_topic_is_that_of_all_rows_read():
    assert total_of([Reading(10, 10, 1), Reading(30, 30, 1)]).rate == 5
    assert total_of([]).rate is None


# On the desk


def url_of(batch, name="second_reading"):
    return reverse(
        f"eparticipation_admin:{name}", args=[batch.consultation_id, batch.pk]
    )


def test_a_reader_sees_a_row_and_its_picture_confirms_and_corrects(
    client, page, clerk, reader
):
    batch = bring_in(
        page.consultation,
        forms(2),
        actor=clerk,
        evidence=ContentFile(PNG, name="scan.png"),
    )
    client.force_login(reader)
    first, second = second_reading.waiting(batch)
    html = client.get(url_of(batch)).content.decode()
    assert first.participation.text in html
    assert f"{url_of(batch, 'import_evidence')}?show" in html
    client.post(url_of(batch), {"action": "same", "reading": first.pk})
    answer = client.post(
        url_of(batch),
        {
            "action": "correct",
            "reading": second.pk,
            "text": "كما كتب في الورقة",
            "language": "ar",
            "publication": "not_published",
            "made_at": "2026-04-09 11:00",
        },
    )
    assert answer.status_code == 302
    row = Participation.objects.get(pk=second.participation_id)
    assert row.text == "كما كتب في الورقة"
    assert row.made_at.isoformat() == "2026-04-09T08:00:00+00:00"
    html = client.get(url_of(batch, "import")).content.decode()
    assert "50.0%" in html or "50,0%" in html or "50٫0%" in html
    desk = client.get(
        reverse("eparticipation_admin:desk", args=[batch.consultation_id])
    )
    assert "50.0%" in desk.content.decode()


def test_a_title_that_the_form_does_not_ask_for_stays(client, page, clerk, reader):
    text = "id,title,text,date\nf1,عنوان,نص الاستمارة كما كتب,2026-04-10 10:00\n"
    batch = bring_in(page.consultation, text, actor=clerk)
    client.force_login(reader)
    typed = {
        "action": "correct",
        "reading": second_reading.waiting(batch).get().pk,
        "text": "نص الاستمارة مصححاً",
        "language": "ar",
        "publication": "not_published",
        "made_at": "2026-04-10 10:00",
    }
    client.post(url_of(batch), typed)
    row = Participation.objects.get()
    assert (row.title, row.text) == ("عنوان", "نص الاستمارة مصححاً")


@pytest.mark.parametrize(
    "made_at", ["32/13/2026", "0001-01-01 00:00", "9999-12-31 23:59"]
)
def test_a_correction_with_a_mistake_keeps_what_was_typed(
    client, batch, reader, made_at
):
    client.force_login(reader)
    reading = second_reading.waiting(batch).first()
    answer = client.post(
        url_of(batch),
        {
            "action": "correct",
            "reading": reading.pk,
            "text": "كلمات لا تضيع",
            "language": "ar",
            "publication": "with_name",
            "made_at": made_at,
        },
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "كلمات لا تضيع" in html
    assert made_at in html
    assert not SampleReading.objects.exclude(result="").exists()


@pytest.mark.parametrize("reading", ["", "x", "9" * 30, "²", "0"])
def test_a_forged_row_is_not_found(client, batch, reader, reading):
    client.force_login(reader)
    answer = client.post(url_of(batch), {"action": "same", "reading": reading})
    # The language's prefix is tried before "not found" is said.
    assert client.post(answer["Location"]).status_code == 404
    assert not SampleReading.objects.exclude(result="").exists()


def test_a_row_of_another_import_is_not_found(client, page, batch, clerk, reader):
    other = bring_in(page.consultation, forms(1, start=50), actor=clerk)
    client.force_login(reader)
    data = {"action": "same", "reading": other.sample.get().pk}
    client.post(url_of(batch), data)
    assert not SampleReading.objects.exclude(result="").exists()


def test_who_imported_it_is_told_so_and_refused(client, batch, clerk):
    client.force_login(clerk)
    html = client.get(url_of(batch)).content.decode()
    assert 'name="reading"' not in html
    data = {"action": "same", "reading": batch.sample.first().pk}
    client.post(url_of(batch), data)
    assert not SampleReading.objects.exclude(result="").exists()


@pytest.mark.parametrize(
    "permission", ["analyse_participation", "take_decision", "reply_officially", ""]
)
def test_only_moderators_read(client, batch, permission):
    client.force_login(make_user(permissions=[permission] if permission else []))
    data = {"action": "same", "reading": batch.sample.first().pk}
    assert client.get(url_of(batch)).status_code == 302
    assert client.post(url_of(batch), data).status_code == 302
    assert not SampleReading.objects.exclude(result="").exists()


def test_a_moderator_of_another_department_does_not_read(client, batch):
    user = make_moderator()
    StaffScope.objects.create(user=user)
    client.force_login(user)
    assert client.get(url_of(batch)).status_code == 302


def test_only_a_real_picture_is_shown_in_the_page(client, page, clerk, reader):
    client.force_login(reader)
    kinds = []
    for number, content in enumerate((PNG, b"<svg onload=alert(1)>")):
        batch = bring_in(
            page.consultation,
            forms(1, start=100 + number),
            actor=clerk,
            evidence=ContentFile(content, name="scan.png"),
        )
        answer = client.get(url_of(batch, "import_evidence") + "?show")
        kinds.append((answer["Content-Type"], answer["Content-Disposition"][:10]))
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert kinds[0][0] == "image/png"
    assert kinds[1] == ("application/octet-stream", "attachment")


@pytest.mark.parametrize("imports", [1, 8])
def test_the_list_of_imports_costs_the_same_with_more_of_them(
    client, page, clerk, imports, django_assert_max_num_queries
):
    starts = itertools.count(1, 20)
    for _number in range(imports):
        bring_in(page.consultation, forms(12, start=next(starts)), actor=clerk)
    client.force_login(clerk)
    url = reverse("eparticipation_admin:imports", args=[page.consultation_id])
    client.get(url)
    with django_assert_max_num_queries(18):
        assert client.get(url).status_code == 200
