"""The whole register of a large topic as a file."""

import os
import subprocess
import sys

from django.db import connection

from bench.load_door import fill
from bench.loads import Figure, load, sized
from tests.factories import make_consultation

ROWS = sized(25_000, 250_000)


@load("export: the register of one topic")
def export() -> list[Figure]:
    consultation = make_consultation()
    fill(consultation, ROWS)
    figures = [Figure("participations", consultation.participations.count())]
    for form in ("csv", "xlsx"):
        seconds, taken, written = _once(form, consultation.pk)
        figures += [
            Figure(f"{form}: seconds", seconds, "s", at_most=60),
            Figure(f"{form}: memory taken", taken, "MB", at_most=100),
            Figure(f"{form}: size", written, "MB"),
        ]
    return figures


def _once(form: str, pk: int) -> list[float]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "TEST_DB_NAME": connection.settings_dict["NAME"],
    }
    command = [sys.executable, "-m", "bench.export_once", form, str(pk)]
    done = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    return [float(part) for part in done.stdout.split()]
