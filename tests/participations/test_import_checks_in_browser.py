"""Counter, second reading, equal words and outside figures in a real browser."""

import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
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
from tests.factories_pages import every_channel, make_consultation_page
from tests.participations.batches_made import bring_in
from tests.participations.test_imports_in_browser import looked_at
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = "نريد ظلاً وأشجاراً قرب الألعاب"


def scan() -> bytes:
    """A grey picture, as a scanner would make it."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\xcc" * 600 for _line in range(300))
    head = struct.pack(">IIBBBBB", 600, 300, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def make_topic():
    now = timezone.now()
    policy, _created = install_pack("qassim")
    topic = make_consultation_page(
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
        channels=every_channel(),
    )
    Consultation.objects.filter(pk=topic.consultation_id).update(policy_version=policy)
    topic.refresh_from_db()
    return topic


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_clerk_enters_compares_judges_and_records(
    live_server, client, settings, tmp_path, scheme, width
):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    topic = make_topic()
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    batch = bring_in(
        topic.consultation,
        f"id,text,date\nf1,{WORDS},{day}\n",
        actor=make_user(superuser=True),
        evidence=ContentFile(scan(), name="scan.png"),
    )
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language="ar")
    client.force_login(user)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }

    def address(name, *args):
        args = [topic.consultation_id, *args]
        return live_server.url + reverse(f"eparticipation_admin:{name}", args=args)

    with chromium() as browser:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        context.add_cookies([cookie])
        page = watched(context.new_page())

        page.goto(address("assisted"))
        looked_at(page)
        page.get_by_label("الهاتف", exact=True).check()
        page.fill("#id_text", WORDS)
        page.get_by_text("دون اسم").first.click()
        page.check("#id_accept")
        page.get_by_role("button", name="قيد المشاركة وعرض الإيصال").press("Enter")
        page.wait_for_selector("#ep-receipt-code")
        looked_at(page)
        page.emulate_media(media="print")
        assert page.locator("#ep-receipt-code").is_visible()
        assert not page.locator(".ep-admin-screen").first.is_visible()
        assert not page.locator(".sidebar").is_visible()
        page.emulate_media(media="screen", color_scheme=scheme)

        page.goto(address("second_reading", batch.pk))
        page.locator("img.ep-admin-evidence").wait_for()
        assert page.evaluate(
            "document.querySelector('img.ep-admin-evidence').naturalWidth"
        )
        looked_at(page)
        page.locator("main summary").press("Enter")
        looked_at(page)
        page.get_by_role("button", name="مطابق للورقة").press("Enter")
        page.get_by_text("قُرئت جميع صفوف العينة.").wait_for()
        looked_at(page)

        page.goto(address("matches"))
        looked_at(page)
        page.locator("button[value=same]").press("Enter")
        page.locator("button[value=undo]").wait_for()
        looked_at(page)

        page.goto(address("aggregate_add"))
        looked_at(page)
        page.fill("[name=source_ar]", "منصة استطلاع")
        page.fill("[name=source_en]", "Istitlaa")
        page.fill("[name=counted_ar]", "الأصوات")
        page.fill("[name=counted_en]", "votes")
        page.fill("[name=number]", "4321")
        page.fill("[name=first_day]", day)
        page.fill("[name=last_day]", day)
        page.fill("[name=reference]", "44/2026")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="تسجيل", exact=True).press("Enter")
        page.get_by_text("4321").first.wait_for()
        looked_at(page)

        page.goto(live_server.url + topic.get_url())
        page.locator("#ep-figures-apart").wait_for()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert_obeys_policy(page)
    assert Participation.objects.counted().count() == 1
