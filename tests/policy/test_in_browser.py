"""The public page of the policy in a real browser, on a telephone."""

import pytest
from django.test import override_settings

from tests.browser import assert_accessible, assert_no_sideways_scroll, chromium
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_policy_is_accessible_and_fits_a_telephone(language, browser, live_server):
    version = install_pack("qassim")[0]
    page = browser.new_page(viewport={"width": 320, "height": 640})
    with override_settings(DEBUG=False):
        page.goto(
            f"{live_server.url}/eparticipation/{language}/policy/qassim/"
            f"{version.version}/"
        )
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        assert_accessible(page)
    page.close()
