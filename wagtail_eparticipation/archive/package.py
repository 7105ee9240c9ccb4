"""What goes into a sealed package, and in what order (spec, Part E).

The permanent layer: releasable words and official records, nothing that identifies a
participant. Identities stay in the database, sealed per person under their own
retention, so that destroying a key later changes no checksum here (R-5.6.1d).
"""

from datetime import datetime
from typing import BinaryIO

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation import __version__
from wagtail_eparticipation.archive import chapters
from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_polls import has_polls
from wagtail_eparticipation.archive.chapter_surveys import by_language
from wagtail_eparticipation.archive.report_html import STYLE
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.languages import content_languages, direction, pick
from wagtail_eparticipation.ledger.chain import head_of


def write_package(consultation, target: BinaryIO, now: datetime) -> None:
    """Write the whole bag to ``target``, streaming what can be large."""
    bag = BagWriter(target, consultation.reference, now.astimezone(municipal_zone()))
    bag.add_text("style.css", STYLE)
    for chapter in chapters.IN_ORDER:
        chapter(consultation, bag)
    _index(consultation, bag)
    bag.finish(_info(consultation, now))


def _index(consultation, bag: BagWriter) -> None:
    editions = [
        {
            "language": language,
            "direction": direction(language),
            "name": name,
            "title": pick(consultation.titles, language),
            "links": _links(consultation, language),
        }
        for language, name in content_languages()
    ]
    page = render_to_string(
        "wagtail_eparticipation/archive/package_index.html",
        {"editions": editions, "reference": consultation.reference},
    )
    bag.add_text("index.html", page)


def _links(consultation, language: str) -> list[tuple[str, str]]:
    with override(language):
        links = [
            (
                _("Request for participation, version %(number)d")
                % {"number": version.number},
                f"01-request/version-{version.number}.{language}.html",
            )
            for version in consultation.request_versions.order_by("number")
            if language in version.content
        ]
        links.append(
            (
                _("Published participations"),
                f"03-participations/participations.{language}.html",
            )
        )
        links += [
            (
                _("Survey: %(title)s") % {"title": pages[language].title},
                f"03-participations/survey-{number}.{language}.html",
            )
            for number, pages in enumerate(by_language(consultation), 1)
            if language in pages
        ]
        if has_polls(consultation):
            links.append((_("Polls"), f"03-participations/polls.{language}.html"))
        links += _decision_links(consultation, language)
        links.append((_("Closing report"), f"08-report/report.{language}.html"))
        if consultation.report.files.filter(format="pdf", language=language).exists():
            links.append(
                (_("Closing report as PDF"), f"08-report/report.{language}.pdf")
            )
        links.append(
            (_("Figures and tables (CSV)"), "03-participations/participations.csv")
        )
        links.append((_("Ledger of all acts"), "09-ledger/README.txt"))
        return links


def _decision_links(consultation, language: str) -> list[tuple[str, str]]:
    versions = consultation.decision_versions.filter(language=language)
    *earlier, latest = [*versions.order_by("number")] or [None]
    if latest is None:
        return []
    return [
        (_("Decision"), f"07-decision/decision.{language}.html"),
        *(
            (
                _("Decision, version %(number)d") % {"number": version.number},
                f"07-decision/version-{version.number}.{language}.html",
            )
            for version in earlier
        ),
    ]


def _info(consultation, now: datetime) -> list[tuple[str, str]]:
    sequence, head = head_of(consultation)
    version = consultation.policy_version
    return [
        ("External-Identifier", consultation.reference),
        ("Internal-Sender-Identifier", str(consultation.public_id)),
        *(
            (f"External-Description-{language}", pick(consultation.titles, language))
            for language, _name in content_languages()
        ),
        ("Bagging-Date", now.astimezone(municipal_zone()).date().isoformat()),
        *(
            (f"Date-{language}", date_words(now, language))
            for language, _name in content_languages()
        ),
        ("Policy-Version", str(version or "")),
        ("Bag-Software-Agent", f"wagtail-eparticipation {__version__}"),
        ("Ledger-Events", str(sequence)),
        ("Ledger-Head", head),
    ]
