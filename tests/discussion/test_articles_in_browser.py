"""One article from the draft to the published comment, narrow and without script."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.factories import make_user
from tests.factories_pages import article_key, make_consultation_page, translation_of
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TEXT = "نقترح أن يبدأ المنع بعد صلاة العصر."
NARROW = {"width": 320, "height": 800}
SECOND = article_key(2)


@pytest.fixture
def topic():
    """A topic with a draft of seven articles, open today."""
    cache.clear()
    now = timezone.now()
    return make_consultation_page(
        articles=7,
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )


def signed_in(context, client, live_server):
    """A page of the account that the client is logged in with."""
    cookie = client.cookies["sessionid"].value
    context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": live_server.url}]
    )
    return context.new_page()


def looked_at(page):
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_obeys_policy(page)


def test_a_comment_on_an_article_from_the_draft_to_its_list(live_server, topic, client):
    draft = f"{live_server.url}{topic.get_url()}draft/"
    with chromium() as browser:
        context = browser.new_context(
            java_script_enabled=False, viewport=NARROW, locale="ar"
        )
        page = watched(context.new_page())
        page.goto(f"{live_server.url}{topic.get_url()}")
        page.click("text=قراءة المسودة والتعليق عليها")
        assert page.url == draft
        page.click(f"#article-{SECOND} a:has-text('التعليق على هذه المادة')")
        page.check("[name=opinion][value=agree_with_changes]")
        page.fill("[name=text]", TEXT)
        page.check("[name=publication][value=without_name]")
        page.check("[name=accept]")
        page.click("main form button:not([name]):not([formaction])")
        page.wait_for_selector("#ep-receipt-code")
        assert "المادة 2: مواقف السوق 2" in page.inner_text("main")
        assert "موافقة مع تعديلات" in page.inner_text("main")
        publish_in_the_admin(browser, live_server, client)
        # Another reader: the first one's browser may keep the page for a while.
        page = browser.new_page(java_script_enabled=False, viewport=NARROW)
        page.goto(draft)
        page.click(f"#article-{SECOND} a:has-text('قراءة تعليق واحد')")
        assert TEXT in page.inner_text("main")
        assert "التعليقات على المادة 2" in page.inner_text("main")


def publish_in_the_admin(browser, live_server, client):
    """A moderator reads the comment, sees what it is about, and publishes it."""
    participation = Participation.objects.get()
    moderator = make_user(permissions=["moderate_participation"])
    client.force_login(moderator)
    page = signed_in(browser.new_context(locale="en"), client, live_server)
    address = reverse(
        "eparticipation_admin:moderation_review", args=[participation.public_id]
    )
    page.goto(f"{live_server.url}{address}")
    assert "2" in page.inner_text("main")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("button[value=publish]")
    participation.refresh_from_db()
    assert participation.state == State.PUBLISHED


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_every_page_about_articles_is_accessible(live_server, topic, language, scheme):
    shown = topic if language == "ar" else translation_of(topic)
    url = f"{live_server.url}{shown.get_url()}"
    with chromium() as browser:
        context = browser.new_context(color_scheme=scheme, viewport=NARROW)
        page = watched(context.new_page())
        for tail in (
            "",
            "draft/",
            f"draft/#article-{SECOND}",
            f"participate/comment/?article={SECOND}",
            "participate/comment/?article=gone",
            f"discussion/?article={SECOND}",
        ):
            page.goto(f"{url}{tail}")
            looked_at(page)


def test_the_table_of_opinions_is_accessible(live_server, topic, client):
    client.force_login(make_user(permissions=["analyse_participation"]))
    with chromium() as browser:
        context = browser.new_context(viewport=NARROW)
        page = signed_in(context, client, live_server)
        address = reverse(
            "eparticipation_admin:analysis_articles", args=[topic.consultation_id]
        )
        page.goto(f"{live_server.url}{address}")
        assert_accessible(page, "main")
        assert_no_sideways_scroll(page)
