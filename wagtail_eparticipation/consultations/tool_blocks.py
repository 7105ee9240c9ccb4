"""What the tools of a topic's page ask: categories of suggestions, quick polls.

Block ids, and those of a poll's options, survive translation and copying: what people
choose is kept by id, never by label.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_eparticipation.consultations.blocks import FilledValue


class PollResults(models.TextChoices):
    """When people see how a poll stands; chosen before opening (R-4.1c)."""

    NEVER = "never", _("Never on the page; only in the decision and report")
    OWN_VOTE = "own_vote", _("To whoever has voted; to everybody when it is over")
    AFTER_CLOSING = "after_closing", _("When the period is over")


def same_texts(options: Iterable[str]) -> dict[str, ListBlockValidationError]:
    """The error of a list ``options`` in which two have the same text, or nothing."""
    # A draft may still have empty options.
    texts = [option.strip().casefold() for option in options if option]
    if len(set(texts)) == len(texts):
        return {}
    message = gettext("Two options have the same text.")
    return {"options": ListBlockValidationError(non_block_errors=[message])}


class CategoriesBlock(blocks.StreamBlock):
    """Categories of suggestions; a suggestion keeps the id of its category."""

    category = blocks.CharBlock(label=_("Category"), max_length=80, icon="tag")

    class Meta:
        required = False
        max_num = 30


class PollBlock(blocks.StructBlock):
    """One question with options; each option's list id is its identity (S4-E)."""

    question = blocks.CharBlock(label=_("Question"), max_length=300)
    help_text = blocks.TextBlock(
        label=_("Explanation"),
        required=False,
        rows=2,
        help_text=_("What a person needs to know in order to answer."),
    )
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=200),
        label=_("Options"),
        min_num=2,
        max_num=12,
        help_text=_(
            "Questions and options are locked as soon as the first person votes."
        ),
    )
    at_most = blocks.IntegerBlock(
        label=_("How many options one may choose"), default=1, min_value=1
    )
    results = blocks.ChoiceBlock(
        label=_("Results are shown"),
        choices=PollResults.choices,
        default=PollResults.AFTER_CLOSING,
        help_text=_(
            "Chosen in advance and told to everybody; fixed once the period begins."
        ),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        errors = same_texts(cleaned["options"])
        if (cleaned["at_most"] or 1) > len(cleaned["options"]):
            errors["at_most"] = ValidationError(
                gettext("There are fewer options than that."), code="too_many"
            )
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    class Meta:
        icon = "radio-full"
        label = _("Poll")
        value_class = FilledValue


class PollsBlock(blocks.StreamBlock):
    """The quick polls of a topic, in order."""

    poll = PollBlock()

    class Meta:
        required = False
        max_num = 10
