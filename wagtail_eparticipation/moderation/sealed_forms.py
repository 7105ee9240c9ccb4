"""What is asked before a sealed original is opened, shown again or destroyed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.moderation.categories import CATEGORIES


class OpeningForm(forms.Form):
    """Which wording to open, and why; the reason stands in the ledger."""

    revision = forms.TypedChoiceField(label=_("Wording"), coerce=int)
    reason = forms.CharField(
        label=_("Reason for opening"),
        help_text=_(
            "It is kept in the ledger with your name and the instant. Do not quote the"
            " text."
        ),
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args, originals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["revision"].choices = [
            (each.revision, str(each.revision)) for each in originals if each.key_id
        ]


class ReversalForm(forms.Form):
    """Which hidden places are to be shown again, and why."""

    places = forms.TypedMultipleChoiceField(
        label=_("Show again"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    ground = forms.CharField(
        label=_("Why they were hidden wrongly"),
        help_text=_("For staff only. Do not quote the text."),
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args, hidden, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = [
            (
                index,
                _("%(number)s: %(category)s, %(length)s characters")
                % {
                    "number": index + 1,
                    "category": CATEGORIES[place.category],
                    "length": place.end - place.start,
                },
            )
            for index, place in enumerate(hidden)
        ]


class DestructionForm(forms.Form):
    """The legal ground for destroying, and the document that requires it."""

    ground = forms.ChoiceField(label=_("Legal ground"))
    document = forms.CharField(
        label=_("Number or name of the document that requires it"), max_length=200
    )

    def __init__(self, *args, grounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [
            ("", _("Choose a ground")),
            *((each.code, str(each.label)) for each in grounds),
        ]
