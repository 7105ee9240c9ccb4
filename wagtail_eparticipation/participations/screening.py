"""What a form that takes somebody's words meets before the door (R-7.9a, R-7.9b).

It may have to wait, it may be asked for a proof of work, it may be set aside for a
person to look at; never is a word of it lost, and nothing is refused.
"""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    proof,
    suspicion,
)
from wagtail_eparticipation.participations.same_words import words_key
from wagtail_eparticipation.participations.sending_words import (
    other_ways,
    wait_message,
)


@dataclass(frozen=True)
class Screened:
    """``status`` is 0 for what may go to the door, else that of the answer.

    What goes there with ``signs`` is set aside.
    """

    status: int = 0
    wait: int = 0
    signs: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def suspicious(self) -> bool:
        """Whether it is set aside for a person to look at."""
        return suspicion.is_suspicious(self.signs)

    def finish(self, response):
        """Say in the answer when to try again."""
        if self.wait:
            response["Retry-After"] = str(self.wait)
        return response

    def note(self, request, outcome) -> None:
        """Say in the abuse log why what came in was set aside."""
        if self.suspicious and not outcome.repeated:
            abuse_log.note_set_aside(
                request, self.signs, self.purpose, outcome.participation
            )

    def note_apart(self, request, consultation) -> None:
        """The same for what is no participation, such as an enquiry."""
        if self.suspicious:
            for code in self.signs:
                abuse_log.note(request, code, self.purpose, consultation)


def screen(request, form, token, typed, consultation, *, limit=None) -> Screened:
    """Judge a valid form with a good token; ``typed`` is what it was filled with.

    Where the answer's status is not 0, the form says why and, where a proof is asked
    for, carries it.
    """
    limit = limit or abuse.SENDING
    counted = abuse.tally(request, limit, token.holder or token.nonce)
    proven = proof.check(request, typed, consultation, limit.purpose)
    if counted.wait and not (proven and counted.part != "holder"):
        return _wait(request, form, consultation, limit, counted)
    found = _signs(request, form, token, counted)
    signs = tuple(dict.fromkeys([*found, *token.signs]))
    if proven:
        signs = suspicion.after_proof(signs)
    elif _may_prove(signs) and not token.signs and proof.is_asked("suspicious"):
        _ask(form, token, typed, consultation, signs)
        return Screened(status=422)
    elif proof.is_asked("always"):
        if typed.get(proof.FIELD) and not token.signs:
            # It was solved and lay too long, as a form may that is written slowly.
            _ask(form, token, typed, consultation, (suspicion.UNPROVEN,))
            return Screened(status=422)
        signs = (*signs, suspicion.UNPROVEN)
    return Screened(signs=signs, purpose=limit.purpose)


def keep_asking(form, token, consultation):
    """Put a fresh question into a form that was asked before and is shown again.

    Whatever else is wrong with it then: an answer counts once. Returns the form.
    """
    if token.signs and proof.is_asked("suspicious"):
        form.proof = proof.offer(consultation)
    return form


def note_token(request, token, limit, consultation) -> None:
    """Note a form that we did not hand out, or not for this topic or person."""
    if token.problem == "forged":
        abuse_log.note(request, "bad_token", limit.purpose, consultation)


def too_many(request, form, limit, wait: int, consultation=None) -> None:
    """Tell a form that it has to wait, for how long, and which other ways there are."""
    abuse_log.note(request, "limited", limit.purpose, consultation)
    form.add_error(None, wait_message(wait))
    if ways := other_ways(consultation):
        form.add_error(None, ways)


def _wait(request, form, consultation, limit, counted) -> Screened:
    too_many(request, form, limit, counted.wait, consultation)
    if counted.part != "holder" and proof.is_asked("suspicious"):
        form.proof = proof.offer(consultation)
        form.add_error(None, ValidationError(proof.instead_of_waiting()))
    return Screened(status=429, wait=counted.wait)


def _signs(request, form, token, counted) -> tuple[str, ...]:
    seconds = None
    if not token.filled:
        seconds = (clock.now() - token.issued_at).total_seconds()
    return suspicion.signs_of(
        suspicion.Signs(
            trapped=form.is_trapped,
            seconds=seconds,
            least_seconds=_least_seconds(form),
            used=counted.used,
            times=counted.times,
            same_words=_same_words(request, form.cleaned_data.get("text", "")),
        )
    )


def _least_seconds(form) -> float:
    """A form in which one only chooses, such as a poll's, takes a third of the time."""
    seconds = get_setting("MINIMUM_FORM_SECONDS")
    return seconds if "text" in form.fields else seconds / 3


def _same_words(request, text: str) -> int:
    key = words_key(text)
    if not key:
        return 0
    seconds = abuse.SENDING.seconds
    who = f"{key}:{abuse.network_of(request)}"
    return abuse.count("words", who, seconds)[0]


def _may_prove(signs) -> bool:
    """Whether a proof would keep it from being set aside."""
    left = suspicion.after_proof(signs)
    return suspicion.is_suspicious(signs) and not suspicion.is_suspicious(left)


def _ask(form, token, typed, consultation, signs) -> None:
    typed["token"] = replace(token, signs=signs, filled=True).signed(consultation)
    # What is rendered again carries the question.
    form.data = typed
    form.proof = proof.offer(consultation)
    form.add_error(
        None,
        _(
            "This has not been sent yet. So that programs do not fill the register,"
            " your device is asked for a short calculation; it does it by itself when"
            " you send again. Where that is not possible, send again all the same: a"
            " person then looks at it first."
        ),
    )
