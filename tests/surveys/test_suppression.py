"""No withheld figure can be worked out (AC-S3-L5)."""

from random import Random

import pytest

from wagtail_eparticipation.surveys.suppression import (
    UNKNOWN,
    Cell,
    split,
    withheld,
    withheld_in_line,
)

SEEDS = range(60)


def drawing(seed):
    """Figures that are the same at every run."""
    return Random(seed)  # noqa: S311 (nothing secret)


def possible(cells, hidden):
    """For each withheld cell, how few and how many people it may stand for.

    Tries every table without negative cells that fits what is shown.
    """
    places = sorted(hidden)
    sums = {}
    for place, cell in enumerate(cells):
        sign = -1 if cell.is_total else 1
        for node in (cell.line, cell.column):
            if node != UNKNOWN:
                sums.setdefault(node, []).append((place, sign))
    targets = {
        node: sum(sign * cells[place].people for place, sign in parts)
        for node, parts in sums.items()
    }
    ends = {place: set() for place in places}
    most = max((cell.people for cell in cells), default=0) + 2

    def fits(values, complete):
        for node, parts in sums.items():
            known = [(p, s) for p, s in parts if p in values or p not in hidden]
            found = sum(s * values.get(p, cells[p].people) for p, s in known)
            if len(known) == len(parts) and found != targets[node]:
                return False
            plain = all(s == 1 for _p, s in parts)
            if plain and found > targets[node]:
                return False
        return True

    def fill(values, rest):
        if all(len(found) > 1 for found in ends.values()):
            return
        if not rest:
            for place, value in values.items():
                ends[place].add(value)
            return
        place, *later = rest
        own = cells[place].people
        for value in sorted(range(most + 1), key=lambda each: abs(each - own)):
            tried = {**values, place: value}
            if fits(tried, not later):
                fill(tried, later)

    fill({}, places)
    return ends


def random_table(seed, *, lines, groups, one_each):
    drawn = drawing(seed)
    table = {
        line: {group: drawn.choice([0, 0, 1, 2, 4, 5, 6, 9]) for group in range(groups)}
        for line in range(lines)
    }
    people = {
        group: sum(counts[group] for counts in table.values())
        if one_each
        else max(counts[group] for counts in table.values()) + drawn.choice([0, 1, 3])
        for group in range(groups)
    }
    return table, {group: n for group, n in people.items() if n}


def as_cells(table, people, one_each):
    cells, names = [], []
    for line, counts in table.items():
        for group in people:
            column = ("group", group) if one_each else UNKNOWN
            cells.append(Cell(counts.get(group, 0), ("line", line), column))
            names.append((line, group))
    for group, number in people.items():
        column = ("group", group) if one_each else UNKNOWN
        cells.append(Cell(number, "people", column, is_total=True))
        names.append(group)
    return cells, names


@pytest.mark.parametrize("one_each", [True, False], ids=["one choice", "several"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_withheld_cell_of_a_split_can_be_worked_out(seed, one_each):
    shape = drawing(seed)
    table, people = random_table(
        seed, lines=shape.choice([2, 3]), groups=shape.choice([2, 3]), one_each=one_each
    )
    found = split(table, people, one_each=one_each)
    if found.whole:
        return
    cells, names = as_cells(table, people, one_each)
    hidden = {
        place
        for place, name in enumerate(names)
        if name in found.cells or name in found.groups
    }

    for place, values in possible(cells, hidden).items():
        assert len(values) > 1, (names[place], table, people)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_small_cell_of_a_line_that_has_people_is_withheld(seed):
    table, people = random_table(seed, lines=4, groups=4, one_each=True)
    found = split(table, people, one_each=True)

    for line, counts in table.items():
        for group in people:
            if counts[group] < 5 and sum(counts.values()):
                assert (line, group) in found.cells
    for group, number in people.items():
        if number < 5:
            assert group in found.groups


@pytest.mark.parametrize("seed", SEEDS)
def test_no_withheld_part_of_a_total_can_be_worked_out(seed):
    drawn = drawing(seed)
    parts = [drawn.choice([0, 1, 3, 4, 5, 7, 8]) for _number in range(4)]
    hidden = withheld_in_line(parts, nought=bool(seed % 2))
    cells = [Cell(part, line="total") for part in parts]
    if len(hidden) == len(parts):
        return

    for values in possible(cells, hidden).values():
        assert len(values) > 1, parts


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ({"a": 9, "b": 5, "c": 40}, set()),
        ({"a": 9, "b": 4, "c": 40}, {"a", "b"}),
        ({"a": 3, "b": 4, "c": 40}, {"a", "b"}),
        # Three people withheld together are few people, too.
        ({"a": 1, "b": 2, "c": 40, "d": 50}, {"a", "b", "c"}),
        ({"a": 4}, {"a"}),
        ({"a": 7}, set()),
        ({}, set()),
    ],
)
def test_the_next_smallest_part_is_withheld_with_a_small_one(people, hidden):
    assert withheld_in_line(people) == hidden


def test_an_option_that_nobody_chose_is_shown_where_there_is_no_group():
    assert withheld_in_line([12, 9, 0], nought=False) == set()


def test_a_cell_is_protected_along_its_line_and_its_group():
    table = {
        "x": {"ar": 30, "en": 3},
        "y": {"ar": 20, "en": 12},
        "z": {"ar": 9, "en": 8},
    }
    people = {"ar": 59, "en": 23}

    found = split(table, people, one_each=True)

    assert found.cells == {("x", "ar"), ("x", "en"), ("z", "ar"), ("z", "en")}
    assert not found.groups
    assert not found.whole


def test_a_table_with_one_small_group_beside_one_large_is_not_split_at_all():
    table = {"x": {"ar": 30, "en": 3}}

    assert split(table, {"ar": 30, "en": 3}, one_each=True).whole


def test_larger_tables_are_done_in_no_time():
    drawn = drawing(1)
    table = {
        line: {group: drawn.choice([0, 2, 7, 50]) for group in range(10)}
        for line in range(40)
    }
    people = {g: sum(counts[g] for counts in table.values()) for g in range(10)}

    assert split(table, people, one_each=True).cells


def test_cells_without_any_sum_need_no_company():
    assert withheld([Cell(3), Cell(50)]) == {0}
