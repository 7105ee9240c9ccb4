"""The editor's blocks for conditions: they hold ids, which no translation changes."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_eparticipation.surveys.conditions import WITHOUT_VALUE

OPERATOR_NAMES = [
    ("is", _("is")),
    ("is_not", _("is not")),
    ("contains", _("contains")),
    ("contains_not", _("does not contain")),
    ("above", _("is above")),
    ("below", _("is below")),
    ("answered", _("is answered")),
    ("not_answered", _("is not answered")),
]


class ReferenceBlock(blocks.FieldBlock):
    """The id of something in the same form, which a script offers by its text.

    No text block: wagtail-localize offers those for translation.
    """

    role = ""

    def __init__(self, required=True, help_text=None, max_length=300, **kwargs):
        self.field = forms.CharField(
            required=required,
            help_text=help_text,
            max_length=max_length,
            widget=forms.TextInput({"data-ep-reference": self.role, "dir": "auto"}),
        )
        super().__init__(**kwargs)

    class Meta:
        default = ""


class QuestionReferenceBlock(ReferenceBlock):
    """The id of an earlier question, or of a row of an earlier matrix."""

    role = "question"


class OptionReferenceBlock(ReferenceBlock):
    """The id of an option of the same question."""

    role = "option"


class ValueBlock(ReferenceBlock):
    """The id of an option of the question that the rule is about, or else its value."""

    role = "value"


class RuleBlock(blocks.StructBlock):
    """One rule on an earlier answer."""

    question = QuestionReferenceBlock(label=_("Answer to"))
    operator = blocks.ChoiceBlock(label=_("Rule"), choices=OPERATOR_NAMES, default="is")
    value = ValueBlock(label=_("Value"), required=False)

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["operator"] in WITHOUT_VALUE:
            cleaned["value"] = ""
        return cleaned


class ConditionBlock(blocks.StructBlock):
    """When something is shown; without rules always."""

    join = blocks.ChoiceBlock(
        label=_("Shown if"),
        choices=[
            ("all", _("all of these rules hold")),
            ("any", _("one of these rules holds")),
        ],
        default="all",
    )
    rules = blocks.ListBlock(RuleBlock(), label=_("Rules"), default=[], max_num=20)

    class Meta:
        icon = "cog"
        label = _("Show only under a condition")
        form_classname = "struct-block ep-condition"
        collapsed = True
