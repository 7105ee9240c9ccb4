"""What the public page of a survey shows, put together for its template."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.channel_table import portal_takes
from wagtail_eparticipation.consultations.hub import TONES
from wagtail_eparticipation.consultations.hub_listing import GROUP_OF
from wagtail_eparticipation.consultations.models import AudienceMode
from wagtail_eparticipation.consultations.remaining import remaining_words
from wagtail_eparticipation.consultations.stages import PUBLIC_STAGES, Stage
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.surveys import periods, places
from wagtail_eparticipation.surveys.following import giving_away
from wagtail_eparticipation.surveys.outcomes import table
from wagtail_eparticipation.surveys.results import results_in, tally_of
from wagtail_eparticipation.surveys.tally import together
from wagtail_eparticipation.surveys.versions import asked_ever

#: Stages in which counts may be shown when the survey says 'after the period'.
CLOSED_STAGES = frozenset(
    {
        Stage.ANALYSING,
        Stage.DECIDED,
        Stage.ANNOUNCED,
        Stage.CLOSED,
        Stage.ARCHIVED,
    }
)


def shows_results(survey, stage: str) -> bool:
    """Whether the public sees the counts at ``stage`` (R-4.1c)."""
    return survey.results_visibility != "never" and stage in CLOSED_STAGES


def promise(survey) -> str:
    """What everybody is told in advance about the results."""
    return {
        "never": _(
            "The results are not shown on this page. They are part of the decision and"
            " of the report."
        ),
        "own_response": _(
            "Whoever answers sees the results at once; everybody sees them when the"
            " period is over."
        ),
    }.get(
        survey.results_visibility,
        _("The results are shown on this page when the period is over."),
    )


def not_representative() -> str:
    """The note that goes with every result of a survey."""
    return _(
        "Those who answered chose to do so themselves: the figures do not represent"
        " the whole public."
    )


def survey_context(request, survey) -> dict[str, Any]:
    """Context of the survey's page, of its form and of their previews."""
    topic, consultation = survey.topic_page, survey.consultation
    now = clock.now()
    stage = consultation.stage(now) if consultation else Stage.DRAFT
    group = GROUP_OF.get(stage)
    tone, icon = TONES[group] if group else ("", "lock")
    url = survey.get_url(request) or ""
    state = periods.state(survey, stage, now) if consultation else ""
    full = state == "open" and places.is_full(survey)
    takes = state == "open" and not full
    context = {
        **public_context(request, _addresses(request, survey)),
        "page": survey,
        "page_url": url,
        "topic": topic,
        "topic_url": (topic.get_url(request) or "") if topic else "",
        "stage": stage,
        "tag": _tag(state, full)
        or {"text": group.label if group else "", "tone": tone, "icon": icon},
        "deadline": None if full else _deadline(survey, state, now),
        "state": state,
        "is_full": full,
        "is_open": takes,
        "answer_url": f"{url}answer/" if takes else "",
        "is_invited": bool(consultation)
        and consultation.audience_mode == AudienceMode.INVITED,
        "questions": survey.questions_list(),
        "official_language": _official_language(survey),
        "outcome": None,
        "promise": promise(survey),
    }
    if consultation is not None and shows_results(survey, stage):
        context["not_published"] = notice(consultation, Part.SURVEYS)
        if context["not_published"] is None:
            context["outcome"] = outcome(survey)
    return context


def _tag(state: str, full: bool) -> dict[str, str] | None:
    """What stands over a survey that is shut while its topic goes on."""
    if full:
        return {
            "text": _("The survey has all its responses"),
            "tone": "",
            "icon": "lock",
        }
    if state == "closed":
        return {"text": _("The survey is closed"), "tone": "", "icon": "lock"}
    return None


def _addresses(request, survey) -> dict[str, str]:
    return addresses_of(shown_versions(survey), request)


def shown_versions(survey) -> list:
    """The survey in its languages, where the topic is shown in them too."""
    if survey.consultation is None:
        return []
    shown = survey.consultation.pages.filter(live=True, withheld=False)
    topics = tuple(shown.values_list("path", flat=True))
    versions = (
        type(survey)
        .objects.filter(
            translation_key=survey.translation_key, live=True, withheld=False
        )
        .select_related("locale")
    )
    return [each for each in versions if each.path.startswith(topics or ("-",))]


def _official_language(survey) -> str:
    """Name of the site's first language, on pages in another one (AC-S4-E5)."""
    code, name = content_languages()[0]
    own = survey.locale.language_code.split("-")[0]
    return "" if own == code.split("-")[0] else name


def _deadline(survey, state: str, now) -> dict[str, Any] | None:
    window = getattr(survey.consultation, "window", None)
    if window is None or state == "withdrawn":
        return None
    opens_at, closes_at = periods.within(survey, window)
    if state == "forthcoming":
        return {"state": state, "opens_at": opens_at}
    if now < closes_at:
        remaining = remaining_words(now, closes_at)
        return {"state": "open", "closes_at": closes_at, "remaining": remaining}
    return {"state": "closed", "ended_at": closes_at}


def outcome(survey) -> dict[str, Any]:
    """The counts of all languages as tables, small figures withheld; three queries."""
    groups = tally_of(survey.translation_key)
    total = together(groups.values()).responses
    found = results_in(groups, asked_ever(survey))
    gone = giving_away(found, survey.parts_list())
    return {
        "total": total,
        "total_text": ngettext("%(count)d response", "%(count)d responses", total)
        % {"count": total},
        "tables": [
            table(each, public=True, withheld=each.question.id in gone)
            for each in found
        ],
        "note": not_representative(),
    }


def _live_surveys(page) -> list:
    """The public surveys below a topic's page, in its order; one query."""
    from wagtail_eparticipation.surveys.pages import SurveyPage

    found = SurveyPage.objects.child_of(page).live().filter(withheld=False)
    fields = ("title", "slug", "path", "results_visibility")
    return list(found.only(*fields).order_by("path"))


def links(request, page) -> list[dict[str, str]]:
    """The forms of the topic's surveys, for whoever chooses how to take part."""
    address = page.get_url(request)
    return [
        {"title": survey.title, "url": f"{address}{survey.slug}/answer/"}
        for survey in _live_surveys(page)
    ]


def section(request, page, consultation, stage) -> dict[str, Any] | None:
    """The surveys on the topic's page: one query, none without subpages."""
    if stage not in PUBLIC_STAGES or not page.numchild:
        return None
    found = _live_surveys(page)
    if not found:
        return None
    address = page.get_url(request)
    with_results = any(shows_results(survey, stage) for survey in found)
    not_published = notice(consultation, Part.SURVEYS) if with_results else None
    return {
        "surveys": [
            {
                "title": survey.title,
                "url": f"{address}{survey.slug}/",
                "has_results": not_published is None and shows_results(survey, stage),
            }
            for survey in found
        ],
        "is_open": portal_takes(consultation, stage),
        "not_published": not_published,
    }
