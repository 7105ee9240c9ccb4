from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation import flags
from wagtail_eparticipation.participations.models import Participation


class Command(BaseCommand):
    """Looks again at what waits for a moderator, part by part; safe to run any time."""

    help = (
        "Flag the participations that wait for a moderator anew, for example after the "
        "lexicon or the advisers were changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--reference", help="one topic alone")
        parser.add_argument(
            "--all", action="store_true", help="also those that were decided already"
        )

    def handle(self, *args, reference, all, **options):
        rows = Participation.objects.all() if all else Participation.objects.waiting()
        if reference:
            if not Consultation.objects.filter(reference=reference).exists():
                raise CommandError(
                    _("There is no consultation %(references)s.")
                    % {"references": reference}
                )
            rows = rows.filter(consultation__reference=reference)
        done = 0
        for part in flags.refresh_all(rows):
            done += part
            if options["verbosity"] > 1:
                self.stdout.write(str(done))
        self.stdout.write(
            _("Looked at %(count)d participations again.") % {"count": done}
        )
