"""The part of the periodic job that hands complaints over."""

from collections import Counter
from datetime import datetime

from wagtail_eparticipation import clock
from wagtail_eparticipation.replies import handovers


def run(now: datetime | None = None) -> list[str]:
    """Try every handover that is due; returns what was done, in words."""
    now = now or clock.now()
    done = Counter(str(handovers.attempt(pk, now)) for pk in handovers.due(now))
    return [f"complaints {state} {number}" for state, number in sorted(done.items())]
