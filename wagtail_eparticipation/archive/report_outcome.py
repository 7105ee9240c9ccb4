"""Parts 5 and 6 of the closing report: the decision, and what was learnt."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis.themes import top_level
from wagtail_eparticipation.archive.report_blocks import (
    Block,
    bullets,
    facts,
    heading,
    isolate,
    note,
    table,
    text,
)
from wagtail_eparticipation.archive.report_course import policy_for
from wagtail_eparticipation.archive.request_blocks import plain
from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations.models import Act, Origin
from wagtail_eparticipation.languages import pick

#: Acts that belong to the ordinary course and are no deviation from it.
ORDINARY = frozenset(
    {"approve", "publish", "decide", "announce", "close", "archive", "lapse"}
)


def decision_blocks(page, language: str) -> Iterable[Block]:
    """The decision itself: number, date, body, text and what happens next."""
    yield facts(
        [
            (_("Decision number"), isolate(page.number)),
            (_("Date of the decision"), date_words(page.decided_on, language)),
            (_("Decided by"), page.body),
            (_("In force from"), date_words(page.effective_on, language) or "–"),
        ]
    )
    yield heading(_("The decision"))
    yield text(plain(page.decision))
    yield heading(_("What happens next"))
    yield text(plain(page.next_steps))


def decision(consultation, report, language: str) -> Iterable[Block]:
    """Part 5: the decision, how it was made, and a reason for each theme."""
    page = _decision_page(consultation, language)
    if page is None:
        yield note(_not_applicable(consultation, language))
    else:
        yield from decision_blocks(page, language)
    yield heading(_("How the decision was made"))
    yield text(pick(report.mechanism, language))
    yield heading(_("You said – we decided, because"))
    yield table(
        _("Answers by theme"),
        [_("Theme"), _("Participations"), _("Disposition"), _("Reason")],
        [
            [
                pick(theme.titles, language),
                theme.total,
                theme.get_disposition_display() or "–",
                pick(theme.reason, language) or "–",
            ]
            for theme in top_level(consultation)
        ],
        numeric=[1],
        empty=_("No themes were formed."),
    )


def _decision_page(consultation, language: str):
    from wagtail_eparticipation.decisions.pages import DecisionPage

    pages = DecisionPage.objects.filter(
        consultation=consultation, live=True
    ).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    return by_language.get(language) or next(iter(by_language.values()), None)


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
    yield text(pick(report.obstacles, language))
    yield heading(_("Recommendations"))
    lines = pick(report.recommendations, language).splitlines()
    yield bullets(line.strip() for line in lines if line.strip())


def act_label(name: str) -> str:
    """What people call an act."""
    from wagtail_eparticipation.consultations.acts import ACT_LABELS

    return str(ACT_LABELS.get(name, name))
