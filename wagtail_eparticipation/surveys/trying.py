"""Trying a survey out: its newest draft is filled in, judged, and nothing is kept."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from wagtail_eparticipation.surveys import overview
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.pages import SurveyPageMixin
from wagtail_eparticipation.surveys.questions import (
    counted_in,
    is_files,
    option_labels,
)

_FORM = "wagtail_eparticipation/surveys/try_out.html"
#: Who somebody is, how it was sent: not asked of whoever tries.
_OF_THE_PERSON = (
    "capacity",
    "organisation",
    "name",
    "email",
    "invitation",
    "accept",
    "website",
    "token",
    "draft",
    "hinted",
)


def may_try(page, user) -> bool:
    """Whether ``page`` is a survey that ``user`` may edit."""
    return (
        isinstance(page, SurveyPageMixin) and page.permissions_for_user(user).can_edit()
    )


def try_button(page, user, next_url=None, **kwargs):
    """The button, for the header of a page and the menu of a listing's row."""
    if not issubclass(page.specific_class or Page, SurveyPageMixin):
        return
    if may_try(page.specific, user):
        yield Button(
            _("Try it out"),
            url=reverse("eparticipation_admin:try_survey", args=[page.pk]),
            icon_name="view",
            priority=46,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request, page_id: int):
    """The whole form of the newest draft; what would be kept is shown, and is not."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not may_try(page, request.user):
        raise PermissionDenied
    survey = page.get_latest_revision_as_object()
    if survey.consultation is None:
        raise Http404
    with override(survey.locale.language_code):
        typed = request.POST if request.method == "POST" else None
        form = trial_form(survey, typed)
        valid = typed is not None and form.is_valid()
        context = {
            **survey.get_context(request),
            "form": form,
            "parts": overview.whole(survey, form),
            "kept": would_be_kept(form) if valid else None,
            "hidden": _hidden(form) if valid else [],
            "edit_url": reverse("wagtailadmin_pages:edit", args=[survey.pk]),
        }
        status = 200 if typed is None or valid else 422
        return overview.rendered(request, _FORM, context, status)


def trial_form(survey, typed=None):
    """The survey's form, without what is asked about the person."""
    form_class = type("TrialForm", (_Trying, survey.get_form_class()), {})
    return form_class(typed, consultation=survey.consultation)


class _Trying:
    """Turns a survey's form into one that asks the questions alone.

    Files are left out: they would be kept as soon as they arrive.
    """

    takes_files = False

    def __init__(self, *args, **kwargs):
        self.questions = tuple(q for q in self.questions if not is_files(q))
        self.parts = tuple(
            replace(part, items=tuple(i for i in part.items if not is_files(i)))
            for part in self.parts
        )
        super().__init__(*args, **kwargs)
        for name in _OF_THE_PERSON:
            self.fields.pop(name, None)


def would_be_kept(form) -> list[dict[str, Any]]:
    """The rows that a valid form stands for, in words; none of them is written."""
    questions = {each.id: each for each in counted_in(form.questions)}
    labels = option_labels(form.questions)
    rows = []
    for answer in form.answers():
        row = SurveyAnswer(
            question_id=answer.question_id,
            option_id=answer.option_id,
            number=answer.number,
            sealed=b"-" if answer.private else b"",
        )
        rows.append(
            {
                "label": questions[answer.question_id].label,
                "text": row.in_words(labels.get(answer.question_id, {}), answer.text),
                "is_private": bool(answer.private),
            }
        )
    return rows


def _hidden(form) -> list[str]:
    """The questions that would not have been asked after these answers."""
    return [each.label for each in form.questions if each.id not in form.shown]


admin_urls = [path("surveys/<int:page_id>/try/", try_out, name="try_survey")]
page_buttons = [try_button]
