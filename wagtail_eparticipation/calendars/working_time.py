"""Working time between instants, by frozen rules and nothing else (P-6.5.1).

Rules are plain data, as ``CalendarVersion.rules`` holds them::

    {"format": 1, "time_zone": "Asia/Riyadh",
     "hours": [{"weekday": 6, "starts": "08:00", "ends": "14:00",
                "from": None, "until": None}, …],
     "holidays": [{"first": "2026-09-23", "last": "2026-09-23", "name": {…}}, …]}

``weekday`` counts from Monday = 0. ``ends`` 00:00 is the end of the day. Hours
with days replace those without days on the same weekday while in force. An
instant is worked when the wall clock of the zone shows a time inside the hours:
an hour that summer time removes is not worked, one that it repeats is worked
twice.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
#: How far ahead work is looked for before saying that there is none.
_HORIZON_YEARS = 10


class NoWorkingTime(Exception):
    """The rules hold no working hours where some are needed."""


class _Span(NamedTuple):
    """Stretches of work over whole years, in microseconds since 1970."""

    first_year: int
    last_year: int
    starts: list[int]
    ends: list[int]
    worked_before: list[int]


class _Hours(NamedTuple):
    weekday: int
    starts: time
    ends: time
    first: date
    last: date
    seasonal: bool


def _ticks(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("Working time needs an instant with a time zone.")
    return (instant - _EPOCH) // _TICK


class WorkingClock:
    """Counts working time by one version of a calendar.

    Instants given are aware; instants returned are in UTC, because Python compares
    and subtracts instants of one summer-time zone by their wall clocks. Costs a
    bisection per question once the years in question have been laid out.
    """

    #: The least time that it tells apart.
    RESOLUTION = _TICK

    def __init__(self, rules: Mapping[str, Any]):
        self.zone = ZoneInfo(rules["time_zone"])
        self._hours = [_read_hours(row) for row in rules["hours"]]
        self._holidays = [
            (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
            for row in rules["holidays"]
        ]
        self._span: _Span | None = None

    def is_working(self, instant: datetime) -> bool:
        """Whether somebody is at work at this instant; ends are exclusive."""
        span = self._covering(instant, instant)
        ticks = _ticks(instant)
        index = bisect_right(span.starts, ticks) - 1
        return index >= 0 and ticks < span.ends[index]

    def next_start(self, instant: datetime) -> datetime:
        """The first working instant not before ``instant`` (itself when working).

        Raises :class:`NoWorkingTime` when none comes within ten years.
        """
        ticks = _ticks(instant)
        year = instant.astimezone(self.zone).year
        span = self._covering(instant, instant)
        while True:
            index = bisect_right(span.ends, ticks)
            if index < len(span.starts):
                return _instant(max(ticks, span.starts[index]))
            span = self._further(span, year)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from ``a`` to ``b``; negative when ``b`` is the earlier."""
        if _ticks(b) < _ticks(a):
            return -self.between(b, a)
        span = self._covering(a, b)
        return (_worked(span, _ticks(b)) - _worked(span, _ticks(a))) * _TICK

    def add(self, start: datetime, worked: timedelta) -> datetime:
        """The earliest instant by which ``worked`` has been worked since ``start``.

        Six hours from Thursday evening end on Sunday at closing time, not on
        Monday morning. Raises ``ValueError`` for a negative amount and
        :class:`NoWorkingTime` when the rules hold too little work.
        """
        if worked < timedelta(0):
            raise ValueError("Working time to add must not be negative.")
        if not worked:
            return start.astimezone(UTC)
        year = start.astimezone(self.zone).year
        span = self._covering(start, start)
        wanted = _worked(span, _ticks(start)) + worked // _TICK
        while not span.starts or wanted > _total(span):
            # Years are only ever added at the end here, so `wanted` stays true.
            span = self._further(span, year)
        index = bisect_left(span.worked_before, wanted) - 1
        return _instant(span.starts[index] + wanted - span.worked_before[index])

    def working_day(
        self, instant: datetime, days: int = 0
    ) -> tuple[datetime, datetime]:
        """Begin and end of work on the day that lies ``days`` working days ahead.

        0 is the day of ``instant`` in the zone when it is a working day, else the
        next working day, however late in the day it is. Raises
        :class:`NoWorkingTime` when there is no such day.
        """
        if days < 0:
            raise ValueError("Working days to count must not be negative.")
        midnight = self._midnight(instant.astimezone(self.zone).date())
        start = self.next_start(midnight)
        day = start.astimezone(self.zone).date()
        if days and start - midnight >= _DAY:
            # The instant's own day is free: the next working day is the first.
            days -= 1
        for _turn in range(days):
            start = self.next_start(self._midnight(day + _DAY))
            day = start.astimezone(self.zone).date()
        after = self._midnight(day + _DAY)
        span = self._covering(start, after)
        last = bisect_left(span.starts, _ticks(after)) - 1
        return start, _instant(min(span.ends[last], _ticks(after)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone).astimezone(UTC)

    def _further(self, span: _Span, from_year: int) -> _Span:
        if span.last_year - from_year >= _HORIZON_YEARS:
            raise NoWorkingTime(
                f"No working hours within {_HORIZON_YEARS} years after {from_year}: "
                "add working hours to the calendar."
            )
        return self._years(span.first_year, span.last_year + 1)

    def _covering(self, a: datetime, b: datetime) -> _Span:
        _ticks(a), _ticks(b)
        first = a.astimezone(self.zone).year
        last = b.astimezone(self.zone).year
        span = self._span
        if span and span.first_year <= first and last <= span.last_year:
            return span
        if span:
            first, last = min(first, span.first_year), max(last, span.last_year)
        return self._years(first, last)

    def _years(self, first: int, last: int) -> _Span:
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in self._stretches(date(first, 1, 1), date(last, 12, 31)):
            if ends and begin <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(begin)
                ends.append(end)
        lengths = (end - begin for begin, end in zip(starts, ends, strict=True))
        before = list(accumulate(lengths, initial=0))[: len(starts)]
        # One assignment: threads see the old span or the new one, both right.
        self._span = _Span(first, last, starts, ends, before)
        return self._span

    def _stretches(self, day: date, last: date) -> Iterator[tuple[int, int]]:
        while day <= last:
            pieces: list[tuple[int, int]] = []
            for row in self._hours_of(day):
                pieces.extend(_wall_to_ticks(self.zone, day, row.starts, row.ends))
            yield from sorted(pieces)
            day += _DAY

    def _hours_of(self, day: date) -> list[_Hours]:
        if any(first <= day <= last for first, last in self._holidays):
            return []
        weekday = day.weekday()
        rows = [
            row
            for row in self._hours
            if row.weekday == weekday and row.first <= day <= row.last
        ]
        return [row for row in rows if row.seasonal] or rows


def _read_hours(row: Mapping[str, Any]) -> _Hours:
    return _Hours(
        row["weekday"],
        time.fromisoformat(row["starts"]),
        time.fromisoformat(row["ends"]),
        date.fromisoformat(row["from"]) if row["from"] else date.min,
        date.fromisoformat(row["until"]) if row["until"] else date.max,
        bool(row["from"] or row["until"]),
    )


def _instant(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK


def _total(span: _Span) -> int:
    return span.worked_before[-1] + span.ends[-1] - span.starts[-1]


def _worked(span: _Span, ticks: int) -> int:
    index = bisect_right(span.starts, ticks) - 1
    if index < 0:
        return 0
    return span.worked_before[index] + min(ticks, span.ends[index]) - span.starts[index]


def _wall_to_ticks(
    zone: ZoneInfo, day: date, starts: time, ends: time
) -> list[tuple[int, int]]:
    """Instants at which the zone's wall clock is in ``[starts, ends)`` that day."""
    begin = datetime.combine(day, starts)
    end = datetime.combine(day if ends > time(0) else day + _DAY, ends)
    offsets = {
        moment.replace(tzinfo=zone, fold=fold).utcoffset()
        for moment in (begin, end)
        for fold in (0, 1)
    }
    if len(offsets) == 1:
        return [_shifted(begin, end, offsets.pop())]
    # The offset changes that day: each offset rules on its side of the change.
    change = _change_of_offset(zone, day)
    pieces = []
    for offset, low, high in (
        ((change - _TICK).astimezone(zone).utcoffset(), None, _ticks(change)),
        (change.astimezone(zone).utcoffset(), _ticks(change), None),
    ):
        first, last = _shifted(begin, end, offset)
        first = first if low is None else max(first, low)
        last = last if high is None else min(last, high)
        if first < last:
            pieces.append((first, last))
    return pieces


def _shifted(begin: datetime, end: datetime, offset: timedelta) -> tuple[int, int]:
    return (
        _ticks(begin.replace(tzinfo=UTC) - offset),
        _ticks(end.replace(tzinfo=UTC) - offset),
    )


def _change_of_offset(zone: ZoneInfo, day: date) -> datetime:
    """The instant (UTC) around ``day`` from which the zone has its later offset."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    low, high = _ticks(noon - 2 * _DAY), _ticks(noon + 2 * _DAY)

    def offset(ticks: int) -> timedelta | None:
        return _instant(ticks).astimezone(zone).utcoffset()

    before = offset(low)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == before:
            low = middle
        else:
            high = middle
    return _instant(high)


@lru_cache(maxsize=64)
def _clock(rules_as_json: str) -> WorkingClock:
    return WorkingClock(json.loads(rules_as_json))


def working_clock(rules: Mapping[str, Any]) -> WorkingClock:
    """The clock of these rules; equal rules share one clock and its years."""
    return _clock(json.dumps(rules, sort_keys=True))
