"""The editors' vocabulary: departments, segments of the public, subjects.

Snippets, one per language, tied by ``translation_key`` like pages are; show them
with ``.localized``.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index


class Department(TranslatableMixin, index.Indexed, models.Model):
    """An internal entity that can be responsible for a topic (R-5.1.2e)."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    contact_role = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("A role such as 'Public relations officer', never a person."),
    )
    contact_phone = models.CharField(_("public telephone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("public e-mail"), blank=True)
    calendar = models.ForeignKey(
        "wagtail_eparticipation.WorkingCalendar",
        verbose_name=_("working calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leave empty for the municipality's usual hours."),
    )

    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("head of the department"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Is told when an answer of the department is overdue. Never shown to the"
            " public."
        ),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("unit"),
        MultiFieldPanel(
            [
                FieldPanel("contact_role"),
                FieldRowPanel(
                    [FieldPanel("contact_phone"), FieldPanel("contact_email")]
                ),
            ],
            heading=_("Contact shown to the public"),
        ),
        FieldPanel("calendar"),
        FieldPanel("head"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Segment(TranslatableMixin, index.Indexed, models.Model):
    """A group of the public that a topic addresses (R-5.1.3a)."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    estimated_size = models.PositiveIntegerField(
        _("estimated size"), null=True, blank=True
    )
    size_source = models.CharField(
        _("source of the estimate"), max_length=250, blank=True
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("estimated_size"), FieldPanel("size_source")]),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("segment of the public")
        verbose_name_plural = _("segments of the public")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Subject(TranslatableMixin, index.Indexed, models.Model):
    """A field of municipal work by which the public finds topics (R-5.2.1a)."""

    name = models.CharField(_("name"), max_length=120)

    panels = [FieldPanel("name")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = pgettext_lazy("of a topic", "subject")
        verbose_name_plural = _("subjects")
        ordering = ["name"]

    def __str__(self):
        return self.name
