"""Words and rows of the topic's page made from its fields, without a query."""

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import telephones
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations.blocks import ChannelKind


def isolated(text: str) -> SafeString:
    """A reference set apart from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", text)


def lines(text: str) -> list[str]:
    """The points of a text that has one on each line, without their dashes."""
    return [line.strip(" -–•*") for line in text.splitlines() if line.strip(" -–•*")]


def size_words(segment: dict[str, Any]) -> str:
    """How many people a segment is estimated to have, with the source."""
    size = segment.get("estimated_size")
    if not size:
        return ""
    words = ngettext("About %(count)d person", "About %(count)d people", size) % {
        "count": size
    }
    source = segment.get("size_source")
    return f"{words} ({source})" if source else words


def channel_row(value: dict[str, Any], over: str = "", off: str = "") -> dict[str, Any]:
    """One row; ``over`` says why no channel takes anything any more.

    ``off`` is the reason for which this one was switched off while open (R-4.3c).
    """
    kind = value["kind"]
    if off:
        when = _("Closed: %(reason)s") % {"reason": off}
    elif value["closed_reason"]:
        when = _("Closed: %(reason)s") % {"reason": value["closed_reason"]}
    elif over:
        when = over
    elif value["opens_on"] or value["closes_on"]:
        parts = []
        if value["opens_on"]:
            parts.append(_("from %(date)s") % {"date": _day(value["opens_on"])})
        if value["closes_on"]:
            parts.append(_("until %(date)s") % {"date": _day(value["closes_on"])})
        when = " ".join(parts)
    else:
        when = _("During the whole period")
    notes = [
        _("Counts as a formal participation")
        if value["counts_formally"]
        else _("Does not count as a formal participation"),
    ]
    if value["identity_needed"]:
        notes.append(_("Proof of identity is needed"))
    else:
        notes.append(_("No proof of identity is needed"))
    # Requests that were frozen before there was this cell have none.
    if value.get("reference"):
        reference = _("Reference there: %(reference)s")
        notes.append(reference % {"reference": value["reference"]})
    if value["help_contact"]:
        contact = value["help_contact"]
        if value["help_hours"]:
            contact = f"{contact} ({value['help_hours']})"
        notes.append(
            _("Help: %(contact)s") % {"contact": telephones.set_apart(contact)}
        )
    return {
        "name": ChannelKind(kind).label if kind in ChannelKind.values else kind,
        "how": value["how"],
        "url": value["url"] or "",
        "when": when,
        "note": " · ".join(notes),
    }


def _day(value: Any) -> str:
    return date_words(date.fromisoformat(value) if isinstance(value, str) else value)
