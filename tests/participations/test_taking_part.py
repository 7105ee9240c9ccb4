"""Taking part through the portal: nothing typed is lost, everything counts once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils.html import strip_tags

from tests.consultations.makers import by_two
from tests.factories import CLOSES, DURING, OPENS
from tests.factories_pages import make_consultation_page, translation_of
from tests.participations.sending import (
    TEXT,
    ask,
    code_on,
    fill,
    receipt_page,
    send,
    take_part,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import abuse, languages_written, tokens
from wagtail_eparticipation.participations.models import (
    Participation,
    State,
)

pytestmark = pytest.mark.django_db
#: The end of 26 April in Riyadh.
MIDNIGHT = datetime(2026, 4, 26, 21, tzinfo=UTC)


def test_the_form_comes_without_cookies_and_is_never_kept_by_caches(client, page):
    response = ask(client, page)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_the_privacy_notice_that_one_accepts_is_a_link_beside_it(client, page):
    html = ask(client, page).content.decode()
    address = re.search(r'href="([^"]+)"[^>]*>بيان الخصوصية</a>', html)[1]
    target, _hash, place = address.partition("#")
    with clock.rehearse(DURING):
        notice = client.get(target).content.decode()
    assert f'id="{place}"' in notice


def test_what_was_typed_is_stored_by_no_cache_at_all(client, page):
    response = take_part(client, page, text="")
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_form_speaks_the_language_of_its_page(client, page, language):
    shown = page if language == "ar" else translation_of(page, "en")
    html = ask(client, shown).content.decode()
    assert f'<html lang="{language}"' in html


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"accept": ""},
        {"publication": ""},
        {"email": "no-address"},
        {"publication": "with_name", "name": ""},
        {"capacity": "organisation", "organisation": ""},
        {"token": "forged"},
    ],
)
def test_a_mistake_keeps_everything_typed(client, page, changes):
    typed = fill(token_of(ask(client, page)))
    typed |= {"name": "سارة الاختبار", **changes}
    response = send(client, page, typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "ep-error-summary" in html
    assert not Participation.objects.exists()
    if typed["text"]:
        assert TEXT in html
    if typed["name"]:
        assert "سارة الاختبار" in html


def test_another_language_after_a_mistake_takes_everything_along(client, page):
    typed = fill(token_of(ask(client, page)), name="سارة", accept="")
    html = send(client, page, typed).content.decode()
    address = re.search(r'formaction="([^"]+)" name="other_language"', html)[1]
    assert address.startswith("/eparticipation/en/")
    assert "ep-languages" not in html or f"{page.get_url()}participate" not in html
    with clock.rehearse(DURING):
        english = client.post(address, typed | {"other_language": "1"})
    shown = english.content.decode()
    assert english.status_code == 200
    assert '<html lang="en"' in shown
    assert "ep-error-summary" not in shown
    assert TEXT in shown
    assert 'value="سارة"' in shown
    assert re.search(r'value="without_name"[^>]* checked', shown)
    assert 'formaction="/eparticipation/ar/' in shown
    assert not Participation.objects.exists()
    again = typed | {"token": token_of(english), "accept": "on"}
    assert send(client, page, again, language="en").status_code == 302


def test_an_empty_form_switches_its_language_by_a_link(client, page):
    html = ask(client, page).content.decode()
    assert 'name="other_language"' not in html
    assert f"{translation_of(page, 'en').get_url()}participate/comment/" in html


def test_the_corrected_form_is_accepted(client, page):
    first = send(client, page, fill(token_of(ask(client, page)), accept=""))
    again = send(client, page, fill(token_of(first)))
    assert again.status_code == 302
    assert Participation.objects.count() == 1


def test_a_double_click_counts_once_and_gives_the_same_receipt(client, page):
    token = token_of(ask(client, page))
    first = receipt_page(client, send(client, page, fill(token)))
    second = receipt_page(client, send(client, page, fill(token)))
    assert Participation.objects.count() == 1
    assert code_on(first) == code_on(second)


def test_going_back_and_writing_something_else_loses_nothing(client, page):
    token = token_of(ask(client, page))
    code = code_on(receipt_page(client, send(client, page, fill(token))))
    other = send(client, page, fill(token, text="رأي ثانٍ من الجهاز نفسه"))
    html = other.content.decode()
    assert other.status_code == 409
    assert code in html
    assert "رأي ثانٍ من الجهاز نفسه" in html
    assert Participation.objects.count() == 1
    send(client, page, fill(token_of(other), text="رأي ثانٍ من الجهاز نفسه"))
    assert Participation.objects.count() == 2


def test_a_form_of_another_topic_is_refused_with_the_text_kept(client, page):
    other = make_consultation_page(stage="published")
    foreign = tokens.new_token().signed(other.consultation)
    response = send(client, page, fill(foreign))
    assert response.status_code == 422
    assert TEXT in response.content.decode()


def test_a_token_signed_by_somebody_else_is_refused(client, page, settings):
    forged = signing.dumps(
        {"n": "x", "t": DURING.timestamp(), "c": page.consultation_id},
        key="not the site's secret",
        salt="eparticipation.form",
    )
    assert send(client, page, fill(forged)).status_code == 422


def test_an_old_form_is_asked_for_once_more_and_then_taken(client, page):
    token = token_of(ask(client, page, at=OPENS))
    late = OPENS + timedelta(days=8)
    response = send(client, page, fill(token), at=late)
    assert response.status_code == 422
    assert TEXT in response.content.decode()
    again = send(client, page, fill(token_of(response)), at=late)
    assert again.status_code == 302


def test_the_trap_sets_aside_and_drops_nothing(client, page):
    take_part(client, page, website="http://spam.example")
    assert Participation.objects.get().state == State.QUARANTINED


def test_too_many_from_one_network_keep_their_text_and_are_told_when(client, page):
    token = token_of(ask(client, page))
    for _number in range(120):
        send(client, page, fill(token))
    response = send(client, page, fill(token, text="نص لا يضيع"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "نص لا يضيع" in response.content.decode()


def test_another_network_is_not_held_up(client, page):
    token = token_of(ask(client, page))
    for _number in range(121):
        send(client, page, fill(token))
    # A form of their own: one form is limited wherever it is sent from.
    fresh = token_of(ask(client, page))
    other = send(client, page, fill(fresh), REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("direct", "told", "network"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "9.9.9.9", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("", "9.9.9.9", "9.9.9.9"),
        ("10.0.0.4", "192.0.2.1, 9.9.9.9", "9.9.9.9"),
        ("10.0.0.4", "nonsense", "10.0.0.4"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "", ""),
    ],
)
def test_people_behind_a_proxy_are_told_apart(rf, direct, told, network):
    request = rf.get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=told)
    assert abuse.network_of(request) == network


def test_more_fields_than_the_server_reads_get_a_clear_answer(client, page):
    token = token_of(ask(client, page))
    many = {f"field{number}": "x" for number in range(1500)}
    response = send(client, page, fill(token) | many)
    assert response.status_code == 413


def test_ten_megabytes_get_a_clear_answer(client, page):
    response = send(client, page, fill("x", text="أ" * 5_000_000))
    assert response.status_code == 413
    assert "10" in response.content.decode()
    assert not Participation.objects.exists()


def test_a_text_over_the_limit_is_kept_in_the_form(client, page):
    long = "كلمة " * 2_500
    response = take_part(client, page, text=long)
    assert response.status_code == 422
    assert long.strip() in response.content.decode()


def test_markup_controls_and_bidi_tricks_do_no_harm(client, page):
    hostile = "<script>alert(1)</script>\x00\u202eمقلوب <img src=x onerror=y>"
    shown = receipt_page(client, take_part(client, page, text=hostile))
    html = shown.content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    row = Participation.objects.get()
    assert "\x00" not in row.text
    assert "\u202e" not in row.text


def test_one_instant_before_closing_counts_and_at_closing_is_kept_apart(client, page):
    hour_before = CLOSES - timedelta(hours=1)
    in_time = fill(token_of(ask(client, page, at=hour_before)))
    just_late = fill(token_of(ask(client, page, at=hour_before)), text="متأخر")
    send(client, page, in_time, at=CLOSES - timedelta(microseconds=1))
    late = send(client, page, just_late, at=CLOSES)
    states = set(Participation.objects.values_list("text", "state"))
    assert (TEXT, State.RECEIVED) in states
    assert ("متأخر", State.LATE) in states
    with clock.rehearse(CLOSES):
        html = client.get(late["Location"]).content.decode()
    assert "متأخر" in html
    assert "ep-callout--warning" in html


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), CLOSES])
def test_outside_the_period_there_is_no_form_but_a_word(client, page, at):
    response = ask(client, page, at=at)
    assert response.status_code == 200
    assert b"<textarea" not in response.content


def test_a_withdrawn_topic_says_at_its_form_that_it_was_withdrawn(client, page):
    by_two(page.consultation, "withdraw", DURING)
    shown = ask(client, translation_of(page)).content.decode()
    assert "This topic was withdrawn." in shown
    assert "has ended" not in shown


def test_the_deadline_has_the_same_day_on_every_page(client):
    page = make_consultation_page(closes_at=MIDNIGHT)
    typed = fill(token_of(ask(client, page, at=MIDNIGHT - timedelta(hours=1))))
    late = send(client, page, typed, at=MIDNIGHT)
    english = translation_of(page)
    with clock.rehearse(MIDNIGHT):
        receipt = client.get(late["Location"].replace("/ar/", "/en/"))
        topic = client.get(english.get_url())
    form = ask(client, english, at=MIDNIGHT)
    for shown in (topic, form, receipt):
        words = strip_tags(shown.content.decode())
        assert "until the end of Sunday 26 April 2026" in words
        # The receipt also says when the text arrived: at that very midnight.
        assert shown is receipt or "27 April 2026" not in words


def test_what_can_be_influenced_stands_above_the_form(client, page):
    shown = ask(client, translation_of(page)).content.decode()
    above = shown[: shown.index("<textarea")]
    for words in ("The place of the playground", "The budget of four", "The Mayor"):
        assert words in above


@pytest.mark.parametrize(
    "changes",
    [
        {"publication": "not_published", "name": ""},
        {"sources": "مصدر آخر"},
        {"email": "other@citizens.example"},
        {"capacity": "expert"},
    ],
)
def test_another_choice_in_the_same_form_is_not_swallowed(client, page, changes):
    first = {"publication": "with_name", "name": "سارة"}
    typed = fill(token_of(ask(client, page)), **first)
    send(client, page, typed)
    response = send(client, page, typed | changes)
    assert response.status_code == 409
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "\u200b"},
        {"text": "\u200f\u200e"},
        {"text": "\u202e\u200f\u202e", "sources": "مصدر"},
        {"text": "\u3164\u115f\u2800"},
        {"publication": "with_name", "name": "\u202e\u2066"},
        {"publication": "with_name", "name": "\u200b"},
    ],
)
def test_what_nobody_can_see_is_empty(client, page, changes):
    assert take_part(client, page, **changes).status_code == 422
    assert not Participation.objects.exists()


def test_nul_in_any_text_goes_silently(client, page):
    take_part(client, page, text="a\x00b", sources="c\x00d", name="e\x00f")
    row = Participation.objects.get()
    assert (row.text, row.data["sources"]) == ("ab", "cd")


def test_a_reply_to_what_is_not_there_asks_before_it_stands_alone(client, page):
    shown = ask(client, page, "participate/comment/?reply_to=zzzz").content.decode()
    assert "ep-callout--warning" in shown
    typed = fill(token_of(ask(client, page)), reply_to="zzzz")
    refused = send(client, page, typed)
    assert (refused.status_code, Participation.objects.count()) == (422, 0)
    assert TEXT in refused.content.decode()
    send(client, page, typed | {"reply_to": ""})
    assert Participation.objects.get().parent is None


def test_what_cannot_be_read_is_answered_in_the_readers_language(client, page):
    look_up = reverse("eparticipation:look_up", args=["ar"])
    broken = client.post(look_up, "x", content_type="multipart/form-data")
    assert broken.status_code == 422
    huge = client.post(look_up, {"code": "x" * 3_000_000})
    assert huge.status_code == 422
    url = reverse(
        "eparticipation:send", args=["ar", page.consultation.public_id, "comment"]
    )
    with clock.rehearse(DURING):
        assert (
            client.post(url, "x", content_type="multipart/form-data").status_code == 413
        )


def test_a_topic_by_invitation_admits_nobody_else(client, page):
    Consultation.objects.filter(pk=page.consultation_id).update(audience_mode="invited")
    page.refresh_from_db()
    response = send(client, page, fill(tokens.new_token().signed(page.consultation)))
    assert response.status_code in (403, 422)
    assert not Participation.objects.exists()


def test_a_tool_that_the_topic_does_not_offer_is_not_there(client, page):
    assert ask(client, page, "participate/poll/").status_code == 404
    token = tokens.new_token().signed(page.consultation)
    answer = send(client, page, fill(token), tool="poll")
    assert answer.status_code == 410
    assert "زر الرجوع" in answer.content.decode()


def test_a_draft_topic_has_no_form(client):
    page = make_consultation_page(stage="draft")
    token = tokens.new_token().signed(page.consultation)
    assert send(client, page, fill(token), follow=True).status_code == 410


def test_a_private_page_is_private_at_the_sending_address_too(client, page):
    page.view_restrictions.create(restriction_type="login")
    token = tokens.new_token().signed(page.consultation)
    assert send(client, page, fill(token), follow=True).status_code == 410
    assert not Participation.objects.exists()


def test_arabic_written_on_the_english_page_is_recorded_as_arabic(client, page):
    english = translation_of(page, "en")
    token = token_of(ask(client, english))
    send(client, page, fill(token, language="en"), language="en")
    row = Participation.objects.get()
    assert (row.language, row.consent_language) == ("ar", "en")


def test_a_suggestion_has_a_title_and_a_place(client, page):
    token = token_of(ask(client, page, "participate/suggestion/"))
    data = fill(token, title="مظلات", place="عند البوابة الشمالية")
    response = send(client, page, data, tool="suggestion")
    assert response.status_code == 302
    row = Participation.objects.get()
    assert (row.title, row.data["place"]) == ("مظلات", "عند البوابة الشمالية")


@pytest.mark.parametrize(
    ("chosen", "text", "expected"),
    [
        ("ar", "الصور هنا: https://www.alwaha.example/ar/projects/containers", "ar"),
        ("ar", "نقترح Smart Parking Management System في السوق", "ar"),
        ("ar", "More shade, please", "en"),
        ("en", "نريد ظلاً أكثر", "ar"),
        ("en", "Near the sign «حي النخيل» please", "en"),
        ("en", "https://alwaha.example/حي", "en"),
        ("und", "نريد", "und"),
        ("ur", "More shade", "en"),
    ],
)
def test_a_choice_of_language_gives_way_to_a_whole_text_in_another_script(
    chosen, text, expected
):
    assert languages_written.corrected(chosen, text) == expected


def test_a_stale_form_of_a_topic_that_is_over_says_so(client, page):
    by_two(page.consultation, "withdraw", DURING)
    answer = send(client, page, fill("forged"))
    assert answer.status_code == 422
    assert "لم يعد هذا الموضوع" in answer.content.decode()


def test_a_question_as_label_takes_no_colon(client, page):
    answer = send(client, page, fill(token_of(ask(client, page)), publication=""))
    assert "؟:" not in answer.content.decode()


def test_a_form_without_a_name_is_taken_in_with_at_most_twelve_queries(
    client, page, django_assert_max_num_queries
):
    take_part(client, page)
    other = fill(token_of(ask(client, page)), text="مقاعد في الظل")
    with django_assert_max_num_queries(12):
        assert send(client, page, other).status_code == 302
    # What others say as well is flagged as a campaign: one row more.
    same = fill(token_of(ask(client, page)))
    with django_assert_max_num_queries(13):
        assert send(client, page, same).status_code == 302


def test_the_sources_of_a_comment_stand_on_its_receipt_and_in_the_copy(client, page):
    response = take_part(client, page, sources="تقرير السلامة 1447")
    assert "تقرير السلامة 1447" in receipt_page(client, response).content.decode()
    with clock.rehearse(DURING):
        copy = client.get(f"{response['Location']}copy/")
    assert "تقرير السلامة 1447" in copy.content.decode()
