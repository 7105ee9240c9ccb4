"""What is needed no longer, destroyed by the periodic job (R-7.8d, AC-S6-D1)."""

import logging
from collections.abc import Callable
from datetime import datetime

from wagtail_eparticipation.participations import (
    abuse_log,
    attaching,
    drafts,
    inviting,
)
from wagtail_eparticipation.participations.invitation_acts import forget_invitees

logger = logging.getLogger(__name__)

#: The abuse log first: it holds what must go soonest.
_TASKS = (
    ("entries of the abuse log deleted", abuse_log.forget),
    ("abandoned lists of people deleted", inviting.forget_abandoned),
    ("contacts of invited people destroyed", forget_invitees),
    ("files looked through again", attaching.look_through_again),
    ("abandoned files deleted", attaching.forget_abandoned),
    ("expired drafts deleted", drafts.forget_expired),
)


def forget(now: datetime) -> list[str]:
    """Destroy it; returns what was done, in words. What fails stops nothing else."""
    done = {what: _number(task, what, now) for what, task in _TASKS}
    return [f"{number} {what}" for what, number in done.items() if number]


def _number(task: Callable[[datetime], int], what: str, now: datetime) -> int:
    try:
        return task(now)
    # Files, storages and scanners fail in ways of their own.
    except Exception as error:  # noqa: BLE001
        logger.error("No %s this time: %s", what, type(error).__name__)
        return 0
