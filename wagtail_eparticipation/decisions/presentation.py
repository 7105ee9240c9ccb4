"""What the public reads about a decision: asked, said, decided, next (R-5.5.1d)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.analysis.coverage import coverage_of
from wagtail_eparticipation.analysis.models import (
    DISPOSITION_TONES,
    Disposition,
    Snapshot,
)
from wagtail_eparticipation.analysis.themes import top_level
from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.languages import content_languages, pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations.models import Channel

#: Stages of the topic in which its page links to the decision.
SHOWN_IN = frozenset({Stage.ANNOUNCED, Stage.CLOSED, Stage.ARCHIVED})


def answer_sentence(disposition: str) -> str:
    """What the municipality says to a theme, as a sentence (R-5.4.1f)."""
    return {
        Disposition.TAKEN_UP: _("We take this up."),
        Disposition.PARTLY: _("We take this up in part."),
        Disposition.ALREADY_PLANNED: _("This is already planned."),
        Disposition.NOT_TAKEN_UP: _("We do not take this up."),
        Disposition.OUTSIDE_COMPETENCE: _("This is outside our competence."),
        Disposition.NEEDS_STUDY: _("This needs further study."),
    }.get(disposition, "")


def theme_answer(theme, language: str | None = None) -> dict[str, Any]:
    """The input of ``components/theme_answer.html`` for one theme."""
    return {
        "anchor": f"theme-{theme.pk}",
        "title": pick(theme.titles, language),
        "said": pick(theme.description, language),
        "decided": answer_sentence(theme.disposition),
        "why": pick(theme.reason, language),
        "disposition": theme.get_disposition_display(),
        "tone": DISPOSITION_TONES.get(theme.disposition, ""),
        "count_text": ngettext(
            "%(count)d participation", "%(count)d participations", theme.total
        )
        % {"count": theme.total},
    }


def numbers_of(snapshot: Snapshot | None) -> list[dict[str, Any]]:
    """Tables for ``components/bars_table.html``: by channel and by language."""
    if snapshot is None or not snapshot.counted:
        return []
    languages = dict(content_languages())
    channels = dict(Channel.choices)
    return [
        _table(_("By channel"), _("Channel"), snapshot, "channel", channels),
        _table(_("By language"), _("Language"), snapshot, "language", languages),
    ]


def _table(caption, heading, snapshot, name, labels) -> dict[str, Any]:
    counts = sorted(snapshot.counts[name].items(), key=lambda item: -item[1])
    return {
        "caption": caption,
        "heading": heading,
        "total": snapshot.counted,
        "rows": [
            {
                "label": labels.get(key, key),
                "count": number,
                "share": number * 100 / snapshot.counted,
                "share_text": f"{number * 100 / snapshot.counted:.0f}%",
            }
            for key, number in counts
        ],
    }


def figures_of(consultation) -> Snapshot | None:
    """The frozen numbers that the public page quotes."""
    snapshots = consultation.snapshots.order_by("-number")
    return snapshots.filter(kind=Snapshot.Kind.DECISION).first() or snapshots.first()


def outcome_context(request, page) -> dict[str, Any]:
    """The context of the decision page; also of its preview under embargo."""
    from wagtail_eparticipation.decisions.versions import versions_of

    consultation = page.consultation
    language = page.language
    translations = page.get_translations(inclusive=True).live().select_related("locale")
    addresses = {
        each.locale.language_code: each.get_url(request) for each in translations
    }
    context = {
        **public_context(request, addresses),
        "topic": page.get_parent().specific,
        "question": page.question,
    }
    if consultation is None:
        return context
    snapshot = figures_of(consultation)
    coverage = coverage_of(consultation)
    versions = list(versions_of(page))
    return {
        **context,
        "consultation": consultation,
        "not_published": notice(consultation, Part.SAID),
        "snapshot": snapshot,
        "coverage": coverage,
        "tables": numbers_of(snapshot),
        "answers": [theme_answer(theme, language) for theme in top_level(consultation)],
        "facts": facts_of(page),
        "earlier_versions": versions[:-1],
        "corrections": [each for each in versions if each.note],
    }


def facts_of(page) -> list[dict[str, Any]]:
    """Number, dates and who, for ``components/facts_list.html``."""
    from wagtail_eparticipation.calendars.words import date_words

    facts = [
        (_("Decision number"), page.number),
        (_("Date of the decision"), date_words(page.decided_on)),
        (_("Decided by"), page.body),
        (_("In force from"), date_words(page.effective_on)),
        (_("Carried out by"), page.implementer),
        (_("Review"), date_words(page.review_on)),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def section(request, page, consultation, stage) -> dict[str, Any] | None:
    """The decision's place on the topic's page; asks nothing before it is public."""
    if stage not in SHOWN_IN:
        return None
    decision = page_in(consultation, page.locale_id)
    if decision is None:
        return None
    return {"decision": decision, "url": decision.get_url(request)}


def page_in(consultation, locale_id: int):
    """The public decision page in a language, else in the one it was drafted in."""
    from wagtail_eparticipation.decisions.pages import DecisionPage

    pages = DecisionPage.objects.filter(consultation=consultation, live=True)
    found = list(pages.order_by("pk"))
    own = [page for page in found if page.locale_id == locale_id]
    return next(iter(own or found), None)
