"""The pause before sending, as somebody without script goes through it."""

import html
import logging
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import CLOSES, DURING
from tests.factories_pages import translation_of
from tests.moderation import small_advisers
from tests.moderation.small_advisers import INSULT, MOBILE, NUMBER, OTHER_NUMBER
from tests.participations.sending import (
    TEXT,
    ask,
    code_on,
    fill,
    receipt_page,
    send,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import hinting
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def advisers(monkeypatch):
    small_advisers.use(monkeypatch)


def field_of(response, name):
    """What the form holds in a field, as the browser would send it."""
    text = response.content.decode()
    found = re.search(
        rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"|'
        rf'<textarea[^>]*name="{name}"[^>]*>\n?([^<]*)</textarea>',
        text,
    )
    return html.unescape(found[1] or found[2] or "") if found else ""


def again(client, page, response, data, **changes):
    """Send what the form holds now, with a button pressed or something changed."""
    held = {
        **data,
        "token": token_of(response),
        "hinted": field_of(response, "hinted"),
        "text": field_of(response, "text"),
        **changes,
    }
    return send(client, page, held)


def first(client, page, **changes):
    data = fill(token_of(ask(client, page)), **changes)
    return data, send(client, page, data)


def test_a_text_without_findings_is_sent_at_once(client, page):
    _data, response = first(client, page)
    assert response.status_code == 302
    assert Participation.objects.count() == 1


def test_the_hint_points_at_the_number_and_nothing_is_sent(client, page):
    _data, response = first(client, page, text=MOBILE)
    shown = response.content.decode()
    assert response.status_code == 200
    assert f"<mark>{NUMBER}</mark>" in shown
    assert 'class="ep-error-summary"' not in shown
    assert "no-store" in response["Cache-Control"]
    assert not Participation.objects.exists()


def test_the_hint_links_to_the_rule_in_the_policys_own_words(client, page):
    _data, response = first(client, page, text=MOBILE)
    shown = response.content.decode()
    assert re.search(r'href="[^"]+/qassim/1\.0/#rule-8"[^>]*>عدم كتابة بيانات', shown)
    assert "قد تكون هذه بيانات شخصية" in shown


def test_the_hint_speaks_the_readers_language_whatever_the_text_is_in(client, page):
    english = translation_of(page, "en")
    data = fill(token_of(ask(client, english)), text=MOBILE)
    shown = send(client, english, data, language="en").content.decode()
    assert "This may be personal data." in shown
    assert "Send it as it is: what is marked will be hidden" in shown


def test_sent_again_unchanged_it_goes_through_with_every_word(client, page):
    data, response = first(client, page, text=MOBILE)
    done = again(client, page, response, data)
    assert done.status_code == 302
    assert Participation.objects.get().text == MOBILE


def test_every_entry_is_still_there_when_the_form_comes_back(client, page):
    entered = {
        "text": MOBILE,
        "sources": "المصدر",
        "name": "سارة",
        "email": "sara@example.org",
        "publication": "with_name",
    }
    _data, response = first(client, page, **entered)
    shown = response.content.decode()
    for value in ("المصدر", "سارة", "sara@example.org"):
        assert value in shown
    assert field_of(response, "text") == MOBILE
    assert re.search(r'value="with_name"[^>]*checked', shown)


def test_taken_out_are_the_exact_characters_and_the_text_is_shown_again(client, page):
    data, response = first(client, page, text=f"{MOBILE} ليلاً")
    key = re.search(r'name="remove_hint" value="([^"]+)"', response.content.decode())[1]
    shown = again(client, page, response, data, remove_hint=key)
    assert shown.status_code == 200
    assert field_of(shown, "text") == "جوالي  ليلاً"
    assert f"<bdi>{NUMBER}</bdi>" in shown.content.decode()
    assert not Participation.objects.exists()
    assert again(client, page, shown, data).status_code == 302
    assert Participation.objects.get().text == "جوالي  ليلاً"


def test_one_button_takes_all_of_them_out_in_every_field(client, page):
    data, response = first(
        client, page, text=f"{NUMBER} أو {OTHER_NUMBER}", sources=f"من {NUMBER}"
    )
    assert 'name="remove_hint" value="all"' in response.content.decode()
    shown = again(client, page, response, data, remove_hint="all")
    assert field_of(shown, "text").strip() == "أو"
    assert field_of(shown, "sources") == "من "


def test_the_words_of_another_rule_have_no_button_to_take_them_out(client, page):
    _data, response = first(client, page, text=f"هذا {INSULT}")
    assert 'name="remove_hint"' not in response.content.decode()


def test_a_removal_that_empties_the_text_says_so_and_keeps_the_rest(client, page):
    data, response = first(client, page, text=NUMBER, name="سارة")
    shown = again(client, page, response, data, remove_hint="all")
    assert shown.status_code == 422
    assert "سارة" in shown.content.decode()
    assert f"<bdi>{NUMBER}</bdi>" in shown.content.decode()


def test_a_removal_works_beside_a_mistake_elsewhere_in_the_form(client, page):
    data, response = first(client, page, text=MOBILE)
    shown = again(client, page, response, data, remove_hint="all", accept="")
    assert shown.status_code == 422
    assert field_of(shown, "text") == "جوالي "


def test_a_new_finding_after_editing_is_hinted_at_and_an_old_one_is_not(client, page):
    data, response = first(client, page, text=MOBILE)
    longer = f"{MOBILE} و{OTHER_NUMBER}"
    second = again(client, page, response, data, text=longer)
    assert second.status_code == 200
    assert f"<mark>{OTHER_NUMBER}</mark>" in second.content.decode()
    assert again(client, page, second, data).status_code == 302


def test_the_same_number_elsewhere_in_the_text_is_no_new_finding(client, page):
    data, response = first(client, page, text=MOBILE)
    moved = f"قبل كل شيء: {MOBILE}"
    assert again(client, page, response, data, text=moved).status_code == 302


def test_answered_hints_stay_answered_through_a_mistake(client, page):
    data, response = first(client, page, text=MOBILE)
    mistaken = again(client, page, response, data, accept="")
    assert mistaken.status_code == 422
    assert again(client, page, mistaken, data).status_code == 302


@pytest.mark.parametrize("hinted", ["", "x" * 100_000, "..", "' OR 1=1", "<script>"])
def test_nonsense_in_the_hidden_field_only_shows_the_hint(client, page, hinted):
    _data, response = first(client, page, text=MOBILE, hinted=hinted)
    assert response.status_code == 200
    assert "<script>'" not in response.content.decode()


def test_a_forged_token_is_refused_before_any_hint(client, page):
    data = fill("forged", text=MOBILE, remove_hint="all")
    response = send(client, page, data)
    assert response.status_code == 422
    assert field_of(response, "text") == MOBILE


def test_the_whole_way_has_one_key_and_back_and_again_is_one_voice(client, page):
    data, response = first(client, page, text=MOBILE)
    one = receipt_page(client, again(client, page, response, data))
    two = receipt_page(client, again(client, page, response, data))
    assert code_on(one) == code_on(two)
    assert Participation.objects.count() == 1


def test_who_pauses_over_the_closing_is_in_time_by_the_forms_own_instant(
    client, page, settings
):
    settings.WAGTAIL_EPARTICIPATION = {
        **settings.WAGTAIL_EPARTICIPATION,
        "CLOSING_GRACE": 600,
    }
    before = CLOSES - timedelta(minutes=1)
    data = fill(token_of(ask(client, page, at=before)), text=MOBILE)
    response = send(client, page, data, at=before)
    data |= {"token": token_of(response), "hinted": field_of(response, "hinted")}
    done = send(client, page, data, at=CLOSES + timedelta(minutes=1))
    assert done.status_code == 302
    assert Participation.objects.get().within_grace


def test_thousands_of_findings_are_shown_in_part_and_sent_in_one_more_step(
    client, page
):
    numbers = " ".join(f"05{n:08}" for n in range(900))
    data, response = first(client, page, text=numbers)
    shown = response.content.decode()
    assert shown.count("<mark>") == hinting.SHOWN
    assert str(900 - hinting.SHOWN) in shown
    assert len(response.content) < 200_000
    assert len(field_of(response, "hinted")) < 5_000
    assert again(client, page, response, data).status_code == 302


def test_thousands_of_findings_can_all_be_taken_out_at_once(client, page):
    numbers = " ".join(f"05{n:08}" for n in range(900))
    data, response = first(client, page, text=f"بداية {numbers} نهاية")
    shown = again(client, page, response, data, remove_hint="all")
    assert "05" not in field_of(shown, "text")
    assert shown.status_code == 200


@pytest.mark.parametrize(
    "around",
    [
        "<script>alert(1)</script>",
        "{{ 7 }}",
        "&amp;",
        "\u202eنص",
        "👩\u200d👧",
        "أ\u0651",
    ],
)
def test_what_stands_around_a_place_is_escaped_and_whole(client, page, around):
    data, response = first(client, page, text=f"{around}{NUMBER}{around}")
    shown = response.content.decode()
    assert f"<mark>{NUMBER}</mark>" in shown
    assert "<script>alert" not in shown
    done = again(client, page, response, data, remove_hint="all")
    assert NUMBER not in field_of(done, "text")


def test_an_adviser_that_fails_keeps_nobody_from_sending(
    client, page, monkeypatch, caplog
):
    small_advisers.use(monkeypatch, small_advisers.broken)
    with caplog.at_level(logging.DEBUG):
        _data, response = first(client, page)
    assert response.status_code == 302
    assert Participation.objects.count() == 1
    assert TEXT not in caplog.text


def test_nothing_of_the_text_is_logged(client, page, caplog):
    with caplog.at_level(logging.DEBUG):
        data, response = first(client, page, text=MOBILE)
        again(client, page, response, data)
    assert NUMBER not in caplog.text


def test_a_topic_without_a_policy_of_its_own_hints_by_the_one_in_force(client, page):
    Consultation.objects.update(policy_version=None)
    _data, response = first(client, page, text=MOBILE)
    assert f"<mark>{NUMBER}</mark>" in response.content.decode()


def test_going_on_in_another_language_loses_no_answer(client, page):
    translation_of(page, "en")
    data, response = first(client, page, text=MOBILE)
    held = {**data, "token": token_of(response), "other_language": "1"}
    held["hinted"] = field_of(response, "hinted")
    other = send(client, page, held, language="en")
    assert field_of(other, "hinted") == held["hinted"]


def test_changing_ones_words_is_hinted_at_too(client, page):
    _data, response = first(client, page)
    receipt = receipt_page(client, response).content.decode()
    change_url = re.search(r'href="([^"]+/change/)"', receipt)[1]
    changed = {"text": MOBILE, "language": "ar", "publication": "without_name"}
    with clock.rehearse(DURING):
        shown = client.post(change_url, changed)
        assert shown.status_code == 200
        assert f"<mark>{NUMBER}</mark>" in shown.content.decode()
        assert Participation.objects.get().text == TEXT
        changed["hinted"] = field_of(shown, "hinted")
        done = client.post(change_url, changed)
    assert done.status_code == 302
    assert Participation.objects.get().text == MOBILE


def test_the_places_of_a_suggestions_title_are_named_by_its_label(client, page):
    token = token_of(ask(client, page, "participate/suggestion/"))
    data = fill(token, title=f"اقتراح {NUMBER}")
    shown = send(client, page, data, tool="suggestion").content.decode()
    assert f"<mark>{NUMBER}</mark>" in shown
    assert "اقتراحك" in shown or "الاقتراح" in shown or "المقترح" in shown


def look(client, page, data, *, tool="comment", language="ar", at=DURING):
    url = reverse(
        "eparticipation:hints", args=[language, page.consultation.public_id, tool]
    )
    with clock.rehearse(at):
        return client.post(url, data)


def test_while_typing_the_hint_is_a_piece_of_the_page_that_nobody_keeps(client, page):
    token = token_of(ask(client, page))
    response = look(client, page, {"token": token, "text": MOBILE})
    shown = response.content.decode()
    assert response.status_code == 200
    assert f"<mark>{NUMBER}</mark>" in shown
    assert 'data-ep-hint-remove="text"' in shown
    assert "<html" not in shown
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert not Participation.objects.exists()


def test_while_typing_a_half_filled_form_is_no_mistake(client, page):
    token = token_of(ask(client, page))
    response = look(client, page, {"token": token, "text": TEXT})
    assert (response.status_code, response.content.strip()) == (200, b"")


def test_while_typing_an_answered_hint_stays_away(client, page):
    token = token_of(ask(client, page))
    shown = look(client, page, {"token": token, "text": MOBILE}).content.decode()
    key = re.search(r'data-ep-hint-keep="([^"]+)"', shown)[1]
    data = {"token": token, "text": MOBILE, "hinted": key}
    assert not look(client, page, data).content.strip()
    sent = send(client, page, fill(token, text=MOBILE, hinted=key))
    assert sent.status_code == 302


def test_while_typing_equal_words_are_told_apart_by_their_turn(client, page):
    token = token_of(ask(client, page))
    data = {"token": token, "text": f"{NUMBER} ثم {NUMBER}"}
    shown = look(client, page, data).content.decode()
    assert re.findall(r'data-ep-hint-nth="(\d)"', shown) == ["0", "1"]


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_a_form_of_ours_no_hint_is_given(client, page, token):
    response = look(client, page, {"token": token, "text": MOBILE})
    assert (response.status_code, response.content) == (403, b"")


def test_the_form_of_another_topic_gives_no_hint(client, page):
    from tests.factories_pages import make_consultation_page

    token = token_of(ask(client, page))
    other = make_consultation_page(stage="published")
    assert look(client, other, {"token": token, "text": MOBILE}).status_code == 403


def test_hints_cannot_be_asked_for_by_an_address_alone(client, page):
    place = [page.consultation.public_id, "comment"]
    url = reverse("eparticipation:hints", args=["ar", *place])
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("tool", ["poll", "nothing"])
def test_a_tool_that_the_topic_does_not_offer_gives_no_hint(client, page, tool):
    token = token_of(ask(client, page))
    response = look(client, page, {"token": token, "text": MOBILE}, tool=tool)
    assert response.status_code in (404, 410)


def test_a_text_over_the_limit_gets_no_hint_and_no_error_page(client, page):
    token = token_of(ask(client, page))
    response = look(client, page, {"token": token, "text": NUMBER + "ا" * 20_000})
    assert (response.status_code, response.content.strip()) == (200, b"")


def test_more_than_the_server_reads_is_answered_without_content(client, page, settings):
    token = token_of(ask(client, page))
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = look(client, page, {"token": token, "text": "ا" * 5_000})
    assert (response.status_code, response.content) == (413, b"")


def test_who_asks_without_end_is_told_when_to_ask_again(client, page, monkeypatch):
    from wagtail_eparticipation.participations import abuse

    monkeypatch.setattr(abuse, "HINTING", abuse.Limit("hints", 2, 600))
    data = {"token": token_of(ask(client, page)), "text": MOBILE}
    answers = [look(client, page, data) for _turn in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    # Sending is counted apart.
    assert send(client, page, fill(data["token"])).status_code == 302


@pytest.mark.parametrize("times", [1, 20])
def test_a_hint_costs_no_query_for_each_place(
    client, page, django_assert_max_num_queries, times
):
    token = token_of(ask(client, page))
    text = " ".join(f"05{n:08}" for n in range(times))
    data = {"token": token, "text": text}
    look(client, page, data)
    with django_assert_max_num_queries(5):
        look(client, page, data)


def test_the_receipt_lets_the_browser_remember_the_topic_and_sets_no_cookie(
    client, page
):
    _data, response = first(client, page)
    receipt = receipt_page(client, response)
    known = f'data-ep-took-part-in="{page.consultation.public_id}"'
    assert known in receipt.content.decode()
    assert not client.cookies
    form = ask(client, page).content.decode()
    notice = rf'hidden data-ep-took-part="{page.consultation.public_id}"'
    assert notice in form
