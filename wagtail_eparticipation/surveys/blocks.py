"""Survey questions as blocks: their ids survive translation, copying and editing."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_eparticipation.consultations.tool_blocks import same_texts


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

    def clean(self, value):
        cleaned = super().clean(value)
        if errors := same_texts(cleaned["options"]):
            raise StructBlockValidationError(errors)
        return cleaned


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

    def clean(self, value):
        cleaned = super().clean(value)
        if (cleaned["at_most"] or 0) > len(cleaned["options"]):
            raise StructBlockValidationError(
                {
                    "at_most": ValidationError(
                        gettext("There are fewer options than that."), code="too_many"
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "list-ul"
        label = _("Multiple choice")


class QuestionStreamBlock(blocks.StreamBlock):
    """The questions of a survey, in order."""

    text = TextQuestionBlock()
    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()

    class Meta:
        required = True
