"""Days counted from today, so that the example is never out of date."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import municipal_zone

_FRIDAY, _SATURDAY = 4, 5


class Days:
    """Instants of the example, seen from ``now``."""

    def __init__(self, now: datetime):
        self.now = now
        self.zone = municipal_zone()
        self.today = now.astimezone(self.zone).date()

    def day(self, number: int) -> date:
        """The day ``number`` days from today, or the working day before it."""
        found = self.today + timedelta(days=number)
        while found.weekday() in (_FRIDAY, _SATURDAY):
            found -= timedelta(days=1)
        return found

    def at(self, number: int, hour: int = 10, minute: int = 0) -> datetime:
        """A clock time on :meth:`day`."""
        moment = datetime.combine(self.day(number), time(hour, minute))
        return moment.replace(tzinfo=self.zone)

    def is_past(self, instant: datetime) -> bool:
        return instant < self.now


class Diary:
    """What happens to one topic; lived through in the order of the instants."""

    def __init__(self, days: Days):
        self.days = days
        self.entries: list[tuple[datetime, int, Callable[[], object]]] = []

    def write(self, instant: datetime, act: Callable, *args, **kwargs) -> None:
        """Let ``act`` happen at ``instant``, unless that lies in the future."""
        if self.days.is_past(instant):
            entry = (instant, len(self.entries), lambda: act(*args, **kwargs))
            self.entries.append(entry)

    def live(self) -> None:
        """Everything that was written, each act at its own instant."""
        for instant, _order, act in sorted(self.entries, key=lambda each: each[:2]):
            with clock.rehearse(instant):
                act()
