"""Taking the register out in a real browser: keyboard, narrow and dark, in Arabic."""

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.discussion.makers import make_participation
from tests.factories import make_user
from wagtail_eparticipation.participations import export_checks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_register_is_taken_out_in_both_forms(
    live_server, client, tmp_path, scheme, width
):
    make_participation(text="مقاعد مظللة للأسر")
    user = make_user(permissions=["analyse_participation"])
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
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
        page.goto(live_server.url + reverse("eparticipation_admin:register"))
        for form in ("csv", "xlsx"):
            actions = page.locator("#w-slim-header-buttons")
            actions.locator("[data-w-dropdown-target=toggle]").press("Enter")
            link = page.get_by_role("link", name=f"تصدير بصيغة {form.upper()}")
            link.wait_for()
            assert_accessible(page, "main")
            assert_no_sideways_scroll(page)
            with page.expect_download() as download:
                link.press("Enter")
            path = tmp_path / download.value.suggested_filename
            download.value.save_as(path)
            assert path.name == f"participations.{form}"
            assert export_checks.faults_of(path) == []
            page.keyboard.press("Escape")
