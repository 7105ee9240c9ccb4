"""An import in a real browser: by keyboard, narrow and dark, in Arabic."""

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
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.participations.models import Participation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

POSTS = "المعرف,النص,التاريخ\np1,نريد ظلاً,{day}\np2,مقاعد,32/13/2026\n"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_file_is_imported_and_taken_back(
    live_server, client, settings, tmp_path, scheme, width
):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    now = timezone.now()
    topic = make_consultation_page(
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
    file = tmp_path / "posts.csv"
    day = (now - timedelta(days=2)).date().isoformat()
    file.write_text(POSTS.format(day=day), encoding="utf-8")
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    with chromium() as browser:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        context.add_cookies([cookie])
        page = watched(context.new_page())
        start = reverse("eparticipation_admin:imports", args=[topic.consultation_id])
        page.goto(live_server.url + start)
        looked_at(page)
        page.set_input_files("#id_file", str(file))
        page.get_by_role("button", name="رفع الملف ومعاينته").press("Enter")
        page.wait_for_url("**/imports/*/")
        looked_at(page)
        page.locator("button[value=try]").press("Enter")
        page.wait_for_selector("#tried")
        looked_at(page)
        assert "25/04/2026" in page.locator("section.ep-admin-note").inner_text()
        page.locator("button[value=import]").press("Enter")
        page.wait_for_selector("summary")
        looked_at(page)
        assert Participation.objects.get().text == "نريد ظلاً"
        page.locator("main summary").press("Enter")
        page.fill("#reason", "ملف موضوع آخر")
        looked_at(page)
        page.locator("button[value=roll_back]").press("Enter")
        page.get_by_text("ملف موضوع آخر").wait_for()
        looked_at(page)
    assert not Participation.objects.counted().exists()


def looked_at(page):
    assert_accessible(page, "main")
    assert_no_sideways_scroll(page)
