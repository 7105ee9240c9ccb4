"""The receipt: found by its code, kept, changed and withdrawn by it."""

from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CLOSES, DURING
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
from wagtail_eparticipation.participations import tokens
from wagtail_eparticipation.participations.models import (
    Identity,
    Participation,
    PersonKey,
    State,
)

pytestmark = pytest.mark.django_db


def test_what_is_sent_lands_in_the_register_with_a_receipt(client, page):
    shown = receipt_page(client, take_part(client, page))
    row = Participation.objects.get()
    assert (row.text, row.state, row.channel) == (TEXT, State.RECEIVED, "portal")
    assert row.consent == "explicit"
    assert row.consent_version
    assert row.request_version == 1
    assert TEXT in shown.content.decode()
    assert not client.cookies


def test_the_receipt_is_found_by_its_code_alone(client, page):
    code = code_on(receipt_page(client, take_part(client, page)))
    url = reverse("eparticipation:look_up", args=["ar"])
    found = client.post(url, {"code": code.lower().replace("-", " ")})
    assert TEXT in client.get(found["Location"]).content.decode()
    assert code not in found["Location"]


@pytest.mark.parametrize("typed", ["", "x", "7KQM-2XWF-7KQM-2XWF-7KQM", "\x00" * 20])
def test_a_wrong_code_gets_a_clear_message(client, page, typed):
    response = client.post(
        reverse("eparticipation:look_up", args=["ar"]), {"code": typed}
    )
    assert response.status_code == 422
    assert b"id_code_error" in response.content


def test_the_receipt_shows_its_code_as_printed_however_it_was_typed(client, page):
    code = code_on(receipt_page(client, take_part(client, page)))
    typed = f"\u200f{code.lower()}".replace("-", " ")
    found = client.post(reverse("eparticipation:look_up", args=["ar"]), {"code": typed})
    assert code_on(receipt_page(client, found)) == code


def test_guessing_codes_is_limited(client, page):
    url = reverse("eparticipation:look_up", args=["en"])
    codes = [client.post(url, {"code": "7KQM-2XWF-7KQM-2XWF-7KQM"}) for _ in range(31)]
    assert codes[-1].status_code == 429
    assert 0 < int(codes[-1]["Retry-After"]) <= 600


def test_an_address_with_a_receipt_cannot_be_made_up(client, page):
    response = client.get(reverse("eparticipation:receipt", args=["ar", "gAAAAAB"]))
    assert response.status_code == 302
    look_up = reverse("eparticipation:look_up", args=["ar"])
    assert response["Location"] == f"{look_up}?expired=1"


@pytest.mark.parametrize("asked_for", ["ar", "en"])
def test_the_answer_names_the_language_of_its_address(client, page, asked_for):
    data = fill("forged")
    address = reverse("eparticipation:look_up", args=["en"])
    for response in (
        client.get(address, HTTP_ACCEPT_LANGUAGE=asked_for),
        send(client, page, data, language="en", HTTP_ACCEPT_LANGUAGE=asked_for),
    ):
        assert response["Content-Language"] == "en"


def test_every_address_that_can_be_read_answers_to_head(client, page):
    shown = take_part(client, page)["Location"]
    sending = ["ar", page.consultation.public_id, "comment"]
    with clock.rehearse(DURING):
        for address, status in (
            (reverse("eparticipation:look_up", args=["ar"]), 200),
            (reverse("eparticipation:send", args=sending), 302),
            (shown, 200),
            (f"{shown}copy/", 200),
            (f"{shown}change/", 200),
        ):
            assert client.head(address).status_code == status, address


def test_withdrawing_twice_is_no_mistake(client, page):
    response = take_part(client, page)
    with clock.rehearse(DURING):
        client.post(f"{response['Location']}withdraw/")
        shown = client.post(f"{response['Location']}withdraw/", follow=True)
    assert b"ep-callout--warning" not in shown.content


def test_the_receipt_can_be_kept_as_a_file(client, page):
    response = take_part(client, page)
    copied = client.get(f"{response['Location']}copy/")
    text = copied.content.decode("utf-8-sig")
    assert TEXT in text
    assert code_on(receipt_page(client, response)) in text
    assert "attachment" in copied["Content-Disposition"]


def test_opening_the_address_of_withdrawing_shows_the_receipt(client, page):
    response = take_part(client, page)
    with clock.rehearse(DURING):
        shown = client.get(f"{response['Location']}withdraw/", follow=True)
    assert shown.status_code == 200
    assert Participation.objects.get().state != State.WITHDRAWN


def test_what_was_withdrawn_is_not_said_to_be_changeable(client, page):
    data = fill(token_of(ask(client, page)), email="sara@example.org")
    response = send(client, page, data)
    with clock.rehearse(DURING):
        client.post(f"{response['Location']}withdraw/")
    again = send(client, page, {**data, "text": "نص آخر"})
    assert again.status_code == 409
    assert "ثم سحبته" in again.content.decode()


def test_withdrawing_takes_it_out_and_destroys_the_identity(client, page):
    response = take_part(client, page, name="سارة", email="sara@citizens.example")
    with clock.rehearse(DURING):
        client.post(f"{response['Location']}withdraw/")
    row = Participation.objects.get()
    assert row.state == State.WITHDRAWN
    assert not row.is_counted
    identity = Identity.objects.get()
    assert (identity.key, bytes(identity.sealed)) == (None, b"")


@pytest.mark.parametrize(
    "state", [State.REFUSED, State.TAKEN_DOWN, State.REPLACED, State.UNPUBLISHED]
)
def test_whatever_became_of_it_its_author_may_take_it_back(client, page, state):
    response = take_part(client, page, publication="with_name", name="سارة")
    Participation.objects.update(state=state)
    with clock.rehearse(DURING):
        client.post(f"{response['Location']}withdraw/")
    row = Participation.objects.get()
    assert (row.state, row.public_name) == (State.WITHDRAWN, "")
    assert not PersonKey.objects.exists()


@pytest.mark.parametrize("tail", ["copy/", "withdraw/"])
def test_a_receipt_left_open_too_long_leads_to_the_look_up(client, page, tail):
    shown = take_part(client, page)["Location"]
    later = timezone.now() + 2 * tokens.ADDRESS_LIFETIME
    with mock.patch("time.time", return_value=later.timestamp()):
        call = client.get if tail == "copy/" else client.post
        response = call(f"{shown}{tail}")
    look_up = reverse("eparticipation:look_up", args=["ar"])
    assert response["Location"] == f"{look_up}?expired=1"
    assert Participation.objects.get().state == State.RECEIVED


def test_after_closing_nothing_is_withdrawn_and_the_page_says_so(client, page):
    response = take_part(client, page)
    with clock.rehearse(CLOSES):
        answer = client.post(f"{response['Location']}withdraw/")
        shown = client.get(answer["Location"])
    assert "فات أوان السحب" in shown.content.decode()
    assert Participation.objects.get().state == State.RECEIVED
    assert b"withdraw/" not in shown.content


@pytest.mark.parametrize(
    "dressed",
    [
        "\u200e{}\u200f",
        lambda code: code.replace("-", "\u2011"),
        lambda code: code.replace("-", "\u2212"),
        lambda code: code.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩")),
    ],
)
def test_a_code_is_found_as_mail_and_keyboards_dress_it(client, page, dressed):
    code = code_on(receipt_page(client, take_part(client, page)))
    typed = dressed(code) if callable(dressed) else dressed.format(code)
    answer = client.post(
        reverse("eparticipation:look_up", args=["ar"]), {"code": typed}
    )
    assert answer.status_code == 302


def test_the_copy_of_an_arabic_receipt_is_arabic(client, page):
    shown = take_part(client, page)["Location"]
    with clock.rehearse(DURING):
        copied = client.get(f"{shown}copy/").content.decode("utf-8-sig")
    assert "الموضوع: " in copied
    assert "Topic" not in copied


def withdrawn(client, page):
    """A form that was sent and withdrawn: its token, and the receipt's page."""
    token = token_of(ask(client, page))
    sent = send(client, page, fill(token))
    with clock.rehearse(DURING):
        taken_back = client.post(f"{sent['Location']}withdraw/", follow=True)
    return token, sent, taken_back


def test_withdrawing_is_confirmed_and_shows_no_choice_any_more(client, page):
    _token, _sent, taken_back = withdrawn(client, page)
    html = taken_back.content.decode()
    assert "سُحبت مشاركتك" in html
    assert "طريقة العرض" not in html


def test_a_receipt_opened_again_after_withdrawing_says_no_more_that_it_arrived(
    client, page
):
    _token, sent, _taken_back = withdrawn(client, page)
    assert "وصلت مشاركتك" not in receipt_page(client, sent).content.decode()


def test_a_withdrawn_form_sent_again_unchanged_is_not_said_to_have_arrived(
    client, page
):
    token, _sent, _taken_back = withdrawn(client, page)
    again = send(client, page, fill(token))
    assert again.status_code == 409
    assert TEXT in again.content.decode()
    assert send(client, page, fill(token_of(again))).status_code == 302
    assert Participation.objects.counted().count() == 1


@pytest.mark.parametrize(
    ("publication", "is_shown"), [("without_name", True), ("not_published", False)]
)
def test_the_receipt_says_whether_it_will_be_shown(client, page, publication, is_shown):
    shown = receipt_page(client, take_part(client, page, publication=publication))
    assert ("لا تُعرض" not in shown.content.decode()) == is_shown


@pytest.mark.parametrize(
    ("text", "told"),
    [("نص جديد", "حُفظت تعديلاتك"), (TEXT, "لم يتغير شيء")],
)
def test_saving_a_change_is_confirmed(client, page, text, told):
    sent = take_part(client, page)
    changes = {"text": text, "language": "ar", "publication": "without_name"}
    with clock.rehearse(DURING):
        html = client.post(f"{sent['Location']}change/", changes, follow=True)
    html = html.content.decode()
    assert told in html
    assert ("آخر تعديل" in html) == (text != TEXT)


def test_changes_from_one_network_are_limited_with_the_text_kept(client, page):
    sent = take_part(client, page)
    for number in range(120):
        changes = {"language": "ar", "publication": "without_name"}
        changes["text"] = f"نص {number}"
        with clock.rehearse(DURING):
            answer = client.post(f"{sent['Location']}change/", changes)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "نص 119" in answer.content.decode()
    assert Participation.objects.get().text == "نص 118"
