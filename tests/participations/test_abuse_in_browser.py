"""The pages about abuse and incidents in a real browser, in both directions."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests.browser import assert_accessible, assert_no_sideways_scroll, chromium
from tests.discussion.makers import make_participation
from tests.factories import make_consultation, make_user
from tests.moderation.test_in_browser import signed_in
from tests.participations.test_in_browser import NARROW
from wagtail_eparticipation.consultations.incidents import Incident
from wagtail_eparticipation.participations import abuse_log
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def topic():
    """A topic that is open today, and closes within a day."""
    cache.clear()
    now = timezone.now()
    return make_consultation(
        policy_version=install_pack("qassim")[0],
        opens_at=now - timedelta(days=5),
        closes_at=now + timedelta(hours=5),
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_staff_pages_are_accessible(live_server, client, rf, topic, language):
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    item = make_participation(topic, state=State.QUARANTINED, suspicious=True)
    abuse_log.note_set_aside(rf.post("/"), ["too_fast", "trapped"], "send", item)
    abuse_log.note(rf.post("/"), "limited", "send", topic)
    now = timezone.now()
    incident = Incident.objects.create(
        started_at=now - timedelta(hours=3), ended_at=now - timedelta(hours=1)
    )
    places = [
        reverse("eparticipation_admin:abuse_log"),
        reverse("eparticipation_incidents:index"),
        reverse("eparticipation_incidents:add"),
        reverse("eparticipation_incidents:edit", args=[incident.pk]),
        reverse("eparticipation_admin:moderation_review", args=[item.public_id]),
        reverse("eparticipation_admin:desk", args=[topic.pk]),
        reverse("eparticipation_admin:channels", args=[topic.pk]),
    ]
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        for place in places:
            page.goto(live_server.url + place)
            direction = "rtl" if language == "ar" else "ltr"
            assert page.locator("html").get_attribute("dir") == direction
            assert_accessible(page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_of_who_pressed_too_often_is_accessible(
    live_server, topic, language, settings
):
    settings.WAGTAIL_EPARTICIPATION = {"LIMITS": {"press": {"burst": (1, 86_400)}}}
    path = reverse("eparticipation:draft_delete", args=[language, "nothing"])
    with chromium() as browser:
        page = browser.new_context(viewport=NARROW).new_page()
        page.goto(f"{live_server.url}/eparticipation/{language}/receipt/")
        for _number in range(2):
            page.evaluate(
                """(path) => {
                    const form = document.createElement("form");
                    form.method = "post";
                    form.action = path;
                    document.body.append(form);
                    form.submit();
                }""",
                path,
            )
            page.wait_for_url(f"**{path}")
            page.wait_for_load_state()
        said = "يُرجى الانتظار قليلاً" if language == "ar" else "Please wait a little"
        assert said in page.inner_text("h1")
        assert_accessible(page)
        assert_no_sideways_scroll(page)
