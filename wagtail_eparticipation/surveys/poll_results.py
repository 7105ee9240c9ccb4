"""How polls stand: for the topic's page, for whoever has voted, and for staff."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.stages import PUBLIC_STAGES, Stage
from wagtail_eparticipation.consultations.tool_blocks import PollResults
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.surveys.outcomes import table
from wagtail_eparticipation.surveys.polls import TOOL, Poll, polls_of
from wagtail_eparticipation.surveys.presentation import CLOSED_STAGES
from wagtail_eparticipation.surveys.results import QuestionResult, results


def results_of(
    consultation,
    polls: Iterable[Poll],
    *,
    split: str = "",
    by_language: bool = False,
) -> list[QuestionResult]:
    """How each poll stands over all languages; two queries for all of them.

    ``split`` is what :func:`results.results` takes.
    """
    polls = list(polls)
    keys = [poll.key(consultation) for poll in polls]
    questions = [poll.question for poll in polls]
    return results(keys, questions, split=split, by_language=by_language)


def is_public(poll: Poll, stage: str) -> bool:
    """Whether everybody sees how a poll stands."""
    return poll.results != PollResults.NEVER and stage in CLOSED_STAGES


def promise(poll: Poll) -> str:
    """What a reader is told in advance about the results."""
    return {
        PollResults.NEVER: _(
            "The results are not shown on this page; the decision and the report"
            " give them."
        ),
        PollResults.OWN_VOTE: _(
            "Whoever votes sees the results at once; everybody sees them when the"
            " period is over."
        ),
        PollResults.AFTER_CLOSING: _("The results are shown when the period is over."),
    }[PollResults(poll.results)]


def not_representative() -> str:
    """The note that goes with every result of a poll."""
    return _(
        "Those who voted chose to do so themselves: the figures do not represent the"
        " whole public."
    )


def section(request, page, consultation, stage) -> dict[str, Any] | None:
    """The polls on the topic's page; asks the database for public results alone."""
    if stage not in PUBLIC_STAGES:
        return None
    found = polls_of(page)
    if not found:
        return None
    shown = [poll for poll in found if is_public(poll, stage)]
    not_published = notice(consultation, Part.SURVEYS) if shown else None
    tables = {}
    if shown and not_published is None:
        counted = results_of(consultation, shown)
        tables = {each.question.id: table(each) for each in counted}
    address = page.get_url(request)
    is_open = stage == Stage.COLLECTING
    return {
        "polls": [
            {
                "poll": poll,
                "vote_url": f"{address}poll/{poll.id}/" if is_open else "",
                "promise": "" if poll.id in tables else promise(poll),
                "table": tables.get(poll.id),
            }
            for poll in found
        ],
        "note": not_representative(),
        "not_published": not_published,
    }


def after_vote(participation, language: str) -> dict[str, Any] | None:
    """What the receipt of a vote shows: how the poll stands, or when that is told."""
    if participation.tool != TOOL or not participation.is_counted:
        return None
    consultation = participation.consultation
    page = consultation.page_in(language)
    poll = page and _voted_in(page, participation)
    if not poll:
        return None
    seen = poll.results == PollResults.OWN_VOTE or is_public(poll, consultation.stage())
    not_published = notice(consultation, Part.SURVEYS) if seen else None
    shown = None
    if seen and not_published is None:
        shown = table(results_of(consultation, [poll])[0])
    return {
        "question": poll.question.label,
        "table": shown,
        "note": not_representative(),
        "promise": "" if seen else promise(poll),
        "not_published": not_published,
    }


def _voted_in(page, participation) -> Poll | None:
    wanted = participation.data.get("poll")
    return next((poll for poll in polls_of(page) if poll.id == wanted), None)


def describe(participation, language: str) -> list[tuple[str, str]]:
    """The question with what was chosen, for the receipt and for staff."""
    page = participation.consultation.page_in(language)
    poll = page and _voted_in(page, participation)
    if not poll:
        return []
    chosen = participation.data.get("options", [])
    labels = [o.label for o in poll.question.options if o.id in chosen]
    return [(poll.question.label, "; ".join(labels))]
