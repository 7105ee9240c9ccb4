"""Questions and answers in a real browser: narrow, dark, in Arabic and in English."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.factories import make_user
from tests.factories_pages import make_consultation_page, translation_of
from tests.replies.clarified import (
    BOTH,
    REASON,
    make_campaign,
    make_canned,
    make_clarification,
)
from tests.replies.makers import ask, make_replier
from wagtail_eparticipation.replies import campaign_replies, clarifying
from wagtail_eparticipation.replies.clarifying import Words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
VIEWS = [("light", 1280), ("dark", 320)]


@pytest.fixture
def topic():
    """A topic that is open today, with clarifications of every kind."""
    cache.clear()
    now = timezone.now()
    page = make_consultation_page(
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    replier = make_replier()
    make_clarification(page.consultation, BOTH, actor=replier)
    pending = make_clarification(page.consultation, actor=replier)
    clarifying.correct(
        pending,
        {"ar": Words("هل تُغلق الحديقة؟", "لا تُغلق.")},
        reason=REASON,
        expected=1,
        actor=replier,
    )
    gone = make_clarification(page.consultation, actor=replier)
    clarifying.withdraw(gone, reason=REASON, actor=replier)
    page.consultation.refresh_from_db()
    return page


def opened(browser, scheme="light", width=1280, cookies=()):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    context.add_cookies(list(cookies))
    return watched(context.new_page())


def signed_in(client, live_server, language):
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    value = client.cookies["sessionid"].value
    return [{"name": "sessionid", "value": value, "url": live_server.url}]


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_everybody_can_read_them(live_server, topic, scheme, width):
    with chromium() as browser:
        page = opened(browser, scheme, width)
        for each in (topic, translation_of(topic)):
            for tail in ("questions/", ""):
                page.goto(live_server.url + each.get_url() + tail)
                assert page.locator(".ep-questions").count() == 1
                assert_accessible(page)
                assert_no_sideways_scroll(page)
                assert_obeys_policy(page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desks_pages_are_accessible(live_server, client, topic, language):
    case = ask(topic.consultation).case
    make_canned("نشكركم على سؤالكم.")
    rows = make_campaign(topic.consultation, 3)
    reply = campaign_replies.reply_to_all(
        rows[0], "رد على الجميع", language="ar", actor=make_replier()
    )
    made = topic.consultation.clarifications.order_by("pk")[1]
    pk = topic.consultation_id
    addresses = [
        reverse("eparticipation_admin:clarifications", args=[pk]),
        reverse("eparticipation_admin:clarification_new", args=[pk]),
        reverse("eparticipation_admin:clarification", args=[made.public_id]),
        reverse("eparticipation_admin:campaign_reply", args=[rows[0].public_id]),
        reverse("eparticipation_admin:campaign", args=[reply.public_id]),
        reverse("eparticipation_admin:communications", args=[pk]),
        reverse("eparticipation_admin:case", args=[case.public_id]),
    ]
    cookies = signed_in(client, live_server, language)
    with chromium() as browser:
        page = opened(browser, cookies=cookies)
        for address in addresses:
            page.goto(live_server.url + address)
            for summary in page.locator("main details > summary").all():
                summary.click()
            assert_accessible(page)


def test_a_canned_answer_is_put_in_without_a_reload(live_server, client, topic):
    case = ask(topic.consultation).case
    canned = make_canned("نشكركم على سؤالكم %(number)s.")
    cookies = signed_in(client, live_server, "ar")
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    with chromium() as browser:
        page = opened(browser, cookies=cookies)
        page.goto(live_server.url + address)
        page.fill("#id_text", "السلام عليكم")
        page.locator("[data-ep-insert]").click()
        assert page.input_value("#id_text") == "السلام عليكم"
        page.select_option("[data-ep-canned]", str(canned.pk))
        page.locator("[data-ep-insert]").press("Enter")
        text = f"السلام عليكم\n\nنشكركم على سؤالكم {case.number}."
        assert page.input_value("#id_text") == text
        page.locator("button[value=answer]").press("Enter")
        page.wait_for_selector("[id^=ep-case-answer]")
    canned.refresh_from_db()
    assert (case.answers.get().text, canned.used) == (text, 1)
