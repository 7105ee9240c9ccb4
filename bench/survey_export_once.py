"""One export of a survey in a process of its own, where nothing else took memory.

``python -m bench.survey_export_once csv PAGE`` prints seconds, and megabytes taken and
written. ``answers`` is CSV with one row per answer.
"""

import sys
import tempfile
import time
from datetime import timedelta

import django


def main(form: str, pk: str) -> None:
    django.setup()
    from bench.processes import megabytes
    from tests.factories import DURING
    from wagtail_eparticipation import clock
    from wagtail_eparticipation.surveys.codebook import codebook_of
    from wagtail_eparticipation.surveys.export import ANSWERS, RESPONSES, Export
    from wagtail_eparticipation.surveys.export_books import write_xlsx
    from wagtail_eparticipation.surveys.export_files import csv_pieces, json_pieces
    from wagtail_eparticipation.surveys.export_zip import zip_pieces
    from wagtail_eparticipation.surveys.listing import surveys_of
    from wagtail_eparticipation.surveys.pages import SurveyPage

    survey = SurveyPage.objects.get(pk=pk)

    def write(file, **cut):
        export = Export(
            codebook_of(surveys_of(survey.consultation)),
            shape=ANSWERS if form == "answers" else RESPONSES,
            language="ar",
            **cut,
        )
        if form == "xlsx":
            write_xlsx(file, export, made_at=clock.now())
        elif form == "zip":
            file.writelines(zip_pieces(export, made_at=clock.now()))
        else:
            file.writelines((json_pieces if form == "json" else csv_pieces)(export))

    with tempfile.TemporaryFile() as first:
        # Whatever is imported on the way is not the survey's memory.
        write(first, until=DURING - timedelta(days=1))
    before = megabytes()
    with tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        write(file)
        seconds = time.perf_counter() - started
        size = file.seek(0, 2) / 1e6
    print(seconds, megabytes() - before, size)


if __name__ == "__main__":
    main(*sys.argv[1:])
