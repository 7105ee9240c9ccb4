"""Whether and in which form somebody may change a participation (R-7.5a)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import receipts, tools
from wagtail_eparticipation.participations.amending import AMENDABLE, Changes
from wagtail_eparticipation.participations.attaching import replace_files
from wagtail_eparticipation.participations.attachment_fields import NAMES as FILES
from wagtail_eparticipation.participations.forms import WordsForm
from wagtail_eparticipation.participations.models import Publication

#: What the participant settled beside the words, and may settle anew.
_CHOICES = ("language", "publication", "name")


def amend_form(participation, typed=None):
    """The form of the participation's tool, holding what was sent; else ``None``.

    Such a form has ``changing_fields()``, its bound fields in order, and, once it is
    valid, ``changes()``, what ``amending.amend`` is to carry out. A tool brings its
    own by ``Tool.amend_form``; those whose form is a ``WordsForm`` need none.
    """
    tool = tools.get(participation.tool)
    if tool.amend_form is not None:
        return tool.amend_form(participation, typed)
    form_class = import_string(tool.form) if tool.form else None
    if form_class is None or not issubclass(form_class, WordsForm):
        return None
    return _amending(form_class)(participation, typed)


def may_amend(participation) -> bool:
    """Until closing, while it can be changed."""
    collecting = participation.consultation.stage() == Stage.COLLECTING
    return (
        collecting
        and participation.state in AMENDABLE
        and amend_form(participation) is not None
    )


class _Amending:
    """Turns a tool's form into one that changes what was sent with it."""

    def __init__(self, participation, typed=None):
        self.participation = participation
        super().__init__(
            typed,
            consultation=participation.consultation,
            initial={
                **participation.data,
                "title": participation.title,
                "text": participation.text,
                "language": participation.language,
                "publication": participation.publication,
                "name": participation.public_name,
            },
        )
        others = {*self.main_fields, *_CHOICES, *FILES, "hinted"}
        for name in set(self.fields) - others:
            del self.fields[name]
        # Here it is the name that is shown, whosever it is.
        self.fields["name"].help_text = _(
            "Needed only if it is to be shown with your text."
        )

    def changing_fields(self):
        names = (*self.main_fields, *_CHOICES)
        return [self[name] for name in names if name in self.fields]

    def changes(self) -> Changes:
        cleaned = self.cleaned_data
        named = cleaned["publication"] == Publication.WITH_NAME
        kept = {
            name: value
            for name, value in self.participation.data.items()
            if name not in self.main_fields
        }
        return Changes(
            text=cleaned["text"],
            title=cleaned.get("title", ""),
            data={**kept, **self.data_of_tool()},
            language=cleaned["language"],
            publication=cleaned["publication"],
            public_name=cleaned["name"].replace("\n", " ") if named else "",
            replace_rows=self.tray and self._replace_files,
        )

    def _replace_files(self, participation) -> dict:
        return replace_files(participation, self.tray, clock.database_now())


def _amending(form_class: type[WordsForm]) -> type[WordsForm]:
    return type("AmendForm", (_Amending, form_class), {})


class CodeField(forms.CharField):
    """Asks for the receipt code again, where its address has become too old."""

    def __init__(self, code: str):
        super().__init__(
            label=_("Receipt code"),
            widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
            error_messages={
                "required": _(
                    "The address of a receipt is valid for one hour only. Your change"
                    " is kept in this form: write your receipt code and save it again."
                )
            },
        )
        self.code = code

    def validate(self, value):
        super().validate(value)
        if receipts.hash_of(value) != receipts.hash_of(self.code):
            raise ValidationError(
                _(
                    "This is not the code of this participation. Compare it with"
                    " your receipt."
                )
            )
