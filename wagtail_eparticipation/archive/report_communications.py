"""What the municipality said during the topic, for part 3 and for the package.

Read from the log of communications: public words as published, with their instant;
of what went to single people only how many, by day (R-5.3.1f, R-5.6.2c).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_eparticipation.archive.report_blocks import (
    Block,
    in_language,
    isolate,
    table,
)
from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.replies.communications import Entry, communications

#: What part 3 counts by result in a table of its own.
_MESSAGES = "notice."
#: What part 3 lists in a table of its own.
_ELSEWHERE = frozenset({"publication"})


def said(consultation, language: str) -> Iterable[Block]:
    """Two tables: what everybody could read, and how often single people were told."""
    entries = [
        each
        for each in communications(consultation)
        if not each.kind.startswith(_MESSAGES) and each.kind not in _ELSEWHERE
    ]
    yield table(
        _("Said in public"),
        [_("When"), _("Kind"), _("About"), _("Text as published")],
        [
            [
                instant_words(each.at, language),
                each.kind_label,
                isolate(each.subject) if each.subject else "–",
                in_language(each.text, each.language or language) if each.text else "–",
            ]
            for each in _once(entries, language)
        ],
        empty=_("Nothing was said beside the request itself."),
    )
    private = [each for each in entries if not each.is_public]
    if private:
        yield table(
            _("Said to single people"),
            [_("Kind"), pgettext("count", "Number"), _("First"), _("Last")],
            [list(row) for row in _private(private, language)],
            numeric=[1],
            empty="",
        )


def _once(entries: list[Entry], language: str) -> list[Entry]:
    """What was said in several languages stands in that of the report, if it is one."""
    found: dict[tuple, Entry] = {}
    for each in entries:
        if not each.is_public:
            continue
        key = (each.at, each.kind, each.subject)
        if key not in found or each.language == language:
            found[key] = each
    return list(found.values())


def _private(entries: list[Entry], language: str) -> Iterator[tuple]:
    kinds: dict[str, list[Entry]] = {}
    for each in entries:
        kinds.setdefault(each.kind_label, []).append(each)
    for label, said_so in kinds.items():
        yield (
            label,
            sum(each.number or 0 for each in said_so),
            date_words(said_so[0].at, language),
            date_words(said_so[-1].at, language),
        )


def package_rows(consultation) -> Iterator[dict[str, Any]]:
    """The log as rows: public entries one by one, all others counted by day."""
    counted: Counter = Counter()
    for each in communications(consultation):
        about = {"kind": each.kind, "channel": each.channel, "language": each.language}
        if each.is_public:
            yield {
                "at": each.at,
                **about,
                "subject": each.subject,
                "text": each.text,
                "role": each.role,
            }
        else:
            day = each.at.astimezone(municipal_zone()).date()
            counted[day, *about.values()] += each.number
    for (day, kind, channel, language), number in sorted(counted.items()):
        yield {
            "day": day,
            "kind": kind,
            "channel": channel,
            "language": language,
            "number": number,
        }
