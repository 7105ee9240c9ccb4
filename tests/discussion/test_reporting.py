"""Reporting a published voice: for everyone, without script, once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from tests.discussion.makers import make_participation, make_voice
from tests.discussion.reading import (
    address_of,
    fresh_token,
    send_report,
    token_in,
)
from tests.factories import AFTER, DURING, make_user
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion import report_views
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import reply_officially, take_back
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import reports
from wagtail_eparticipation.participations.models import Participation, PersonKey
from wagtail_eparticipation.participations.receipt_notes import notes_for
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

MAIL = "reporter@people.example"


@pytest.fixture(autouse=True)
def during():
    cache.clear()
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page(policy_version=install_pack("qassim")[0])


@pytest.fixture
def voice(page):
    return make_voice(page.consultation)


def text_of(response):
    return response.content.decode()


def test_each_voice_and_official_reply_can_be_reported_from_every_page(
    client, page, voice
):
    official = reply_officially(
        page.consultation,
        text="شكراً",
        language="ar",
        actor=make_user(permissions=["reply_officially"]),
        to=voice,
    )
    for tail in ("", "discussion/", f"discussion/{voice.key}/"):
        shown = text_of(client.get(f"{page.get_url()}{tail}"))
        assert address_of(voice) in shown
        assert address_of(official) in shown
    english = text_of(client.get(f"{translation_of(page).get_url()}discussion/"))
    assert address_of(voice, language="en") in english


def test_the_form_offers_the_rules_of_the_policy_and_sets_no_cookie(client, voice):
    response = client.get(address_of(voice))
    assert response.status_code == 200
    assert not response.cookies
    shown = text_of(response)
    assert voice.comment in shown
    for code in ("rule-8", "take_down.law", FALSE_ATTRIBUTION, "other"):
        assert f'value="{code}"' in shown
    # Style is no ground on which anything could follow.
    assert 'value="rule-2"' not in shown
    assert "noindex" in shown


def test_a_report_is_one_row_and_one_event_without_words(client, voice):
    response = send_report(client, voice, reason="rule-8", email=MAIL)
    assert response.status_code == 302
    (report,) = ContentReport.objects.all()
    assert (report.comment_id, report.reason, report.clause) == (
        voice.pk,
        "rule-8",
        "P-7.8",
    )
    event = LedgerEvent.objects.get(kind="report.received")
    assert event.data == {
        "report": str(report.public_id),
        "comment": voice.key,
        "reason_code": "rule-8",
        "clause": "P-7.8",
        "rehearsal": True,
    }
    shown = text_of(client.get(response.url))
    assert report.number in shown
    assert report.explanation not in shown and MAIL not in shown


def test_a_report_hides_nothing_by_itself(client, page, voice):
    send_report(client, voice, reason="take_down.law")
    voice.refresh_from_db()
    assert not voice.is_taken_down
    assert voice.comment in text_of(client.get(f"{page.get_url()}discussion/"))


def test_the_address_is_sealed(client, voice):
    send_report(client, voice, email=MAIL)
    report = ContentReport.objects.get()
    assert MAIL.encode() not in bytes(report.sealed)
    assert MAIL not in report.contact_hash
    assert report.open_contact() == MAIL
    report.destroy_contact()
    report = ContentReport.objects.get()
    assert not report.has_contact and report.open_contact() == ""
    assert not PersonKey.objects.exists()


def test_without_an_address_it_can_be_sent_too(client, voice):
    shown = text_of(client.get(send_report(client, voice).url))
    assert "لم يُترك بريد إلكتروني" in shown
    assert not ContentReport.objects.get().has_contact


def test_sent_twice_it_is_one_report(client, voice):
    token = fresh_token(client, voice)
    first = send_report(client, voice, token=token)
    again = send_report(client, voice, token=token)
    assert first.status_code == again.status_code == 302
    assert ContentReport.objects.count() == 1


def test_sent_again_with_other_words_it_is_explained_and_kept(client, voice):
    token = fresh_token(client, voice)
    send_report(client, voice, token=token)
    again = send_report(client, voice, token=token, explanation="سبب آخر")
    assert again.status_code == 409
    assert ContentReport.objects.get().number in text_of(again)
    assert "سبب آخر" in text_of(again)
    assert send_report(client, voice, token=token_in(again)).status_code == 302
    assert ContentReport.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"reason": ""}, "هاتف"),
        ({"reason": "rule-2"}, "هاتف"),
        ({"reason": "<script>"}, "هاتف"),
        ({"email": "nonsense"}, "nonsense"),
        ({"explanation": ""}, ""),
        ({"explanation": "ط" * 2001}, "ط" * 2001),
        ({"token": "forged"}, "هاتف"),
    ],
)
def test_bad_input_is_explained_and_kept(client, voice, changes, kept):
    response = send_report(client, voice, **changes)
    assert response.status_code == 422
    assert "data-ep-error-summary" in text_of(response)
    assert kept in text_of(response)
    assert not ContentReport.objects.exists()


def test_markup_and_bidi_marks_stay_words(client, voice):
    send_report(client, voice, explanation="<b>x</b>\u202e\x00 نص")
    assert ContentReport.objects.get().explanation == "<b>x</b> نص"


def test_what_a_program_filled_in_is_kept_and_takes_no_name_away(client, voice):
    send_report(client, voice, reason=FALSE_ATTRIBUTION, website="x")
    report = ContentReport.objects.get()
    assert report.suspicious
    voice.refresh_from_db()
    assert voice.shown_name


def test_too_many_from_one_network_have_to_wait(client, voice, monkeypatch):
    limit = report_views.REPORTING
    monkeypatch.setattr(report_views, "REPORTING", type(limit)("report", 1, 600))
    send_report(client, voice)
    response = send_report(client, voice)
    assert response.status_code == 429
    assert ContentReport.objects.count() == 1


def test_a_taken_down_or_withdrawn_voice_takes_no_report(client, page):
    removed = make_voice(page.consultation)
    token = fresh_token(client, removed)
    publishing.take_down(removed.participation, now=DURING)
    assert client.get(address_of(removed), follow=True).status_code == 404
    assert send_report(client, removed, token=token).status_code == 410
    hidden = make_voice(page.consultation)
    publishing.withdraw(hidden.participation, now=DURING)
    assert client.get(address_of(hidden), follow=True).status_code == 404
    assert not ContentReport.objects.exists()


def test_what_was_never_published_has_no_address(client, page):
    waiting = make_participation(page.consultation)
    assert client.get(address_of(waiting), follow=True).status_code == 404


def test_the_form_of_a_private_page_is_private(client, page, voice):
    token = fresh_token(client, voice)
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    assert client.get(address_of(voice), follow=True).status_code == 404
    assert send_report(client, voice, token=token).status_code == 410


def test_after_the_topic_is_closed_it_can_still_be_reported(client):
    page = make_consultation_page(stage=Stored.ARCHIVED)
    voice = make_voice(page.consultation)
    with clock.rehearse(AFTER + timedelta(days=200)):
        assert send_report(client, voice).status_code == 302


@pytest.mark.parametrize("token", ["x", "%00", "gAAAAA"])
def test_a_made_up_confirmation_is_not_found(client, token):
    address = reverse("eparticipation:reported", args=["ar", token])
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, voice, method):
    assert getattr(client, method)(address_of(voice)).status_code == 405


def test_a_false_attribution_takes_the_name_away_at_once(client, page, voice):
    name = voice.shown_name
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    report = ContentReport.objects.get()
    voice = PublishedComment.objects.get(pk=voice.pk)
    assert voice.shown_name == voice.user_name == ""
    assert voice.participation.public_name == ""
    assert report.withheld_name == name
    shown = text_of(client.get(f"{page.get_url()}discussion/"))
    assert name not in shown and voice.comment in shown


def test_a_name_that_was_withheld_goes_with_a_withdrawal(client, voice):
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    with clock.rehearse(DURING):
        withdraw(voice.participation)
    assert ContentReport.objects.get().withheld_name == ""


def test_a_second_false_attribution_keeps_the_first_ones_name(client, voice):
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    names = ContentReport.objects.order_by("pk").values_list("withheld_name", flat=True)
    assert [bool(name) for name in names] == [True, False]


def test_an_official_reply_that_is_taken_back_upholds_its_reports(client, page):
    speaker = make_user(permissions=["reply_officially"])
    official = reply_officially(
        page.consultation, text="شكراً", language="ar", actor=speaker
    )
    send_report(client, official, reason=FALSE_ATTRIBUTION)
    take_back(official, actor=speaker)
    report = ContentReport.objects.get()
    assert report.state == ContentReport.State.UPHELD
    assert report.decision_code == "report.taken_back"


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", "لا يُعرض الاسم المرافق"), ("en", "is not shown any more until")],
)
@pytest.mark.parametrize("name", ["سارة", ""])
def test_the_confirmation_speaks_of_a_name_only_where_one_was_shown(
    client, page, language, told, name
):
    voice = make_voice(page.consultation, public_name=name)
    sent = send_report(client, voice, language=language, reason=FALSE_ATTRIBUTION)
    assert (told in text_of(client.get(sent.url))) == bool(name)


@pytest.mark.parametrize(
    ("language", "away", "gone"),
    [
        ("ar", "لا يُعرض اسمك مؤقتاً", "أُزيل اسمك"),
        ("en", "Your name is not shown for now", "Your name was removed"),
    ],
)
def test_the_authors_receipt_says_what_became_of_the_name(
    client, voice, language, away, gone
):
    def notes():
        with override(language):
            row = Participation.objects.get(pk=voice.participation_id)
            return " ".join(note.title for note in notes_for(row, language))

    assert away not in notes()
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    assert away in notes()
    moderator = make_user(permissions=["moderate_participation"])
    report = ContentReport.objects.get()
    reports.remove_name(report, actor=moderator)
    assert away not in notes() and gone in notes()


def test_a_name_that_was_given_back_leaves_no_trace_on_the_receipt(client, voice):
    send_report(client, voice, reason=FALSE_ATTRIBUTION)
    moderator = make_user(permissions=["moderate_participation"])
    reports.dismiss(ContentReport.objects.get(), "report.not_false", actor=moderator)
    with override("en"):
        row = Participation.objects.get(pk=voice.participation_id)
        said = " ".join(note.title for note in notes_for(row, "en"))
    assert "name" not in said
