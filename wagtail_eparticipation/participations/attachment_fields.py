"""The part of a form in which people attach files."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_eparticipation.participations.attachment_kinds import accepted_names
from wagtail_eparticipation.participations.attachment_settings import limits

#: In the order of ``files_field.html``.
NAMES = ("files", "files_about", "files_shared")


class FilesInput(forms.FileInput):
    """One input for several files."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Says what can be chosen; the files themselves are a :class:`Tray`'s."""

    def __init__(self):
        found = limits()
        accept = ",".join(found.types)
        super().__init__(
            required=False,
            label=gettext_lazy("Files"),
            widget=FilesInput({"accept": accept}),
            help_text=ngettext(
                "At most %(count)d file of %(size)s at most. Accepted: %(accepted)s."
                " Where and with what a picture was taken is removed. A moderator looks"
                " at each file before it is shown.",
                "At most %(count)d files of %(size)s at most each. Accepted:"
                " %(accepted)s. Where and with what a picture was taken is removed. A"
                " moderator looks at each file before it is shown.",
                found.max_files,
            )
            % {
                "count": found.max_files,
                "size": filesizeformat(found.max_bytes),
                "accepted": accepted_names(found.types),
            },
        )

    def clean(self, value):
        return []


def add_fields(form) -> None:
    """Give a form its three fields; the sizes are those of the site's settings."""
    form.fields["files"] = FilesField()
    form.fields["files_about"] = _words_field()
    form.fields["files_shared"] = forms.BooleanField(
        required=False,
        label=_(
            "I may share these files: I made them, or have leave to publish them, and"
            " nobody can be recognised in them who does not want that"
        ),
    )


def _words_field() -> forms.CharField:
    return forms.CharField(
        required=False,
        label=_("What do the files show?"),
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_(
            "In one sentence, for people who cannot see them. It is shown with the"
            " files; please write no names."
        ),
    )
