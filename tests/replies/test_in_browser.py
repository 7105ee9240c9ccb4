"""A complaint, a question and its answer in a real browser: narrow, dark, in Arabic."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.consultations.makers import make_requester
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from tests.replies import service as services
from tests.replies.makers import COMPLAINT, QUESTION
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.acts import Reason
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies.models import Case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
VIEWS = [("light", 1280), ("dark", 320)]


@pytest.fixture
def topic(settings):
    """A topic that is open today and takes complaints."""
    cache.clear()
    services.use(settings, services.URL, url="https://940.example/?n={reference}")
    now = timezone.now()
    return make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
        tools=["comment", "complaint"],
    )


def looked_at(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]
        path = Path(folder) / f"{name}-{width}-{page.ep_scheme}.png"
        page.screenshot(path=path, full_page=True)
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def opened(browser, scheme, width):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = watched(context.new_page())
    page.ep_scheme = scheme
    return page


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_complaint_is_sent_and_its_way_is_told(live_server, topic, scheme, width):
    with chromium() as browser:
        page = opened(browser, scheme, width)
        page.goto(f"{live_server.url}{topic.get_url()}participate/")
        looked_at(page, "choose")
        page.goto(f"{live_server.url}{topic.get_url()}participate/complaint/")
        page.fill("[name=text]", COMPLAINT)
        page.click("main form button")
        page.wait_for_selector(".ep-field--invalid")
        looked_at(page, "complaint-error")
        page.fill("[name=title]", "حاوية")
        page.check("[name=accept]")
        page.click("main form button")
        page.wait_for_selector("#ep-receipt-code")
        looked_at(page, "complaint-receipt")
        assert page.locator('a[href^="https://940.example/"]').count() == 1
    assert Participation.objects.get().state == State.REROUTED


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_question_is_answered_and_becomes_a_participation(
    live_server, client, topic, scheme, width
):
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    with chromium() as browser:
        page = opened(browser, scheme, width)
        page.goto(f"{live_server.url}{topic.get_url()}")
        page.click('#ep-contact ~ dl a[href$="/contact/"]')
        page.fill("[name=text]", QUESTION)
        page.click("main form button")
        page.wait_for_selector(".ep-field--invalid")
        looked_at(page, "contact-error")
        page.fill("[name=subject]", "موعد البدء")
        page.click("main form button")
        page.wait_for_selector("#ep-receipt-code")
        looked_at(page, "case-new")
        own = page.url

        desk = opened(browser, scheme, width)
        desk.context.add_cookies([cookie])
        desk.goto(live_server.url + reverse("eparticipation_admin:cases"))
        assert_accessible(desk)
        number = Case.objects.get().number
        desk.click(f"text={number}")
        desk.wait_for_selector("button[value=answer]")
        looked_at(desk, "desk-case")
        desk.locator("button[value=ask]").press("Enter")
        desk.wait_for_load_state()
        desk.fill("#id_text", "في الشهر القادم")
        desk.locator("button[value=answer]").press("Enter")
        desk.wait_for_selector("[id^=ep-case-answer]")
        looked_at(desk, "desk-answered")

        page.goto(own)
        assert "في الشهر القادم" in page.inner_text("main")
        looked_at(page, "case-answered")
        page.check("[name=publication][value=without_name]")
        page.check("[name=accept]")
        page.click("main form button")
        page.wait_for_selector("#ep-own")
        assert Participation.objects.get().text == QUESTION
        for name in ("channels", "complaints"):
            place = reverse(
                f"eparticipation_admin:{name}", args=[topic.consultation_id]
            )
            desk.goto(live_server.url + place)
            looked_at(desk, f"desk-{name}")


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_switched_off_portal_says_why(live_server, topic, scheme, width):
    acts.perform(
        topic.consultation,
        "close_channel",
        actor=make_requester(),
        reason=Reason("", {"ar": "عطل في الشبكة", "en": "The network is down"}),
        channel="portal",
    )
    with chromium() as browser:
        page = opened(browser, scheme, width)
        page.goto(f"{live_server.url}{topic.get_url()}")
        assert "عطل في الشبكة" in page.inner_text("main")
        looked_at(page, "page-off")
        page.goto(f"{live_server.url}{topic.get_url()}participate/")
        assert "عطل في الشبكة" in page.inner_text("main")
        looked_at(page, "form-off")
