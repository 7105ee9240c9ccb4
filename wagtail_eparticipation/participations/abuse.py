"""Limits against abuse that spare shared networks and keep no address (R-7.9a).

Counters live in the cache under a keyed hash of the address and the window; no address
is ever written to the database (AC-S3-L1). Without the cache everything is let through:
that nobody can take part is worse than that nobody is counted.
"""

import ipaddress
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.core.cache.backends.base import BaseCache
from django.shortcuts import render

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.participations.limits import (
    AGREEING,
    FOLLOWING,
    HINTING,
    LOOKING_UP,
    OBJECTING,
    PRESSING,
    REPORTING,
    SAVING,
    SENDING,
    SUPPORTING,
    UPLOADING,
    WRITING_TO_ADDRESSES,
    Limit,
    in_force,
)

__all__ = [
    "AGREEING",
    "FOLLOWING",
    "HINTING",
    "LOOKING_UP",
    "OBJECTING",
    "PRESSING",
    "REPORTING",
    "SAVING",
    "SENDING",
    "SUPPORTING",
    "UPLOADING",
    "WRITING_TO_ADDRESSES",
    "Limit",
    "Tally",
    "checks",
    "count",
    "limited",
    "network_of",
    "tally",
    "wait_seconds",
]

logger = logging.getLogger(__name__)

#: Whether the present outage of the cache has been told to the log.
_outage = {"told": False}


@dataclass(frozen=True)
class Tally:
    """How an attempt stands: seconds to wait, and how full the network's burst is.

    ``used`` of ``times`` attempts came from the network in this window, this one
    included; 0 while the cache does not answer. ``part`` is the part of the limit
    that is used up.
    """

    wait: int = 0
    used: int = 0
    times: int = 0
    part: str = ""


def network_of(request) -> str:
    """Where a request comes from, as far as limits go; never stored.

    Behind a proxy on this machine or in this network, all people would share the
    proxy's address: there the proxy's own word counts, which stands last in
    ``X-Forwarded-For``. Of an IPv6 address the network half counts.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    near = _parsed(direct)
    far = _parsed(told)
    if far is not None and (near is None or near.is_private):
        near = far
    if near is None:
        return direct
    if near.version == 6 and near.ipv4_mapped is None:
        return str(ipaddress.ip_network((near, 64), strict=False))
    return str(near)


def _parsed(address: str):
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def wait_seconds(request, limit: Limit, holder: str = "") -> int:
    """Count one attempt; 0 when it is fine, else seconds to wait."""
    return tally(request, limit, holder).wait


def tally(request, limit: Limit, holder: str = "") -> Tally:
    """Count one attempt and say how it stands.

    ``holder`` names the form or the person, where one is known. What one part of the
    limit stops is not counted by the next.
    """
    limit = in_force(limit)
    network = network_of(request)
    parts = [("burst", (limit.times, limit.seconds), network)]
    if limit.sustained:
        parts.append(("sustained", limit.sustained, network))
    if limit.holder and holder:
        parts.append(("holder", limit.holder, holder))
    used = 0
    for part, (times, seconds), who in parts:
        number, left = count(f"{limit.purpose}:{part}", who, seconds)
        if part == "burst":
            used = number
        if number > times:
            return Tally(left, used, limit.times, part)
    return Tally(0, used, limit.times)


def count(purpose: str, who: str, seconds: int) -> tuple[int, int]:
    """One more of ``purpose`` by ``who``: how many in this window, seconds left of it.

    0 of them while the cache does not answer; its outage is logged once.
    """
    now = int(clock.now().timestamp())
    window, elapsed = divmod(now, seconds)
    key = keyed_hash("abuse", f"{purpose}:{window}:{who}")
    number = _one_more(f"eparticipation:{key}", seconds)
    return number, seconds - elapsed


def _one_more(name: str, seconds: int) -> int:
    try:
        try:
            number = _increased(name, seconds)
        except ValueError:
            # The first of its window; or another worker's was a moment earlier.
            number = (
                1 if cache.add(name, 1, timeout=seconds) else _increased(name, seconds)
            )
    # Each backend raises what its own client raises; none of it may stop a citizen.
    except Exception as error:  # noqa: BLE001
        cache_failed(error)
        return 0
    _outage["told"] = False
    return number


def _increased(name: str, seconds: int) -> int:
    """One more of a counter that is there, which keeps its whole window.

    Raises ``ValueError`` for one that is not. Backends that cannot count themselves,
    such as the database's, would give it the cache's ordinary, shorter life.
    """
    if type(caches[DEFAULT_CACHE_ALIAS]).incr is not BaseCache.incr:
        return cache.incr(name)
    number = cache.get(name)
    if number is None:
        raise ValueError(name)
    cache.set(name, number + 1, timeout=seconds)
    return number + 1


def cache_failed(error: Exception) -> None:
    """Say once in the log that the cache does not answer, until it does again."""
    if not _outage["told"]:
        _outage["told"] = True
        logger.error(
            "The cache does not answer (%s): limits against abuse count nothing.",
            type(error).__name__,
        )


def checks(limit: Limit) -> Callable:
    """Say of a view that it counts its POSTs against ``limit`` itself.

    Such a view answers with its own form, in which the text is kept.
    """

    def mark(view):
        view.limit = limit
        return view

    return mark


def limited(limit: Limit) -> Callable:
    """Let a view that takes no words count its POSTs, and answer those too many.

    To stand below ``in_language``, so that the answer is in the reader's language.
    """

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            if request.method == "POST" and (wait := wait_seconds(request, limit)):
                return _too_many(request, wait, limit)
            return view(request, *args, **kwargs)

        counted.limit = limit
        return counted

    return decorate


def _too_many(request, wait: int, limit: Limit):
    from wagtail_eparticipation.pages_context import public_context
    from wagtail_eparticipation.participations.abuse_log import note
    from wagtail_eparticipation.participations.sending_words import too_often

    note(request, "limited", limit.purpose)
    template = "wagtail_eparticipation/participations/too_often.html"
    context = {**public_context(request), "message": too_often(wait)}
    response = render(request, template, context, status=429)
    response["Retry-After"] = str(wait)
    return response
