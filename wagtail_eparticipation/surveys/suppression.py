"""Which figures are withheld so that nobody can be told from them (AC-S3-L5).

A figure of fewer than five people is withheld, and further ones with it until no
withheld figure can be worked out from those that are shown and their totals. Pure.

A table is a list of :class:`Cell`. Each cell is part of at most two sums that a reader
knows. Seen as a graph, sums are the nodes and cells the edges; a withheld cell cannot
be worked out as long as it lies on a circle of withheld cells along which people could
be moved one by one without changing any sum, or making any cell negative.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

#: Figures of fewer people would tell how single ones answered.
WITHHELD_BELOW = 5
#: Stands for a sum that no reader knows.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Cell:
    """So many people, added up in ``line`` and in ``column``.

    ``is_total`` says that it is itself the sum of its column.
    """

    people: int
    line: Hashable = UNKNOWN
    column: Hashable = UNKNOWN
    is_total: bool = False

    def can_move(self, up: bool) -> bool:
        """Whether it could hold one more, or one less, as its sums count it."""
        return up != self.is_total or self.people > 0


def withheld(
    cells: Sequence[Cell], *, least: int = WITHHELD_BELOW, nought: bool = True
) -> set[int]:
    """Places of the cells that are not shown.

    With ``nought`` a cell without anybody is small too: in a group it would tell what
    none of them answered. Where nothing else can protect a cell, all are withheld.
    """
    lowest = 0 if nought else 1
    hidden = {
        place for place, cell in enumerate(cells) if lowest <= cell.people < least
    }
    for place in sorted(hidden, key=lambda each: -cells[each].people):
        if not _protect(cells, hidden, place):
            return set(range(len(cells)))
    while (place := _needed(cells, hidden, least)) is not None:
        hidden.add(place)
        if not _protect(cells, hidden, place):
            return set(range(len(cells)))
    return hidden


def _protect(cells, hidden: set[int], place: int) -> bool:
    """Withhold the cheapest circle through a cell; ``False`` where there is none."""
    found = [
        circle
        for up in (True, False)
        if cells[place].can_move(up)
        and (circle := _circle(cells, hidden, place, up)) is not None
    ]
    if not found:
        return False
    hidden |= min(found)[1]
    return True


def _circle(cells, hidden, place: int, up: bool) -> tuple[int, set[int]] | None:
    """The cells on the cheapest way back from one end of a cell to the other."""
    cell = cells[place]
    start, goal = (cell.column, cell.line) if up else (cell.line, cell.column)
    arcs = _arcs(cells, skip=place)
    tie = count()
    waiting = [(0, next(tie), start, frozenset())]
    done: set[Hashable] = set()
    while waiting:
        cost, _tie, node, used = heappop(waiting)
        if node == goal:
            return cost, set(used)
        if node in done:
            continue
        done.add(node)
        for other, target in arcs.get(node, ()):
            if target in done:
                continue
            price = 0 if other in hidden else cells[other].people + 1
            heappush(waiting, (cost + price, next(tie), target, used | {other}))
    return None


def _arcs(cells, skip: int) -> dict[Hashable, list[tuple[int, Hashable]]]:
    arcs: dict[Hashable, list[tuple[int, Hashable]]] = {}
    for place, cell in enumerate(cells):
        if place == skip:
            continue
        if cell.can_move(True):
            arcs.setdefault(cell.line, []).append((place, cell.column))
        if cell.can_move(False):
            arcs.setdefault(cell.column, []).append((place, cell.line))
    return arcs


def _needed(cells, hidden: set[int], least: int) -> int | None:
    """A cell to withhold where those withheld in one sum are few people together."""
    sums: dict[Hashable, list[int]] = {}
    for place, cell in enumerate(cells):
        for node in (cell.line, cell.column):
            if node != UNKNOWN:
                sums.setdefault(node, []).append(place)
    for places in sums.values():
        gone = [place for place in places if place in hidden]
        if not gone or any(cells[place].is_total for place in gone):
            continue
        shown = [place for place in places if place not in hidden]
        shown = [each for each in shown if not cells[each].is_total]
        if shown and sum(cells[place].people for place in gone) < least:
            return min(shown, key=lambda each: (cells[each].people, each))
    return None


def withheld_in_line(
    people: Mapping[Hashable, int] | Iterable[int], *, nought: bool = True
) -> set:
    """Which of the parts of a known total are withheld: keys, or places in a list."""
    parts = dict(people if isinstance(people, Mapping) else enumerate(people))
    cells = [Cell(each, line="total") for each in parts.values()]
    hidden = withheld(cells, nought=nought)
    return {key for place, key in enumerate(parts) if place in hidden}


@dataclass(frozen=True)
class Split:
    """A split of one question: what is withheld of it.

    ``cells`` are pairs of a line and a group, ``groups`` those whose number of people
    is withheld. Where ``whole`` is true, there are too few people to split at all.
    """

    cells: frozenset[tuple[Hashable, Hashable]]
    groups: frozenset[Hashable]
    whole: bool = False


def split(
    table: Mapping[Hashable, Mapping[Hashable, int]],
    people: Mapping[Hashable, int],
    *,
    one_each: bool,
) -> Split:
    """What is withheld of a table of lines and groups, whose totals are shown.

    ``table`` holds the counts by line and group, ``people`` the number of people in
    each group. With ``one_each`` everybody is in one line, so the lines add up to the
    group. Lines without anybody are shown: their total says it already.
    """
    cells, names = [], []
    for line, counts in table.items():
        if not any(counts.get(group, 0) for group in people):
            continue
        for group in people:
            column = ("group", group) if one_each else UNKNOWN
            cells.append(Cell(counts.get(group, 0), ("line", line), column))
            names.append((line, group))
    for group, number in people.items():
        column = ("group", group) if one_each else UNKNOWN
        cells.append(Cell(number, "people", column, is_total=True))
        names.append(group)
    hidden = withheld(cells)
    return Split(
        frozenset(names[each] for each in hidden if not cells[each].is_total),
        frozenset(names[each] for each in hidden if cells[each].is_total),
        bool(cells) and len(hidden) == len(cells),
    )


def tells_few(n: int, mean, lowest, highest, *, least: int = WITHHELD_BELOW) -> bool:
    """Whether a mean of ``n`` whole steps gives away what few people answered.

    The sum of what lies above the lowest step, or below the highest, is at least the
    number of those who are not there: with two steps it is exactly that number.
    """
    if not n or mean is None or lowest == highest:
        return False
    above, below = n * (mean - lowest), n * (highest - mean)
    return 0 < round(above, 6) < least or 0 < round(below, 6) < least
