"""Many people at once in a test: threads on connections and locks of their own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import close_old_connections, connection, connections


@contextmanager
def real_connections(folder: Path) -> Iterator[None]:
    """SQLite in memory has no locks between threads: copy it into a file."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    shared = connections["default"]
    name = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(folder / "copy.sqlite3")
    own = connections.create_connection("default")
    own.inc_thread_sharing()
    own.ensure_connection()
    shared.connection.backup(own.connection)
    connections["default"] = own
    try:
        yield
    finally:
        own.close()
        connections["default"] = shared
        connections.settings["default"]["NAME"] = name


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread; all start together. Results in order, or exceptions."""
    start = threading.Barrier(len(works))

    def run(work):
        close_old_connections()
        try:
            start.wait(timeout=20)
            return work()
        except Exception as error:  # noqa: BLE001 (the test judges what it gets)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
