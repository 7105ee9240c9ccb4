"""Writes the register to a file for records officers, or checks such a file."""

import os
import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import (
    export_checks,
    export_files,
    exporting,
    listing,
)
from wagtail_eparticipation.participations.models import Channel, State

_FORMS = {".csv": "csv", ".xlsx": "xlsx"}


class Command(BaseCommand):
    """``eparticipation_export register.csv --user clerk --reference 2026-014``."""

    help = (
        "Write the register, releasable text only, to a CSV or XLSX file and its "
        "SHA-256 to a .sha256 file beside it; or check such a file with --verify, "
        "which exits 1 and says what is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="ends in .csv or .xlsx")
        parser.add_argument(
            "--verify", action="store_true", help="check, write nothing"
        )
        parser.add_argument("--user", help="account that takes the rows out")
        parser.add_argument("--reference", help="number of one topic, such as 2026-014")
        parser.add_argument("--state", choices=State.values)
        parser.add_argument("--channel", choices=Channel.values)
        parser.add_argument("--tool")

    def handle(self, *, file, verify, **options):
        if file.suffix.lower() not in _FORMS:
            raise CommandError(_("Choose a file whose name ends in .csv or .xlsx."))
        if verify:
            self._verify(file)
        else:
            self._export(file, options)

    def _verify(self, path: Path) -> None:
        if not path.is_file():
            raise CommandError(_("There is nothing at %(path)s.") % {"path": path})
        faults = export_checks.faults_of(path)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(
                ngettext(
                    "The file does not verify: %(count)d fault.",
                    "The file does not verify: %(count)d faults.",
                    len(faults),
                )
                % {"count": len(faults)}
            )
        self.stdout.write(self.style.SUCCESS(f"{path} ok"))
        if export_checks.is_on_record(path):
            self.stdout.write(_("A ledger of this site names exactly this file."))

    def _export(self, path: Path, options) -> None:
        users = get_user_model()
        name = options["user"]
        actor = users.objects.filter(**{users.USERNAME_FIELD: name or ""}).first()
        if actor is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": name or ""})
        if not listing.may_see_register(actor):
            raise CommandError(
                _("“%(name)s” may not see the register.") % {"name": name}
            )
        if path.exists():
            raise CommandError(
                _("%(path)s is there already; name another file.") % {"path": path}
            )
        try:
            self._write(path, self._rows(actor, options), actor, options)
        except export_files.XlsxUnavailable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(str(error)) from error

    def _rows(self, actor, options):
        rows = listing.scope(actor)
        if reference := options["reference"]:
            topic = listing.topics(actor).filter(reference=reference).first()
            if topic is None:
                raise CommandError(
                    _("There is no topic with the number %(number)s.")
                    % {"number": reference}
                )
            rows = rows.filter(consultation=topic)
        chosen = {name: options[name] for name in ("state", "channel", "tool")}
        return rows.filter(**{name: value for name, value in chosen.items() if value})

    def _write(self, path: Path, rows, actor, options) -> None:
        form = _FORMS[path.suffix.lower()]
        names = ("reference", "state", "channel", "tool")
        chosen = [(name, options[name]) for name in names if options[name]]
        # Under its name it is whole.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                if form == "xlsx":
                    export_files.write_xlsx(
                        file,
                        exporting.rows_of(rows),
                        made_at=clock.now(),
                        chosen=chosen,
                    )
                else:
                    file.writelines(export_files.csv_lines(exporting.rows_of(rows)))
            digest = export_checks.digest_of(unfinished)
            exporting.note(rows, actor=actor, form=form, digest=digest)
            beside = path.with_name(f"{path.name}.sha256")
            beside.write_text(f"{digest}  {path.name}\n", encoding="utf-8")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{digest}  {path}")
