"""The topic's page: its dates, its locks, and what visitors get."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from tests.consultations.makers import by_two, make_topic, pinned_policy
from tests.consultations.makers_pages import drafted, prepared_site
from tests.discussion.makers import make_voice
from tests.factories import CLOSES, DURING, OPENS, make_user
from tests.factories_pages import (
    make_consultation_page,
    translation_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import sections
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def unsaved(**values):
    page = ConsultationPage(title="Topic", locale=Locale(language_code="ar"))
    for name, value in values.items():
        setattr(page, name, value)
    return page


PERIODS = [
    # opens_on, at, closes_on, at -> instants in UTC
    (
        (date(2026, 4, 5), time(8), date(2026, 4, 26), time(14)),
        (datetime(2026, 4, 5, 5, tzinfo=UTC), datetime(2026, 4, 26, 11, tzinfo=UTC)),
    ),
    (
        (date(2026, 4, 5), None, date(2026, 4, 26), None),
        (datetime(2026, 4, 4, 21, tzinfo=UTC), datetime(2026, 4, 26, 21, tzinfo=UTC)),
    ),
    (
        (date(2026, 4, 26), time(8), date(2026, 4, 26), None),
        (datetime(2026, 4, 26, 5, tzinfo=UTC), datetime(2026, 4, 26, 21, tzinfo=UTC)),
    ),
]


@pytest.mark.parametrize(("asked", "instants"), PERIODS)
def test_the_period_is_two_instants_in_the_municipalitys_zone(asked, instants):
    names = ("opens_on", "opens_time", "closes_on", "closes_time")
    page = unsaved(**dict(zip(names, asked, strict=True)))
    assert page.period() == instants


def test_a_page_without_dates_has_no_period():
    assert unsaved(opens_on=date(2026, 4, 5)).period() is None


@pytest.mark.parametrize(
    ("decided_on", "refused"),
    [
        (date(2026, 4, 20), True),
        (date(2026, 4, 26), True),
        (date(2026, 4, 27), False),
    ],
)
@pytest.mark.parametrize("closes_time", [None, time(14)])
def test_the_decision_comes_after_the_consultation(decided_on, refused, closes_time):
    page = unsaved(
        opens_on=date(2026, 4, 5),
        closes_on=date(2026, 4, 26),
        closes_time=closes_time,
        planned_decision_on=decided_on,
    )
    assert ("planned_decision_on" in page.period_errors()) is refused


def test_a_summary_of_more_than_150_words_is_refused():
    page = drafted()
    page.summary = "كلمة " * 151
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "151" in str(refusal.value)
    page.summary = "كلمة " * 150
    page.full_clean()


def change_block(page, name, number, **cells):
    raw = list(page._meta.get_field(name).value_from_object(page).get_prep_value())
    raw[number]["value"] = {**raw[number]["value"], **cells}
    setattr(page, name, page._meta.get_field(name).to_python(raw))


def test_a_page_gets_a_process_shared_by_its_translations():
    hub = prepared_site()
    page = ConsultationPage(title="حديقة", slug="park", locale=hub.locale)
    hub.add_child(instance=page)
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))
    assert page.consultation is not None
    assert english.consultation_id == page.consultation_id
    assert page.consultation.titles["ar"] == "حديقة"


def test_a_copy_starts_a_process_of_its_own():
    page = make_consultation_page()
    copied = page.copy(update_attrs={"slug": "again", "title": "حديقة أخرى"})
    copied = ConsultationPage.objects.get(pk=copied.pk)
    assert copied.consultation_id not in (None, page.consultation_id)
    assert copied.consultation.stored_stage == Stored.DRAFT
    revision = copied.get_latest_revision_as_object()
    assert revision.consultation_id == copied.consultation_id


def test_facts_of_a_draft_reach_the_process():
    page = drafted()
    page.kind = "service"
    page.save()
    page.consultation.refresh_from_db()
    assert page.consultation.kind == "service"
    assert page.consultation.department == page.department


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("closes_on", date(2026, 5, 3), "extend, close early or reopen"),
        ("opens_time", time(9), "extend, close early or reopen"),
        ("kind", "service", "settled"),
        ("audience_mode", "invited", "settled"),
    ],
)
def test_a_published_topic_is_not_changed_by_editing(name, value, words):
    page = make_consultation_page()
    setattr(page, name, value)
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert words in str(refusal.value)


def test_the_words_of_a_published_topic_can_still_be_corrected():
    page = make_consultation_page()
    page.question = "سؤال مصحّح؟"
    page.full_clean()


SEEN = [
    (stage, stage not in (Stored.DRAFT, Stored.APPROVED, Stored.CANCELLED))
    for stage in Stored
]


@pytest.mark.parametrize(("stage", "seen"), SEEN)
def test_visitors_see_a_topic_only_once_it_was_published(stage, seen, client):
    page = make_consultation_page(stage=stage, live=True)
    for tail in ("", "request/1/", "dates/"):
        status = client.get(f"{page.url}{tail}").status_code
        assert status == (200 if seen else 404), tail
    assert (page.title in client.get("/ar/participation/").content.decode()) is seen


def test_a_telephone_number_keeps_its_order_between_arabic_words(client):
    html = client.get(make_consultation_page().url).content.decode()
    assert "\u2066016-000-0000\u2069" in html


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 4, 5, 4, 0, tzinfo=UTC), 300),
        (datetime(2026, 4, 5, 4, 59, 30, tzinfo=UTC), 30),
        (OPENS, 300),
        (datetime(2026, 4, 26, 10, 59, 59, tzinfo=UTC), 1),
        (CLOSES, 300),
    ],
)
@pytest.mark.parametrize("where", ["topic", "hub"])
def test_a_page_is_kept_no_longer_than_until_the_next_change(
    now, expected, where, client
):
    page = make_consultation_page()
    with clock.rehearse(now):
        response = client.get(page.url if where == "topic" else "/ar/participation/")
    assert response["Cache-Control"] == f"public, max-age={expected}"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_topics_page_leaves_three_queries_to_the_other_rooms(
    language, client, monkeypatch, django_assert_max_num_queries
):
    page = make_consultation_page(consultation=make_topic())
    page = page if language == "ar" else translation_of(page)
    monkeypatch.setattr(sections, "_sections", {})
    with clock.rehearse(DURING):
        client.get(page.url)
        with django_assert_max_num_queries(9):
            assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("stage", [Stored.PUBLISHED, Stored.CLOSED])
def test_a_topics_page_with_its_discussion_costs_twelve_queries(
    language, stage, client, django_assert_max_num_queries
):
    page = make_consultation_page(consultation=make_topic())
    for _number in range(25):
        make_voice(page.consultation)
    Consultation.objects.update(stored_stage=stage)
    page = page if language == "ar" else translation_of(page)
    with clock.rehearse(DURING):
        client.get(page.url)
        with django_assert_max_num_queries(12):
            assert client.get(page.url).status_code == 200


def test_the_page_says_everything_that_the_policy_asks_for(client):
    page = translation_of(make_consultation_page(consultation=make_topic()))
    with clock.rehearse(DURING):
        shown = client.get(page.url).content.decode()
    for words in (
        "What you can influence",
        "The place of the playground",
        "What is already fixed",
        "The Mayor, on the advice of the municipal council",
        "Sunday 26 April 2026",
        "9 Dhu al-Qa",
        "Service counter",
        "Shop owners",
        "Parks department",
        "Every visitor finds a shaded place nearby.",
        "half of the paths lie in the sun",
    ):
        assert words in shown, words


def test_a_withdrawn_topic_invites_nobody_and_plans_nothing(client):
    page = translation_of(make_consultation_page(consultation=make_topic()))
    by_two(page.consultation, "withdraw", DURING)
    with clock.rehearse(DURING):
        shown = client.get(page.url).content.decode()
    assert "Closed: the topic was withdrawn" in shown
    assert "The ways to take part were" in shown
    assert "The topic ended without a decision." in shown
    for words in ("During the whole period", "Planned for", "participate/"):
        assert words not in shown


def test_after_closing_the_ways_to_take_part_are_past(client):
    page = translation_of(make_consultation_page(consultation=make_topic()))
    with clock.rehearse(DURING):
        assert "The ways to take part were" not in client.get(page.url).content.decode()
    with clock.rehearse(CLOSES):
        shown = client.get(page.url).content.decode()
    assert "The ways to take part were" in shown
    assert "Closed: the period has ended" in shown


def test_the_closing_of_a_whole_day_is_said_as_its_end(client):
    page = translation_of(
        make_consultation_page(closes_at=datetime(2026, 4, 26, 21, tzinfo=UTC))
    )
    with clock.rehearse(DURING):
        shown = client.get(page.url).content.decode()
    assert "until the end of" in shown
    assert "26 April 2026" in shown
    assert "27 April 2026" not in shown


def test_a_topic_by_invitation_has_a_public_notice(client):
    page = make_consultation_page(
        audience_mode="invited",
        audience_reason="يتطلب الموضوع خبرة هندسية.",
        consultation=make_topic(audience_mode="invited"),
    )
    with clock.rehearse(DURING):
        shown = client.get(page.url).content.decode()
    assert "يتطلب الموضوع خبرة هندسية." in shown


def test_the_frozen_request_proves_itself(client):
    page = translation_of(make_consultation_page(consultation=make_topic()))
    version = page.consultation.request_versions.get()
    shown = client.get(f"{page.url}request/1/").content.decode()
    assert version.checksum in shown
    assert page.consultation.reference in shown
    assert "Parks department" in shown


@pytest.mark.parametrize(
    "tail", ["request/2/", "request/", "request/1/2/", "request/x/", "request/٢/"]
)
def test_there_is_no_page_for_a_version_that_does_not_exist(tail, client):
    page = make_consultation_page()
    assert client.get(f"{page.url}{tail}").status_code == 404


def test_how_participations_are_handled_names_this_topics_settings(client):
    policy = pinned_policy()
    page = translation_of(make_consultation_page(policy_version=policy))
    shown = client.get(f"{page.url}handled/").content.decode()
    assert "Contact data are deleted six months after closing." in shown
    assert "The Mayor, on the advice of the municipal council" in shown
    assert f"/policy/{policy.pack}/{policy.version}/" in shown


def test_a_private_topic_asks_for_its_password(client):
    page = make_consultation_page()
    hub = page.get_parent()
    PageViewRestriction.objects.create(
        page=hub, restriction_type="password", password="x"
    )
    shown = client.get(page.url).content.decode()
    assert page.question not in shown
    assert 'name="password"' in shown


def test_a_preview_shows_what_was_typed_just_now(rf):
    page = drafted()
    page.question = "سؤال لم يُحفظ بعد؟"
    response = page.make_preview_request(preview_mode="")
    assert "سؤال لم يُحفظ بعد؟" in response.content.decode()


def test_an_unfinished_page_can_be_previewed():
    page = make_consultation_page(complete=False, stage=Stored.DRAFT)
    assert page.make_preview_request(preview_mode="").status_code == 200


def test_only_a_user_with_rights_reaches_the_editor(client):
    page = drafted()
    client.force_login(make_user("stranger"))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.get(address).status_code == 302
    with pytest.raises(PermissionDenied):
        page.get_latest_revision().publish(user=make_user("other"))


@pytest.mark.parametrize("name", ["opens_on", "closes_on", "planned_decision_on"])
def test_a_date_that_cannot_be_said_in_both_calendars_is_refused(name):
    page = make_consultation_page(stage="draft")
    setattr(page, name, date(9999, 12, 31))
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert name in refusal.value.message_dict
