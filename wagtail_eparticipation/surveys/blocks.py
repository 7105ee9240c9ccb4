"""Survey questions as blocks: their ids survive translation, copying and editing."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuestionBlock(blocks.StructBlock):
    """What every question has."""

    question = blocks.CharBlock(label=_("Question"), max_length=300)
    help_text = blocks.TextBlock(
        label=_("Explanation"),
        required=False,
        help_text=_("What a person needs to know in order to answer."),
    )
    required = blocks.BooleanBlock(
        label=_("An answer is needed"), required=False, default=False
    )


class TextQuestionBlock(QuestionBlock):
    """A question that is answered in the participant's own words."""

    long = blocks.BooleanBlock(
        label=_("Long answer, several lines"), required=False, default=True
    )

    class Meta:
        icon = "pilcrow"
        label = _("Text question")


class OptionsBlock(QuestionBlock):
    """A question with options; each option's list id is its identity (S4-E)."""

    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=200),
        label=_("Options"),
        min_num=2,
        max_num=40,
    )


class SingleChoiceBlock(OptionsBlock):
    """One option out of several."""

    class Meta:
        icon = "radio-full"
        label = _("Single choice")


class MultipleChoiceBlock(OptionsBlock):
    """Any number of options, or up to a limit."""

    at_most = blocks.IntegerBlock(
        label=_("At most"),
        required=False,
        min_value=1,
        help_text=_("Leave empty to allow any number."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Multiple choice")


class QuestionStreamBlock(blocks.StreamBlock):
    """The questions of a survey, in order."""

    text = TextQuestionBlock()
    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()

    class Meta:
        required = False
