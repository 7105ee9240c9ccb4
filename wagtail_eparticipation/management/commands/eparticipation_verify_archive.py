from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_eparticipation.archive.verification import verify_package


class Command(BaseCommand):
    """Checks one package, a ZIP file or the folder that it was unpacked into."""

    help = "Verify an archive package; exits 1 and names every file that is wrong."

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="PATH")

    def handle(self, *args, path, **options):
        if not Path(path).exists():
            raise CommandError(_("There is nothing at %(path)s.") % {"path": path})
        faults = verify_package(path)
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                _("The package does not verify: %(count)d faults.")
                % {"count": len(faults)}
            )
        self.stdout.write(self.style.SUCCESS(f"{path} ok"))
