"""Care of content in Arabic, in browsers: hidden, corrected, objected to."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.factories_pages import make_consultation_page, make_hub
from tests.journeys.staff import Member, make_staff
from tests.moderation.makers import make_moderator
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Publication, State
from wagtail_eparticipation.participations.receipt_views import receipt_address
from wagtail_eparticipation.policy.models import PolicyVersion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "٠٥٥١٢٣٤٥٦٧"
TEXT = f"نريد ظلاً قرب الملعب. جوالي {NUMBER}"
TELEPHONE = {"width": 320, "height": 640}


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()


@pytest.fixture
def topic():
    make_hub()
    call_command("eparticipation_setup", policy="qassim", verbosity=0)
    make_staff()
    now = timezone.now().replace(microsecond=0)
    page = make_consultation_page(
        policy_version=PolicyVersion.objects.get(pack="qassim"),
        opens_at=now - timedelta(days=5),
        closes_at=now + timedelta(days=5),
    )
    Consultation.objects.update(policy_version=PolicyVersion.objects.get(pack="qassim"))
    return page


def send(page, text=TEXT):
    """A comment with an address; the participation and its receipt code."""
    submission = Submission(
        "comment",
        "ar",
        text=text,
        publication=Publication.WITHOUT_NAME,
        person=Person(email="salem@example.org"),
    )
    page.consultation.refresh_from_db()
    outcome = submit(page.consultation, submission)
    return outcome.participation, outcome.receipt_code


def review(member, item):
    member.go("eparticipation_admin:moderation_review", item.public_id)


def refuse(member, item):
    """Refuse as advertising, as one moderator may."""
    review(member, item)
    page = member.page
    page.locator("summary[accesskey=r]").click()
    page.select_option("[name=refuse-reason]", "rule-8.marketing")
    page.check("[name=refuse-criticism][value=neither]")
    page.locator("button[value=refuse]").click()
    page.locator(".messages .success").first.wait_for()


def citizen(browser):
    page = watched(browser.new_context(viewport=TELEPHONE, locale="ar").new_page())
    page.set_default_timeout(10_000)
    return page


def test_what_was_flagged_is_hidden_and_the_rest_published(live_server, topic):
    item, code = send(topic)
    with chromium() as browser:
        member = Member(browser, live_server.url, "moderator")
        review(member, item)
        page = member.page
        page.locator("summary[accesskey=h]").click()
        assert page.locator("[name=publish_redacted-hide]:checked").count() == 1
        assert_accessible(page)
        page.select_option("[name=publish_redacted-reason]", "rule-8.personal_data")
        page.locator("button[value=publish_redacted]").click()
        page.locator(".messages .success").first.wait_for()
        reader = citizen(browser)
        reader.goto(live_server.url + topic.get_url())
        shown = reader.locator("main").inner_text()
        assert "بيانات اتصال" in shown and NUMBER not in shown
        reader.goto(live_server.url + receipt_address(code, "ar"))
        assert "حُجبت مواضع منها" in reader.locator("main").inner_text()
        assert_no_sideways_scroll(reader)
        officer = Member(browser, live_server.url, "privacy")
        officer.go("eparticipation_admin:sealed", item.public_id)
        assert_accessible(officer.page)
        officer.page.locator("summary", has_text="فتح أصل مختوم").click()
        officer.page.fill("[name=open-reason]", "طلب من صاحبها")
        officer.press("button[value=open]")
        assert NUMBER in officer.page.locator("main").inner_text()
        assert_accessible(officer.page)


def test_a_place_is_hidden_by_selecting_it(live_server, topic):
    item, _code = send(topic, "👨‍👩‍👧 قال سعد شيئاً")
    with chromium() as browser:
        member = Member(browser, live_server.url, "moderator")
        review(member, item)
        page = member.page
        page.locator("summary[accesskey=h]").click()
        page.evaluate(
            """() => {
              const text = document.querySelector("[data-ep-hide-field=text]");
              const node = text.firstChild;
              const range = document.createRange();
              const start = node.data.indexOf("سعد");
              range.setStart(node, start);
              range.setEnd(node, start + 3);
              const selection = window.getSelection();
              selection.removeAllRanges();
              selection.addRange(range);
            }"""
        )
        page.locator("select[name=publish_redacted-more_category]").select_option(
            "name"
        )
        page.locator("[data-ep-hide] button").first.click()
        page.select_option("[name=publish_redacted-reason]", "rule-8.personal_data")
        page.locator("button[value=publish_redacted]").click()
        page.locator(".messages .success").first.wait_for()
    item.refresh_from_db()
    assert item.text == "👨‍👩‍👧 قال [▮ اسم] شيئاً"


def test_a_refused_one_is_told_corrected_and_published(live_server, topic):
    item, code = send(topic, "زوروا متجرنا قرب الملعب")
    with chromium() as browser:
        refuse(Member(browser, live_server.url, "moderator"), item)
        assert Notice.objects.filter(kind="moderated").count() == 1
        author = citizen(browser)
        author.goto(live_server.url + receipt_address(code, "ar"))
        assert "تسويق" in author.locator("main").inner_text()
        assert_accessible(author)
        author.get_by_role("link", name="تعديل ما أرسلته").click()
        author.fill("[name=text]", "نريد ظلاً قرب الملعب")
        author.locator("main form button[type=submit]").first.click()
        author.wait_for_url("**/receipt/**")
        member = Member(browser, live_server.url, "moderator")
        review(member, item)
        member.page.locator("button[value=publish]").click()
        member.page.locator(".messages .success").first.wait_for()
    item.refresh_from_db()
    assert (item.state, item.revision) == (State.PUBLISHED, 2)
    assert PublishedComment.objects.get(participation=item).comment == item.text


def test_an_objection_goes_to_another_moderator(live_server, topic):
    item, code = send(topic, "زوروا متجر البلدية")
    UserProfile.objects.create(user=make_moderator("other"), preferred_language="ar")
    with chromium() as browser:
        first = Member(browser, live_server.url, "moderator")
        refuse(first, item)
        author = citizen(browser)
        author.goto(live_server.url + receipt_address(code, "ar"))
        author.get_by_role("link", name="الاعتراض على القرار").click()
        assert_accessible(author)
        assert_no_sideways_scroll(author)
        author.fill("[name=text]", "ليس تسويقاً، فالمتجر للبلدية.")
        author.locator("main form button[type=submit]").click()
        author.wait_for_url("**/receipt/**")
        assert "وصل اعتراضكم" in author.locator("main").inner_text()
        review(first, item)
        assert "شخص آخر" in first.page.locator("main").inner_text()
        assert not first.page.locator("button[value=dismiss]").count()
        # Leaving the page lets it go.
        first.go("wagtailadmin_home")
        Objection.objects.get(state=Objection.State.OPEN)
        second = Member(browser, live_server.url, "other")
        second.go("eparticipation_admin:objections")
        review(second, item)
        page = second.page
        assert_accessible(page)
        page.locator("summary[accesskey=p]").click()
        page.fill("[name=publish-answer]", "أصبتم، ونعتذر.")
        page.locator("button[value=publish]").click()
        page.locator(".messages .success").first.wait_for()
        author.reload()
        assert "أصبتم، ونعتذر." in author.locator("main").inner_text()
        public = citizen(browser)
        public.goto(live_server.url + topic.get_url() + "moderation/")
        assert_accessible(public)
        assert_no_sideways_scroll(public)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
