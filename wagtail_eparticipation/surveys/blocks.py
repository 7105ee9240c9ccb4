"""Survey questions as blocks: their ids survive translation, copying and editing."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from wagtail_eparticipation.consultations.tool_blocks import same_texts
from wagtail_eparticipation.surveys.condition_blocks import (
    ConditionBlock,
    OptionReferenceBlock,
)
from wagtail_eparticipation.surveys.library_block import LibraryChooserBlock


class OrderedBlock(blocks.StructBlock):
    """A block whose limits must not cross: pairs of names in ``between``."""

    between: tuple[tuple[str, str], ...] = ()

    def clean(self, value):
        cleaned = super().clean(value)
        errors = self.errors_of(cleaned)
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    def errors_of(self, cleaned: Mapping[str, Any]) -> dict[str, Exception]:
        """What is wrong with values that are each right, by name."""
        errors = {}
        for low, high in self.between:
            lowest, highest = cleaned[low], cleaned[high]
            if None not in (lowest, highest) and lowest > highest:
                errors[high] = _refusal(gettext("This is below the lower limit."))
        return errors


def _refusal(message: str) -> ValidationError:
    return ValidationError(message, code="invalid")


class QuestionBlock(OrderedBlock):
    """What every question has."""

    question = blocks.CharBlock(label=_("Question"), max_length=300)
    help_text = blocks.TextBlock(
        label=_("Explanation"),
        required=False,
        help_text=_("What a person needs to know in order to answer."),
    )
    picture = ImageBlock(
        label=_("Image"), required=False, collapsed=True, label_format="{alt_text}"
    )
    required = blocks.BooleanBlock(
        label=_("An answer is needed"), required=False, default=False
    )
    show_if = ConditionBlock()


class TextQuestionBlock(QuestionBlock):
    """A question that is answered in the participant's own words."""

    long = blocks.BooleanBlock(
        label=_("Long answer, several lines"), required=False, default=True
    )

    class Meta:
        icon = "pilcrow"
        label = _("Text question")
        group = _("Words and figures")


class NumberQuestionBlock(QuestionBlock):
    """A number, with its unit."""

    unit = blocks.CharBlock(
        label=_("Unit"), required=False, max_length=30, help_text=_("Such as: metres")
    )
    minimum = blocks.DecimalBlock(label=_("At least"), required=False)
    maximum = blocks.DecimalBlock(label=_("At most"), required=False)
    whole = blocks.BooleanBlock(
        label=_("Whole numbers only"), required=False, default=True
    )
    between = (("minimum", "maximum"),)

    class Meta:
        icon = "decimal"
        label = _("Number")
        group = _("Words and figures")


class DateQuestionBlock(QuestionBlock):
    """A day."""

    earliest = blocks.DateBlock(label=_("Not before"), required=False)
    latest = blocks.DateBlock(label=_("Not after"), required=False)
    between = (("earliest", "latest"),)

    class Meta:
        icon = "date"
        label = _("Date")
        group = _("Words and figures")


class EmailQuestionBlock(QuestionBlock):
    """An address, kept encrypted and apart from the other answers."""

    class Meta:
        icon = "mail"
        label = _("E-mail address")
        group = _("Words and figures")


class FileQuestionBlock(QuestionBlock):
    """Pictures and documents; only one such question, on topics that take files."""

    class Meta:
        icon = "upload"
        label = _("Files")
        group = _("Words and figures")


class PlaceQuestionBlock(QuestionBlock):
    """A place in words: a street, a park, coordinates."""

    class Meta:
        icon = "site"
        label = _("Place")
        group = _("Words and figures")


class QuotaBlock(blocks.StructBlock):
    """How many people may choose an option."""

    option = OptionReferenceBlock(label=_("Option"))
    limit = blocks.IntegerBlock(label=_("At most"), min_value=1, max_value=1_000_000)


class OptionsBlock(QuestionBlock):
    """A question with options; each option's list id is its identity (S4-E)."""

    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=200),
        label=_("Options"),
        min_num=2,
        max_num=200,
    )
    other = blocks.BooleanBlock(
        label=_("“Other”, to say what"), required=False, default=False
    )
    at_random = blocks.BooleanBlock(
        label=_("Each person sees the options in another order"),
        required=False,
        default=False,
    )
    quotas = blocks.ListBlock(
        QuotaBlock(),
        label=_("Places"),
        default=[],
        help_text=_("For options that only so many people can choose."),
    )

    def errors_of(self, cleaned):
        errors = super().errors_of(cleaned) | same_texts(cleaned["options"])
        if "quotas" in self.child_blocks:
            # One that is not there is no reason to refuse a draft: see ``checking``.
            wanted = [quota["option"] for quota in cleaned["quotas"] if quota["option"]]
            if len(set(wanted)) < len(wanted):
                errors["quotas"] = _refusal(gettext("An option is limited twice."))
        return errors


class SingleChoiceBlock(OptionsBlock):
    """One option out of several."""

    class Meta:
        icon = "radio-full"
        label = _("Single choice")
        group = _("Choices")


class MultipleChoiceBlock(OptionsBlock):
    """Any number of options, or between limits."""

    at_least = blocks.IntegerBlock(
        label=_("At least"),
        required=False,
        min_value=1,
        help_text=_("For those who answer the question."),
    )
    at_most = blocks.IntegerBlock(
        label=_("At most"),
        required=False,
        min_value=1,
        help_text=_("Leave empty to allow any number."),
    )
    between = (("at_least", "at_most"),)

    def errors_of(self, cleaned):
        errors = super().errors_of(cleaned)
        there = len(cleaned["options"]) + bool(cleaned["other"])
        for name in ("at_least", "at_most"):
            if (cleaned[name] or 0) > there:
                errors[name] = ValidationError(
                    gettext("There are fewer options than that."), code="too_many"
                )
        return errors

    class Meta:
        icon = "list-ul"
        label = _("Multiple choice")
        group = _("Choices")


class DropdownBlock(OptionsBlock):
    """One option out of many, from a list that opens."""

    class Meta:
        icon = "arrow-down"
        label = _("Dropdown")
        group = _("Choices")


class YesNoBlock(QuestionBlock):
    """Yes or no."""

    class Meta:
        icon = "check"
        label = _("Yes or no")
        group = _("Choices")


class ScaleBlock(QuestionBlock):
    """Steps in a row, of which the two ends have words."""

    first = blocks.ChoiceBlock(
        label=_("Begins at"), choices=[("1", "1"), ("0", "0")], default="1"
    )
    last = blocks.IntegerBlock(label=_("Ends at"), min_value=2, max_value=10, default=5)
    low_label = blocks.CharBlock(label=_("What the first step means"), max_length=60)
    high_label = blocks.CharBlock(label=_("What the last step means"), max_length=60)

    class Meta:
        icon = "order"
        label = _("Scale")
        group = _("Choices")


class MatrixBlock(QuestionBlock):
    """Several things, each rated by the same options."""

    rows = blocks.ListBlock(
        blocks.CharBlock(label=_("What is rated"), max_length=200),
        label=_("What is rated"),
        min_num=1,
        max_num=30,
    )
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer"), max_length=60),
        label=_("Answers"),
        min_num=2,
        max_num=10,
        help_text=_("From the lowest to the highest."),
    )

    def errors_of(self, cleaned):
        rows = same_texts(cleaned["rows"]).get("options")
        return (
            super().errors_of(cleaned)
            | same_texts(cleaned["options"])
            | ({"rows": rows} if rows else {})
        )

    class Meta:
        icon = "table"
        label = _("Rating matrix")
        group = _("Choices")


class RankingBlock(QuestionBlock):
    """Options to be put in order."""

    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=200),
        label=_("Options"),
        min_num=2,
        max_num=15,
    )
    at_random = blocks.BooleanBlock(
        label=_("Each person sees the options in another order"),
        required=False,
        default=False,
    )

    def errors_of(self, cleaned):
        return super().errors_of(cleaned) | same_texts(cleaned["options"])

    class Meta:
        icon = "list-ol"
        label = _("Ranking")
        group = _("Choices")


class InformationBlock(blocks.StructBlock):
    """What people should know before they go on; nothing is asked."""

    text = blocks.RichTextBlock(
        label=_("Text"), features=["h3", "bold", "italic", "ol", "ul", "link"]
    )
    show_if = ConditionBlock()

    class Meta:
        icon = "info-circle"
        label = _("Information")
        group = _("Structure")


class PartBlock(blocks.StructBlock):
    """Here begins a new page of the form."""

    title = blocks.CharBlock(label=_("Title of the part"), max_length=120)
    show_if = ConditionBlock()

    class Meta:
        icon = "horizontalrule"
        label = _("New page")
        group = _("Structure")


class LibraryBlock(blocks.StreamBlock):
    """The kinds of questions; a site adds its own."""

    text = TextQuestionBlock()
    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()
    dropdown = DropdownBlock()
    yes_no = YesNoBlock()
    scale = ScaleBlock()
    matrix = MatrixBlock()
    ranking = RankingBlock()
    number = NumberQuestionBlock()
    date = DateQuestionBlock()
    email = EmailQuestionBlock()
    place = PlaceQuestionBlock()

    def to_python(self, value):
        if isinstance(value, list):
            value = [self._with_picture(child) for child in value]
        return super().to_python(value)

    def _with_picture(self, child):
        """What was stored before questions had images, as if it had none.

        wagtail-localize reads what is stored, and fails where an image is left out.
        """
        block = self.child_blocks.get(child["type"])
        if "picture" not in getattr(block, "child_blocks", {}):
            return child
        empty = block.child_blocks["picture"].get_prep_value(None)
        return {**child, "value": {"picture": empty, **child["value"]}}

    class Meta:
        required = True


class QuestionStreamBlock(LibraryBlock):
    """The questions of a survey, in order, with what stands between them."""

    file = FileQuestionBlock()
    library = LibraryChooserBlock()
    information = InformationBlock()
    part = PartBlock()

    class Meta:
        required = True
        max_num = 200
        block_counts = {"file": {"max_num": 1}}
