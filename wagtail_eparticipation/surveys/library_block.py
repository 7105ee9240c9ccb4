"""The editor's block that takes a question over from the library."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

#: Its name among the questions of a survey.
FROM_LIBRARY = "library"


class LibraryChooserBlock(SnippetChooserBlock):
    """A question of the library; saving the survey puts a copy in its place.

    Until then it is no question: neither asked nor counted.
    """

    def __init__(self, **kwargs):
        super().__init__("wagtail_eparticipation.LibraryQuestion", **kwargs)

    class Meta:
        icon = "copy"
        label = _("From the library")
        group = _("Structure")
        help_text = _(
            "A copy of the question takes its place when the survey is saved. Changes "
            "to the library do not reach it."
        )
