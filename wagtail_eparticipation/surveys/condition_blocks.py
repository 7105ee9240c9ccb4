"""The editor's blocks for conditions: they hold ids, which no translation changes."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

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


class ReferenceInput(forms.TextInput):
    """An input for an id, in whose place a script offers what there is to choose."""

    def __init__(self, role: str):
        super().__init__(
            {
                "data-ep-reference": role,
                "data-ep-choose": _("Choose"),
                # Translators: {value} is kept as it is.
                "data-ep-lost": _("Not there: {value}"),
                "data-ep-yes": _("Yes"),
                "data-ep-no": _("No"),
                "data-ep-other": _("Other"),
                "dir": "auto",
            }
        )


class ReferenceInputAdapter(WidgetAdapter):
    """Brings the script along, wherever the editor shows such an input."""

    js_constructor = "wagtail_eparticipation.Reference"

    @cached_property
    def media(self):
        script = "wagtail_eparticipation/js/survey-conditions.js"
        return super().media + forms.Media(js=[script])


register(ReferenceInputAdapter(), ReferenceInput)


class ReferenceBlock(blocks.FieldBlock):
    """The id of something in the same form, which a script offers by its text.

    Without the script the number of a question or the text of an option is typed, for
    which :mod:`references` finds the id. No text block: wagtail-localize offers those
    for translation.
    """

    role = ""

    def __init__(self, required=True, help_text=None, max_length=300, **kwargs):
        self.field = forms.CharField(
            required=required,
            help_text=help_text,
            max_length=max_length,
            widget=ReferenceInput(self.role),
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

    class Meta:
        label_format = "{question} {operator} {value}"


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
        label_format = "{rules}"
