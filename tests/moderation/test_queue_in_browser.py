"""The queue from first to last with the keyboard alone, in both directions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import assert_accessible, chromium
from tests.discussion.makers import make_participation
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import flag, make_moderator
from tests.moderation.test_in_browser import signed_in
from wagtail_eparticipation.moderation.claims import Claim, hold
from wagtail_eparticipation.participations.models import State
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


def moderator(client, language):
    user = make_moderator(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    return user


def queue_url(live_server):
    return live_server.url + reverse("eparticipation_admin:moderation")


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_from_the_first_to_the_last_item_with_keys_alone(
    live_server, client, topic, language, direction
):
    items = [make_participation(topic, text=f"نص {number}") for number in range(2)]
    moderator(client, language)
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(queue_url(live_server))
        assert page.locator("html").get_attribute("dir") == direction
        assert_accessible(page)
        page.keyboard.press("?")
        page.wait_for_selector("dialog[data-ep-keys][open]")
        assert_accessible(page)
        page.keyboard.press("Escape")
        # The browser closes it, and puts the focus back, in its own time.
        page.wait_for_function("!document.querySelector('dialog[data-ep-keys][open]')")
        page.keyboard.press("j")
        first = page.get_by_role("link", name=items[0].number)
        page.wait_for_function(
            "(link) => link === document.activeElement", arg=first.element_handle()
        )
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{items[0].public_id}/**")
        assert_accessible(page)
        page.evaluate("window.stayed = true")
        page.keyboard.press("p")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{items[1].public_id}/**")
        assert page.evaluate("window.stayed") is True
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert_accessible(page)
        page.keyboard.press("p")
        page.keyboard.press("Enter")
        page.wait_for_url("**/moderation/")
    for item in items:
        item.refresh_from_db()
        assert item.state == State.PUBLISHED


def test_an_error_appears_in_place_and_keeps_what_was_typed(live_server, client, topic):
    item = make_participation(topic)
    moderator(client, "ar")
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        review = reverse(
            "eparticipation_admin:moderation_review", args=[item.public_id]
        )
        page.goto(live_server.url + review)
        page.evaluate("window.stayed = true")
        page.keyboard.press("r")
        page.locator("textarea[name=refuse-ground]").fill("كتبته هنا")
        page.locator("select[name=refuse-reason]").select_option(index=2)
        page.evaluate(
            "document.querySelectorAll('form').forEach((f) => f.noValidate = true)"
        )
        page.locator("button[value=refuse]").press("Enter")
        page.wait_for_selector(".ep-desk__decide .error-message")
        assert page.evaluate("window.stayed") is True
        assert page.locator("textarea[name=refuse-ground]").input_value() == "كتبته هنا"
        assert_accessible(page)


def test_keys_can_be_switched_off_and_stay_off(live_server, client, topic):
    make_participation(topic)
    moderator(client, "en")
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(queue_url(live_server))
        page.keyboard.press("?")
        page.uncheck("[data-ep-choice=keys]")
        page.keyboard.press("Escape")
        page.reload()
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        page.locator("[data-ep-keys-open]").click()
        page.check("[data-ep-choice=keys]")


def test_the_second_sees_the_lock_and_may_take_over(live_server, client, topic):
    item, first = make_participation(topic), make_moderator()
    hold(item, first)
    second = moderator(client, "ar")
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        review = reverse(
            "eparticipation_admin:moderation_review", args=[item.public_id]
        )
        page.goto(live_server.url + review)
        assert page.locator("button[value=publish]").count() == 0
        assert_accessible(page)
        page.locator("form[action*=take-over] button").click()
        page.wait_for_selector("button[value=publish]")
        # Still open: whoever leaves the page lets it go.
        assert Claim.objects.get().held_by == second


def test_flagged_words_are_covered_until_they_are_asked_for(live_server, client, topic):
    item = make_participation(topic, text="كلمات جارحة", public_name="اسم جارح")
    moderator(client, "ar")
    flag(item, "courtesy", "offence")
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        page.goto(queue_url(live_server))
        assert not page.get_by_text("كلمات جارحة").is_visible()
        assert_accessible(page)
        page.get_by_role("link", name=item.number).click()
        page.wait_for_selector("[data-ep-cover]")
        assert not page.locator("#words").is_visible()
        assert not page.get_by_text("اسم جارح").first.is_visible()
        # Neither do the forms show them in which places are hidden.
        page.keyboard.press("k")
        page.wait_for_selector("button[value=keep_unpublished]:visible")
        focused = page.evaluate("document.activeElement.name")
        assert focused == "keep_unpublished-more"
        shown = page.get_by_text("جارح", exact=False).all()
        assert not [each for each in shown if each.is_visible()]
        assert_accessible(page)
        page.locator("[data-ep-cover] > summary").first.press("Enter")
        assert page.locator("#words").is_visible()
        assert_accessible(page)
