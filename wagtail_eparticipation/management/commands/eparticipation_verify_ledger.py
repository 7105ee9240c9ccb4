from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.chain import verify


class Command(BaseCommand):
    """Checks every chain, or those named; fails when a row was changed or lost."""

    help = "Verify the hash chain of the ledgers; exits 1 and names what is wrong."

    def add_arguments(self, parser):
        parser.add_argument("reference", nargs="*", help="references; all when none")

    def handle(self, *args, reference, **options):
        consultations = Consultation.objects.order_by("reference")
        if reference:
            consultations = consultations.filter(reference__in=reference)
            unknown = set(reference) - {c.reference for c in consultations}
            if unknown:
                raise CommandError(
                    _("There is no consultation %(references)s.")
                    % {"references": ", ".join(sorted(unknown))}
                )
        broken = 0
        for consultation in consultations:
            problems = verify(consultation)
            broken += bool(problems)
            for problem in problems:
                self.stderr.write(f"{consultation.reference} {problem}")
            if not problems:
                self.stdout.write(f"{consultation.reference} ok")
        if broken:
            raise CommandError(
                _("%(count)d ledgers do not verify.") % {"count": broken}
            )
