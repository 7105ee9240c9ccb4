"""Parts 5 and 6 of the closing report: the decision, and what was learnt."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.archive.report_blocks import (
    Block,
    bullets,
    heading,
    isolate,
    note,
    table,
    text,
)
from wagtail_eparticipation.archive.report_course import policy_for
from wagtail_eparticipation.archive.report_decision import (
    answers_table,
    decision_blocks,
    decision_page,
)
from wagtail_eparticipation.calendars.words import closing_words, instant_words
from wagtail_eparticipation.consultations.incident_cards import duration_words
from wagtail_eparticipation.consultations.incidents import incidents_of
from wagtail_eparticipation.consultations.models import Act, Origin
from wagtail_eparticipation.decisions.versions import themes_of, words_of
from wagtail_eparticipation.languages import pick

#: Acts that belong to the ordinary course and are no deviation from it.
ORDINARY = frozenset(
    {"approve", "publish", "decide", "announce", "close", "archive", "lapse"}
)


def decision(consultation, report, language: str) -> Iterable[Block]:
    """Part 5: the decision, how it was made, and a reason for each theme."""
    page = decision_page(consultation, language)
    if page is None:
        yield note(_not_applicable(consultation, language))
    else:
        yield from decision_blocks({**words_of(page), "asked": page.question}, language)
    yield heading(_("How the decision was made"))
    yield text(pick(report.mechanism, language))
    yield heading(_("You said – we decided, because"))
    yield answers_table(themes_of(consultation, language))


def _not_applicable(consultation, language: str) -> str:
    end = (
        consultation.acts.filter(name__in=["withdraw", "cancel"], state=Act.State.DONE)
        .order_by("-id")
        .first()
    )
    reason = pick(end.reason, language) if end else ""
    return _("No decision was announced. Reason: %(reason)s") % {"reason": reason}


def lessons(consultation, report, language: str) -> Iterable[Block]:
    """Part 6: objectives and achievements, deviations and obstacles, advice."""
    yield heading(_("Achievements"))
    yield text(pick(report.achievements, language))
    yield heading(_("Deviations from the standard course"))
    policy = policy_for(consultation)
    yield table(
        _("Acts that changed, shortened or skipped something"),
        [_("Act"), _("When"), _("Reason code"), _("Clause"), _("Reason")],
        [
            [
                act_label(act.name),
                instant_words(act.done_at, language),
                policy.reason(act.reason_code).label.in_language(language)
                if policy and act.reason_code
                else "–",
                isolate(act.clause) if act.clause else "–",
                pick(act.reason, language) or "–",
            ]
            for act in consultation.acts.filter(state=Act.State.DONE)
            .exclude(name__in=ORDINARY)
            .order_by("id")
        ],
        empty=_("There were none."),
    )
    periods = consultation.periods.order_by("number")
    if len(periods) > 1:
        yield table(
            _("All periods"),
            [_("Number"), _("Origin"), _("Opening"), _("Closing")],
            [
                [
                    period.number,
                    str(Origin(period.origin).label),
                    instant_words(period.opens_at, language),
                    closing_words(period.closes_at, language),
                ]
                for period in periods
            ],
            numeric=[0],
        )
    yield heading(_("Obstacles"))
    yield table(
        _("Times in which people could not take part"),
        [_("What happened"), _("From"), _("Duration"), _("Known from")],
        [
            [
                incident.get_kind_display(),
                instant_words(incident.started_at, language),
                duration_words(incident.duration),
                _("Suspected by the periodic job")
                if incident.noticed
                else _("Recorded by staff"),
            ]
            for incident in incidents_of(consultation)
        ],
        empty=_("None was recorded."),
    )
    yield text(pick(report.obstacles, language))
    yield heading(_("Recommendations"))
    lines = pick(report.recommendations, language).splitlines()
    yield bullets(line.strip() for line in lines if line.strip())


def act_label(name: str) -> str:
    """What people call an act."""
    from wagtail_eparticipation.consultations.acts import ACT_LABELS

    return str(ACT_LABELS.get(name, name))
