"""What the tools on a topic's page ask of people (R-4.1b, R-4.1c)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from wagtail_eparticipation.consultations import tool_blocks


class RequestTools(models.Model):
    """Categories of suggestions and quick polls, worded in each language."""

    suggestion_categories = StreamField(
        tool_blocks.CategoriesBlock(),
        verbose_name=_("categories of suggestions"),
        blank=True,
        help_text=_(
            "What a suggestion can be about. Leave empty and nobody is asked. "
            "Example: “Shade and trees”. (P-4.1)"
        ),
    )
    polls = StreamField(
        tool_blocks.PollsBlock(),
        verbose_name=_("quick polls"),
        blank=True,
        help_text=_(
            "Short questions with options on this page. They show what those think who "
            "take part, not what the public thinks. (P-4.1)"
        ),
    )

    class Meta:
        abstract = True
