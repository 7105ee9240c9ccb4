"""What meets a form before the door: set aside, asked for a proof, never lost."""

import base64
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.participations.saving import begin, hidden, look
from tests.participations.sending import TEXT, ask, fill, send, token_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import proof, screening
from wagtail_eparticipation.participations.abuse_log import AbuseEvent
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db

ALTCHA = pytest.importorskip("altcha")


@pytest.fixture
def site(settings):
    """Change our settings for a test."""

    def change(**values):
        settings.WAGTAIL_EPARTICIPATION = {
            "MINIMUM_FORM_SECONDS": 3,
            "PROOF_OF_WORK_NUMBER": 1000,
            **values,
        }

    change()
    return change


def after(seconds):
    return DURING + timedelta(seconds=seconds)


def state():
    return Participation.objects.get().state


def noted():
    return sorted(AbuseEvent.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, State.QUARANTINED), (2, State.QUARANTINED), (3, State.RECEIVED)],
)
def test_a_form_sent_at_once_is_set_aside_and_not_refused(
    client, page, site, seconds, expected
):
    token = token_of(ask(client, page))
    answer = send(client, page, fill(token), at=after(seconds))
    assert answer.status_code == 302
    assert state() == expected


def test_the_sign_is_noted_with_the_participation_and_nothing_else(client, page, site):
    send(client, page, fill(token_of(ask(client, page))), REMOTE_ADDR="8.8.8.8")
    (event,) = AbuseEvent.objects.all()
    assert event.kind == "too_fast"
    assert event.participation == Participation.objects.get().public_id
    assert event.consultation_id == page.consultation_id
    values = [str(value) for value in vars(event).values()]
    assert not [value for value in values if "8.8.8" in value or TEXT in value]


def test_several_signs_are_several_entries(client, page, site):
    send(client, page, fill(token_of(ask(client, page)), website="http://spam.example"))
    assert noted() == ["too_fast", "trapped"]


def test_sent_again_it_is_noted_once(client, page, site):
    typed = fill(token_of(ask(client, page)))
    for _number in range(3):
        send(client, page, typed)
    assert noted() == ["too_fast"]


def test_a_form_that_came_back_filled_may_be_sent_at_once(client, page, site):
    first = send(client, page, fill("forged"))
    assert first.status_code == 422
    assert send(client, page, fill(token_of(first))).status_code == 302
    assert state() == State.RECEIVED


def test_a_saved_draft_may_be_sent_as_soon_as_it_is_opened(client, page, site):
    opened = look(client, begin(client, page))
    typed = fill(token_of(opened), draft=hidden(opened, "draft"))
    assert send(client, page, typed).status_code == 302
    assert state() == State.RECEIVED


def test_a_forged_token_is_noted(client, page, site):
    send(client, page, fill("forged"))
    assert noted() == ["bad_token"]


def test_the_same_words_by_a_full_network_are_set_aside(client, page, site):
    site(LIMITS={"send": {"burst": (6, 600)}})
    states = []
    for _number in range(6):
        token = token_of(ask(client, page))
        send(client, page, fill(token), at=after(5))
        states.append(Participation.objects.order_by("id").last().state)
    assert states == [State.RECEIVED] * 4 + [State.QUARANTINED] * 2


def test_one_campaign_of_a_small_class_is_not_set_aside(client, page, site):
    for _number in range(10):
        send(client, page, fill(token_of(ask(client, page))), at=after(5))
    assert set(Participation.objects.values_list("state", flat=True)) == {"received"}


def test_an_enquiry_that_comes_at_once_is_marked_and_noted_apart(client, page, site):
    address = reverse(
        "eparticipation:contact_send", args=["ar", page.consultation.public_id]
    )
    token = token_of(ask(client, page, "contact/"))
    typed = {"token": token, "subject": "سؤال", "text": "متى تبدأ الأعمال؟"}
    with clock.rehearse(DURING):
        answer = client.post(address, {**typed, "language": "ar"})
    assert answer.status_code == 302
    assert Case.objects.get().suspicious
    event = AbuseEvent.objects.get()
    assert (event.kind, event.participation) == ("too_fast", None)


@pytest.mark.parametrize(("seconds", "fast"), [(0.9, True), (1, False)])
def test_a_form_in_which_one_only_chooses_takes_a_third(site, seconds, fast):
    class Choices:
        fields = {"answer": None}

    class Words:
        fields = {"text": None}

    assert (seconds < screening._least_seconds(Choices)) is fast
    assert screening._least_seconds(Words) == 3


# The proof of work


def asked(client, page):
    """The form that comes back with a question, and its question."""
    answer = send(client, page, fill(token_of(ask(client, page))))
    assert answer.status_code == 422
    return answer


def question_in(answer):
    found = answer.context["form"].proof
    return json.loads(found)


def solved(question, **changes):
    challenge = ALTCHA.Challenge(
        algorithm=question["algorithm"],
        challenge=question["challenge"],
        max_number=question["maxnumber"],
        salt=question["salt"],
        signature=question["signature"],
    )
    solution = ALTCHA.solve_challenge(
        challenge.challenge, challenge.salt, challenge.algorithm, challenge.max_number
    )
    payload = {
        "algorithm": question["algorithm"],
        "challenge": question["challenge"],
        "number": solution.number,
        "salt": question["salt"],
        "signature": question["signature"],
        **changes,
    }
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_off_by_default_nobody_is_asked(client, page, site):
    answer = send(client, page, fill(token_of(ask(client, page))))
    assert answer.status_code == 302


def test_after_a_first_sign_the_device_is_asked_and_the_text_kept(client, page, site):
    site(PROOF_OF_WORK="suspicious")
    answer = asked(client, page)
    assert TEXT in answer.content.decode()
    assert b"data-ep-proof=" in answer.content
    assert "عملية حسابية قصيرة" in answer.content.decode()
    assert not Participation.objects.exists()


def test_a_solved_one_is_received_like_any_other(client, page, site):
    site(PROOF_OF_WORK="suspicious")
    answer = asked(client, page)
    typed = fill(token_of(answer), altcha=solved(question_in(answer)))
    assert send(client, page, typed).status_code == 302
    assert state() == State.RECEIVED
    assert noted() == []


def test_a_form_that_is_wrong_after_the_question_is_asked_it_again(client, page, site):
    site(PROOF_OF_WORK="suspicious")
    answer = asked(client, page)
    first = solved(question_in(answer))
    typed = fill(token_of(answer), altcha=first)
    wrong = send(client, page, {**typed, "text": ""})
    assert wrong.status_code == 422
    assert question_in(wrong) != question_in(answer)
    again = fill(token_of(wrong), altcha=solved(question_in(wrong)))
    assert send(client, page, again).status_code == 302
    assert state() == State.RECEIVED


def test_without_script_the_second_sending_goes_to_a_person(client, page, site):
    site(PROOF_OF_WORK="suspicious")
    answer = asked(client, page)
    assert send(client, page, fill(token_of(answer))).status_code == 302
    assert state() == State.QUARANTINED
    assert noted() == ["too_fast"]


def test_a_trap_is_answered_by_no_proof_and_asked_for_none(client, page, site):
    site(PROOF_OF_WORK="suspicious")
    token = token_of(ask(client, page))
    typed = fill(token, website="http://spam.example")
    assert send(client, page, typed).status_code == 302
    assert state() == State.QUARANTINED


def test_who_has_to_wait_may_calculate_instead(client, page, site):
    site(PROOF_OF_WORK="suspicious", LIMITS={"send": {"burst": (1, 600)}})
    send(client, page, fill(token_of(ask(client, page))), at=after(5))
    token = token_of(ask(client, page))
    waiting = send(client, page, fill(token), at=after(5))
    assert waiting.status_code == 429
    typed = fill(token_of(waiting), altcha=solved(question_in(waiting)))
    assert send(client, page, typed, at=after(9)).status_code == 302
    assert Participation.objects.count() == 2


def test_always_means_that_what_comes_without_is_set_aside(client, page, site):
    site(PROOF_OF_WORK="always")
    form = ask(client, page)
    assert b"data-ep-proof=" in form.content
    send(client, page, fill(token_of(form)), at=after(5))
    assert state() == State.QUARANTINED
    assert noted() == ["unproven"]


def test_always_with_a_proof_is_received(client, page, site):
    site(PROOF_OF_WORK="always")
    form = ask(client, page)
    typed = fill(token_of(form), altcha=solved(question_in(form)))
    send(client, page, typed, at=after(5))
    assert state() == State.RECEIVED


def judged(rf, consultation, solution, at=DURING):
    request = rf.post("/")
    with clock.rehearse(at):
        return proof.check(request, {"altcha": solution}, consultation, "send")


def made(consultation, at=DURING):
    with clock.rehearse(at):
        return json.loads(proof.offer(consultation))


def test_a_solution_counts_once(rf, page, site):
    site(PROOF_OF_WORK="suspicious")
    solution = solved(made(page.consultation))
    assert judged(rf, page.consultation, solution)
    assert not judged(rf, page.consultation, solution)
    assert noted() == ["proof_failed"]


def test_a_solution_of_another_topic_is_none(rf, page, site):
    site(PROOF_OF_WORK="suspicious")
    other = make_consultation_page(stage="published").consultation
    assert not judged(rf, page.consultation, solved(made(other)))


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (1199, True), (1201, False)], ids=str
)
def test_a_solution_stands_for_twenty_minutes(rf, page, site, seconds, good):
    site(PROOF_OF_WORK="suspicious")
    solution = solved(made(page.consultation))
    assert judged(rf, page.consultation, solution, at=after(seconds)) is good


@pytest.mark.parametrize(
    "changes",
    [
        {"number": -1},
        {"number": "1; DROP"},
        {"signature": "0" * 64},
        {"salt": "00?expires=99999999999&c=1"},
        {"algorithm": "SHA-1"},
        {"algorithm": ["SHA-256"]},
        {"challenge": None},
    ],
    ids=str,
)
def test_a_forged_solution_is_none_and_breaks_nothing(rf, page, site, changes):
    site(PROOF_OF_WORK="suspicious")
    forged = solved(made(page.consultation), **changes)
    assert not judged(rf, page.consultation, forged)


@pytest.mark.parametrize(
    "text",
    ["x", "%%%", "e30=", "W10=", "bnVsbA==", "A" * 5000, "\x00", "4pyT", "MQ=="],
)
def test_nonsense_is_no_solution(rf, page, site, text):
    site(PROOF_OF_WORK="suspicious")
    assert not judged(rf, page.consultation, text)


def test_without_the_extra_nobody_is_asked(client, page, site, monkeypatch):
    monkeypatch.setattr(proof, "is_installed", lambda: False)
    site(PROOF_OF_WORK="always")
    form = ask(client, page)
    assert b"data-ep-proof=" not in form.content
    send(client, page, fill(token_of(form)), at=after(5))
    assert state() == State.RECEIVED
