"""Runs every bench on each database that answers and prints one table for each.

``python -m bench [WORD …]`` runs those whose name holds a word. Fails when a bench asks
more queries than it promises.
"""

import os
import socket
import subprocess
import sys


def main(arguments: list[str]) -> int:
    if os.environ.get("BENCH_DB"):
        os.environ["TEST_DB"] = os.environ["BENCH_DB"]
        from bench.runner import run

        return run(os.environ["BENCH_DB"], arguments)
    codes = [_on("sqlite", arguments)]
    if _postgres_answers():
        codes.append(_on("postgres", arguments))
    else:
        print("PostgreSQL does not answer, so nothing was measured on it; set PGHOST.")
    return int(any(codes))


def _on(database: str, arguments: list[str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        env={**os.environ, "BENCH_DB": database},
    ).returncode


def _postgres_answers() -> bool:
    host = os.environ.get("PGHOST", "127.0.0.1")
    try:
        with socket.create_connection((host, int(os.environ.get("PGPORT", 5432))), 2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
