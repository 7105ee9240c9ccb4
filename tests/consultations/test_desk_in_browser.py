"""The desk in a real browser: accessible in both languages and themes, by keyboard."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.consultations.makers import because, make_requester, pinned_policy
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.ledger.record import record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def topic():
    """A topic that is open today, with a request, a publication and a history."""
    now = timezone.now().replace(microsecond=0)
    page = make_consultation_page(
        policy_version=pinned_policy(),
        opens_at=now - timedelta(days=5),
        closes_at=now + timedelta(days=5),
    )
    topic = page.consultation
    topic.publication_acts.create(medium="Radio", state="not_used", happened_at=now)
    topic.publication_acts.create(medium="Platform X", account="@municipality")
    record(topic, "theme_saved")
    acts.request(
        topic,
        "close_early",
        actor=make_requester(),
        reason=because("close_early"),
        urgent=True,
    )
    return topic


@pytest.fixture
def open_page(live_server, client):
    """Opens an admin page as a superuser, in a language and a colour scheme."""
    user = make_user(superuser=True)
    profile = UserProfile.objects.create(user=user)
    client.force_login(user)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }

    def start(browser, language="ar", scheme="light", width=1280):
        profile.preferred_language = language
        profile.theme = scheme
        profile.save()
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        context.add_cookies([cookie])
        return watched(context.new_page())

    return start


def settle(page):
    """Messages fade in; half-way their colours are not yet what people read.

    Not the whole document: Wagtail's sidebar beckons to what is new for half a minute.
    """
    page.wait_for_function(
        "document.querySelector('main').getAnimations({subtree: true})"
        ".every(each => each.playState !== 'running')",
        polling=50,
    )


def addresses(topic):
    act = topic.acts.get(state=Act.State.REQUESTED)
    publication = topic.publication_acts.first()
    names = [
        ("consultations", []),
        ("desk", [topic.pk]),
        ("desk_act", [topic.pk, "extend"]),
        ("desk_act", [topic.pk, "withdraw"]),
        ("desk_act", [topic.pk, "amend"]),
        ("desk_request", [topic.pk, act.pk]),
        ("desk_roles", [topic.pk]),
        ("desk_history", [topic.pk]),
        ("desk_publication_add", [topic.pk]),
        ("desk_publication", [topic.pk, publication.pk]),
    ]
    urls = [reverse(f"eparticipation_admin:{name}", args=args) for name, args in names]
    return [reverse("wagtailadmin_home"), *urls]


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("ar", "light"), ("en", "dark")],
)
def test_every_view_is_accessible(live_server, topic, open_page, language, scheme):
    with chromium() as browser:
        page = open_page(browser, language, scheme)
        for url in addresses(topic):
            page.goto(live_server.url + url)
            settle(page)
            # Wagtail's homepage and sidebar are Wagtail's; the rest is ours.
            ours = (
                "#eparticipation-yours-section" if url.endswith("/admin/") else "main"
            )
            assert_accessible(page, ours)


def test_the_desk_fits_a_narrow_window(live_server, topic, open_page):
    with chromium() as browser:
        page = open_page(browser, width=400)
        page.goto(
            live_server.url + reverse("eparticipation_admin:desk", args=[topic.pk])
        )
        assert_no_sideways_scroll(page)


def test_errors_of_an_act_are_accessible_and_it_is_done_by_keyboard(
    live_server, topic, open_page
):
    url = reverse("eparticipation_admin:desk_act", args=[topic.pk, "extend"])
    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    with chromium() as browser:
        page = open_page(browser, "en")
        page.goto(live_server.url + url)
        page.get_by_role("button", name="Request it").press("Enter")
        page.wait_for_selector("text=Nothing was done")
        settle(page)
        assert_accessible(page, "main")
        page.get_by_label("New closing: day").fill(day)
        page.get_by_label("Reason code").select_option("extend.technical_outage")
        page.locator("[name=reason_ar]").fill("تعطل الموقع ساعتين.")
        page.locator("[name=reason_en]").fill("The site was down for two hours.")
        page.get_by_role("button", name="Request it").press("Enter")
        page.wait_for_selector("h1:has-text('حديقة'), h1:has-text('Park')")
    act = topic.acts.get(name="extend")
    assert act.state == act.State.REQUESTED
    assert act.reason["ar"] == "تعطل الموقع ساعتين."
