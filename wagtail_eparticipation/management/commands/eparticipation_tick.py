from django.core.management.base import BaseCommand, CommandError

from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.snapshot import freeze_due
from wagtail_eparticipation.consultations.incidents import beat
from wagtail_eparticipation.consultations.tick import TickFailed, tick
from wagtail_eparticipation.discussion.forgetting import forget
from wagtail_eparticipation.notifications import job
from wagtail_eparticipation.participations import forgetting
from wagtail_eparticipation.participations.batch_course import forget_abandoned
from wagtail_eparticipation.replies import job as replies_job
from wagtail_eparticipation.surveys.keeping import keep_counts


class Command(BaseCommand):
    """Run it every few minutes; running it late or twice does no harm."""

    help = (
        "Note openings and closings, chain the ledgers, let old requests lapse, "
        "freeze the numbers, hand over complaints, go on with replies to campaigns, "
        "send the notices that are due, "
        "delete files of imports that nobody carried out within a day, expired "
        "drafts, files of forms that were never sent, and addresses that readers "
        "left, or to which invitations went, and that are needed no longer; search "
        "attached files for malware that could not be searched before; keep the "
        "counts of surveys and polls."
    )

    def handle(self, *args, **options):
        try:
            done = tick()
        except TickFailed as failure:
            raise CommandError(f"Not noted, see the log: {failure}") from failure
        now = clock.now()
        if not clock.is_rehearsal() and beat(now):
            self.stdout.write("an incident was suspected: this job did not run")
        handed = replies_job.run()
        for line in [*done, *freeze_due(), *handed, *job.run(), *forget(now)]:
            self.stdout.write(line)
        if number := forget_abandoned(now):
            self.stdout.write(f"{number} abandoned imports deleted")
        for line in forgetting.forget(now):
            self.stdout.write(line)
        if number := keep_counts(now):
            self.stdout.write(f"{number} stretches of responses counted")
