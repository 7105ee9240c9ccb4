"""Putting an answer that is kept ready into the answer that is being written."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.replies.canned import CannedAnswer, filled
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.public_answers import topic_title
from wagtail_eparticipation.sanitize import is_key

#: More than anybody puts into one answer.
_AT_MOST = 20


@dataclass(frozen=True)
class Offer:
    """One answer that is kept ready, as it would read in this case."""

    pk: int
    title: str
    text: str


def offers_for(case: Case) -> list[Offer]:
    """What is kept ready in the language of an enquiry, in one query."""
    consultation = case.consultation
    department = consultation.department if consultation is not None else None
    rows = CannedAnswer.objects.offered(case.language, department)
    values = values_for(case)
    return [Offer(row.pk, row.title, filled(row.body, values)) for row in rows]


def values_for(case: Case) -> dict[str, str]:
    """What the placeholders stand for in an enquiry."""
    return {
        "number": case.number,
        "topic": topic_title(case.consultation, case.language),
        "due": instant_words(case.due_at, case.language) if case.due_at else "",
    }


class _Offered(forms.Select):
    """Each option carries its text, for a script that puts it in at once."""

    def __init__(self, offers: list[Offer]):
        super().__init__({"data-ep-canned": ""})
        self.texts = {str(each.pk): each.text for each in offers}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if text := self.texts.get(str(value)):
            option["attrs"]["data-text"] = text
        return option


class CannedForm(forms.Form):
    """Which one to put in, and which were put in before (for their count)."""

    canned = forms.ChoiceField(label=_("Canned answer"), required=False)
    canned_used = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, offers: list[Offer], **kwargs):
        super().__init__(data, **kwargs)
        self.offers = {str(each.pk): each for each in offers}
        field = self.fields["canned"]
        field.widget = _Offered(offers)
        field.choices = [
            ("", _("Choose …")),
            *((key, each.title) for key, each in self.offers.items()),
        ]

    def chosen(self) -> Offer | None:
        """The one to put in; ``None`` where none of the offered was chosen."""
        return self.offers.get(self.data.get("canned", ""))

    def used(self) -> list[str]:
        """Ids of those that were put in, of the offered alone."""
        named = self.data.get("canned_used", "")[:400].split(",")
        known = (each for each in named if is_key(each) and each in self.offers)
        return list(dict.fromkeys(known))[:_AT_MOST]


def put_in(form: CannedForm, text: str) -> dict[str, str]:
    """The answer with the chosen text at its end, and what was used so far."""
    offer = form.chosen()
    used = form.used()
    if offer is not None:
        text = f"{text.rstrip()}\n\n{offer.text}" if text.strip() else offer.text
        used = [*used, str(offer.pk)]
    return {
        "text": text,
        "canned": "",
        "canned_used": ",".join(dict.fromkeys(used)),
    }


def count_use(form: CannedForm) -> None:
    """Note what went out with an answer."""
    if used := form.used():
        CannedAnswer.objects.count_use(used)
