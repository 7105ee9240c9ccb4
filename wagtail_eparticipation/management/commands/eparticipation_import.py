"""Imports a CSV or XLSX file of another channel into a topic, or takes one back."""

from argparse import ArgumentTypeError
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import (
    batch_course,
    import_files,
    table_files,
    tools,
)
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.importing import PUBLICATIONS
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Publication,
)


def _pair(text: str) -> tuple[str, str]:
    name, sign, heading = text.partition("=")
    if not sign:
        raise ArgumentTypeError(_unknown(import_files.FIELDS))
    return name, heading


def _unknown(fields) -> str:
    return _("Write FIELD=COLUMN with one of these fields: %(fields)s") % {
        "fields": ", ".join(fields)
    }


class Command(BaseCommand):
    """``eparticipation_import 2026-014 posts.csv --channel social --user clerk``."""

    help = (
        "Import voices of another channel (CSV or XLSX, names of columns in the first "
        "row). Rows that cannot be taken in are listed and stop nothing; the same file "
        "imports nothing twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("reference", help="number of the topic, such as 2026-014")
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--user", required=True, help="account that enters it")
        offline = [value for value in Channel.values if value != Channel.PORTAL]
        parser.add_argument("--channel", choices=offline)
        parser.add_argument(
            "--tool",
            default="comment",
            help="comment, suggestion, or survey:ID; an unknown one lists them",
        )
        parser.add_argument(
            "--map",
            type=_pair,
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="which column is which field, where its name does not say it",
        )
        parser.add_argument("--language", default="ar", help="where no column says it")
        parser.add_argument("--made-on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--consent", choices=Consent.values, default=Consent.NONE)
        parser.add_argument(
            "--publication",
            choices=[value for value, _label in PUBLICATIONS],
            default=Publication.NOT_PUBLISHED,
        )
        parser.add_argument("--evidence", type=Path, help="file that proves the rows")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--roll-back", metavar="BATCH", default="")
        parser.add_argument("--reason", default="", help="why it is taken back")

    def handle(self, *, reference, user, **options):
        consultation = Consultation.objects.filter(reference=reference).first()
        if consultation is None:
            raise CommandError(
                _("There is no topic with the number %(number)s.")
                % {"number": reference}
            )
        users = get_user_model()
        actor = users.objects.filter(**{users.USERNAME_FIELD: user}).first()
        if actor is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": user})
        try:
            if options["roll_back"]:
                self._roll_back(consultation, actor, options)
            else:
                self._import(consultation, actor, options)
        except PermissionDenied as error:
            raise CommandError(
                _("“%(name)s” may not moderate this topic.") % {"name": user}
            ) from error
        except (batch_course.ImportRefused, table_files.UnreadableFile) as error:
            raise CommandError(str(error)) from error

    def _roll_back(self, consultation, actor, options) -> None:
        code = options["roll_back"]
        batch = ImportBatch.objects.filter(consultation=consultation, code=code).first()
        if batch is None:
            raise CommandError(_("There is no import %(batch)s.") % {"batch": code})
        rows = batch_course.roll_back(batch, reason=options["reason"], actor=actor)
        self.stdout.write(_("Rows taken back: %(rows)d") % {"rows": rows})

    def _import(self, consultation, actor, options) -> None:
        path, channel = options["file"], options["channel"]
        if path is None or channel is None:
            raise CommandError(_("Name the file and its --channel."))
        known = dict(tools.importable(consultation))
        if options["tool"] not in known:
            raise CommandError(
                _("Choose --tool out of these: %(tools)s")
                % {
                    "tools": ", ".join(
                        f"{code} ({name})" for code, name in known.items()
                    )
                }
            )
        tool, _colon, subject = options["tool"].partition(":")
        with _opened(path) as file, _opened(options["evidence"]) as evidence:
            batch = batch_course.prepare(
                consultation,
                file,
                path.name,
                channel=channel,
                actor=actor,
                evidence=evidence,
                tool=tool,
                subject=subject,
            )
        try:
            report = self._run(batch, actor, options)
        except BaseException:
            # The database may be what is gone: the first error is the one to tell.
            with suppress(Error):
                self._leave(batch, actor)
            raise
        if options["dry_run"]:
            self._leave(batch, actor)
        self._tell(batch, report, options["dry_run"])

    def _leave(self, batch, actor) -> None:
        """Drop a batch of which nothing came in; of another say what can be done."""
        batch.refresh_from_db()
        if batch.state == ImportBatch.State.PREPARED:
            batch_course.discard(batch, actor=actor)
        elif batch.state == ImportBatch.State.STOPPED:
            self.stderr.write(
                _(
                    "%(batch)s stopped behind row %(row)d; what came in until then is"
                    " in the register. The same command goes on with it, and"
                    " --roll-back %(batch)s takes it back."
                )
                % {"batch": batch.code, "row": batch.reached}
            )

    def _run(self, batch, actor, options):
        headings, _first = batch_course.headings_of(batch)
        if sheets := batch_course.sheets_left_out(batch):
            text = _("Only the first sheet of the workbook is read. Not read:")
            self.stderr.write(f"{text} {', '.join(sheets)}")
        fields = import_files.fields_of(batch)
        if set(dict(options["map"])) - set(fields):
            raise CommandError(_unknown(fields))
        columns = import_files.propose(headings, fields) | dict(options["map"])
        unknown = set(columns.values()) - set(headings)
        own = {"text"} if "text" in fields else set(fields) - set(import_files.FIELDS)
        if unknown or not own & set(columns):
            raise CommandError(
                _("Say with --map which column is the text. Columns: %(columns)s")
                % {"columns": ", ".join(headings)}
            )
        plan = import_files.Plan(
            columns=columns,
            language=options["language"],
            made_on=options["made_on"],
            consent=options["consent"],
            publication=options["publication"],
            evidence=batch.code if batch.evidence else "",
            entry=import_files.entry_of(batch),
        )
        if options["dry_run"]:
            return batch_course.rehearse(batch, plan, actor=actor)
        return batch_course.carry_out(batch, plan, actor=actor, progress=self._progress)

    def _progress(self, report) -> None:
        self.stderr.write(f"{report.rows} …", ending="\r")

    def _tell(self, batch, report, dry_run: bool) -> None:
        for number, message in report.errors:
            self.stdout.write(
                _("Row %(number)s: %(message)s")
                % {"number": number, "message": message}
            )
        head = _("Nothing was kept; an import would give:") if dry_run else batch.code
        self.stdout.write(head)
        for label, value in (
            (_("Imported"), report.imported),
            (_("In the late box"), report.late),
            (_("Imported before"), report.repeated),
            (_("Not imported"), report.failed),
        ):
            self.stdout.write(f"  {label}: {value}")


@contextmanager
def _opened(path: Path | None):
    if path is None:
        yield None
        return
    try:
        with path.open("rb") as file:
            yield File(file, name=path.name)
    except OSError as error:
        raise CommandError(str(error)) from error
