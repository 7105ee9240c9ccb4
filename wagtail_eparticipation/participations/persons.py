"""Who stands behind an act, as far as the topic asks (S3-L, R-7.5a).

A person is a keyed hash, another one in each topic, never a name or an address. Where
nobody must say who they are, a support or a vote counts once for a browser: giving it
leaves a mark there. Pages that are only read leave none.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.participations import invitations, once, tokens
from wagtail_eparticipation.participations.identity import contact_hash, keyed_hash
from wagtail_eparticipation.participations.refusals import (
    ConfirmFirst,
    NotAdmitted,
    SignInFirst,
)

#: How long a browser keeps its mark: longer than any period of collecting.
MARK_LIFETIME = timedelta(days=180)


@dataclass(frozen=True)
class Standing:
    """Somebody as a topic knows them, before the door has looked.

    ``key`` is the keyed hash of a person, empty where nobody is told apart; ``code``
    an invitation code as it was typed, which the door judges. What is sent without
    being ``confirmed`` is kept and does not count yet. ``browser`` tells those apart
    who share the code of a group.
    """

    key: str = ""
    code: str = ""
    confirmed: bool = True
    browser: str = ""


@dataclass(frozen=True)
class Admission:
    """What the door keeps of a standing.

    ``key`` tells people apart by address, account or identity, ``invited_key`` by the
    code of their invitation, whichever the topic asks for.
    """

    key: str = ""
    invited_key: str = ""
    segment_id: int | None = None


def asks_for_code(consultation) -> bool:
    """Whether one must hold an invitation (R-5.1.3b)."""
    return consultation.audience_mode == AudienceMode.INVITED


def asks_for_address(consultation) -> bool:
    """Whether an e-mail address must be given and confirmed."""
    return consultation.identity_mode == IdentityMode.EMAIL


def asks_to_sign_in(consultation) -> bool:
    """Whether one must be signed in, on this site or with the provider."""
    return consultation.identity_mode in (IdentityMode.SIGNED_IN, IdentityMode.VERIFIED)


def sender(request, consultation, *, email: str = "", code: str = "") -> Standing:
    """Who sends a contribution with a form; raises :class:`SignInFirst`.

    An address counts as confirmed when this very browser has confirmed it before.
    """
    if asks_to_sign_in(consultation):
        return Standing(_signed_in_key(request, consultation), code)
    if asks_for_address(consultation):
        key = key_of_address(consultation, email)
        known = read_mark(request, consultation)
        return Standing(key, code, confirmed=known is not None and known.key == key)
    return Standing(code=code)


def supporter(request, consultation, *, code: str = "", nonce: str = "") -> Standing:
    """Who supports, votes or reacts: always somebody who can do it once.

    ``nonce`` is that of the form: it names a browser that did nothing here before, so
    that two presses of one button are one person. Raises :class:`SignInFirst`, or
    :class:`ConfirmFirst` where an address has to be confirmed before. Give the answer
    to :func:`remember` once it was taken in.
    """
    known = read_mark(request, consultation)
    browser = known.key if known and known.key else nonce
    if asks_to_sign_in(consultation):
        key = _signed_in_key(request, consultation)
        return Standing(key, code, browser=browser)
    if asks_for_address(consultation):
        if known is None or not known.key:
            raise ConfirmFirst(
                _("Confirm your e-mail address first: it takes one message."),
                code="confirm",
            )
        return Standing(known.key, code or known.code, browser=browser)
    if asks_for_code(consultation):
        return Standing(code=code or (known.code if known else ""), browser=browser)
    return Standing(browser, browser=browser)


def admit(consultation, standing: Standing) -> Admission:
    """What may be kept of this person; raises :class:`NotAdmitted`.

    Called in the transaction of the act, with the window held. Nothing comes in
    without the key of a person where the topic asks for one, whichever way it came.
    """
    if not standing.key and asks_to_sign_in(consultation):
        raise SignInFirst(_sign_in_words(), code="sign_in")
    if not standing.key and asks_for_address(consultation):
        raise ConfirmFirst(_("This topic asks for an e-mail address."), code="confirm")
    invited = None
    if asks_for_code(consultation):
        invited = invitations.find(consultation, standing.code, standing.key)
        if invited is None:
            raise NotAdmitted(_uninvited(standing.code), code="invitation")
    if invited is None:
        return Admission(standing.key)
    return Admission(
        standing.key,
        invitations.key_of_code(invited, standing.code),
        invitations.segment_to_keep(invited),
    )


def one_person(consultation, standing: Standing) -> str:
    """The key under which a support or a reaction counts once; see :func:`admit`."""
    admitted = admit(consultation, standing)
    key = once.person_of(admitted.key, admitted.invited_key)
    if not key and admitted.invited_key:
        shared = f"{admitted.invited_key}:{standing.browser}"
        return "g" + keyed_hash("browser", shared)
    return key


def _uninvited(code: str) -> str:
    if not code.strip():
        return _("This topic is by invitation only: write the code of your invitation.")
    return _(
        "This invitation code is not valid here. Compare it with your invitation; it"
        " may also have been withdrawn or used up."
    )


def key_of_address(consultation, email: str) -> str:
    """The person behind an address, in this topic; empty without one."""
    known = contact_hash(email)
    return _key(consultation, f"address:{known}") if known else ""


def key_of_user(consultation, user) -> str:
    """The person behind an account of this site, in this topic."""
    return _key(consultation, f"user:{user.pk}")


def _key(consultation, who: str) -> str:
    return keyed_hash("person", f"{consultation.pk}:{who}")


def _signed_in_key(request, consultation) -> str:
    if consultation.identity_mode == IdentityMode.VERIFIED:
        identifier = _provider().identifier(request)
        if identifier:
            return _key(consultation, f"verified:{identifier}")
    elif request.user.is_authenticated:
        return key_of_user(consultation, request.user)
    raise SignInFirst(_sign_in_words(), code="sign_in")


def _sign_in_words() -> str:
    return _("Sign in first, then send this once more. What you typed is kept.")


def holder(request, consultation) -> str:
    """Who is signed in, as a form's token names them; empty where nobody is."""
    if not asks_to_sign_in(consultation):
        return ""
    try:
        return _signed_in_key(request, consultation)
    except SignInFirst:
        return ""


def must_sign_in(request, consultation) -> bool:
    """Whether the topic asks for a sign-in that has not happened."""
    return asks_to_sign_in(consultation) and not holder(request, consultation)


def sign_in_url(request, consultation, return_to: str) -> str:
    """Where one signs in; afterwards one is led back to ``return_to``."""
    if consultation.identity_mode == IdentityMode.VERIFIED:
        return _provider().sign_in_url(request, return_to)
    login = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", None) or settings.LOGIN_URL
    return f"{resolve_url(login)}?{urlencode({'next': return_to})}"


def _provider():
    return import_string(get_setting("IDENTITY_PROVIDER"))()


def remember(response, request, consultation, standing: Standing) -> None:
    """Leave the mark by which this browser is known again in this topic alone.

    None where one is signed in: there the session says who it is.
    """
    if asks_to_sign_in(consultation):
        return
    content = json.dumps([standing.key or standing.browser, standing.code])
    response.set_cookie(
        mark_name(consultation),
        tokens.hide_in_address(content),
        max_age=int(MARK_LIFETIME.total_seconds()),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def read_mark(request, consultation) -> Standing | None:
    """What this browser did here before; ``None`` without a mark of ours."""
    sealed = request.COOKIES.get(mark_name(consultation), "")
    content = tokens.read_from_address(sealed, MARK_LIFETIME) if sealed else None
    try:
        # Addresses of receipts are sealed in the same way and hold something else.
        key, code = json.loads(content or "")
    except (ValueError, TypeError):
        return None
    known = isinstance(key, str) and isinstance(code, str)
    return Standing(key, code) if known else None


def mark_name(consultation) -> str:
    """Name of the topic's cookie."""
    return f"eparticipation_{consultation.public_id.hex[:12]}"
