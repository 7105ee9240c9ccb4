"""Runs every bench on each database that answers and prints one table for each.

``python -m bench [WORD …]`` runs those whose name holds a word. Fails when a bench asks
more queries than it promises.
"""

import os
import socket
import subprocess
import sys

#: The variables that name a server's host and port, and its standard port.
SERVERS = {
    "postgres": ("PGHOST", "PGPORT", 5432),
    "mariadb": ("MYSQL_HOST", "MYSQL_PORT", 3306),
}


def main(arguments: list[str]) -> int:
    if os.environ.get("BENCH_DB"):
        os.environ["TEST_DB"] = os.environ["BENCH_DB"]
        from bench.runner import run

        return run(os.environ["BENCH_DB"], arguments)
    codes = [_on("sqlite", arguments)]
    for database, (host, port, default) in SERVERS.items():
        if _answers(host, port, default):
            codes.append(_on(database, arguments))
        else:
            print(f"{database} does not answer, so nothing was measured on it: {host}")
    return int(any(codes))


def _on(database: str, arguments: list[str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        env={**os.environ, "BENCH_DB": database},
    ).returncode


def _answers(host: str, port: str, default: int) -> bool:
    address = (os.environ.get(host, "127.0.0.1"), int(os.environ.get(port, default)))
    try:
        with socket.create_connection(address, 2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
