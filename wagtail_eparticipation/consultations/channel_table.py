"""The channel table of a topic: which ways it names, which are switched off (P-4.3)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.blocks import ChannelKind
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import pick


def table_of(consultation) -> list[dict[str, Any]]:
    """The rows of the newest published request, in every language it has.

    Empty before there is one. Asked for once an instance: an import of thousands of
    rows needs it for each.
    """
    if not hasattr(consultation, "_channel_table"):
        newest = (
            consultation.request_versions.filter(published_at__isnull=False)
            .order_by("-number")
            .values_list("content", flat=True)
            .first()
        )
        consultation._channel_table = [
            row["value"]
            for content in (newest or {}).values()
            for row in content.get("channels") or []
        ]
    return consultation._channel_table


def kinds_of(consultation) -> list[str]:
    """The channels that the table names, each once, in its order."""
    return list(dict.fromkeys(row["kind"] for row in table_of(consultation)))


def closed_in_table(consultation) -> set[str]:
    """Channels that the request itself shows as closed, in every row of theirs."""
    rows = table_of(consultation)
    open_ones = {row["kind"] for row in rows if not row["closed_reason"]}
    return {row["kind"] for row in rows} - open_ones


def own_period(consultation, channel: str) -> tuple[datetime | None, datetime | None]:
    """From when until when the table says that a channel is open (R-4.3a).

    Half-open, in the municipality's zone; ``None`` where the topic's period says it,
    as always for the portal. Rows of the same channel count together, in all languages:
    whoever read that it is open may rely on it.
    """
    if channel == ChannelKind.PORTAL:
        return None, None
    rows = [row for row in table_of(consultation) if row["kind"] == channel]
    if not rows:
        return None, None
    first = [_day(row.get("opens_on")) for row in rows]
    last = [_day(row.get("closes_on")) for row in rows]
    opens = None if None in first else _midnight(min(first))
    closes = None if None in last else _midnight(max(last) + timedelta(days=1))
    return opens, closes


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), municipal_zone())


def differing_twins(
    rows: Iterable[Mapping[str, Any]], opens_on: date, closes_on: date
) -> list[Mapping[str, Any]]:
    """Rows of national platforms whose own days are not the portal's (R-4.2a).

    A row without days has those of the topic. ``closes_on`` is the last day.
    """
    return [
        row
        for row in rows
        if row["kind"] == ChannelKind.NATIONAL
        and (
            _day(row["opens_on"]) not in (None, opens_on)
            or _day(row["closes_on"]) not in (None, closes_on)
        )
    ]


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def off_since(window, channel: str) -> datetime | None:
    """Since when a channel is switched off; ``None`` while it is not (R-4.3c)."""
    entry = _entry(window, channel)
    return datetime.fromisoformat(entry["since"]) if entry else None


def off_reason(window, channel: str, language: str | None = None) -> str:
    """The public reason for which it is off, in a language; empty while it is not."""
    entry = _entry(window, channel)
    return pick(entry["reason"], language) if entry else ""


def is_off(window, channel: str) -> bool:
    """Whether a channel is switched off."""
    return bool(_entry(window, channel))


def portal_takes(consultation, stage: str) -> bool:
    """Whether people can take part on the portal at ``stage``."""
    window = getattr(consultation, "window", None)
    return stage == Stage.COLLECTING and not is_off(window, ChannelKind.PORTAL)


def _entry(window, channel: str) -> dict[str, Any] | None:
    return window.closed_channels.get(channel) if window is not None else None
