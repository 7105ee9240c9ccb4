"""Measures: a database of its own, each bench rolled back, medians, ratios."""

import gc
import os
import statistics
import time
from importlib import import_module
from pathlib import Path

import django
from django.db import connection, transaction
from django.test.utils import (
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)

from bench.loads import FULL, run_loads
from bench.registry import BENCHES, Action, Bench

#: Repetitions stop after so many seconds or turns, whichever comes first.
SECONDS = 2.0
TURNS = 30


def run(database: str, words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("TEST_DB_NAME", "ep_bench")
    django.setup()
    for pattern in ("bench_*.py", "load_*.py"):
        for file in sorted(Path(__file__).parent.glob(pattern)):
            import_module(f"bench.{file.stem}")
    setup_test_environment()
    own_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        code = _table(database, words)
        # SQLite in memory is nobody's but this process's.
        if connection.vendor != "sqlite":
            code = code or int(not run_loads(words))
        return code
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)
        teardown_test_environment()


def _with_peers(chosen) -> set[str]:
    """Names of benches, of those with which they are compared, and so on."""
    peers = {bench.name: bench.compared_with for bench in BENCHES}
    names, waiting = set(), [bench.name for bench in chosen]
    while waiting:
        name = waiting.pop()
        if name and name not in names:
            names.add(name)
            waiting.append(peers[name])
    return names


def _table(database: str, words: list[str]) -> int:
    reference = _first_of_all()
    chosen = [b for b in BENCHES if not words or any(w in b.name for w in words)]
    needed = _with_peers(chosen) | {reference.name}
    medians: dict[str, float] = {}
    broken = 0
    print(f"\n{database}, {connection.vendor}")
    print(f"{'bench':<52} {'queries':>8} {'at most':>8} {'ms':>9} {'ratio':>8}")
    for bench in BENCHES:
        if bench.name not in needed:
            continue
        queries, medians[bench.name] = _measure(bench)
        base = medians[bench.compared_with or reference.name]
        limit = bench.queries_at_most
        over = limit is not None and queries > limit
        ratio = medians[bench.name] / base
        slow = bench.ratio_at_most is not None and ratio > bench.ratio_at_most
        broken += over or (slow and FULL)
        print(
            f"{bench.name:<52} {queries:>8} {'' if limit is None else limit:>8} "
            f"{medians[bench.name] * 1000:>9.2f} "
            f"{ratio:>8.2f}{'  TOO MANY' if over else ''}{'  TOO SLOW' if slow else ''}"
        )
        if bench.compared_with:
            promise = (
                f", at most {bench.ratio_at_most:g}" if bench.ratio_at_most else ""
            )
            print(f"    1.0 is: {bench.compared_with}{promise}")
    return int(bool(broken))


def _first_of_all() -> Bench:
    """Put the reference first, whatever its file's name sorts to, and return it."""
    position = next(i for i, b in enumerate(BENCHES) if b.name.startswith("reference"))
    BENCHES.insert(0, BENCHES.pop(position))
    return BENCHES[0]


def _measure(bench: Bench) -> tuple[int, float]:
    with transaction.atomic():
        action = bench.prepare()
        # The first call fills caches that a running site has filled.
        action()
        with CaptureQueriesContext(connection) as captured:
            action()
        # Counted now: Django forgets them at the next request of a test client.
        queries = len(captured)
        median = _median_seconds(action)
        transaction.set_rollback(True)
    return queries, median


def _median_seconds(action: Action) -> float:
    durations = []
    gc.collect()
    gc.disable()
    try:
        until = time.perf_counter() + SECONDS
        while len(durations) < 3 or (
            len(durations) < TURNS and time.perf_counter() < until
        ):
            started = time.perf_counter()
            action()
            durations.append(time.perf_counter() - started)
    finally:
        gc.enable()
    return statistics.median(durations)
