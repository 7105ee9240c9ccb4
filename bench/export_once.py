"""One export in a process of its own, where nothing else has taken memory.

``python -m bench.export_once csv CONSULTATION`` prints seconds, and megabytes taken
and written.
"""

import sys
import tempfile
import time

import django


def main(form: str, pk: str) -> None:
    django.setup()
    from bench.processes import megabytes
    from wagtail_eparticipation import clock
    from wagtail_eparticipation.participations import export_files, exporting
    from wagtail_eparticipation.participations.models import Participation

    def write(participations, file):
        rows = exporting.rows_of(participations)
        if form == "csv":
            file.writelines(export_files.csv_lines(rows))
        else:
            export_files.write_xlsx(file, rows, made_at=clock.now())

    register = Participation.objects.filter(consultation_id=pk)
    with tempfile.TemporaryFile() as first:
        # Whatever is imported on the way is not the register's memory.
        write(register.filter(pk__lt=0), first)
    before = megabytes()
    with tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        write(register, file)
        seconds = time.perf_counter() - started
        size = file.seek(0, 2) / 1e6
    print(seconds, megabytes() - before, size)


if __name__ == "__main__":
    main(*sys.argv[1:])
