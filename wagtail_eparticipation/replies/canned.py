"""Answers that the desk gives often, kept ready in each language (R-5.3.1e)."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

#: What may stand in a text, and is filled in when it is put into an answer.
PLACEHOLDERS = {
    "number": _("number of the enquiry"),
    "topic": _("title of the topic"),
    "due": _("by when an answer is owed"),
}
_PLACEHOLDER = re.compile(r"%\(([^)]*)\)(s?)")


def check_placeholders(text: str) -> None:
    """Raise ``ValidationError`` for one that nobody could fill in."""
    for found in _PLACEHOLDER.finditer(text):
        name, ending = found.groups()
        if name not in PLACEHOLDERS or not ending:
            raise ValidationError(
                gettext(
                    "“%(found)s” cannot be filled in. Possible are %(possible)s; write"
                    " them exactly so."
                ),
                code="placeholder",
                params={
                    "found": found.group(),
                    "possible": " ".join(f"%({name})s" for name in PLACEHOLDERS),
                },
            )
    if "%(" in _PLACEHOLDER.sub("", text):
        raise ValidationError(
            gettext("A placeholder has no closing bracket."), code="placeholder"
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; every other sign stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), ""), text)


class CannedAnswerQuerySet(models.QuerySet):
    """Cuts through the answers that are kept ready."""

    def offered(self, language: str, department=None):
        """Those in use for a language: everybody's, and those of a department."""
        short = language.split("-")[0]
        everybody = Q(department=None)
        if department is not None:
            everybody |= Q(department__translation_key=department.translation_key)
        return self.filter(
            Q(locale__language_code=short)
            | Q(locale__language_code__startswith=f"{short}-"),
            everybody,
            active=True,
        ).order_by("sort_order", "title", "pk")

    def count_use(self, ids) -> None:
        """Note that each of these went into an answer."""
        self.filter(pk__in=ids).update(used=F("used") + 1)


class CannedAnswer(TranslatableMixin, index.Indexed, models.Model):
    """A text that is put into an answer and then reworded there.

    One row a language, tied by ``translation_key``. Without a department it is
    everybody's.
    """

    title = models.CharField(
        _("title"), max_length=120, help_text=_("For the desk alone.")
    )
    body = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_(
            "Filled in when it is used: %(number)s the number of the enquiry,"
            " %(topic)s the title of the topic, %(due)s by when an answer is owed."
        ),
        validators=[check_placeholders],
    )
    department = models.ForeignKey(
        "wagtail_eparticipation.Department",
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leave empty to offer it to every department."),
    )
    sort_order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Smaller numbers stand first.")
    )
    active = models.BooleanField(_("offered"), default=True)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)

    objects = CannedAnswerQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("body"),
        FieldPanel("department"),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("active")]),
    ]
    search_fields = [
        index.SearchField("title"),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.FilterField("locale_id"),
        index.FilterField("active"),
        index.FilterField("department_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")
        ordering = ["sort_order", "title", "id"]

    def __str__(self):
        return self.title

    def copy_for_translation(self, locale, exclude_fields=None):
        """Another language begins without the uses of the one it is made from."""
        return super().copy_for_translation(locale, [*(exclude_fields or []), "used"])
