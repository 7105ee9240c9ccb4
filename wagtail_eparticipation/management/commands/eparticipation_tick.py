from django.core.management.base import BaseCommand, CommandError

from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.snapshot import freeze_due
from wagtail_eparticipation.consultations.tick import TickFailed, tick
from wagtail_eparticipation.notifications import job
from wagtail_eparticipation.participations import forgetting
from wagtail_eparticipation.participations.batch_course import forget_abandoned


class Command(BaseCommand):
    """Run it every few minutes; running it late or twice does no harm."""

    help = (
        "Note openings and closings, chain the ledgers, let old requests lapse, "
        "freeze the numbers, send the notices that are due and delete files of imports "
        "that nobody carried out within a day, saved drafts that have expired, and "
        "whom invitations reached once the topic is over."
    )

    def handle(self, *args, **options):
        try:
            done = tick()
        except TickFailed as failure:
            raise CommandError(f"Not noted, see the log: {failure}") from failure
        for line in [*done, *freeze_due(), *job.run()]:
            self.stdout.write(line)
        if number := forget_abandoned(clock.now()):
            self.stdout.write(f"{number} abandoned imports deleted")
        for line in forgetting.forget(clock.now()):
            self.stdout.write(line)
