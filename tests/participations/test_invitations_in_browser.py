"""Inviting on the desk and saving a form, in a real browser: narrow, dark, Arabic."""

from datetime import timedelta

import pytest
from django.core import mail
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
from tests.factories_pages import make_consultation_page
from tests.participations.inviting import by_invitation, make_invited, shop_owners
from wagtail_eparticipation.participations.drafts import SavedDraft
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TEXT = "نريد أشجاراً تظلّل الممرات المؤدية إلى المدرسة."
PEOPLE = """الاسم,البريد الإلكتروني,الشريحة
سالم,salem@people.example,أصحاب المحال
نورة,,
خطأ,nonsense,
"""


@pytest.fixture
def topic():
    """A topic that is open today."""
    cache.clear()
    now = timezone.now()
    return make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )


def looked_at(page, scope=None):
    assert_accessible(page, scope)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_people_are_invited_sent_to_and_printed(
    live_server, client, tmp_path, topic, scheme, width
):
    by_invitation(topic)
    make_invited(topic, 6, segment=shop_owners())
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    start = reverse("eparticipation_admin:invitations", args=[topic.consultation_id])
    with chromium() as browser:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        context.add_cookies([cookie])
        page = watched(context.new_page())
        page.goto(live_server.url + start)
        looked_at(page, "main")
        page.set_input_files("#id_list-file", str(file))
        page.locator("button[value=upload]").press("Enter")
        page.wait_for_url("**/lists/*/")
        looked_at(page, "main")
        page.locator("button[value=try]").press("Enter")
        page.wait_for_selector("#report")
        looked_at(page, "main")
        page.locator("button[value=invite]").press("Enter")
        page.wait_for_selector("#report")
        looked_at(page, "main")
        page.goto(live_server.url + start)
        looked_at(page, "main")
        page.locator("button[value=send]").press("Enter")
        page.wait_for_selector("button[value=send]", state="detached")
        page.fill("#id_group-label", "تجار السوق")
        page.locator("button[value=group]").press("Enter")
        page.wait_for_selector("#group-code")
        looked_at(page, "main")
        page.locator("button[name=format][value=page]").press("Enter")
        page.wait_for_selector(".ep-letter")
        looked_at(page)
        assert "نورة" in page.inner_text("main")
    assert Invitation.objects.filter(sent_at__isnull=False).count() == 9


@pytest.mark.parametrize(
    ("scheme", "width", "script"),
    [("light", 1280, True), ("dark", 320, True), ("light", 320, False)],
)
def test_a_form_is_saved_and_gone_on_with_by_its_link(
    live_server, topic, scheme, width, script
):
    size = {"width": width, "height": 900}
    with chromium() as browser:
        context = browser.new_context(
            color_scheme=scheme, viewport=size, java_script_enabled=script
        )
        page = watched(context.new_page())
        page.goto(f"{live_server.url}{topic.get_url()}participate/comment/")
        page.fill("[name=text]", TEXT)
        page.click("button[formaction*='/save/']")
        page.wait_for_selector("#ep-draft-link")
        link = page.inner_text("#ep-draft-link")
        if script:
            looked_at(page)
        page.fill("[name=email]", "sara@people.example")
        page.check("[name=remind]")
        page.click("form[action$='/mail/'] button")
        page.wait_for_selector(".ep-callout--success")
        if script:
            looked_at(page)
        assert not context.cookies()
        # On another device, days later.
        other = browser.new_context(
            color_scheme=scheme, viewport=size, java_script_enabled=script
        )
        page = watched(other.new_page())
        page.goto(link)
        assert page.input_value("[name=text]") == TEXT
        if script:
            looked_at(page)
            assert_obeys_policy(page)
        page.check("[name=publication][value=without_name]")
        page.check("[name=accept]")
        page.click("main form button[type=submit]")
        page.wait_for_selector("#ep-receipt-code")
        page.goto(link)
        if script:
            looked_at(page)
    assert link in mail.outbox[0].body
    assert Participation.objects.get().state == State.RECEIVED
    assert not SavedDraft.objects.exists()


def test_after_the_closing_the_words_are_still_there(live_server, topic):
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 800})
        page = watched(context.new_page())
        page.goto(f"{live_server.url}{topic.get_url()}participate/suggestion/")
        page.fill("[name=text]", TEXT)
        page.click("button[formaction*='/save/']")
        page.wait_for_selector("#ep-draft-link")
        link = page.inner_text("#ep-draft-link")
        window = topic.consultation.window
        window.closes_at = timezone.now() - timedelta(minutes=1)
        window.save()
        page.goto(link)
        assert TEXT in page.inner_text("main")
        looked_at(page)
        page.click("summary")
        page.click("form[action$='/delete/'] button")
        page.wait_for_selector("[role=status]")
        looked_at(page)
    assert not SavedDraft.objects.exists()
