"""A large file of another channel, taken into one topic."""

from bench.bench_participations import period
from bench.loads import Figure, load, sized
from bench.processes import once
from tests.factories import make_consultation, make_user

ROWS = sized(10_000, 100_000)


@load("import: one large file")
def import_file() -> list[Figure]:
    consultation = make_consultation(**period())
    clerk = make_user(superuser=True)
    imported, seconds, taken = once(
        "bench.import_once", consultation.pk, clerk.pk, ROWS
    )
    return [
        Figure("rows", ROWS),
        Figure("rows lost", ROWS - imported, at_most=0, hard=True),
        Figure("rows a second", imported / seconds, "/s", at_least=1000),
        Figure("memory taken", taken, "MB", at_most=150),
    ]
