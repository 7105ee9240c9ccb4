from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.surveys.keeping import repair, wrong


class Command(BaseCommand):
    """Compares kept counts with a count of every answer; takes its time."""

    help = (
        "Count all answers to surveys and polls again and name kept counts that are "
        "not the same; exits 1 where there are some. With --repair they are put right."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="keep what was counted now"
        )

    def handle(self, *args, **options):
        bad = 0
        done = set()
        for row in wrong():
            stretch = (row.survey_key, row.stretch)
            if stretch in done:
                continue
            done.add(stretch)
            bad += 1
            self.stderr.write(f"{row.survey_key} {row.stretch}")
            if options["repair"]:
                bad -= repair(row)
        if bad:
            raise CommandError(
                ngettext(
                    "The kept counts of %(count)d stretch of responses are wrong.",
                    "The kept counts of %(count)d stretches of responses are wrong.",
                    bad,
                )
                % {"count": bad}
            )
        self.stdout.write(_("All kept counts are right."))
