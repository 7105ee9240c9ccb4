"""The whole register of a large topic as a file."""

from bench.load_door import fill
from bench.loads import Figure, load, sized
from bench.processes import once
from tests.factories import make_consultation

ROWS = sized(25_000, 250_000)


@load("export: the register of one topic")
def export() -> list[Figure]:
    consultation = make_consultation()
    fill(consultation, ROWS)
    figures = [Figure("participations", consultation.participations.count())]
    for form in ("csv", "xlsx"):
        seconds, taken, written = once("bench.export_once", form, consultation.pk)
        figures += [
            Figure(f"{form}: seconds", seconds, "s", at_most=60),
            Figure(f"{form}: memory taken", taken, "MB", at_most=100),
            Figure(f"{form}: size", written, "MB"),
        ]
    return figures
