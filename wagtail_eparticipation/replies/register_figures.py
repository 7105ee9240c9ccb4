"""What comes in, what waits and who is silent, as tables for the owner (R-5.3.1g)."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.languages import own_name
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.invitation_figures import withheld
from wagtail_eparticipation.participations.invitations import SEGMENT_AT_LEAST
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Channel,
    Participation,
    State,
)
from wagtail_eparticipation.replies import counters, figures
from wagtail_eparticipation.replies.tables import Figures

#: What waits for a moderator.
_WAITING = (State.RECEIVED, State.QUARANTINED)
#: What a moderator has decided about.
_REVIEWED = (State.PUBLISHED, State.UNPUBLISHED, State.TAKEN_DOWN, State.REFUSED)
_DAY = timedelta(days=1)
_SPIKES_SHOWN = 20
#: So many of the latest first decisions make the time of review.
_DECISIONS = 10_000


def tables(consultation, now: datetime) -> Iterable[Figures]:
    """All of them, in the order of the page."""
    groups = list(_groups(consultation))
    return [
        _by(groups, "channel", _("By channel"), _("Channel"), dict(Channel.choices)),
        _by_language(groups),
        _segments(consultation, groups),
        _reviewed(consultation, groups),
        queue(consultation, now),
        stands_out(consultation, now),
    ]


def _groups(consultation):
    """The register in one pass: every combination with its number."""
    return (
        Participation.objects.filter(consultation=consultation)
        .order_by()
        .values("channel", "language", "segment", "state", "tool")
        .annotate(number=Count("pk"))
    )


def _counted(groups, column: str) -> Counter:
    found: Counter = Counter()
    for row in groups:
        if row["state"] in COUNTED:
            found[row[column]] += row["number"]
    return found


def _by(groups, column: str, title: str, heading: str, names) -> Figures:
    found = _counted(groups, column)
    whole = sum(found.values())
    rows = [
        (str(names.get(key, key)), (number, figures.share(number, whole)))
        for key, number in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    rows.append((_("All"), (whole, figures.share(whole, whole))))
    return Figures(column, title, heading, (_("Number"), _("Percent")), rows)


def _by_language(groups) -> Figures:
    codes = {row["language"] for row in groups}
    names = {code: own_name(code, code) for code in codes}
    return _by(groups, "language", _("By language"), _("Language"), names)


def _segments(consultation, groups) -> Figures:
    """By segment, beside what its size lets expect; few people are not told apart."""
    addressed = _addressed(consultation)
    names = names_of(Segment)
    keys = dict(Segment.objects.values_list("pk", "translation_key"))
    found: Counter = Counter()
    for pk, number in _counted(groups, "segment").items():
        found[keys.get(pk)] += number
    spoken = {key: names[pk] for pk, key in keys.items()}
    sizes = {key: size for key, (size, _name) in addressed.items()}
    known = sum(number for key, number in found.items() if key is not None)
    expected = figures.expected_counts(sizes, known)
    cells = {key: found.get(key, 0) for key in dict.fromkeys([*addressed, *found])}
    hidden = withheld(cells)
    rows = []
    for key, number in cells.items():
        if key is None:
            label, silent = _("No segment"), None
        else:
            label = spoken.get(key, "")
            silent = figures.is_silent(number, expected.get(key))
        expects = expected.get(key)
        rows.append(
            (
                label,
                (
                    None if key in hidden else number,
                    None if expects is None else round(expects),
                    {True: _("silent"), False: _("heard"), None: None}[silent],
                ),
            )
        )
    return Figures(
        "segment",
        _("By segment, and who is silent"),
        _("Segment"),
        (_("Number"), _("Expected by size"), _("Heard or silent")),
        sorted(rows, key=itemgetter(0)),
        note=_(
            "Only invitations tell segments apart. A segment is silent when nobody of"
            " it took part, or less than half of what its estimated size lets expect."
            " Numbers below %(least)s are not shown, nor those that would give them"
            " away."
        )
        % {"least": SEGMENT_AT_LEAST},
    )


def _addressed(consultation) -> dict:
    """Segments that the topic addresses: key, and estimated size with its name."""
    page = consultation.page_in() or consultation.pages.first()
    found = {}
    for block in page.audience if page is not None else ():
        segment = block.value.get("segment")
        if segment is not None:
            found[segment.translation_key] = (segment.estimated_size, segment.name)
    return found


def _reviewed(consultation, groups) -> Figures:
    """Shares reviewed and answered, and how long a first decision took."""
    read = {tool.code for tool in tools.registered() if not tool.reviewed}
    states: Counter = Counter()
    for row in groups:
        if row["tool"] not in read:
            states[row["state"]] += row["number"]
    reviewed = sum(states[state] for state in _REVIEWED)
    waiting = sum(states[state] for state in _WAITING)
    channels = counters.counts_of(consultation)
    answered = counters.replied_to(consultation)
    received = sum(each.received for each in channels)
    minutes = _minutes_of_review(consultation)
    rows = [
        (_("Reviewed"), (reviewed,)),
        (_("Waiting for review"), (waiting,)),
        (
            _("Share reviewed, in percent"),
            (figures.share(reviewed, reviewed + waiting),),
        ),
        (_("With a reply in public or in private"), (answered,)),
        (_("Share with a reply, in percent"), (figures.share(answered, received),)),
        (
            _("Minutes until the first review, median"),
            (figures.quantile(minutes, 0.5),),
        ),
        (
            _("Minutes until the first review, 90 percent within"),
            (figures.quantile(minutes, 0.9),),
        ),
    ]
    note = _("The time of review is that of the last %(number)s first decisions.") % {
        "number": _DECISIONS
    }
    title = _("Reviewed and answered")
    return Figures("reviewed", title, _("Figure"), (_("Value"),), rows, note=note)


def _minutes_of_review(consultation) -> list[int]:
    pairs = (
        ModerationDecision.objects.filter(
            participation__consultation=consultation, state_from__in=_WAITING
        )
        .order_by("-id")
        .values_list("participation__received_at", "decided_at")[:_DECISIONS]
    )
    minute = timedelta(minutes=1)
    return sorted(max(b - a, timedelta(0)) // minute for a, b in pairs)


def queue(consultation, now: datetime) -> Figures:
    """How old is what waits; two queries, none of them reads a text."""
    waiting = Participation.objects.filter(consultation=consultation).waiting()
    edges = (_DAY, 3 * _DAY, 7 * _DAY)
    one, three, seven = (now - edge for edge in edges)
    numbers = waiting.order_by().aggregate(
        every=Count("pk"),
        oldest=Min("received_at"),
        fresh=Count("pk", filter=Q(received_at__gt=one)),
        days=Count("pk", filter=Q(received_at__lte=one, received_at__gt=three)),
        week=Count("pk", filter=Q(received_at__lte=three, received_at__gt=seven)),
        more=Count("pk", filter=Q(received_at__lte=seven)),
    )
    middle = None
    if numbers["every"]:
        ordered = waiting.order_by("received_at", "id").values_list("received_at")
        half = numbers["every"] // 2
        # One may have been decided since the count.
        middle = next(iter(ordered[half : half + 1]), (None,))[0]
    rows = [
        (_("Waiting"), (numbers["every"],)),
        (_("Up to a day"), (numbers["fresh"],)),
        (_("One to three days"), (numbers["days"],)),
        (_("Three to seven days"), (numbers["week"],)),
        (_("More than seven days"), (numbers["more"],)),
        (_("Age of the oldest, in hours"), (_hours(numbers["oldest"], now),)),
        (_("Median age, in hours"), (_hours(middle, now),)),
    ]
    return Figures("queue", _("Age of the queue"), _("Age"), (_("Number"),), rows)


def _hours(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else (now - since) // timedelta(hours=1)


def stands_out(consultation, now: datetime) -> Figures:
    """Days and hours on which far more came than usual; one query."""
    window = getattr(consultation, "window", None)
    if window is None:
        return _spikes([])
    first, last = window.opens_at, min(now, window.closes_at)
    # In UTC: MariaDB knows other zones only where its tables were filled.
    counts = {
        hour: number
        for hour, number in Participation.objects.filter(
            consultation=consultation, received_at__gte=first, received_at__lt=last
        )
        .order_by()
        .annotate(hour=TruncHour("received_at", tzinfo=UTC))
        .values_list("hour")
        .annotate(number=Count("pk"))
        if hour is not None
    }
    zone = municipal_zone()
    hours = dict.fromkeys(_hours_of(first, last), 0) | counts
    days: Counter = Counter()
    day = first.astimezone(zone).date()
    while first < last and day <= last.astimezone(zone).date():
        days[day] = 0
        day += _DAY
    for hour, number in counts.items():
        days[hour.astimezone(zone).date()] += number
    rows = [(date_words(day), number) for day, number in figures.spikes(days)]
    rows += [(instant_words(hour), number) for hour, number in figures.spikes(hours)]
    return _spikes(rows[:_SPIKES_SHOWN])


def _hours_of(first: datetime, last: datetime) -> Iterable[datetime]:
    """Every full hour of the period, also those in which nothing came."""
    hour = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < last:
        yield hour
        hour += timedelta(hours=1)


def _spikes(rows) -> Figures:
    return Figures(
        "spikes",
        _("Days and hours that stand out"),
        _("When"),
        (_("Number"),),
        [(label, (number,)) for label, number in rows],
        note=_(
            "Above the median by more than 3.5 deviations (made of the median absolute"
            " deviation), at least twice the median and at least %(least)s."
        )
        % {"least": figures.SPIKE_AT_LEAST},
    )
