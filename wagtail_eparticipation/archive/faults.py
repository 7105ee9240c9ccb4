"""What can be wrong with a package, said in the language of whoever reads it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "no_zip": _("cannot be opened as a ZIP file"),
    "unreadable": _("cannot be read"),
    "missing": _("is missing"),
    "twice": _("is there twice"),
    "beside": _("lies outside the package's folder"),
    "not_listed": _("is not in the manifest"),
    "not_in_tags": _("is not in the tag manifest"),
    "line": _("line %(detail)s cannot be read"),
    "changed": _("was changed (SHA-256 differs)"),
    "damaged": _("was changed and cannot be unpacked any more"),
    "oxum": _("size and number of files are not as stated (%(detail)s)"),
    "order": _("event %(detail)s does not follow the one before it"),
    "event": _("event %(detail)s was changed"),
    "head": _("does not end where bag-info.txt says"),
    "sidecar": _("differs from the checksum in %(detail)s"),
    "sealed": _("differs from what was sealed"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with which file; ``code`` is kept, the words follow the reader."""

    path: str
    code: str
    detail: str = ""

    def __str__(self):
        words = str(_WORDS[self.code])
        if self.detail:
            words %= {"detail": self.detail}
        return f"{self.path}: {words}"
