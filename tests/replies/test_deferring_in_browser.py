"""Asking a department, and the owner's figures, in a real browser: both directions."""

from datetime import timedelta

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
from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_participation
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from tests.replies.makers import ask
from tests.replies.makers_referrals import make_question
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.replies import contact_times, deferring
from wagtail_eparticipation.replies.views import case_address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def topic():
    cache.clear()
    ensure_default_calendar()
    now = timezone.now()
    page = make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    page.consultation.department = make_department("الطرق")
    page.consultation.save()
    contact_times.refresh(now)
    return page


@pytest.mark.parametrize(("language", "width"), [("ar", 320), ("en", 1280)])
def test_a_question_is_put_answered_and_counted(
    live_server, client, topic, language, width
):
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    make_department("الحدائق")
    receipt = ask(topic.consultation)
    case = receipt.case
    item = make_participation(topic.consultation)
    with chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )
        page = watched(context.new_page())

        def look(address):
            page.goto(live_server.url + address)
            assert_accessible(page)
            assert_no_sideways_scroll(page)

        def admin(name, *args):
            return reverse(f"eparticipation_admin:{name}", args=args)

        look(admin("refer", case.public_id))
        page.locator("main form button.button").last.press("Enter")
        page.wait_for_selector(".w-field__errors .error-message")
        assert_accessible(page)
        page.select_option("[name=department]", label="الحدائق")
        page.fill("[name=question]", "متى تُسقى الأشجار؟")
        page.locator("main form button.button").last.press("Enter")
        page.wait_for_selector("[id^=ep-referral-]")
        assert_accessible(page)
        referral = case.referrals.get()

        look(case_address(receipt.code, language))
        assert "الحدائق" in page.inner_text("main")

        look(admin("referrals"))
        look(admin("referral", referral.public_id))
        page.fill("[name=text]", "ليلاً")
        page.locator("button[value=answer]").press("Enter")
        page.wait_for_selector("button[value=answer]")
        assert "الحدائق" in page.input_value("[name=text]")
        question = make_question(body="المرور", due_days=1)
        late = deferring.defer(case, question, actor=user)
        late.due_at = timezone.now() - timedelta(days=3)
        late.save()
        look(admin("dashboard", topic.consultation_id))
        assert late.number in page.inner_text("main")

        page.goto(live_server.url + admin("moderation_review", item.public_id))
        page.locator("[aria-labelledby=ep-reply-wanted] summary").press("Enter")
        assert_accessible(page)
        page.locator("[aria-labelledby=ep-reply-wanted] button").press("Enter")
        page.wait_for_selector("[aria-labelledby=ep-reply-wanted] a")
        page.click("[aria-labelledby=ep-reply-wanted] a")
        page.wait_for_selector("#ep-case-text")
        assert_accessible(page)

        look(topic.get_url())
        assert "08:00–14:00" in page.inner_text("main")
