"""A report is approved after the outcome, and closes a topic only while it is true."""

import pytest

from tests.archive.makers import (
    ANALYSIS,
    CLOSING,
    SEALING,
    take_one_down,
    write_report,
)
from tests.decisions.makers import make_topic
from tests.factories import DURING
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.models import Theme
from wagtail_eparticipation.archive.approval import (
    approve,
    missing_items,
    outdated_parts,
    take_back,
)
from wagtail_eparticipation.archive.models import Report, ReportFile
from wagtail_eparticipation.archive.sealing import close, seal
from wagtail_eparticipation.consultations.acts import ActRefused, IllegalTransition

pytestmark = pytest.mark.django_db


def refused(excinfo):
    return [str(item) for item in excinfo.value.missing]


@pytest.mark.parametrize("instant", [DURING, ANALYSIS])
def test_no_report_is_approved_before_there_is_an_outcome(officer, instant):
    consultation = make_topic().consultation
    report = write_report(consultation)
    with clock.rehearse(instant), pytest.raises(IllegalTransition):
        approve(report, actor=officer, now=instant)
    report.refresh_from_db()
    assert not report.is_approved
    assert not ReportFile.objects.exists()


def test_the_desk_offers_approval_only_once_there_is_an_outcome(
    officer, consultation, client
):
    client.force_login(officer)
    address = f"/admin/eparticipation/consultations/{consultation.pk}/report/"
    early = make_topic().consultation
    write_report(consultation)
    write_report(early)
    with clock.rehearse(CLOSING):
        assert f'action="{address}approve/"' in client.get(address).content.decode()
    early_address = f"/admin/eparticipation/consultations/{early.pk}/report/"
    with clock.rehearse(DURING):
        assert "report/approve/" not in client.get(early_address).content.decode()
        client.post(f"{early_address}approve/")
    assert not early.report.is_approved


def test_what_is_missing_leads_to_its_field(consultation):
    report = write_report(consultation)
    report.recommendations = {"ar": "توصية"}
    assert [item.url for item in missing_items(report)] == ["#id_recommendations_1"]


def test_a_report_older_than_a_change_of_the_record_closes_nothing(
    consultation, officer
):
    report = write_report(consultation)
    with clock.rehearse(CLOSING):
        approve(report, actor=officer, now=CLOSING)
        Theme.objects.update(reason={"ar": "غير ذلك", "en": "Something else"})
        with pytest.raises(ActRefused) as excinfo:
            close(consultation, actor=officer, retention_class="standard")
    assert len(refused(excinfo)) == 1
    assert "5" in refused(excinfo)[0]


def test_approving_again_makes_the_report_true_again(consultation, officer):
    report = write_report(consultation)
    with clock.rehearse(CLOSING):
        approve(report, actor=officer, now=CLOSING)
        take_one_down(consultation, officer)
        report = approve(report, actor=officer, now=CLOSING)
        assert outdated_parts(report) == []
        close(consultation, actor=officer, retention_class="standard")
    assert consultation.stored_stage == "closed"
    assert report.files.count() == 4


def test_a_text_taken_down_after_closing_needs_the_report_anew_before_sealing(
    closed, officer
):
    with clock.rehearse(SEALING):
        take_one_down(closed, officer)
        with pytest.raises(ActRefused):
            seal(closed, actor=officer)
        approve(closed.report, actor=officer, now=SEALING)
        seal(closed, actor=officer)
    assert closed.stored_stage == "archived"


def test_nothing_changed_means_nothing_approved_anew(closed, officer):
    before = Report.objects.get(consultation=closed)
    approve(before, actor=officer, now=SEALING)
    assert Report.objects.get(pk=before.pk).approved_at == before.approved_at


def test_an_approval_taken_back_lets_the_texts_be_mended(consultation, officer):
    report = write_report(consultation)
    report = approve(report, actor=officer, now=CLOSING)
    checksum = report.checksum
    report = take_back(report, actor=officer, now=CLOSING)
    report.mechanism = {"ar": "غير ذلك", "en": "Otherwise"}
    report.save()
    assert not ReportFile.objects.exists()
    event = consultation.ledger_events.get(kind="report_approval_taken_back")
    assert event.data["checksum"] == checksum


def test_after_closing_no_approval_is_taken_back(closed, officer):
    with pytest.raises(IllegalTransition):
        take_back(closed.report, actor=officer, now=CLOSING)


def test_nobody_can_guess_where_an_edition_is_kept(closed):
    for edition in closed.report.files.all():
        folder = edition.file.name.split("/")[-2]
        assert len(folder) == 32
        assert str(closed.reference) not in folder
