"""What a topic asks of who somebody is, and that a person counts once (S3-L)."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from tests.factories import CLOSES, DURING, make_user
from tests.participations.sending import (
    TEXT,
    ask,
    fill,
    receipt_page,
    send,
    take_part,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import (
    invitations,
    late_box,
    once,
    persons,
    receipt_notes,
)
from wagtail_eparticipation.participations.identity_provider import IdentityProvider
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import (
    Participation,
    PersonKey,
    State,
)

pytestmark = pytest.mark.django_db


class StandInProvider(IdentityProvider):
    """Believes what the session says, as a real one does after its own sign-in."""

    def identifier(self, request):
        return request.session.get("national_id", "")

    def sign_in_url(self, request, return_to):
        return f"/provider/?back={return_to}"


def asking(page, **fields):
    Consultation.objects.filter(pk=page.consultation_id).update(**fields)
    page.refresh_from_db()
    return page


def signed_in(name):
    user, _created = get_user_model().objects.get_or_create(username=name)
    client = Client()
    client.force_login(user)
    return client


def of_person(name, settings):
    client = Client()
    session = client.session
    session["national_id"] = name
    session.save()
    settings.SESSION_COOKIE_NAME = "sessionid"
    client.cookies["sessionid"] = session.session_key
    return client


@pytest.fixture
def provider(settings):
    settings.WAGTAIL_EPARTICIPATION = {
        **settings.WAGTAIL_EPARTICIPATION,
        "IDENTITY_PROVIDER": f"{__name__}.StandInProvider",
    }


def invite(page, **fields):
    code = invitations.new_code()
    row = Invitation.objects.create(
        consultation=page.consultation,
        code_hash=invitations.hash_of(code),
        language="ar",
        created_at=DURING,
        **fields,
    )
    return row, code


def confirm_link():
    text = mail.outbox[-1].body
    return re.search(r"http://[^/\s]+(/\S+/confirm/\S+)", text)[1]


def press(client, path, at=DURING):
    with clock.rehearse(at):
        return client.post(path)


def test_where_nobody_need_say_who_they_are_one_may_speak_twice(client, page):
    take_part(client, page)
    take_part(client, page, text="رأي آخر")
    rows = Participation.objects.all()
    assert [row.state for row in rows] == [State.RECEIVED] * 2
    assert {(row.person_key, row.once_key) for row in rows} == {("", None)}


class TestSignedIn:
    def test_a_stranger_is_shown_where_to_sign_in(self, client, page):
        response = ask(client, asking(page, identity_mode="signed_in"))
        html = response.content.decode()
        assert "/login/?next=" in html
        assert 'name="text"' not in html

    def test_a_session_that_expired_while_writing_loses_nothing(self, page):
        asking(page, identity_mode="signed_in")
        client = signed_in("sara")
        typed = fill(token_of(ask(client, page)))
        client.logout()
        response = send(client, page, typed)
        assert response.status_code == 422
        assert TEXT in response.content.decode()
        assert 'target="_blank"' in response.content.decode()
        assert not Participation.objects.exists()
        client.force_login(get_user_model().objects.get(username="sara"))
        again = send(client, page, {**typed, "token": token_of(response)})
        assert again.status_code == 302
        assert Participation.objects.get().text == TEXT

    @pytest.mark.parametrize(
        ("language", "told"),
        [("ar", "ليحل محل ما أرسلته"), ("en", "it then takes the place of what you")],
    )
    def test_other_words_in_the_same_form_are_said_to_replace_it(
        self, page, language, told
    ):
        asking(page, identity_mode="signed_in")
        client = signed_in("sara")
        typed = fill(token_of(ask(client, page)))
        send(client, page, typed)
        again = send(client, page, {**typed, "text": "رأي آخر"}, language=language)
        assert again.status_code == 409
        assert told in again.content.decode()
        send(client, page, {**typed, "text": "رأي آخر", "token": token_of(again)})
        assert Participation.objects.counted().get().text == "رأي آخر"

    def test_a_second_comment_takes_the_place_of_the_first(self, page):
        asking(page, identity_mode="signed_in")
        client = signed_in("sara")
        take_part(client, page)
        shown = receipt_page(client, take_part(client, page, text="رأيي الأخير"))
        assert "رأيي الأخير" in shown.content.decode()
        first, last = Participation.objects.order_by("pk")
        assert (first.state, last.state) == (State.REPLACED, State.RECEIVED)
        assert (last.replaces, last.revision) == (first, 2)
        assert page.consultation.participations.counted().count() == 1

    def test_another_persons_token_is_not_enough(self, page):
        asking(page, identity_mode="signed_in")
        foreign = token_of(ask(signed_in("attacker"), page))
        victim = signed_in("victim")
        response = send(victim, page, fill(foreign))
        assert response.status_code == 422
        assert not Participation.objects.exists()

    def test_a_person_is_another_one_in_each_topic(self, page):
        user, _created = get_user_model().objects.get_or_create(username="sara")
        other = Consultation(pk=page.consultation_id + 1)
        here = persons.key_of_user(page.consultation, user)
        assert here != persons.key_of_user(other, user)


class TestVerified:
    def test_one_person_has_one_active_participation(self, page, provider, settings):
        asking(page, identity_mode="verified")
        for text in ("أول", "ثان"):
            take_part(of_person("1010101010", settings), page, text=text)
        take_part(of_person("2020202020", settings), page)
        counted = page.consultation.participations.counted()
        assert sorted(counted.values_list("text", flat=True)) == sorted(["ثان", TEXT])

    def test_the_providers_identifier_is_nowhere_in_the_row(
        self, page, provider, settings
    ):
        asking(page, identity_mode="verified")
        take_part(of_person("1010101010", settings), page)
        row = Participation.objects.values().get()
        assert "1010101010" not in str(row)
        assert len(row["person_key"]) == 64

    def test_a_stranger_is_led_to_the_provider(self, client, page, provider):
        response = ask(client, asking(page, identity_mode="verified"))
        assert "/provider/?back=" in response.content.decode()


class TestConfirmedAddress:
    @pytest.fixture
    def asked(self, page):
        return asking(page, identity_mode="email")

    def test_without_an_address_nothing_is_sent(self, client, asked):
        response = take_part(client, asked)
        assert response.status_code == 422
        assert TEXT in response.content.decode()

    def test_it_does_not_count_before_it_is_confirmed(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            response = take_part(client, asked, email="a@example.org")
        assert "خطوة" in receipt_page(client, response).content.decode()
        row = Participation.objects.get()
        assert row.state == State.UNCONFIRMED
        assert not asked.consultation.participations.counted().exists()
        path = confirm_link()
        with clock.rehearse(DURING):
            assert client.get(path).status_code == 200
        row.refresh_from_db()
        assert row.state == State.UNCONFIRMED
        assert press(client, path).status_code == 302
        row.refresh_from_db()
        assert row.state == State.RECEIVED

    @pytest.mark.parametrize(
        ("hours", "state"),
        [(47.99, State.RECEIVED), (48, State.UNCONFIRMED), (90, State.UNCONFIRMED)],
    )
    def test_a_confirmation_past_closing_counts_for_48_hours(
        self, client, asked, hours, state, django_capture_on_commit_callbacks
    ):
        before = CLOSES - timedelta(microseconds=1)
        typed = fill(token_of(ask(client, asked, at=before)), email="a@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            send(client, asked, typed, at=before)
        path = confirm_link()
        answer = press(client, path, at=before + timedelta(hours=hours))
        assert Participation.objects.get().state == state
        assert answer.status_code == (302 if state == State.RECEIVED else 410)

    def test_somebody_elses_address_replaces_nothing(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            take_part(client, asked, email="a@example.org")
        press(client, confirm_link())
        take_part(Client(), asked, email="A@example.org", text="كلام غيره")
        counted = asked.consultation.participations.counted()
        assert counted.get().text == TEXT

    def test_what_was_sent_last_counts_whichever_is_confirmed_first(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        links = []
        for hours, text in ((0, "الأول"), (1, "الأخير")):
            with django_capture_on_commit_callbacks(execute=True):
                at = DURING + timedelta(hours=hours)
                take_part(client, asked, email="a@example.org", text=text, at=at)
            links.append(confirm_link())
        for link in reversed(links):
            press(client, link, at=DURING + timedelta(hours=2))
        assert asked.consultation.participations.counted().get().text == "الأخير"
        assert LedgerEvent.objects.filter(kind="participation.replaced").count() == 1

    def test_one_that_was_refused_keeps_no_earlier_one_out(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        links = []
        for hours, text in ((0, "الأول"), (1, "المرفوض")):
            with django_capture_on_commit_callbacks(execute=True):
                at = DURING + timedelta(hours=hours)
                take_part(client, asked, email="a@example.org", text=text, at=at)
            links.append(confirm_link())
        press(client, links[1], at=DURING + timedelta(hours=2))
        Participation.objects.filter(text="المرفوض").update(state=State.REFUSED)
        press(client, links[0], at=DURING + timedelta(hours=3))
        assert asked.consultation.participations.counted().get().text == "الأول"

    def test_what_came_late_under_somebodys_address_takes_no_place(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            take_part(client, asked, email="a@example.org")
        press(client, confirm_link())
        late = CLOSES + timedelta(hours=1)
        page = ask(client, asked, at=CLOSES - timedelta(hours=1))
        typed = fill(token_of(page), email="a@example.org")
        stranger = Client()
        send(stranger, asked, typed | {"text": "كلام غيره"}, at=late)
        row = Participation.objects.get(state=State.LATE)
        chief = make_user(permissions=["authorise_act"])
        at_work, committed = clock.rehearse, django_capture_on_commit_callbacks
        with at_work(late + timedelta(days=4)), committed(execute=True):
            late_box.admit(row, actor=chief, ground="عطل في الشبكة")
        row.refresh_from_db()
        assert row.state == State.UNCONFIRMED
        titles = [note.title for note in receipt_notes.notes_for(row, "ar")]
        assert "قُبلت من المشاركات المتأخرة" in titles
        assert asked.consultation.participations.counted().get().text == TEXT
        press(client, confirm_link(), at=late + timedelta(days=5))
        assert asked.consultation.participations.counted().get().text == "كلام غيره"

    def test_a_confirmed_browser_needs_no_second_message(
        self, client, asked, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            take_part(client, asked, email="a@example.org")
        press(client, confirm_link())
        take_part(client, asked, email="a@example.org", text="الأخير")
        assert asked.consultation.participations.counted().get().text == "الأخير"

    def test_a_forged_or_foreign_link_confirms_nothing(self, client, asked):
        take_part(client, asked, email="a@example.org")
        row = Participation.objects.get()
        for token in ("x", row.public_id.hex, persons.tokens.hide_in_address("x")):
            answer = press(client, f"/eparticipation/ar/confirm/{token}/")
            assert answer.status_code == 410
        assert Participation.objects.get().state == State.UNCONFIRMED

    def test_before_supporting_the_address_is_confirmed_by_a_link(self, client, asked):
        html = ask(client, asked, "identify/").content.decode()
        action = re.search(r'action="([^"]+/identify/[^"]+)"', html)[1]
        with clock.rehearse(DURING):
            response = client.post(
                action,
                {"email": "a@example.org", "back": f"{asked.get_url()}discussion/"},
            )
            assert response.status_code == 200
            path = re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
            assert not client.get(path).cookies
            done = client.post(path)
        assert done["Location"] == f"{asked.get_url()}discussion/"
        request = type("Request", (), {"COOKIES": {}})()
        request.COOKIES = {name: each.value for name, each in done.cookies.items()}
        known = persons.read_mark(request, asked.consultation)
        assert known.key == persons.key_of_address(asked.consultation, "a@example.org")
        assert not PersonKey.objects.exists()

    def test_the_link_never_leads_to_another_site(self, client, asked):
        html = ask(client, asked, "identify/").content.decode()
        action = re.search(r'action="([^"]+/identify/[^"]+)"', html)[1]
        with clock.rehearse(DURING):
            client.post(action, {"email": "a@b.example", "back": "//evil.example/"})
            path = re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
            assert client.post(path)["Location"] == asked.get_url()


class TestInvited:
    @pytest.fixture
    def invited(self, page):
        return asking(page, audience_mode="invited")

    @pytest.mark.parametrize("typed", ["", "nonsense", "7KQM-2XWF-7KQM-2XWF-7KQM"])
    def test_without_a_valid_code_the_text_is_kept(self, client, invited, typed):
        response = take_part(client, invited, invitation=typed)
        assert response.status_code == 422
        assert TEXT in response.content.decode()
        assert not Participation.objects.exists()

    def test_a_code_admits_one_voice_however_often_it_is_used(self, client, invited):
        _row, code = invite(invited)
        take_part(client, invited, invitation=code)
        typed = code.lower().replace("-", " ")
        take_part(client, invited, invitation=typed, text="الأخير")
        assert invited.consultation.participations.counted().get().text == "الأخير"

    def test_a_code_of_another_topic_or_a_revoked_one_admits_nobody(
        self, client, invited
    ):
        _row, code = invite(invited, revoked_at=DURING)
        assert take_part(client, invited, invitation=code).status_code == 422

    def test_a_groups_code_admits_as_many_as_it_says(self, client, invited):
        _row, code = invite(invited, is_group=True, uses_at_most=2)
        answers = [
            take_part(client, invited, invitation=code, text=f"رأي {number}")
            for number in range(3)
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 422]
        assert invited.consultation.participations.counted().count() == 2

    def test_nothing_is_written_to_the_invitation_when_it_is_used(
        self, client, invited
    ):
        row, code = invite(invited)
        before = Invitation.objects.filter(pk=row.pk).values().get()
        take_part(client, invited, invitation=code)
        assert Invitation.objects.filter(pk=row.pk).values().get() == before
        answer = Participation.objects.get()
        kept = {str(value) for value in before.values()}
        assert answer.invited_key
        assert not kept & {answer.invited_key, answer.once_key, answer.idempotency_key}

    def test_a_code_counts_once_whatever_accounts_use_it(self, invited):
        asking(invited, identity_mode="signed_in")
        _row, code = invite(invited)
        for name in ("sara", "huda", "omar"):
            take_part(signed_in(name), invited, invitation=code, text=f"رأي {name}")
        counted = invited.consultation.participations.counted()
        assert counted.get().text == "رأي omar"

    def test_a_groups_uses_are_counted_by_accounts_too(self, invited):
        asking(invited, identity_mode="signed_in")
        _row, code = invite(invited, is_group=True, uses_at_most=2)
        names = ("sara", "sara", "huda", "omar")
        answers = [
            take_part(signed_in(name), invited, invitation=code, text=f"رأي {number}")
            for number, name in enumerate(names)
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
        texts = invited.consultation.participations.counted().values_list("text")
        assert sorted(texts) == [("رأي 1",), ("رأي 2",)]

    def test_an_account_with_two_invitations_counts_once(self, invited):
        asking(invited, identity_mode="signed_in")
        codes = [invite(invited)[1], invite(invited, is_group=True)[1]]
        for number, code in enumerate(codes):
            take_part(signed_in("sara"), invited, invitation=code, text=f"رأي {number}")
        assert invited.consultation.participations.counted().get().text == "رأي 1"

    def test_whoever_holds_a_use_of_a_group_may_change_their_mind(self, invited):
        asking(invited, identity_mode="signed_in")
        _row, code = invite(invited, is_group=True, uses_at_most=1)
        for text in ("أول", "ثان"):
            sent = take_part(signed_in("sara"), invited, invitation=code, text=text)
            assert sent.status_code == 302
        assert invited.consultation.participations.counted().get().text == "ثان"


@pytest.mark.parametrize("content", ["receipt", "[]", '["a"]', "7", '[1, "b"]'])
def test_a_mark_that_is_none_of_ours_is_passed_over(page, content):
    request = type("Request", (), {"COOKIES": {}})()
    forged = persons.tokens.hide_in_address(content)
    request.COOKIES = {persons.mark_name(page.consultation): forged}
    assert persons.read_mark(request, page.consultation) is None


def test_what_is_replaced_leaves_the_discussion(page):
    asking(page, identity_mode="signed_in")
    client = signed_in("sara")
    take_part(client, page)
    first = Participation.objects.get()
    Participation.objects.update(state=State.PUBLISHED)
    first.refresh_from_db()
    publish(first, now=DURING)
    take_part(client, page, text="الأخير")
    comment = PublishedComment.objects.get()
    assert comment.hidden
    assert comment.comment == ""


def test_replies_are_as_many_as_one_likes(page):
    parent = Participation(pk=1, tool="comment", person_key="a" * 64)
    reply = Participation(tool="comment", person_key="a" * 64, parent=parent)
    assert once.key_of(parent)
    assert once.key_of(reply) is None


def test_one_person_makes_several_suggestions_but_not_the_same_twice():
    keys = {
        once.key_of(Participation(tool="suggestion", person_key="a" * 64, title=title))
        for title in ("مقاعد في الحديقة", "مَقاعد في الحديقه", "ممر مظلّل")
    }
    assert len(keys) == 2
