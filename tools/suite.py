"""Runs every step of `make test`, says what ran and what did not, and fails if any did.

Steps can be named: ``tools/suite.py lint docs``. With ``CI=true`` a database or browser
that is missing is a failure; otherwise it is said in the summary. Two steps run at a
time, because each of them waits for a server or a browser; what one prints comes
together when it ends. ``LANES=1`` runs them one after the other.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
#: Tables are made from the models: the migrations, which take a minute for each
#: worker, are run by a step of their own, and by the example and the wheel.
UNIT = [
    *PYTEST,
    *("-n", "2", "--no-migrations"),
    *("-m", "not browser and not example and not wheel"),
]
#: What each database does in its own way: locks, bulk writing, comparing, JSON,
#: counting. All rooms run there with ``EVERY_ROOM=1``.
LOCKS_AND_BULK = [
    "tests/ledger",
    "tests/analysis/test_snapshot.py",
    "tests/discussion/test_listing.py",
    "tests/discussion/test_publish.py",
    "tests/discussion/test_suggestions.py",
    "tests/discussion/test_supports.py",
    "tests/moderation/test_claims.py",
    "tests/moderation/test_decide_many.py",
    "tests/moderation/test_destruction.py",
    "tests/moderation/test_flags.py",
    "tests/moderation/test_lexicon.py",
    "tests/moderation/test_queue.py",
    "tests/moderation/test_redaction.py",
    "tests/notifications/test_outbox.py",
    "tests/participations/test_abuse_log.py",
    "tests/participations/test_amending.py",
    "tests/participations/test_closing_instant.py",
    "tests/participations/test_exports.py",
    "tests/participations/test_matching.py",
    "tests/replies/test_communications.py",
    "tests/replies/test_counters.py",
    "tests/replies/test_figures.py",
    "tests/surveys/test_poll_results.py",
    *sorted(map(str, TESTS.glob("*/test_*at_once.py"))),
]
#: The whole road at once, on the database that is recommended for it.
ROAD = "tests/road"


def elsewhere(places: list[str]) -> list[str]:
    return [*UNIT, *([] if os.environ.get("EVERY_ROOM") else places)]


#: A journey in a browser waits for what a busy machine does late: those that failed
#: walk once more by themselves, and the summary says that they had to.
BROWSER_TESTS = [
    *PYTEST,
    *("--no-migrations", "-m", "browser", "-o", "cache_dir=.pytest_cache/browser"),
]
FAILED_JOURNEYS = [*BROWSER_TESTS, "--last-failed", "--last-failed-no-failures=none"]
#: Every migration from nothing, as on a new site.
MIGRATE = [*PYTEST, "-m", "not wheel", "tests/test_migrations.py"]
BUILT_DOCS = "docs/_build/html"
BROWSERS = [os.environ.get("CHROMIUM", "chromium"), "chromium-headless-shell"]
_printing = threading.Lock()


@dataclass(frozen=True)
class Step:
    """Commands that run one after another; ``absent`` says why it cannot run.

    Where any of them fails, ``again`` decides, if the step has it.
    """

    name: str
    commands: list[list[str]]
    environment: dict[str, str] | None = None
    absent: Callable[[], str] = lambda: ""
    again: list[list[str]] | None = None


def answers(host_variable: str, port_variable: str, port: int) -> bool:
    """Whether something listens at the address that the environment names."""
    host = os.environ.get(host_variable, "127.0.0.1")
    if host.startswith("/"):
        return Path(host).is_dir()
    address = (host, int(os.environ.get(port_variable, port)))
    try:
        with socket.create_connection(address, timeout=2):
            return True
    except OSError:
        return False


def no_postgres() -> str:
    if answers("PGHOST", "PGPORT", 5432):
        return ""
    return "PostgreSQL does not answer; set PGHOST"


def no_mariadb() -> str:
    if not answers("MYSQL_HOST", "MYSQL_PORT", 3306):
        return "MariaDB does not answer; set MYSQL_HOST"
    probe = [sys.executable, "-c", "import MySQLdb"]
    if subprocess.run(probe, capture_output=True).returncode:
        return (
            "mysqlclient is not installed; it needs gcc, pkg-config, python3-dev and "
            "libmariadb-dev, then: rm .venv/.mariadb; make test"
        )
    return ""


def no_browser() -> str:
    if any(map(shutil.which, BROWSERS)):
        return ""
    return "Chromium is not installed; on Debian: apt-get install chromium"


def no_gettext() -> str:
    if shutil.which("msgfmt"):
        return ""
    return "gettext is not installed; on Debian: apt-get install gettext"


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


STEPS = [
    Step(
        "lint",
        [
            tool("ruff", "check", "."),
            tool("ruff", "format", "--check", "."),
            tool("lint-imports"),
        ],
    ),
    Step(
        "migrations",
        [
            [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
            [sys.executable, "-m", "django", "check"],
        ],
        {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    ),
    Step(
        "translations",
        [[sys.executable, "tools/messages.py", "check"]],
        absent=no_gettext,
    ),
    Step(
        "browser journeys",
        [BROWSER_TESTS],
        absent=no_browser,
        again=[FAILED_JOURNEYS],
    ),
    Step("unit tests, SQLite", [UNIT], {"TEST_DB": "sqlite"}),
    Step(
        "unit tests, PostgreSQL",
        [elsewhere([*LOCKS_AND_BULK, ROAD]), MIGRATE],
        {"TEST_DB": "postgres"},
        no_postgres,
    ),
    Step(
        "unit tests, MariaDB",
        [elsewhere(LOCKS_AND_BULK), MIGRATE],
        {"TEST_DB": "mariadb"},
        no_mariadb,
    ),
    Step(
        "docs",
        [tool("sphinx-build", "-W", "--keep-going", "-q", "docs", BUILT_DOCS)],
    ),
    Step("example site", [[*PYTEST, "-m", "example", "tests/example"]]),
    Step("wheel", [[*PYTEST, "-m", "wheel", "tests/wheel"]]),
]


@dataclass(frozen=True)
class Outcome:
    """What became of a step, and whether the whole run fails by it."""

    words: str
    failed: bool = False


def run(step: Step, out) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(step.environment or {})}
    # Every command runs, so that one report holds all there is to mend.
    codes = []
    for command in step.commands:
        print("$", " ".join(command), file=out, flush=True)
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        codes.append(done.returncode)
    return not any(codes)


def carry_out(step: Step) -> Outcome:
    """Run a step, and print what it said when it is over."""
    strict = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        reason = step.absent()
        if reason:
            words = f"{'FAILED' if strict else 'did not run'}: {reason}"
            outcome = Outcome(words, strict)
        else:
            passed, words = run(step, out), "passed"
            if not passed and step.again:
                passed = run(replace(step, commands=step.again), out)
                words = "passed at the second try, see above,"
            seconds = time.monotonic() - started
            words = f"{words if passed else 'FAILED'} in {seconds:.0f} s"
            outcome = Outcome(words, not passed)
        out.seek(0)
        with _printing:
            print(f"\n=== {step.name}\n{out.read()}", end="")
            print(f"--- {step.name:<24} {outcome.words}", flush=True)
    return outcome


def main(wanted: list[str]) -> int:
    steps = [s for s in STEPS if not wanted or s.name.split()[0] in wanted]
    unknown = set(wanted) - {s.name.split()[0] for s in STEPS}
    if unknown:
        print("There is no step called", ", ".join(sorted(unknown)), file=sys.stderr)
        return 2
    with ThreadPoolExecutor(int(os.environ.get("LANES", "2"))) as lanes:
        outcomes = list(lanes.map(carry_out, steps))
    print("\nSummary")
    for step, outcome in zip(steps, outcomes, strict=True):
        print(f"  {step.name:<24} {outcome.words}")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
