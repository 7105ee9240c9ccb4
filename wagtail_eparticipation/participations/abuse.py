"""Limits against abuse that spare shared networks and keep no address (R-7.9a).

Counters live in the cache under a keyed hash of the address and the hour; nothing
about the sender is written to the database (AC-S3-L1).
"""

import ipaddress
from dataclasses import dataclass

from django.core.cache import cache

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.identity import keyed_hash


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds`` from one network address."""

    purpose: str
    times: int
    seconds: int


#: A school class or a service counter behind one address stays well below.
SENDING = Limit("send", 120, 600)
SAVING = Limit("save", 120, 600)
WRITING_TO_ADDRESSES = Limit("address", 20, 600)
LOOKING_UP = Limit("look-up", 30, 600)


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


def wait_seconds(request, limit: Limit) -> int:
    """Count one attempt; 0 when it is fine, else seconds to wait."""
    now = int(clock.now().timestamp())
    window, elapsed = divmod(now, limit.seconds)
    address = network_of(request)
    key = keyed_hash("abuse", f"{limit.purpose}:{window}:{address}")
    name = f"eparticipation:{key}"
    cache.add(name, 0, timeout=limit.seconds)
    try:
        count = cache.incr(name)
    except ValueError:
        return 0
    return limit.seconds - elapsed if count > limit.times else 0
