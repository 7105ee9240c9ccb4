from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.archive.verification import (
    verify_against_record,
    verify_package,
)


class Command(BaseCommand):
    """Checks one package, a ZIP file or the folder that it was unpacked into.

    A ZIP file that this site sealed is compared with the site's record too.
    """

    help = "Verify an archive package; exits 1 and names every file that is wrong."

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="PATH")

    def handle(self, *args, path, **options):
        if not path or not Path(path).exists():
            raise CommandError(_("There is nothing at %(path)s.") % {"path": path})
        faults = [*verify_package(path), *_against_record(Path(path))]
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                ngettext(
                    "The package does not verify: %(count)d fault.",
                    "The package does not verify: %(count)d faults.",
                    len(faults),
                )
                % {"count": len(faults)}
            )
        self.stdout.write(self.style.SUCCESS(f"{path} ok"))


def _against_record(path: Path) -> list:
    # A package can be checked anywhere, also where there is no database.
    try:
        return verify_against_record(path)
    except DatabaseError:
        return []
