"""How long a public page may be kept: never past the next change by the clock."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting


def max_age(changes: Iterable[datetime | None], now: datetime) -> int:
    """Seconds that a page may be kept, given the instants at which it changes."""
    limits = [int((change - now).total_seconds()) for change in changes if change]
    return max(0, min([get_setting("PAGE_MAX_AGE"), *limits]))


def limit_caching(response: HttpResponse, consultations, now=None) -> HttpResponse:
    """Let anybody keep the page, until one of the topics on it opens or closes."""
    now = now or clock.now()
    changes = [
        consultation.next_change(now)
        for consultation in consultations
        if consultation is not None
    ]
    patch_cache_control(response, public=True, max_age=max_age(changes, now))
    return response
