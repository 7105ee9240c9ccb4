"""The part of the periodic job for complaints, campaigns, delays and usual times."""

from collections import Counter
from datetime import datetime

from wagtail_eparticipation import clock
from wagtail_eparticipation.replies import (
    campaign_replies,
    contact_times,
    delays,
    handovers,
)


def run(now: datetime | None = None) -> list[str]:
    """Try every handover that is due, go on with replies to campaigns, remind of what
    is late, and note usual times.

    Returns what was done, in words.
    """
    now = now or clock.now()
    done = Counter(str(handovers.attempt(pk, now)) for pk in handovers.due(now))
    lines = [f"complaints {state} {number}" for state, number in sorted(done.items())]
    lines += campaign_replies.carry_on(now)
    lines += delays.run(now)
    if changed := contact_times.refresh(now):
        lines.append(f"contact times {changed}")
    return lines
