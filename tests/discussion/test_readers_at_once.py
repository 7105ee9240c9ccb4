"""Many readers at the same instant, on real connections."""

import pytest

from tests.discussion.makers import make_voice
from tests.moderation.makers import make_moderator, make_topic
from tests.together import at_once, real_connections
from wagtail_eparticipation.discussion import following
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport, ThreadFollower
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.moderation import reports
from wagtail_eparticipation.moderation.reports import Dismissal, ReportDecided
from wagtail_eparticipation.participations.models import PersonKey

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = "salem@people.example"


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


def filed(voice, key, **fields):
    def send():
        return file_report(
            voice, explanation="كلمات", language="ar", key=key, **fields
        ).report.pk

    return send


def test_a_form_sent_eight_times_at_once_is_one_report():
    voice = make_voice(make_topic())
    found = at_once(*[filed(voice, "one", reason="other", email=MAIL)] * 8)
    report = ContentReport.objects.get()
    assert found == [report.pk] * 8
    assert PersonKey.objects.count() == 1


def test_one_address_follows_a_thread_once():
    voice = make_voice(make_topic())

    def ask():
        following.ask(voice, email=MAIL, language="ar")

    assert at_once(*[ask] * 8) == [None] * 8
    assert ThreadFollower.objects.count() == PersonKey.objects.count() == 1


def test_of_many_who_say_that_a_name_is_false_one_report_keeps_it():
    voice = make_voice(make_topic())
    name = voice.shown_name
    works = [filed(voice, f"k{n}", reason=FALSE_ATTRIBUTION) for n in range(6)]
    assert len(set(at_once(*works))) == 6
    kept = ContentReport.objects.exclude(withheld_name="")
    assert [report.withheld_name for report in kept] == [name]
    assert PublishedComment.objects.get().shown_name == ""


def test_a_report_is_decided_once():
    voice = make_voice(make_topic())
    report = ContentReport.objects.get(pk=filed(voice, "k", reason="other")())
    people = [make_moderator() for _each in range(4)]
    works = [
        lambda actor=actor: reports.dismiss(report, Dismissal.GONE, actor=actor)
        for actor in people
    ]
    results = at_once(*works)
    assert sum(isinstance(each, ReportDecided) for each in results) == 3
    assert ContentReport.objects.get().decided_by in people
