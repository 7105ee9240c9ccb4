"""Doing a transaction again that a database ended to let another one through."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connections, router

from wagtail_eparticipation.participations.models import Participation

Result = TypeVar("Result")

#: PostgreSQL: deadlock detected, could not serialise. MySQL and MariaDB: the same,
#: waited too long for a lock, record changed since it was read.
_POSTGRES = frozenset({"40P01", "40001"})
_MYSQL = frozenset({1213, 1205, 1020})
_ATTEMPTS = 8
#: Seconds, doubled each time and made uneven so that two do not meet again.
_PAUSE = 0.05


def was_ended_for_another(error: OperationalError) -> bool:
    """Whether the same transaction would go through if it were tried again."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _POSTGRES:
        return True
    code = error.args[0] if error.args else None
    return isinstance(code, int) and code in _MYSQL


def retried(work: Callable[[], Result]) -> Result:
    """The result of ``work``, a whole transaction, tried a few times.

    Inside a transaction of the caller nothing can be tried again: the database has
    given up all of it.
    """
    connection = connections[router.db_for_write(Participation)]
    for attempt in range(_ATTEMPTS):
        try:
            return work()
        except OperationalError as error:
            last = attempt == _ATTEMPTS - 1
            if last or connection.in_atomic_block or not was_ended_for_another(error):
                raise
        # No secret: it only keeps two imports from meeting again.
        time.sleep(_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("unreachable")
