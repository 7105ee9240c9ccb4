"""Decision page, decision maker's file and analysis in a real browser, with axe."""

import os

import pytest
from django.conf import settings

from tests.analysis.makers import answered, make_participation
from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.decisions.makers import make_both, make_topic
from tests.factories import AFTER, make_user
from wagtail_eparticipation.analysis import assign, snapshot
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.record import release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic():
    with rehearse(AFTER):
        page = make_topic()
        consultation = page.consultation
        analyst = make_user(permissions=["analyse_participation"])
        described = {
            "ar": "طلب كثيرون تظليل الممرات وأماكن الجلوس.",
            "en": "Many asked for shade above the paths and the benches.",
        }
        themes = [
            answered(consultation, description=described),
            answered(
                consultation,
                titles={"ar": "مواقف السيارات", "en": "Parking"},
                disposition="not_taken_up",
                reason={"ar": "لا تتسع الأرض.", "en": "There is no room."},
            ),
        ]
        for number in range(9):
            language = "en" if number % 3 else "ar"
            made = make_participation(consultation, language=language)
            assign.assign(themes[number % 2], [made.pk], actor=analyst)
        make_participation(consultation)
        snapshot.catch_up(consultation)
        return page


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_decision_can_be_read_by_everybody(live_server, topic):
    make_both(topic)
    with rehearse(AFTER):
        Consultation.objects.update(stored_stage="announced")
        release(Consultation.objects.get(), now=AFTER)
    decisions = DecisionPage.objects.select_related("locale").order_by("pk")
    addresses = {page.language: page.get_url() for page in decisions}
    with chromium() as browser:
        for language, address in addresses.items():
            for scheme in ("light", "dark"):
                page = watched(browser.new_page(color_scheme=scheme))
                page.goto(f"{live_server.url}{address}")
                page.set_viewport_size({"width": 320, "height": 700})
                assert_no_sideways_scroll(page)
                shot(page, f"decision-{language}-{scheme}-320")
                page.set_viewport_size({"width": 1280, "height": 900})
                assert_accessible(page)
                assert_obeys_policy(page)
                shot(page, f"decision-{language}-{scheme}")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desks_of_the_analysis_are_accessible(live_server, topic, client, language):
    user = make_user(superuser=True)
    user.wagtail_userprofile = _profile(user, language)
    client.force_login(user)
    consultation = topic.consultation
    theme = consultation.themes.first()
    base = f"{live_server.url}/admin/eparticipation/consultations/{consultation.pk}"
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
        page = watched(context.new_page())
        for name, path in {
            "overview": "/analysis/",
            "sort": "/analysis/sort/",
            "theme": f"/analysis/themes/{theme.pk}/",
            "delete": f"/analysis/themes/{theme.pk}/delete/",
            "file": "/file/",
        }.items():
            page.goto(base + path)
            if name == "sort":
                page.locator("details").last.evaluate("node => node.open = true")
            shot(page, f"{name}-{language}")
            assert_accessible(page, "main")


def _profile(user, language):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    return profile


def test_participations_are_sorted_with_the_keyboard_alone(live_server, topic, client):
    user = make_user(superuser=True)
    client.force_login(user)
    consultation = topic.consultation
    theme = consultation.themes.first()
    left = consultation.participations.get(theme_assignments=None)
    with rehearse(AFTER), chromium() as browser:
        context = browser.new_context()
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
        page = context.new_page()
        page.goto(
            f"{live_server.url}/admin/eparticipation/consultations/{consultation.pk}"
            "/analysis/sort/?theme=open"
        )
        page.locator(f"#p{left.pk}").focus()
        page.keyboard.press("Space")
        page.locator("#id_theme").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert list(theme.assignments.filter(participation=left)) != []
