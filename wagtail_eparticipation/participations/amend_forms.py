"""Whether and in which form somebody may change the words of a participation."""

from django.utils.module_loading import import_string

from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.amending import AMENDABLE
from wagtail_eparticipation.participations.forms import WordsForm


def form_class(participation) -> type[WordsForm] | None:
    """The form of its tool, if that tool consists of words."""
    path = tools.get(participation.tool).form
    found = import_string(path) if path else None
    return found if found and issubclass(found, WordsForm) else None


def may_amend(participation) -> bool:
    """Until closing, while it can be changed (R-7.5a)."""
    collecting = participation.consultation.stage() == Stage.COLLECTING
    return (
        collecting
        and participation.state in AMENDABLE
        and form_class(participation) is not None
    )


def words_form(participation, typed=None) -> WordsForm:
    """The tool's own form with its words alone: who and how were settled before."""
    form = form_class(participation)(
        typed,
        consultation=participation.consultation,
        initial={
            **participation.data,
            "title": participation.title,
            "text": participation.text,
            "language": participation.language,
        },
    )
    for name in set(form.fields) - {*form.main_fields, "language"}:
        del form.fields[name]
    return form
