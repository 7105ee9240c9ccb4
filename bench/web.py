"""Web workers of their own, and many people who send forms to them at once."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

WORKERS = 4
#: People who send at the same moment.
PEOPLE = 8


@dataclass(frozen=True)
class Post:
    """One form as the browser sends it."""

    path: str
    body: str
    sender: str = "9.9.9.9"


@contextmanager
def serving() -> Iterator[int]:
    """Four gunicorn workers on this bench's database; gives their port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # They find the database as it is called while benches run.
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "TEST_DB_NAME": connection.settings_dict["NAME"],
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", str(WORKERS), "--preload", "--log-level", "warning"]
    application = "django.core.wsgi:get_wsgi_application()"
    process = subprocess.Popen([*command, *options, application], env=environment)
    try:
        _wait_until_it_answers(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(port: int, process) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The web workers do not answer")


def send_all(port: int, posts: list[Post]) -> tuple[float, list[int]]:
    """Send every form; the seconds it took, and the status of each answer."""
    start = threading.Barrier(PEOPLE + 1)

    def person(share: list[Post]) -> list[int]:
        start.wait()
        return [_send(port, post) for post in share]

    shares = [posts[first::PEOPLE] for first in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        running = [pool.submit(person, share) for share in shares]
        start.wait()
        started = time.perf_counter()
        answers = [status for each in running for status in each.result()]
        return time.perf_counter() - started, answers


def _send(port: int, post: Post) -> int:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        there.request(
            "POST",
            post.path,
            post.body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": post.sender,
            },
        )
        answer = there.getresponse()
        answer.read()
        return answer.status
    finally:
        there.close()
