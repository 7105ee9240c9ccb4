"""One import in a process of its own.

``python -m bench.import_once CONSULTATION USER ROWS`` prints the rows taken in, the
seconds, and the megabytes taken.
"""

import sys
import time

import django


def main(topic: str, user: str, number: str) -> None:
    django.setup()
    from django.contrib.auth import get_user_model

    from bench.bench_participations import posts
    from bench.processes import megabytes
    from wagtail_eparticipation.consultations.models import Consultation
    from wagtail_eparticipation.participations.importing import import_rows

    consultation = Consultation.objects.get(pk=topic)
    clerk = get_user_model().objects.get(pk=user)

    def take(rows: int, batch: str) -> int:
        report = import_rows(
            consultation, posts(rows), channel="social", actor=clerk, batch=batch
        )
        return report.imported

    # Whatever is loaded on the way is not the import's memory.
    take(500, "first")
    before, started = megabytes(), time.perf_counter()
    imported = take(int(number), "load")
    seconds = time.perf_counter() - started
    print(imported, seconds, megabytes() - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
