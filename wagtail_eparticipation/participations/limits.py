"""How often one network, and one form or person, may do what (R-7.9a).

Each limit has a burst and a sustained part: the burst lets a class of pupils, a
service counter or a carrier's gateway send together; the sustained part stops a
program that keeps just below the burst for hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wagtail_eparticipation.conf import get_setting


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds`` from one network; windows are fixed.

    ``sustained`` is a second pair of times and seconds for the same network, and
    ``holder`` one for the same form or signed-in person; ``None`` is no such limit.
    """

    purpose: str
    times: int
    seconds: int
    sustained: tuple[int, int] | None = None
    holder: tuple[int, int] | None = None


HOUR = 3600

#: Forms by which somebody takes part; three classes of pupils in ten minutes.
SENDING = Limit("send", 120, 600, (1500, 6 * HOUR), (120, 600))
SAVING = Limit("save", 120, 600, (1500, 6 * HOUR), (120, 600))
#: Forms with files, each of which is looked into; a class of pupils stays below.
UPLOADING = Limit("upload", 60, 600, (750, 6 * HOUR), (60, 600))
#: Each may send a mail to an address that is not the sender's.
WRITING_TO_ADDRESSES = Limit("address", 20, 600, (100, 6 * HOUR))
FOLLOWING = Limit("follow", 20, 600, (100, 6 * HOUR))
#: Codes are long; this spares the database, nobody guesses one.
LOOKING_UP = Limit("look-up", 30, 600, (300, 6 * HOUR))
#: A meeting at which many people report the same text stays below.
REPORTING = Limit("report", 30, 600, (200, 6 * HOUR))
#: Nobody objects so often; whoever tries codes is stopped by their own limit.
OBJECTING = Limit("object", 30, 600, (200, 6 * HOUR))
#: A school class behind one address, each at a dozen voices, stays below.
AGREEING = Limit("agree", 600, 600, (6000, 6 * HOUR))
#: A class of pupils behind one address stays below it.
SUPPORTING = Limit("support", 240, 600, (2500, 6 * HOUR))
#: Asked after each pause in typing, by everybody who writes.
HINTING = Limit("hints", 1200, 600, (12_000, 6 * HOUR))
#: Buttons on addresses that only their holder knows.
PRESSING = Limit("press", 240, 600, (2500, 6 * HOUR))

ALL = {
    each.purpose: each
    for each in (
        SENDING,
        SAVING,
        UPLOADING,
        WRITING_TO_ADDRESSES,
        FOLLOWING,
        LOOKING_UP,
        REPORTING,
        OBJECTING,
        AGREEING,
        SUPPORTING,
        HINTING,
        PRESSING,
    )
}

#: The parts that ``LIMITS`` may set, each as (times, seconds).
PARTS = ("burst", "sustained", "holder")


def in_force(limit: Limit) -> Limit:
    """A limit as this site wants it: the setting ``LIMITS`` by purpose and part."""
    return changed(limit, get_setting("LIMITS").get(limit.purpose, {}))


def changed(limit: Limit, parts: Mapping[str, Any]) -> Limit:
    """The limit with those of its parts replaced that ``parts`` names."""
    values: dict[str, Any] = {}
    for part, pair in parts.items():
        if part == "burst":
            values["times"], values["seconds"] = pair
        else:
            values[part] = tuple(pair) if pair else None
    return replace(limit, **values)
