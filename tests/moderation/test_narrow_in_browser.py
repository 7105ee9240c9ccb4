"""The desk on a telephone: what is locked, what was objected to, what is marked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import assert_accessible, assert_no_sideways_scroll, chromium
from tests.discussion.makers import make_participation
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import SIMPLE, make_moderator
from wagtail_eparticipation.moderation import objecting
from wagtail_eparticipation.moderation.claims import hold
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def topic():
    now = timezone.now()
    return make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    ).consultation


def telephone(browser, client, live_server, scheme):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return context.new_page()


def review(item):
    return reverse("eparticipation_admin:moderation_review", args=[item.public_id])


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_nothing_leaves_a_narrow_screen(live_server, client, topic, language, scheme):
    colleague = make_moderator()
    held = make_participation(topic, text="رقمي 0551234567")
    hold(held, colleague)
    marked = make_participation(topic, text="رقمي 0557654321")
    objected = make_participation(topic)
    decide(
        objected,
        Outcome.REFUSE,
        actor=make_moderator(),
        expected_state=objected.state,
        reason_code=SIMPLE,
    )
    objected.refresh_from_db()
    objecting.make(objected, "لم أسوّق لأحد.", "ar")
    hold(objected, colleague)
    user = make_moderator(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    with chromium() as browser:
        page = telephone(browser, client, live_server, scheme)
        for address, there in (
            (reverse("eparticipation_admin:moderation"), "[data-ep-keys-open]"),
            (review(held), "form[action*=take-over]"),
            (review(objected), "input[name=take_over]"),
            (review(marked), "input[name=publish-as_marked]"),
        ):
            page.goto(live_server.url + address)
            page.wait_for_selector(there, state="attached")
            page.evaluate(
                "document.querySelectorAll('main details').forEach(d => d.open = true)"
            )
            assert_no_sideways_scroll(page)
            assert_accessible(page)


def test_the_last_column_of_the_queue_can_be_reached(live_server, client, topic):
    make_participation(topic)
    client.force_login(make_moderator(superuser=True))
    with chromium() as browser:
        page = telephone(browser, client, live_server, "light")
        page.goto(live_server.url + reverse("eparticipation_admin:moderation"))
        last = page.locator("table.listing tbody tr td").last
        last.scroll_into_view_if_needed()
        box = last.bounding_box()
        assert -1 <= box["x"] < 320
        assert box["x"] + box["width"] <= 321


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_buttons_for_many_can_be_reached(live_server, client, topic, language):
    make_participation(topic)
    user = make_moderator(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    with chromium() as browser:
        page = telephone(browser, client, live_server, "light")
        page.goto(live_server.url + reverse("eparticipation_admin:moderation"))
        page.locator("[data-bulk-action-checkbox]").first.check()
        buttons = page.locator(".bulk-actions-buttons .bulk-action-btn")
        buttons.first.wait_for()
        boxes = [button.bounding_box() for button in buttons.all()]
    assert len(boxes) == 3
    for box in boxes:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
