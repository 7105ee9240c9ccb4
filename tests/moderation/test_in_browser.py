"""The moderators' pages and the public discussion in a real browser, in Arabic."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import assert_accessible, chromium, watched
from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.moderation import small_advisers
from tests.moderation.makers import SENSITIVE, make_moderator
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.publish import take_down
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.moderation import flags
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def topic():
    """A topic that is open today, with voices of every kind."""
    now = timezone.now()
    page = make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    root = make_voice(page.consultation, text="مقاعد مظللة", title="الظل")
    make_voice(page.consultation, parent=root.participation, text="أؤيد ذلك")
    gone = make_voice(page.consultation, language="en", text="gone")
    take_down(gone.participation, now=DURING, clause="P-7.4")
    return page


@pytest.fixture
def moderator(client):
    user = make_moderator(superuser=True)
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
    return user


def signed_in(browser, client, live_server):
    context = browser.new_context()
    context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return watched(context.new_page())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_discussion_is_accessible(live_server, topic, scheme):
    voice = topic.consultation.published_comments.filter(reply_count=1).get()
    with chromium() as browser:
        page = watched(browser.new_context(color_scheme=scheme).new_page())
        for tail in ("", "discussion/", f"discussion/{voice.key}/"):
            page.goto(live_server.url + topic.get_url() + tail)
            assert_accessible(page)


def test_a_moderator_works_through_the_queue_with_the_keyboard(
    live_server, client, topic, moderator
):
    items = [make_participation(topic.consultation, text=f"نص {n}") for n in range(2)]
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(live_server.url + reverse("eparticipation_admin:moderation"))
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert_accessible(page)
        page.get_by_role("link", name=items[0].number).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/moderation/*-*/")
        assert_accessible(page)
        page.locator("button[value=publish]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{items[1].public_id}/**")
        page.locator("summary[accesskey=r]").focus()
        page.keyboard.press("Enter")
        assert_accessible(page)
        page.locator("select[name=refuse-reason]").select_option(SENSITIVE)
        page.locator("textarea[name=refuse-ground]").fill("يسيء إلى جماعة.")
        page.locator("input[name=refuse-criticism][value=person]").check()
        page.locator("button[value=refuse]").press("Enter")
        page.wait_for_url("**/moderation/")
    for item in items:
        item.refresh_from_db()
    assert items[0].state == State.PUBLISHED
    assert items[1].open_proposal.outcome == "refuse"


def test_the_other_pages_of_the_desk_are_accessible(
    live_server, client, topic, moderator
):
    item = make_participation(topic.consultation)
    decide(
        item,
        "refuse",
        actor=make_moderator(),
        expected_state=item.state,
        reason_code=SENSITIVE,
        ground="يسيء إلى جماعة.",
    )
    voice = topic.consultation.published_comments.filter(reply_count=1).get()
    other = make_participation(topic.consultation)
    reply = reverse("eparticipation_admin:official_reply", args=[topic.consultation_id])
    bulk = reverse(
        "wagtail_bulk_action",
        args=[
            "wagtail_eparticipation",
            "participation",
            "eparticipation_keep_unpublished",
        ],
    )
    addresses = [
        reverse("eparticipation_admin:moderation_proposals"),
        reverse("eparticipation_admin:moderation_review", args=[item.public_id]),
        f"{reply}?to={voice.key}",
        f"{bulk}?id={other.pk}",
        # Filtered, with hits: the number of matches stands above the list.
        *(
            reverse(f"eparticipation_admin:{name}")
            + f"?consultation={topic.consultation_id}"
            for name in ("moderation", "register", "discussion")
        ),
    ]
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        for address in addresses:
            page.goto(live_server.url + address)
            assert_accessible(page)


def test_fields_stay_on_a_narrow_screen(live_server, client, topic, moderator):
    item = make_participation(topic.consultation)
    review = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(live_server.url + review)
        for summary in page.locator("main details > summary").all():
            summary.click()
        for field in page.locator("main select, main textarea").all():
            box = field.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320


def test_ticking_rows_offers_the_bulk_acts(live_server, client, topic, moderator):
    item = make_participation(topic.consultation)
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(live_server.url + reverse("eparticipation_admin:moderation"))
        page.locator(f"input[data-object-id='{item.pk}']").check()
        page.locator("a[href*=eparticipation_publish]").click()
        page.wait_for_url("**/eparticipation_publish/**")
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url("**/moderation/**")
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_a_moderator_decides_a_report(live_server, client, topic, moderator):
    voice = topic.consultation.published_comments.filter(reply_count=1).get()
    report = file_report(
        voice,
        reason=FALSE_ATTRIBUTION,
        explanation="لم أكتب هذا",
        language="ar",
        key="one",
    ).report
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(live_server.url + reverse("eparticipation_admin:reports"))
        assert_accessible(page)
        page.click(f"text={report.number}")
        page.wait_for_selector("[name=code]")
        assert_accessible(page)
        page.check("[name=code][value='report.not_false']")
        page.click(".ep-desk__decide form button[type=submit]")
        page.wait_for_url("**/reports/")
        assert_accessible(page)
    report.refresh_from_db()
    assert report.state == ContentReport.State.DISMISSED


@pytest.mark.parametrize("language", ["ar", "en"])
def test_flagged_words_are_marked_and_accessible(
    live_server, client, topic, moderator, monkeypatch, language
):
    small_advisers.use(monkeypatch)
    UserProfile.objects.update(preferred_language=language)
    item = make_participation(topic.consultation, text=small_advisers.MOBILE)
    flags.refresh(item)
    address = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(live_server.url + address)
        assert page.inner_text("mark") == small_advisers.NUMBER
        assert_accessible(page)
