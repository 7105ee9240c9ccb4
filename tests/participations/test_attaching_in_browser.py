"""Files on the form, on the receipt, before a moderator and in public, in a browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import (
    SEND,
    assert_accessible,
    assert_console_silent,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import make_moderator
from tests.moderation.test_in_browser import signed_in
from tests.participations import files_made as made
from tests.participations.attaching_files import UNSCANNED, take_files
from wagtail_eparticipation.moderation import attachment_acts
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def page(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED
    now = timezone.now()
    found = make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    take_files(found.consultation)
    return found


def chosen(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_refused_file_comes_back_named_and_the_good_one_is_sent(
    live_server, page, client, language
):
    topic = page.consultation.page_in(language)
    with chromium() as browser:
        screen = {"width": 320, "height": 640}
        form = watched(browser.new_context(viewport=screen).new_page())
        form.goto(f"{live_server.url}{topic.get_url()}participate/comment/")
        assert_accessible(form)
        assert_no_sideways_scroll(form)
        form.locator("#id_text").fill("نريد ظلاً في الممرات")
        form.locator("#id_files").set_input_files(
            [
                chosen("ممر-بلا-ظل.jpg", made.photo((800, 600))),
                chosen("جدول.docx", made.office_with_macro()),
            ]
        )
        form.locator("#id_files_about").fill("ممر بلا ظل")
        form.locator("#id_files_shared").check()
        form.locator("input[name=publication][value=without_name]").check()
        form.locator("#id_accept").check()
        form.locator(SEND).click()
        form.locator(".ep-error-summary").wait_for()
        assert "جدول.docx" in form.locator(".ep-error-summary").inner_text()
        assert "ممر-بلا-ظل.jpg" in form.locator(".ep-files-chosen").inner_text()
        assert form.locator("#id_text").input_value() == "نريد ظلاً في الممرات"
        assert_accessible(form)
        assert_no_sideways_scroll(form)
        form.locator(SEND).click()
        form.wait_for_url("**/receipt/**")
        assert "ممر-بلا-ظل.jpg" in form.locator(".ep-files-chosen").inner_text()
        assert_accessible(form)
        assert_no_sideways_scroll(form)
    assert Participation.objects.get().attachment_count == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_moderator_looks_at_a_file_and_the_public_sees_it(
    live_server, page, client, language
):
    with chromium() as browser:
        form = watched(browser.new_page())
        topic = page.consultation.page_in(language)
        form.goto(f"{live_server.url}{topic.get_url()}participate/comment/")
        form.locator("#id_text").fill("نريد ظلاً في الممرات")
        form.locator("#id_files").set_input_files(
            [chosen("a.jpg", made.photo((800, 600))), chosen("b.pdf", made.pdf())]
        )
        form.locator("#id_files_about").fill("ممر بلا ظل")
        form.locator("#id_files_shared").check()
        form.locator("input[name=publication][value=without_name]").check()
        form.locator("#id_accept").check()
        form.locator(SEND).click()
        form.wait_for_url("**/receipt/**")
        item = Participation.objects.get()
        user = make_moderator(superuser=True)
        UserProfile.objects.create(user=user, preferred_language=language)
        client.force_login(user)
        desk = signed_in(browser, client, live_server)
        review = reverse(
            "eparticipation_admin:moderation_review", args=[item.public_id]
        )
        desk.goto(live_server.url + review)
        pictures = desk.locator(".ep-desk__rendition")
        assert pictures.count() == 2
        pictures.first.scroll_into_view_if_needed()
        desk.wait_for_function(
            "document.querySelector('.ep-desk__rendition').naturalWidth > 0"
        )
        for summary in desk.locator(".ep-desk__file summary").all():
            summary.click()
        assert_accessible(desk)
        desk.locator("button[name=file][value=release]").first.click()
        desk.wait_for_url("**#files")
        assert Attachment.objects.order_by("position").first().state == "released"
        for name, argument in (
            ("desk_files", page.consultation_id),
            ("attachment_original", Attachment.objects.first().public_id),
        ):
            desk.goto(
                live_server.url
                + reverse(f"eparticipation_admin:{name}", args=[argument])
            )
            assert_accessible(desk)
        pdf = Attachment.objects.get(kind="pdf")
        attachment_acts.release(pdf, actor=user, description="مخطط الممر")
        item.refresh_from_db()
        decide(item, "publish", actor=user, expected_state=item.state)
        reader = watched(
            browser.new_context(viewport={"width": 320, "height": 640}).new_page()
        )
        reader.goto(f"{live_server.url}{topic.get_url()}discussion/")
        reader.locator(".ep-files img").scroll_into_view_if_needed()
        reader.wait_for_function(
            "document.querySelector('.ep-files img').naturalWidth > 0"
        )
        assert_accessible(reader)
        assert_no_sideways_scroll(reader)
        assert_console_silent(reader)
        with reader.expect_download() as download:
            reader.locator(".ep-files a").click()
        assert download.value.suggested_filename.endswith(".pdf")
