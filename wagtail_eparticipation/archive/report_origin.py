"""Parts 1 and 2 of the closing report: the need, and what was put forward.

Both read the frozen request versions, never the page as it is today: what citizens
saw at each date is what the report shows (P-5.6.2a–b).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.archive import request_blocks
from wagtail_eparticipation.archive.report_blocks import (
    Block,
    facts,
    heading,
    isolate,
    note,
    table,
    text,
)
from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.languages import content_languages, pick


def _content(version, language: str) -> dict:
    """A version in a language, else in the first one that it has."""
    return version.content.get(language) or next(iter(version.content.values()), {})


def initial_situation(consultation, report, language: str) -> Iterable[Block]:
    """Part 1: the study as it stood before opening; later ones are marked so."""
    window = getattr(consultation, "window", None)
    first = consultation.request_versions.order_by("number").first()
    if first is None:
        yield note(_("No request was ever approved, so there is no study on file."))
    else:
        yield facts([(_("Study approved"), instant_words(first.approved_at, language))])
        if window and first.approved_at >= consultation.periods.first().opens_at:
            yield note(_("The study was added after opening."))
        yield from request_blocks.initial_situation(_content(first, language))
    if report.closing_view:
        yield heading(_("The situation at the end"))
        yield text(pick(report.closing_view, language))


def documents(consultation, report, language: str) -> Iterable[Block]:
    """Part 2: every version of the request with its checksum, the last in full."""
    versions = list(consultation.request_versions.order_by("number"))
    names = dict(content_languages())
    yield table(
        _("Versions of the request for participation"),
        [_("Version"), _("Approved"), _("Languages"), _("What changed"), _("SHA-256")],
        [
            [
                version.number,
                instant_words(version.approved_at, language),
                "، ".join(names.get(code, code) for code in version.content),
                pick(version.change_note, language) or "–",
                isolate(version.checksum[:16]),
            ]
            for version in versions
        ],
        numeric=[0],
        empty=_("No request was ever approved."),
    )
    if versions:
        last = versions[-1]
        yield heading(_("The request, version %(number)d") % {"number": last.number})
        yield from request_blocks.request_blocks(_content(last, language), language)
