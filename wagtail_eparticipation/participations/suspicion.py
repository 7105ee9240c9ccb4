"""Whether what was sent looks like a program's work: a few weak signs, added up.

A machine only sets aside: a person reads what is suspicious and decides (R-7.0.2c).
The signs are chosen so that nobody is set aside for typing fast, for a screen reader,
for an autofill, or for sharing a network with a class of pupils.
"""

from collections.abc import Iterable
from dataclasses import dataclass

#: Filled in the field that people do not see.
TRAPPED = "trapped"
#: Sent sooner after the form was handed out than anybody can read it.
TOO_FAST = "too_fast"
#: The network has used most of what it may send at once.
CROWDED = "crowded"
#: The network sends the same words again and again.
SAME_WORDS = "same_words"
#: The site always asks for a proof of work, and none came.
UNPROVEN = "unproven"

WEIGHTS = {TRAPPED: 2, TOO_FAST: 2, CROWDED: 1, SAME_WORDS: 1, UNPROVEN: 2}
#: Signs that weigh this much together set an item aside.
THRESHOLD = 2
#: What a proof of work answers; a trap it does not.
LIFTED_BY_PROOF = frozenset({TOO_FAST, CROWDED, SAME_WORDS, UNPROVEN})

#: Share of the burst from which a network is crowded, and how often words repeat.
CROWDED_FROM = 0.75
REPEATED_FROM = 5


@dataclass(frozen=True)
class Signs:
    """What is known of one act of sending.

    ``seconds`` passed since the form was handed out empty; ``None`` for one that was
    handed out filled, such as a saved draft: it can be sent at once. ``used`` of
    ``times`` came from the network in this window; ``same_words`` of them with the
    same words.
    """

    trapped: bool = False
    seconds: float | None = None
    least_seconds: float = 0
    used: int = 0
    times: int = 0
    same_words: int = 0
    unproven: bool = False


def signs_of(signs: Signs) -> tuple[str, ...]:
    """The codes of the signs that are there."""
    # Below nothing the clocks of two servers differ, which is no sign of anything.
    fast = signs.seconds is not None and 0 <= signs.seconds < signs.least_seconds
    crowded = signs.times > 0 and signs.used >= signs.times * CROWDED_FROM
    found = {
        TRAPPED: signs.trapped,
        TOO_FAST: fast,
        CROWDED: crowded,
        SAME_WORDS: signs.same_words >= REPEATED_FROM,
        UNPROVEN: signs.unproven,
    }
    return tuple(code for code, there in found.items() if there)


def is_suspicious(codes: Iterable[str]) -> bool:
    """Whether these signs together set an item aside."""
    return sum(WEIGHTS.get(code, 0) for code in set(codes)) >= THRESHOLD


def after_proof(codes: Iterable[str]) -> tuple[str, ...]:
    """What is left of the signs once the sender's device has done the work."""
    return tuple(code for code in codes if code not in LIFTED_BY_PROOF)
