"""SQLite in memory put back as it stood before the first test, in a moment.

After a test of real transactions Django empties every table and makes permissions,
groups and types of content anew, which takes longer than many such tests. A copy of the
whole database, made once, is laid over it instead. Other databases are emptied.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def kept() -> Iterator[None]:
    """Keep what is there now for the tests in the block."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(copy)
    flush = TransactionTestCase._fixture_teardown

    def put_back(case) -> None:
        if connection.connection is None or not connection.is_in_memory_db():
            flush(case)
        else:
            copy.backup(connection.connection)
            # Types that the test was the first to ask for are not there any more.
            ContentType.objects.clear_cache()

    TransactionTestCase._fixture_teardown = put_back
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush
        copy.close()
