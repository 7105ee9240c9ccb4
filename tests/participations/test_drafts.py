"""Saving a form and going on with it later (R-5.3.1b, AC-S3-F8)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import CLOSES, DURING
from tests.factories_pages import translation_of
from tests.participations.saving import begin, hidden, look, press, save
from tests.participations.sending import TEXT, ask, fill, send, token_of
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.participations import abuse, drafts
from wagtail_eparticipation.participations.drafts import SavedDraft
from wagtail_eparticipation.participations.models import (
    Participation,
)

pytestmark = pytest.mark.django_db

LAST_MOMENT = CLOSES - timedelta(microseconds=1)
ADDRESS = "sara@people.example"


def test_saved_opened_and_sent_it_counts_once_and_the_draft_is_gone(client, page):
    path = begin(client, page, name="سارة", publication="with_name", capacity="expert")
    assert not Participation.objects.exists()
    shown = look(client, f"{path}saved/")
    assert f"http://testserver{path}" in shown.content.decode()
    form = look(client, path)
    html = form.content.decode()
    assert TEXT in html and 'value="سارة"' in html
    assert re.search(r'value="with_name"[^>]* checked', html)
    data = fill(token_of(form), publication="with_name", name="سارة")
    response = send(client, page, data | {"draft": hidden(form, "draft")})
    assert response.status_code == 302
    assert Participation.objects.get().text == TEXT
    assert not SavedDraft.objects.exists()
    assert look(client, path).status_code == 410


def test_the_pages_set_no_cookie_and_are_kept_nowhere(client, page):
    path = begin(client, page)
    for address in (path, f"{path}saved/", f"{path}copy/"):
        response = look(client, address)
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "same-origin"
    assert not client.cookies


def test_the_database_alone_opens_nothing(client, page):
    path = begin(client, page, email=ADDRESS)
    token = path.rstrip("/").rpartition("/")[2]
    row = SavedDraft.objects.values().get()
    written = str(
        {name: bytes(v) if name == "content" else v for name, v in row.items()}
    )
    for secret in (token, TEXT, ADDRESS):
        assert secret not in written
    draft = SavedDraft.objects.get()
    assert drafts.typed_of(draft, token)["text"] == TEXT
    assert not drafts.typed_of(draft, "another")


def test_sent_from_two_tabs_it_counts_once(client, page):
    path = begin(client, page)
    first, second = look(client, path), look(client, path)
    for form in (first, second):
        send(client, page, fill(token_of(form)) | {"draft": hidden(form, "draft")})
    assert Participation.objects.count() == 1


def test_sent_without_its_draft_and_again_from_it_counts_once(client, page):
    typed = {"token": token_of(ask(client, page)), "text": TEXT}
    path = save(client, page, typed)["Location"].removesuffix("saved/")
    send(client, page, fill(typed["token"]))
    form = look(client, path)
    send(client, page, fill(token_of(form)))
    assert Participation.objects.count() == 1


def test_opened_weeks_later_it_is_sent_without_a_detour(client, page):
    path = begin(client, page)
    later = DURING + timedelta(days=13)
    form = look(client, path, at=later)
    data = fill(token_of(form)) | {"draft": hidden(form, "draft")}
    assert send(client, page, data, at=later).status_code == 302


def test_saved_again_it_keeps_its_link(client, page):
    path = begin(client, page)
    form = look(client, path)
    typed = {"token": token_of(form), "draft": hidden(form, "draft"), "text": "أكثر"}
    again = save(client, page, typed)
    assert again["Location"] == f"{path}saved/"
    assert "أكثر" in look(client, path).content.decode()
    assert SavedDraft.objects.count() == 1


def test_two_windows_do_not_save_over_each_other(client, page):
    path = begin(client, page, text="الأول")
    minute = timedelta(minutes=1)
    forms = [look(client, path, at=DURING + n * minute) for n in (1, 2)]
    for text, form in zip(("أ", "ب"), forms, strict=True):
        typed = {"token": token_of(form), "draft": hidden(form, "draft"), "text": text}
        for _press in range(2):
            save(client, page, typed, at=DURING + 3 * minute)
    kept = SavedDraft.objects.count()
    assert kept == 2
    assert "أ" in look(client, path).content.decode()


def test_acceptance_is_not_saved_but_given_when_it_is_sent(client, page):
    path = begin(client, page, accept="on", website="fallen in")
    html = look(client, path).content.decode()
    assert not re.search(r'name="accept"[^>]* checked', html)
    assert "fallen in" not in html


def test_it_is_opened_in_the_other_language_too(client, page):
    path = begin(client, page)
    html = look(client, path).content.decode()
    english = path.replace("/ar/", "/en/")
    assert english in html
    shown = look(client, english).content.decode()
    assert '<html lang="en"' in shown and TEXT in shown
    assert (
        reverse(
            "eparticipation:send", args=["en", page.consultation.public_id, "comment"]
        )
        in shown
    )


def test_in_a_language_without_a_page_its_words_are_shown(client, page):
    path = begin(client, page)
    ConsultationPage.objects.filter(pk=translation_of(page).pk).update(live=False)
    shown = look(client, path.replace("/ar/", "/en/"))
    assert shown.status_code == 200 and TEXT in shown.content.decode()


def test_nothing_has_to_be_filled_in_to_be_saved(client, page):
    path = begin(client, page, text="", email="half@")
    assert 'value="half@"' in look(client, path).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "<script>alert(1)</script>\x00\u202e"},
        {"text": '"><img src=x onerror=alert(1)>', "capacity": "../../etc"},
        {"publication": ["a", "b"], "language": "xx", "reply_to": "' OR 1=1"},
        {"unknown": "x", "draft": "'; DROP TABLE", "csrfmiddlewaretoken": "x"},
        {"draft": "x" * 5000},
    ],
)
def test_hostile_fields_are_words_and_nothing_else(client, page, changes):
    path = begin(client, page, **changes)
    for address in (path, f"{path}saved/", f"{path}copy/"):
        shown = look(client, address)
        assert shown.status_code == 200
        if "html" in shown["Content-Type"]:
            assert "<script>alert" not in shown.content.decode()
            assert "<img src=x" not in shown.content.decode()


def test_a_foreign_site_saves_nothing_in_anybodys_name(client, page):
    response = save(client, page, {"token": "forged", "text": TEXT})
    assert response.status_code == 422
    assert TEXT in response.content.decode()
    assert not SavedDraft.objects.exists()


def test_what_is_too_long_is_not_saved_and_not_lost(client, page, monkeypatch):
    monkeypatch.setattr(drafts, "SIZE_LIMIT", 100)
    token = token_of(ask(client, page))
    response = save(client, page, {"token": token, "text": TEXT})
    assert response.status_code == 422
    assert TEXT in response.content.decode()
    assert not SavedDraft.objects.exists()


def test_too_many_from_one_network_have_to_wait(client, page, monkeypatch):
    monkeypatch.setattr(abuse, "SAVING", abuse.Limit("save", 1, 600))
    begin(client, page)
    token = token_of(ask(client, page))
    response = save(client, page, {"token": token, "text": TEXT})
    assert response.status_code == 429 and response["Retry-After"]
    assert TEXT in response.content.decode()


@pytest.mark.parametrize("token", ["x", "x" * 200, "..", "%00", "{{7*7}}"])
def test_a_wrong_link_shows_nothing(client, page, token):
    begin(client, page)
    for tail in ("", "saved/", "copy/"):
        response = look(client, f"/eparticipation/ar/draft/{token}/{tail}")
        assert response.status_code in (404, 410)
    for tail in ("mail/", "delete/"):
        response = press(client, f"/eparticipation/ar/draft/{token}/{tail}")
        assert response.status_code in (404, 410)
    assert SavedDraft.objects.exists()


def test_a_draft_is_in_no_list_and_no_number(client, page):
    begin(client, page)
    assert not page.consultation.participations.exists()
    assert not Participation.objects.counted().exists()


def test_a_signed_in_person_goes_on_where_they_were(client, page):
    from tests.participations.test_persons import asking, signed_in

    asking(page, identity_mode="signed_in")
    sara = signed_in("sara")
    path = begin(sara, page)
    form = look(sara, path)
    data = fill(token_of(form)) | {"draft": hidden(form, "draft")}
    assert send(sara, page, data).status_code == 302
    assert not SavedDraft.objects.exists()
