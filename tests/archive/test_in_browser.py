"""The last stage in a real browser: accessible, and nothing wider than a phone."""

import zipfile

import pytest
from wagtail.users.models import UserProfile

from tests.archive.makers import CLOSING, SEALING, take_one_down, write_report
from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.approval import approve

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_the_pages_of_the_package_need_no_software(package, tmp_path):
    with package.file.open("rb") as file, zipfile.ZipFile(file) as bag:
        bag.extractall(tmp_path / "bag")
    with chromium() as browser:
        page = watched(browser.new_page(viewport={"width": 320, "height": 800}))
        for path in sorted((tmp_path / "bag").rglob("*.html")):
            page.goto(path.as_uri())
            assert_accessible(page)
            assert_no_sideways_scroll(page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desk_of_an_outdated_report(
    consultation, officer, client, live_server, language
):
    UserProfile.objects.update_or_create(
        user=officer, defaults={"preferred_language": language}
    )
    report = write_report(consultation)
    client.force_login(officer)
    session = client.cookies["sessionid"].value
    address = f"/admin/eparticipation/consultations/{consultation.pk}/report/"
    with clock.rehearse(CLOSING), chromium() as browser:
        approve(report, actor=officer, now=CLOSING)
        take_one_down(consultation, officer)
        page = watched(browser.new_page(viewport={"width": 320, "height": 800}))
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": live_server.url}]
        )
        page.goto(live_server.url + address)
        assert page.locator(".ep-admin-note--warning").is_visible()
        assert_accessible(page, "#main")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_public_page_of_a_withheld_package(package, officer, live_server, language):
    with clock.rehearse(SEALING):
        take_one_down(package.consultation, officer)
    url = package.consultation.page_in(language).get_url()
    with chromium() as browser:
        page = watched(browser.new_page(viewport={"width": 320, "height": 800}))
        for where in ("", "report/"):
            page.goto(f"{live_server.url}{url}{where}")
            assert page.locator(".ep-callout li").count() == 1
            assert_accessible(page)
            assert_no_sideways_scroll(page)
