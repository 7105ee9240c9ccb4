from django.core.management.base import BaseCommand

from wagtail_eparticipation.consultations.tick import tick


class Command(BaseCommand):
    """Run it every few minutes; running it late or twice does no harm."""

    help = "Note openings and closings, chain the ledgers, let old requests lapse."

    def handle(self, *args, **options):
        for line in tick():
            self.stdout.write(line)
