"""One consultation from the draft to the sealed archive, in Arabic, by the roles.

Request and decision are typed into the editor in Arabic; their English versions are
added through the Python API. The rest is done in browsers.
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.decisions.makers import make_decision
from tests.factories_pages import make_consultation_page, make_hub, make_vocabulary
from tests.journeys.staff import Member, make_staff
from tests.journeys.writing import write_decision, write_request
from wagtail_eparticipation.archive.verification import verify_package
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject
from wagtail_eparticipation.ledger.chain import verify
from wagtail_eparticipation.participations.models import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMMENT = "نريد أشجاراً تظلّل الممرات ومقاعد قرب ملعب الأطفال"
REASON = {
    "reason_ar": "صدر تنظيم عاجل يوجب البدء بالأعمال.",
    "reason_en": "An urgent rule requires the works to start.",
}
THEME = {
    "titles_ar": "الظل",
    "titles_en": "Shade",
    "description_ar": "طلب الناس ظلاً أكثر في الممرات.",
    "description_en": "People asked for more shade above the paths.",
    "reason_ar": "غرس الأشجار ممكن ضمن الميزانية.",
    "reason_en": "Planting trees fits into the budget.",
}
VOCABULARY = {Department: "department", Segment: "segment", Subject: "subject"}
REPORT_TEXTS = (
    "interpretation",
    "mechanism",
    "achievements",
    "obstacles",
    "recommendations",
)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()


@pytest.fixture
def hub():
    """A site that the command prepared, with the words that a request refers to."""
    page = make_hub()
    call_command("eparticipation_setup", policy="qassim", verbosity=0)
    make_staff()
    for kind, word in VOCABULARY.items():
        make_vocabulary(kind, word)
    return page


def put_forward(editor, hub):
    """The editor writes the request in Arabic; its page and its English version."""
    opens = timezone.now().astimezone(municipal_zone()).replace(second=0, microsecond=0)
    closes = opens + timedelta(days=20)
    planned = closes.date() + timedelta(days=60)
    arabic = write_request(editor, hub, opens, closes, planned)
    english = make_consultation_page(
        stage="draft",
        consultation=arabic.consultation,
        languages=["en"],
        opens_at=opens,
        closes_at=closes,
    )
    return arabic, english


class Visitors:
    """People who read public pages; axe must find nothing in any of them."""

    def __init__(self, browser, server):
        self.browser, self.server = browser, server

    def come(self):
        """Somebody who was never here: no page is kept from an earlier visit."""
        self.page = watched(self.browser.new_context().new_page())
        self.page.set_default_timeout(10_000)
        return self.page

    def read(self, address):
        self.come()
        response = self.page.goto(self.server + address)
        assert response.status == 200, f"{response.status} {address}"
        assert_accessible(self.page)
        assert_obeys_policy(self.page)
        return self.page


def fresh(topic):
    return Consultation.objects.get(pk=topic.pk)


def through_workflow(versions, editor, *approvers):
    """The editor submits every language; the others approve, one after another."""
    for version in versions:
        editor.submit_for_approval(version)
    for member in approvers:
        for version in versions:
            member.approve(version)


def send_comment(browser, server, page):
    """A citizen on a small telephone without JavaScript; returns the receipt code."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    phone = context.new_page()
    phone.set_default_timeout(10_000)
    phone.goto(f"{server}{page.get_url()}participate/comment/")
    phone.fill("[name=text]", COMMENT)
    phone.check("[name=publication][value=without_name]")
    phone.check("[name=accept]")
    with phone.expect_navigation():
        phone.click("form.ep-form [type=submit]")
    code = phone.locator("#ep-receipt-code").inner_text()
    assert_no_sideways_scroll(phone)
    phone.goto(server + reverse("eparticipation:look_up", args=["ar"]))
    phone.fill("[name=code]", code.lower())
    with phone.expect_navigation():
        phone.click("form.ep-form [type=submit]")
    assert COMMENT in phone.locator("main").inner_text()
    assert_no_sideways_scroll(phone)
    return phone.url.removeprefix(server)


def publish_comment(moderator, participation):
    moderator.go("eparticipation_admin:moderation")
    moderator.press(f"main a:has-text('{participation.number}')")
    moderator.press("button[value=publish]")
    participation.refresh_from_db()
    assert participation.state == State.PUBLISHED


def close_early(editor, decider, topic):
    """An urgent closing: one person asks for it, another authorises it."""
    editor.desk(topic)
    editor.press("main a[href$='/acts/close_early/']")
    editor.choose("reason_code", "close_early.public_interest")
    editor.fill(**REASON)
    editor.page.check("[name=urgent]")
    editor.press("main form button.button")
    assert fresh(topic).stage() == Stage.COLLECTING
    decider.desk(topic)
    decider.press("main a[href*='/requests/']")
    decider.press("form:has([value=authorise]) button")


def analyse(analyst, topic, participation):
    analyst.go("eparticipation_admin:theme_add", topic.pk)
    analyst.fill(**THEME)
    analyst.choose("disposition", "taken_up")
    analyst.press("#w-editor-form [type=submit]")
    theme = topic.themes.get()
    analyst.go("eparticipation_admin:analysis_sort", topic.pk)
    analyst.page.check(f"#p{participation.pk}")
    analyst.page.select_option("#id_theme", str(theme.pk))
    analyst.press("button[value=assign]")
    assert theme.assignments.get().participation == participation


def decide_and_announce(decider, topic):
    """The decision maker considers the file, decides and announces."""
    decider.go("eparticipation_admin:decision_file", topic.pk)
    decider.press("form.ep-sense__acts button")
    for act, stage in (("decide", Stage.DECIDED), ("announce", Stage.ANNOUNCED)):
        decider.desk(topic)
        decider.press(f"main a[href$='/acts/{act}/']")
        decider.press("main form button.button")
        assert fresh(topic).stage() == stage


def close_and_seal(officer, topic):
    officer.go("eparticipation_admin:report", topic.pk)
    for name in REPORT_TEXTS:
        officer.fill(**{f"{name}_ar": "نص", f"{name}_en": "Words"})
    officer.press("form[aria-labelledby=ep-report-form] > button.button")
    officer.press("form[action$='/report/approve/'] button")
    officer.choose("retention_class", "standard")
    officer.press("form[action$='/report/close/'] button")
    assert fresh(topic).stage() == Stage.CLOSED
    officer.press("form[action$='/report/seal/'] button")
    officer.press("form[action$='/report/verify/'] button")


def test_a_consultation_walks_its_whole_road(live_server, hub, tmp_path):
    server = live_server.url
    with chromium() as browser:
        visitors = Visitors(browser, server)
        staff = {
            name: Member(browser, server, name)
            for name in ("editor", "reviewer", "decider")
        }
        versions = put_forward(staff["editor"], hub)
        draft, topic = versions[0], versions[0].consultation
        address = draft.get_url()
        through_workflow(versions, *staff.values())
        assert fresh(topic).stage() == Stage.COLLECTING
        for page in (*versions, draft.get_parent()):
            visitors.read(page.get_url())

        receipt = send_comment(browser, server, draft)
        for path in ("participate/", "participate/comment/"):
            visitors.read(address + path)
        visitors.read(receipt)
        participation = topic.participations.get()
        publish_comment(Member(browser, server, "moderator"), participation)
        assert COMMENT in visitors.read(address).locator("main").inner_text()

        close_early(staff["editor"], staff["decider"], topic)
        call_command("eparticipation_tick")
        assert fresh(topic).stage() == Stage.ANALYSING
        assert REASON["reason_ar"] in visitors.read(address).content()

        analyse(Member(browser, server, "analyst"), topic, participation)
        today = timezone.now().astimezone(municipal_zone()).date()
        facts = {"decided_on": today, "effective_on": today}
        decisions = (
            write_decision(staff["editor"], draft, today),
            make_decision(draft, language="en", approved=False, **facts),
        )
        through_workflow(decisions, staff["editor"], staff["decider"])
        assert visitors.come().goto(server + decisions[0].get_url()).status == 404
        decide_and_announce(staff["decider"], topic)
        for page in decisions:
            visitors.read(page.get_url())

        close_and_seal(Member(browser, server, "records"), topic)
        assert fresh(topic).stage() == Stage.ARCHIVED
        visitors.read(address + "report/")
        page = visitors.read(address)
        assert page.locator(f"main a[href$='{address}report/']").count() == 1
        with page.expect_download() as download:
            page.click("main a[href$='archive/package/']")
        package = tmp_path / "package.zip"
        download.value.save_as(package)

    call_command("eparticipation_verify_archive", str(package))
    assert verify_package(topic.package.file.path) == []
    assert topic.package.verifications.get().passed
    call_command("eparticipation_verify_ledger")
    assert verify(fresh(topic)) == []
