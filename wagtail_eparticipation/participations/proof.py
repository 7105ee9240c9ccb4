"""Asking the sender's device for a short calculation, of our own and by no third party.

ALTCHA's protocol: the device looks for the number behind a hash, which costs a second
on a telephone and makes floods dear. No puzzle, nothing to see or to hear, so it stops
nobody who uses a screen reader or a keyboard. The only module that knows of ``altcha``,
which the extra ``[altcha]`` brings.
"""

import base64
import json
from datetime import timedelta
from importlib.util import find_spec

from django.core.cache import cache
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations import abuse, abuse_log
from wagtail_eparticipation.participations.identity import keyed_hash

#: Values of the setting ``PROOF_OF_WORK``, each asking for more.
MODES = ("off", "suspicious", "always")
#: How long a question stands; a form may lie open for longer and gets a new one.
LIFETIME = timedelta(minutes=20)
#: The field in which the solution comes.
FIELD = "altcha"
#: Longer ones are no solutions of ours.
_LONGEST = 2000


def is_installed() -> bool:
    """Whether the extra ``[altcha]`` is there."""
    return find_spec("altcha") is not None


def is_asked(when: str) -> bool:
    """Whether the site asks for a proof: ``"suspicious"`` or ``"always"``."""
    mode = get_setting("PROOF_OF_WORK")
    return is_installed() and MODES.index(mode) >= MODES.index(when)


def offer(consultation) -> str:
    """A question for one topic as JSON, as the page's script reads it."""
    import altcha

    made = altcha.create_challenge(
        altcha.ChallengeOptions(
            algorithm="SHA-256",
            max_number=get_setting("PROOF_OF_WORK_NUMBER"),
            hmac_key=_key(),
            expires=clock.now() + LIFETIME,
            params={"c": _place(consultation)},
        )
    )
    return json.dumps(
        {
            "algorithm": made.algorithm,
            "challenge": made.challenge,
            "maxnumber": get_setting("PROOF_OF_WORK_NUMBER"),
            "salt": made.salt,
            "signature": made.signature,
        }
    )


def offered_always(consultation) -> str:
    """The question of a form that is handed out empty; none unless always asked."""
    return offer(consultation) if is_asked("always") else ""


def check(request, typed, consultation, purpose: str) -> bool:
    """Whether a form brings a good proof, which no other form brought before.

    A wrong one is noted and counts as none: nothing is lost by it.
    """
    solution = typed.get(FIELD, "")
    if not solution or not is_asked("suspicious"):
        return False
    if _is_good(solution, consultation):
        return True
    abuse_log.note(request, "proof_failed", purpose, consultation)
    return False


def _is_good(solution: str, consultation) -> bool:
    import altcha

    if len(solution) > _LONGEST:
        return False
    try:
        claimed = json.loads(base64.b64decode(solution, validate=True))
        good, _error = altcha.verify_solution(claimed, _key(), check_expires=False)
        params = altcha.extract_params(claimed)
        place, expires = params["c"][0], float(params["expires"][0])
        challenge = str(claimed["challenge"])
    # Hostile input: whatever it makes the library raise, it is no solution.
    except Exception:  # noqa: BLE001
        return False
    if not good or claimed["algorithm"] != "SHA-256":
        return False
    if place != _place(consultation) or expires < clock.now().timestamp():
        return False
    return _first_use(challenge)


def _first_use(challenge: str) -> bool:
    """Once only, in all workers that share the cache; without it, often is fine."""
    name = f"eparticipation:proof:{keyed_hash('proof', challenge)}"
    try:
        return bool(cache.add(name, 1, timeout=int(LIFETIME.total_seconds()) + 60))
    # Each backend raises what its own client raises; none of it may stop a citizen.
    except Exception as error:  # noqa: BLE001
        abuse.cache_failed(error)
        return True


def _place(consultation) -> str:
    return str(consultation.pk if consultation is not None else 0)


def _key() -> str:
    return keyed_hash("proof-key", "altcha")


def instead_of_waiting() -> str:
    """That a calculation by the device may take the place of waiting."""
    return _(
        "If you do not want to wait: send again now, and your device does a short"
        " calculation that shows that no program is at work."
    )
