"""Files on their way with a form: kept while the form comes back, so none is lost.

They are kept sealed for the form's own key, at most
``attachments.HELD_FOR``, and belong to no
participation until the form is taken in (R-7.10b).
"""

import hashlib
import logging
import re
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import clock, sanitize
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    attachment_store,
    door,
    uploads,
)
from wagtail_eparticipation.participations.attachment_kinds import FileRefused
from wagtail_eparticipation.participations.attachment_settings import (
    limits,
    taken_on,
)
from wagtail_eparticipation.participations.attachments import PRESENT, Attachment
from wagtail_eparticipation.participations.sending_words import wait_message

logger = logging.getLogger(__name__)

#: Longest description of a file.
_ABOUT_LENGTH = 300
#: The field for what a file shows that is there already.
_ABOUT_NAME = re.compile("about_[0-9a-f]{32}")


def takes_files(form, consultation) -> bool:
    """Whether a form, or class of forms, has the part for files on this topic."""
    return form.takes_files and taken_on(consultation)


def open_tray(request, typed, form, consultation, token):
    """The tray of a form that was sent, with its files taken in; ``None`` without.

    ``form`` is the class of the form. A form whose token is not ours keeps nothing.
    """
    if not takes_files(form, consultation):
        return None
    tray = Tray(consultation, door.stored_key(consultation, token.nonce))
    if token.problem == "forged":
        tray.refuse_all(request)
    else:
        tray.take_in(request, typed)
    return tray


def amend_tray(request, typed, form, participation, *, proven: bool):
    """The tray of a form that changes a participation; ``None`` without files.

    ``typed`` is ``None`` while nothing was sent. Without proof that one holds the
    receipt nothing is kept.
    """
    consultation = participation.consultation
    if not getattr(form, "takes_files", False) or not taken_on(consultation):
        return None
    key = door.stored_key(consultation, f"amend:{participation.pk}")
    tray = Tray(consultation, key, participation)
    if typed is not None and proven:
        tray.take_in(request, typed)
    elif typed is not None:
        tray.hide(typed)
        tray.refuse_all(request)
    return tray


def is_complete(form) -> bool:
    """Whether a form and the files on their way with it can be taken in."""
    form.is_valid()
    if form.tray is not None:
        form.tray.judge(form)
    return not form.errors


def show_held(form, consultation, nonce: str) -> None:
    """Let a form that is shown again list what was chosen in it before."""
    if takes_files(form, consultation):
        form.tray = Tray(consultation, door.stored_key(consultation, nonce))


def _not_kept() -> FileRefused:
    return FileRefused("failed", _("Your files were not kept. Choose them again."))


class Tray:
    """The files of one form: those held for it, and those that are attached already.

    ``key`` names the form; ``participation`` is the one that the form changes, if any.
    """

    def __init__(self, consultation, key: str, participation=None):
        self.consultation, self.key = consultation, key
        self.participation = participation
        self.problems: list[str] = []
        self.dropped: set[str] = set()
        self.abouts: dict[str, str] = {}
        self.declared = False
        #: What the form says of files, by key, and which it takes out.
        self.said: dict[str, str] = {}
        self.out: set[str] = set()
        #: What was typed by somebody who may not see the files; else ``None``.
        self.hidden_from = None

    @cached_property
    def held(self) -> list[Attachment]:
        """Files that belong to nothing yet, in the order in which they came."""
        rows = Attachment.objects.filter(held_for=self.key, participation=None)
        return list(rows.select_related("key").order_by("id"))

    @cached_property
    def attached(self) -> list[Attachment]:
        """Files of the participation that is being changed."""
        if self.participation is None or not self.participation.attachment_count:
            return []
        rows = self.participation.attachments.filter(state__in=PRESENT)
        return list(rows.select_related("key"))

    @property
    def kept(self) -> list[Attachment]:
        """All that will stay when the form is taken in."""
        stay = [row for row in self.attached if row.key_hex not in self.dropped]
        return [*stay, *self.held]

    @property
    def rows(self) -> list[dict]:
        """What ``files_field.html`` lists."""
        if self.hidden_from is not None:
            return self._typed_rows(self.hidden_from)
        return [
            {
                "key": row.key_hex,
                "name": attachment_store.words_of(row).get("name") or _("file"),
                "size": row.size,
                "kind": row.get_kind_display(),
                "waits": row.state == Attachment.State.QUARANTINED,
                "about": self.abouts.get(row.key_hex, row.description),
                "dropped": row.key_hex in self.dropped,
            }
            for row in (*self.attached, *self.held)
        ]

    def hide(self, typed) -> None:
        """Show nothing but what was typed: it does not prove that one may see more."""
        self.hidden_from = typed

    def _typed_rows(self, typed) -> list[dict]:
        dropped = set(typed.getlist("files_drop"))
        names = [name for name in typed if _ABOUT_NAME.fullmatch(name)]
        return [
            {
                "key": (key := name.removeprefix("about_")),
                "name": _("file") + f" {number}",
                "about": typed[name],
                "dropped": key in dropped,
            }
            for number, name in enumerate(names[: limits().max_files], start=1)
        ]

    def take_in(self, request, typed) -> None:
        """Do what the form says: take files out, keep new ones, and what they show."""
        self.declared = bool(typed.get("files_shared"))
        self.out = set(typed.getlist("files_drop"))
        self._take_out(self.out)
        common = self._about(typed.get("files_about", ""))
        for name in uploads.left_out(request):
            self._complain(name, attachment_store.too_large(limits().max_bytes))
        files = uploads.files_of(request)
        if files and (wait := self._seconds_to_wait(request)):
            self.problems.append(wait_message(wait))
            files = []
        for number, file in enumerate(files):
            self._keep(file, opened=number)
        self._describe(typed, common)

    def _seconds_to_wait(self, request) -> int:
        wait = abuse.wait_seconds(request, abuse.UPLOADING, self.key)
        if wait:
            purpose = abuse.UPLOADING.purpose
            abuse_log.note(request, "limited", purpose, self.consultation)
        return wait

    def refuse_all(self, request) -> None:
        """Say that files cannot be kept for a form that is not ours."""
        if uploads.files_of(request) or uploads.left_out(request):
            self.problems.append(str(_not_kept()))

    def _take_out(self, keys: set[str]) -> None:
        self.dropped = {row.key_hex for row in self.attached} & keys
        gone = [row.pk for row in self.held if row.key_hex in keys]
        if gone:
            attachment_store.drop(Attachment.objects.filter(pk__in=gone))
            del self.held

    def _keep(self, file, opened: int) -> None:
        """Keep a file; ``opened`` were looked into for this request before.

        Those refused count as well: each costs as much work as one that is kept.
        """
        most = limits()
        data = file.read(most.max_bytes + 1)
        if attachment_store.digest_of(data) in {row.digest for row in self.kept}:
            # Sent once more, after the answer to the first was lost.
            return
        if max(len(self.kept), opened) >= most.max_files:
            message = ngettext(
                "Only %(count)d file can be sent with it; this one was not kept.",
                "Only %(count)d files can be sent with it; this one was not kept.",
                most.max_files,
            )
            refusal = FileRefused("number", message % {"count": most.max_files})
            self._complain(file.name, refusal)
            return
        try:
            row = attachment_store.keep(
                self.consultation,
                data,
                file.name,
                held_for=self.key,
                limits=most,
                now=clock.now(),
            )
        except FileRefused as refusal:
            self._complain(file.name, refusal)
            return
        # A storage, scanner or process that fails must not cost anybody the text.
        except Exception as error:  # noqa: BLE001
            logger.error("A file could not be kept: %s", type(error).__name__)
            self._complain(file.name, _not_kept())
            return
        if row.pk not in {each.pk for each in self.held}:
            self.held.append(row)

    def _complain(self, name: str, refusal: FileRefused) -> None:
        values = {
            # Set apart from the direction of the sentence.
            "name": f"\u2068{attachment_store.clean_name(name)}\u2069",
            "reason": str(refusal),
        }
        self.problems.append(_("“%(name)s”: %(reason)s") % values)

    def _about(self, text: str) -> str:
        try:
            words = sanitize.plain(text, max_length=_ABOUT_LENGTH)
        except sanitize.TextTooLong as error:
            self.problems.extend(error.messages)
            return ""
        return words.replace("\n", " ")

    def _describe(self, typed, common: str) -> None:
        said = {
            name.removeprefix("about_"): self._about(typed[name])
            for name in typed
            if _ABOUT_NAME.fullmatch(name)
        }
        self.said = {key: about or common for key, about in said.items()}
        for row in (*self.attached, *self.held):
            about = said.get(row.key_hex, row.description)
            self.abouts[row.key_hex] = about
        for row in self.held:
            about = self.abouts[row.key_hex] or common
            self.abouts[row.key_hex] = about
            if about != row.description:
                attachment_store.remember_words(row, about)

    def judge(self, form) -> None:
        """Tell a form what is wrong with its files."""
        for problem in self.problems:
            form.add_error("files", problem)
        if any(not self.abouts.get(row.key_hex, row.description) for row in self.kept):
            form.add_error(
                "files_about", _("Say in a few words what each of the files shows.")
            )
        if self.held and not self.declared:
            form.add_error(
                "files_shared",
                _("Files are sent only if you may share them. Else take them out."),
            )

    def digest(self) -> str:
        """Which files these are and what is said of them; empty without any.

        A form that is sent again names files that were taken in with it meanwhile.
        """
        words = {row.digest: row.description for row in self.held} | self._taken_in()
        parts = sorted(f"{digest}:{about}" for digest, about in words.items())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest() if parts else ""

    def _taken_in(self) -> dict[str, str]:
        """What the form says now of files that are its participation's already."""
        keys = self.said.keys() - self.out
        if keys <= {row.key_hex for row in self.held}:
            return {}
        rows = Attachment.objects.filter(
            consultation=self.consultation,
            participation__idempotency_key=self.key,
            state__in=PRESENT,
        )
        return {
            row.digest: self.said[row.key_hex] for row in rows if row.key_hex in keys
        }

    def move_to(self, nonce: str) -> None:
        """Let the files wait for another form of the same topic."""
        key = door.stored_key(self.consultation, nonce)
        for row in self.held:
            attachment_store.hold_for(row, key)
        self.key = key
