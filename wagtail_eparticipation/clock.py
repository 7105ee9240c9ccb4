"""The one clock: the database decides what is before and what is after.

Web workers may disagree by seconds; the database has one time for all of them
(AC-S3-F4). ``rehearse`` lets the example site and tests walk through months of a
consultation with the same acts and doors that people use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.apps import apps
from django.db import connections, router
from django.utils import timezone

_rehearsed: ContextVar[datetime | None] = ContextVar("rehearsed_instant", default=None)

_QUERIES = {
    "postgresql": "SELECT clock_timestamp()",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "oracle": "SELECT SYSTIMESTAMP FROM DUAL",
}


def now() -> datetime:
    """The current instant for showing things; costs no query."""
    return _rehearsed.get() or timezone.now()


def database_now(using: str | None = None) -> datetime:
    """The database's wall clock at this statement, as an aware UTC instant.

    Not the transaction's start: a submit that waited for a lock reads the time at
    which it obtained it.
    """
    rehearsed = _rehearsed.get()
    if rehearsed is not None:
        return rehearsed
    connection = connections[using or _writing_alias()]
    with connection.cursor() as cursor:
        cursor.execute(_QUERIES[connection.vendor])
        value = cursor.fetchone()[0]
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.astimezone(UTC)


def _writing_alias() -> str:
    return router.db_for_write(apps.get_model("wagtail_eparticipation", "LedgerEvent"))


def is_rehearsal() -> bool:
    """Whether a rehearsed instant is in force; the ledger marks such events."""
    return _rehearsed.get() is not None


@contextmanager
def rehearse(instant: datetime) -> Iterator[None]:
    """Let everything in this context happen at ``instant``.

    For example content and tests only. Every ledger event written inside says
    ``"rehearsal": true``, so nobody can pass off rehearsed acts as real ones.
    """
    if timezone.is_naive(instant):
        raise ValueError("rehearse() needs an aware datetime")
    token = _rehearsed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _rehearsed.reset(token)
