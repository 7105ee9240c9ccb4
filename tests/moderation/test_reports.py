"""Reports of published voices: the list, the decision, what follows from it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.discussion.makers import make_voice
from tests.factories import DURING, make_user
from tests.moderation.makers import SENSITIVE, SIMPLE, make_moderator, make_topic
from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.consultations.desk_cards import cards_for
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import decide, reports
from wagtail_eparticipation.moderation.reports import Dismissal, ReportDecided

pytestmark = pytest.mark.django_db

LIST = reverse("eparticipation_admin:reports")
MAIL = "reporter@people.example"
_keys = iter(range(10**6))


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def moderator(client):
    user = make_moderator()
    client.force_login(user)
    return user


def make_report(voice=None, *, reason="rule-8", **fields):
    return file_report(
        voice or make_voice(make_topic()),
        reason=reason,
        explanation=fields.pop("explanation", "فيه رقم هاتف"),
        language="ar",
        key=f"key-{next(_keys)}",
        **fields,
    ).report


def page_of(report):
    return reverse("eparticipation_admin:report", args=[report.public_id])


def listed(client, query=""):
    response = client.get(LIST + query)
    return [report.pk for report in response.context["object_list"]]


def test_open_reports_are_listed_the_oldest_first(client, moderator):
    first, second = make_report(), make_report()
    decided = make_report()
    reports.dismiss(decided, Dismissal.NO_BREACH, actor=moderator)
    assert listed(client) == [first.pk, second.pk]
    assert listed(client, "?state=dismissed") == [decided.pk]
    assert listed(client, f"?consultation={second.consultation_id}") == [second.pk]
    assert listed(client, "?ordering=nonsense") == [first.pk, second.pk]


def test_the_target_counts_in_working_hours(client, moderator):
    ensure_default_calendar()
    # Sunday noon: two hours that day, then four days of six hours, then four more.
    report = make_report()
    assert report.target_hours == 30
    riyadh = ZoneInfo("Asia/Riyadh")
    assert report.due_at == datetime(2026, 4, 19, 12, 0, tzinfo=riyadh)
    assert listed(client, "?overdue=true") == []
    with clock.rehearse(report.due_at + timedelta(minutes=1)):
        assert listed(client, "?overdue=true") == [report.pk]
        assert listed(client, "?overdue=false") == []


def test_reports_of_other_departments_are_not_seen(client):
    report = make_report()
    user = make_moderator()
    StaffScope.objects.create(user=user)
    client.force_login(user)
    assert listed(client) == []
    assert client.get(page_of(report)).status_code in (302, 403)
    assert client.post(page_of(report), {"code": "report.gone"}).status_code in (
        302,
        403,
    )
    with pytest.raises(PermissionDenied):
        reports.dismiss(report, Dismissal.GONE, actor=user)
    report.refresh_from_db()
    assert report.is_open


@pytest.mark.parametrize(
    "permissions", [None, [], ["reply_officially"], ["analyse_participation"]]
)
def test_reports_are_for_moderators(client, permissions):
    report = make_report()
    if permissions is not None:
        client.force_login(make_user(permissions=permissions))
    for address in (
        LIST,
        reverse("eparticipation_admin:reports_results"),
        page_of(report),
    ):
        assert client.get(address).status_code in (302, 403)
    client.post(page_of(report), {"code": "report.gone"})
    report.refresh_from_db()
    assert report.is_open


def test_the_list_costs_the_same_with_20_and_with_200_rows(client, moderator):
    topic = make_topic()
    voice = make_voice(topic)
    costs = []
    for number in range(1, 201):
        make_report(voice)
        if number in (20, 200):
            client.get(LIST)
            with CaptureQueriesContext(connection) as cost:
                assert len(listed(client)) == min(number, 50)
            costs.append(len(cost))
    assert costs[0] == costs[1]


def test_the_moderator_sees_the_report_and_not_who_sent_it(client, moderator):
    report = make_report(email=MAIL)
    shown = client.get(page_of(report)).content.decode()
    assert report.explanation in shown
    assert report.comment.comment in shown
    assert "P-7.8" in shown
    assert MAIL not in shown and report.contact_hash not in shown
    review = reverse(
        "eparticipation_admin:moderation_review",
        args=[report.comment.participation.public_id],
    )
    assert review in shown


def test_markup_in_a_report_stays_words(client, moderator):
    report = make_report(explanation="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(page_of(report)).content.decode()


def test_dismissing_keeps_reason_clause_and_who_decided(client, moderator):
    report = make_report()
    response = client.post(
        page_of(report), {"code": "report.criticism", "note": "نقد للعمل"}
    )
    assert response.url == LIST
    report.refresh_from_db()
    assert (report.state, report.decision_code, report.decision_clause) == (
        ContentReport.State.DISMISSED,
        "report.criticism",
        "P-8.2",
    )
    assert (report.decided_by, report.decided_at) == (moderator, DURING)
    event = LedgerEvent.objects.get(kind="report.dismissed")
    assert event.actor == f"user:{moderator.pk}"
    assert "نقد" not in str(event.data)
    assert not report.comment.is_taken_down
    assert "نقد للعمل" in client.get(page_of(report)).content.decode()


@pytest.mark.parametrize("code", ["", "x", "report.not_false", "report.name_removed"])
def test_a_decision_must_be_one_of_those_offered(client, moderator, code):
    report = make_report()
    response = client.post(page_of(report), {"code": code, "note": "كلمات"})
    assert response.status_code == 200
    assert "كلمات" in response.content.decode()
    report.refresh_from_db()
    assert report.is_open


def test_a_report_is_decided_once(client, moderator):
    report = make_report()
    reports.dismiss(report, Dismissal.GONE, actor=moderator)
    with pytest.raises(ReportDecided):
        reports.dismiss(report, Dismissal.NO_BREACH, actor=moderator)
    response = client.post(page_of(report), {"code": "report.no_breach"})
    assert response.status_code == 302
    report.refresh_from_db()
    assert report.decision_code == "report.gone"


def test_taking_down_upholds_every_open_report_of_the_voice(moderator):
    voice = make_voice(make_topic())
    first, second = make_report(voice), make_report(voice)
    other = make_report()
    decide.take_down(voice.participation, actor=moderator, reason_code=SIMPLE)
    for report in (first, second):
        report.refresh_from_db()
        assert report.state == ContentReport.State.UPHELD
        assert report.decision_code == SIMPLE
        assert report.decision_clause == "P-7.8"
    other.refresh_from_db()
    assert other.is_open


def test_a_taking_down_that_awaits_a_second_person_settles_nothing_yet(moderator):
    report = make_report()
    decision = decide.take_down(
        report.comment.participation,
        actor=moderator,
        reason_code=SENSITIVE,
        ground="لفظ جارح",
    )
    report.refresh_from_db()
    assert report.is_open
    second = make_moderator()
    decide.confirm(decision, actor=second)
    report.refresh_from_db()
    assert (report.state, report.decided_by) == (ContentReport.State.UPHELD, second)


def test_a_declined_taking_down_leaves_the_report_open(moderator):
    report = make_report()
    decision = decide.take_down(
        report.comment.participation,
        actor=moderator,
        reason_code=SENSITIVE,
        ground="لفظ جارح",
    )
    decide.decline(decision, actor=make_moderator())
    report.refresh_from_db()
    assert report.is_open


def test_a_dismissed_false_attribution_gives_the_name_back(client, moderator):
    voice = make_voice(make_topic())
    name = voice.shown_name
    report = make_report(voice, reason=FALSE_ATTRIBUTION)
    shown = client.get(page_of(report)).content.decode()
    assert name in shown and "report.name_removed" in shown
    client.post(page_of(report), {"code": "report.not_false"})
    again = PublishedComment.objects.get(pk=voice.pk)
    assert again.shown_name == again.participation.public_name == name


def test_an_upheld_false_attribution_keeps_the_words_without_the_name(
    client, moderator
):
    voice = make_voice(make_topic())
    report = make_report(voice, reason=FALSE_ATTRIBUTION)
    client.post(page_of(report), {"code": "report.name_removed"})
    report.refresh_from_db()
    assert report.state == ContentReport.State.UPHELD
    assert report.withheld_name == ""
    again = PublishedComment.objects.get(pk=voice.pk)
    assert again.shown_name == again.participation.public_name == ""
    assert again.comment


def test_while_another_such_report_waits_the_name_stays_away(moderator):
    voice = make_voice(make_topic())
    name = voice.shown_name
    first = make_report(voice, reason=FALSE_ATTRIBUTION)
    second = make_report(voice, reason=FALSE_ATTRIBUTION)
    reports.dismiss(first, Dismissal.NOT_FALSE, actor=moderator)
    assert PublishedComment.objects.get(pk=voice.pk).shown_name == ""
    second.refresh_from_db()
    assert second.withheld_name == name
    reports.dismiss(second, Dismissal.NOT_FALSE, actor=moderator)
    assert PublishedComment.objects.get(pk=voice.pk).shown_name == name


def test_the_desk_tells_how_many_reports_wait(moderator):
    report = make_report()
    cards = cards_for(report.consultation, moderator, DURING)
    (card,) = [each for each in cards if each.url.startswith(LIST)]
    assert card.value == "1" and card.tone == "warning"
    reports.dismiss(report, Dismissal.GONE, actor=moderator)
    cards = cards_for(report.consultation, moderator, DURING)
    assert not [each for each in cards if each.url.startswith(LIST)]


def test_a_topic_is_not_closed_over_an_undecided_report(moderator):
    report = make_report()
    urls = [m.url for m in missing_for("close", report.consultation, DURING)]
    assert any(url.startswith(LIST) for url in urls)
    reports.dismiss(report, Dismissal.GONE, actor=moderator)
    urls = [m.url for m in missing_for("close", report.consultation, DURING)]
    assert not any(url.startswith(LIST) for url in urls)
