"""Connects surveys to the register, the topic's page, the desk and the Forms menu."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.signals import page_published, pre_page_move

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations.desk_cards import Card, register_card
from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.participations import draft_places, receipt_parts, tools
from wagtail_eparticipation.surveys import (
    agreement,
    importing,
    poll_registers,  # noqa: F401 (imported to register)
    presentation,
    recounting,  # noqa: F401 (imported to register)
    submissions,
    versions,
)
from wagtail_eparticipation.surveys.after_answer import after_answer
from wagtail_eparticipation.surveys.amending import amend_form
from wagtail_eparticipation.surveys.answers import TOOL
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.pages import SurveyPageMixin
from wagtail_eparticipation.surveys.reading import describe
from wagtail_eparticipation.surveys.views import DRAFTS

tools.register(
    tools.Tool(
        TOOL,
        gettext_lazy("Survey"),
        hint=gettext_lazy("Answer questions that the municipality asks."),
        icon="document",
        publishable=False,
        amend_form=amend_form,
        links=presentation.links,
        describe=describe,
        tells_words=True,
        once=lambda row: row.data.get("survey", ""),
        importer=tools.Importer(
            importing.subjects, importing.columns, importing.reader, importing.keep
        ),
    )
)
draft_places.register(TOOL, DRAFTS)
register_section(
    "surveys",
    order=400,
    template="wagtail_eparticipation/surveys/section.html",
    provide=presentation.section,
)
receipt_parts.register("wagtail_eparticipation/surveys/after_answer.html", after_answer)
hooks.register("filter_form_submissions_for_user", submissions.readable_surveys)


@receiver(
    signals.participation_destroyed, dispatch_uid="eparticipation_answers_destroyed"
)
def destroy_words(participation, **kwargs):
    """What somebody wrote into a survey goes with the rest; options stay counted."""
    SurveyAnswer.objects.filter(
        response__participation=participation, option_id=""
    ).update(text="")


@receiver(pre_save, dispatch_uid="eparticipation_survey_saved")
def keep_what_was_asked(sender, instance, raw=False, update_fields=None, **kwargs):
    """Before other questions become live: keep the first version (R-4.1c)."""
    if not isinstance(instance, SurveyPageMixin) or raw or not instance.pk:
        return
    is_draft = update_fields is not None and "questions" not in update_fields
    if is_draft or not instance.live or instance.alias_of_id is not None:
        return
    agreement.hold_back(instance)
    versions.keep_first(instance)


@receiver(page_published, dispatch_uid="eparticipation_survey_published")
def keep_languages_together(sender, instance, **kwargs):
    """Withhold what asks something else than the others, and record a correction."""
    if isinstance(instance, SurveyPageMixin) and instance.alias_of_id is None:
        agreement.settle(instance)
        revision = kwargs.get("revision")
        versions.record(instance, revision.user if revision else None)


@receiver(pre_page_move, dispatch_uid="eparticipation_survey_moved")
def keep_answered_surveys(sender, instance, parent_page_after, **kwargs):
    """A survey that people answered stays with its consultation."""
    survey = instance.specific_deferred
    if not isinstance(survey, SurveyPageMixin):
        return
    if kwargs["parent_page_before"].pk == parent_page_after.pk:
        return
    if agreement.is_answered(survey.translation_key):
        raise PermissionDenied(
            _("“%(page)s” has been answered and stays under its topic.")
            % {"page": survey}
        )


@gate("publish")
def surveys_agree(consultation, now: datetime) -> Iterator[Missing]:
    """No language of the topic is published with a survey that asks otherwise."""
    for survey in surveys_of(consultation):
        if not (survey.live and survey.withheld):
            continue
        yield Missing(
            _(
                "The survey “%(survey)s” asks something else than its version in "
                "another language."
            )
            % {"survey": survey.title},
            reverse("wagtailadmin_pages:edit", args=[survey.pk]),
            survey.locale.language_code,
        )


def survey_card(consultation, user, now):
    """How many responses came in, with the way to the results."""
    if not submissions.may_read(user, consultation):
        return None
    keys = {survey.translation_key for survey in surveys_of(consultation)}
    if not keys:
        return None
    return Card(
        _("Surveys"),
        str(len(keys)),
        reverse("eparticipation_admin:surveys", args=[consultation.pk]),
        _("Results and responses"),
    )


register_card(350, survey_card)

register_event_words({"survey.exported": gettext_lazy("Responses exported")})
