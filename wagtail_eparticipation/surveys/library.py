"""Questions that an editor keeps for further surveys (R-4.1d)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from wagtail_eparticipation.surveys.blocks import LibraryBlock
from wagtail_eparticipation.translation import TranslatableFields


class LibraryQuestion(TranslatableMixin, index.Indexed, models.Model):
    """A question that surveys take over, with ids of their own."""

    name = models.CharField(
        _("name"), max_length=120, help_text=_("By which editors find it.")
    )
    question = StreamField(LibraryBlock(max_num=1), verbose_name=_("question"))

    translatable_fields = TranslatableFields(texts=["name", "question"], facts=[])
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question of the library")
        verbose_name_plural = _("question library")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def kind(self) -> str:
        """What kind of question it is, as editors call it; empty for none."""
        return str(self.question[0].block.label) if self.question else ""
