"""What readers are shown of each kind of question."""

from decimal import Decimal

import pytest

from wagtail_eparticipation.surveys.histogram import Step, histogram, without_small
from wagtail_eparticipation.surveys.measures import measures
from wagtail_eparticipation.surveys.outcomes import table
from wagtail_eparticipation.surveys.questions import OTHER, Option, Question
from wagtail_eparticipation.surveys.results import results_in
from wagtail_eparticipation.surveys.splits import split_table
from wagtail_eparticipation.surveys.tally import Tally

A, B, C = Option("a", "A"), Option("b", "B"), Option("c", "C")


def single(*options, kind="single", **fields):
    return Question("q", kind, "Which?", options=options or (A, B, C), **fields)


def answered(tally, question="q", people=None, **counts):
    """Note so many answers of each option."""
    asked = tally.of(question)
    for option, number in counts.items():
        asked.take(option, None, number)
    asked.people = sum(counts.values()) if people is None else people
    return tally


def given(tally, numbers, question="q"):
    """Note how often each number was given."""
    for number, times in numbers.items():
        tally.of(question).take("", Decimal(number), times)
    tally.of(question).people = sum(numbers.values())
    return tally


def result(question, tally):
    (found,) = results_in({"": tally}, [question])
    return found


def counts(shown):
    return [row["count"] for row in shown["rows"]]


class TestMeasures:
    @pytest.mark.parametrize(
        ("values", "mean", "median", "ends"),
        [
            ({3: 1}, "3", "3", (3, 3)),
            ({1: 1, 2: 1}, "1.5", "1.5", (1, 2)),
            ({1: 2, 10: 1}, "4", "1", (1, 10)),
            ({1: 2, 10: 2}, "5.5", "5.5", (1, 10)),
            ({"0.1": 3, "0.2": 7}, "0.17", "0.2", ("0.1", "0.2")),
            ({-5: 1, 5: 1, 6: 0}, "0", "0", (-5, 5)),
        ],
    )
    def test_they_are_exact(self, values, mean, median, ends):
        found = measures({Decimal(each): n for each, n in values.items()})
        assert (found.mean, found.median) == (Decimal(mean), Decimal(median))
        assert (found.smallest, found.largest) == tuple(map(Decimal, ends))

    def test_nothing_given_is_nothing(self):
        assert measures({}) is None
        assert measures({Decimal(1): 0}) is None


class TestHistogram:
    @pytest.mark.parametrize(
        ("values", "lows", "width"),
        [
            ({5: 2}, [5], 1),
            ({1: 1, 4: 1}, [1, 2, 3, 4], 1),
            ({16: 1, 90: 1}, [10, 20, 30, 40, 50, 60, 70, 80, 90], 10),
            ({-3: 1, 3: 1}, [-3, -2, -1, 0, 1, 2, 3], 1),
            ({"0.01": 1, "0.05": 1}, ["0.010", "0.015"], "0.005"),
        ],
    )
    def test_its_steps_are_round_and_few(self, values, lows, width):
        given = {Decimal(each): n for each, n in values.items()}
        steps = histogram(given, whole="0.01" not in values)
        assert [each.low for each in steps][: len(lows)] == [Decimal(x) for x in lows]
        assert {each.high - each.low for each in steps} == {Decimal(width)}
        assert sum(each.count for each in steps) == sum(values.values())
        assert len(steps) <= 11

    def test_small_steps_are_joined_and_the_ends_are_open(self):
        steps = histogram({Decimal(each): 2 for each in range(1, 10)})
        joined = without_small(steps, 5)
        assert [each.count for each in joined] == [6, 6, 6]
        assert joined[0] == Step(None, Decimal(4), 6)
        assert joined[-1].high is None

    @pytest.mark.parametrize("number", [1, 4])
    def test_fewer_than_that_are_no_histogram(self, number):
        assert without_small(histogram({Decimal(3): number}), 5) == []

    def test_a_small_last_step_joins_the_one_before(self):
        steps = histogram({Decimal(1): 9, Decimal(2): 9, Decimal(3): 1})
        assert [each.count for each in without_small(steps, 5)] == [9, 10]


class TestPublic:
    def test_figures_of_few_are_withheld_with_the_next_smallest(self):
        found = result(single(), answered(Tally(), a=40, b=3, c=8))
        assert counts(table(found)) == [40, 3, 8]
        assert counts(table(found, public=True)) == [40, "–", "–"]

    def test_an_option_that_nobody_chose_is_shown(self):
        found = result(single(), answered(Tally(), a=40, b=0, c=8))
        assert counts(table(found, public=True)) == [40, 0, 8]

    def test_of_several_choices_the_small_one_alone_is_withheld(self):
        tally = answered(Tally(), people=40, a=40, b=3, c=8)
        found = result(single(kind="multiple"), tally)
        assert counts(table(found, public=True)) == [40, "–", 8]

    def test_a_question_that_few_answered_shows_that_alone(self):
        shown = table(result(single(), answered(Tally(), a=4)), public=True)
        assert (shown["kind"], shown["rows"], shown["n"]) == ("few", [], None)

    def test_other_is_an_option(self):
        question = single(A, Option(OTHER, "Other"))
        found = result(question, answered(Tally(), a=10, other=6))
        assert [row["label"] for row in table(found)["rows"]] == ["A", "Other"]
        assert counts(table(found)) == [10, 6]

    def test_a_scale_has_a_mean_unless_a_step_is_withheld(self):
        question = single(*(Option(str(n), str(n)) for n in (1, 2, 3)), kind="scale")
        tally = answered(Tally(), **{"1": 10, "2": 10, "3": 5})
        found = result(question, tally)
        assert found.measures.mean == Decimal("1.8")
        assert table(found, public=True)["summary"][0]["value"] in ("1.8", "1,8", "1٫8")
        few = result(question, answered(Tally(), **{"1": 10, "2": 10, "3": 2}))
        assert "summary" not in table(few, public=True)
        assert table(few)["summary"]

    def test_the_ends_of_numbers_are_told_where_several_gave_them(self):
        question = Question("q", "number", "How old?", whole=True, unit="y")
        found = result(question, given(Tally(), {20: 7, 30: 9, 99: 1}))
        public, staff = table(found, public=True), table(found)
        assert len(public["summary"]) == 2
        assert [each["value"] for each in staff["summary"]][2:] == ["20 y", "99 y"]
        assert all(count >= 5 for count in counts(public))
        assert "99" not in str(public["rows"])

    def test_days_have_a_median_day(self):
        question = Question("q", "date", "When?")
        found = result(question, given(Tally(), {739000: 5, 739010: 5, 739020: 6}))
        assert found.measures.median == 739010
        assert "2024" in table(found, public=True)["summary"][1]["value"]

    def test_a_matrix_is_one_table_and_each_row_is_protected(self):
        rows = (Option("r1", "Shade"), Option("r2", "Seats"))
        question = Question("q", "matrix", "Rate", options=(A, B, C), rows=rows)
        tally = answered(Tally(), question="r1", a=10, b=20, c=30)
        answered(tally, question="r2", a=3, b=20, c=30)
        found = result(question, tally)
        shown = table(found, public=True)
        cells = [[each["count"] for each in line["cells"]] for line in shown["lines"]]
        assert shown["columns"] == ["A", "B", "C"]
        assert cells == [[10, 20, 30], ["–", "–", 30]]
        assert found.n == 60

    def test_a_ranking_is_in_the_order_of_its_means(self):
        tally = Tally()
        for option, places in {"a": (0, 10), "b": (10, 0)}.items():
            for place, times in enumerate(places, start=1):
                if times:
                    tally.of("q").take(option, Decimal(place), times)
        tally.of("q").people = 10
        found = result(single(A, B, kind="ranking"), tally)
        lines = table(found, public=True)["lines"]
        assert [line["label"] for line in lines] == ["B", "A"]
        assert [each["count"] for each in lines[0]["cells"]] == [10, 0]
        assert found.options[0].mean_place == 2

    def test_places_of_a_ranking_are_withheld_where_one_is_small(self):
        tally = Tally()
        for option, places in {"a": (2, 10), "b": (10, 2)}.items():
            for place, times in enumerate(places, start=1):
                tally.of("q").take(option, Decimal(place), times)
        tally.of("q").people = 12
        found = result(single(A, B, kind="ranking"), tally)
        shown = table(found, public=True)
        assert shown["columns"] == []
        # Of two options the mean place tells how many put one of them first.
        assert shown["lines"][0]["mean"] == ""
        assert table(found)["columns"]
        assert table(found)["lines"][0]["mean"]

    def test_words_are_not_counted(self):
        tally = Tally()
        tally.of("q").people = 9
        shown = table(result(Question("q", "text", "Why?"), tally), public=True)
        assert (shown["kind"], shown["n"], shown["rows"]) == ("words", 9, [])


def measured(**numbers):
    """People who gave numbers, by how often each was given."""
    tally = Tally()
    for number, times in numbers.items():
        tally.of("q").take("", Decimal(number.removeprefix("n")), times)
    tally.of("q").people = sum(numbers.values())
    return tally


class TestSplit:
    def split(self, question, **groups):
        (found,) = results_in(groups, [question])
        return split_table(found, "language", {"ar": "Arabic", "en": "English"})

    def test_a_mean_that_tells_what_few_answered_is_told_of_no_group(self):
        number = Question("q", "number", "How many?", whole=True)
        shown = self.split(number, ar=measured(n0=18, n1=2), en=measured(n0=9, n1=11))
        assert shown["is_withheld"]

    def test_a_mean_that_tells_of_nobody_is_shown_of_each_group(self):
        number = Question("q", "number", "How old?", whole=True)
        shown = self.split(number, ar=measured(n20=9, n40=9), en=measured(n20=6, n60=8))
        assert not shown["is_withheld"]
        assert shown["lines"][0]["cells"][0] == "30"

    def test_groups_are_in_the_order_of_their_names(self):
        shown = self.split(
            single(), en=answered(Tally(), a=9, b=8), ar=answered(Tally(), a=6, b=7)
        )
        assert shown["groups"] == ["Arabic", "English"]
        assert shown["lines"][0]["cells"] == [6, 9]
        assert shown["people"] == [13, 17]

    def test_a_cell_of_few_takes_others_with_it(self):
        shown = self.split(
            single(), en=answered(Tally(), a=9, b=2), ar=answered(Tally(), a=6, b=7)
        )
        cells = [line["cells"] for line in shown["lines"]]
        assert cells == [[None, None], [None, None], [0, 0]]

    def test_numbers_have_a_mean_for_each_group_that_is_large_enough(self):
        question = Question("q", "number", "How old?")
        shown = self.split(
            question,
            ar=given(Tally(), {20: 6}),
            en=given(Tally(), {30: 7}),
            ur=given(Tally(), {40: 2}),
        )
        assert shown["lines"][0]["cells"] == [None, "30", None]
        assert shown["people"] == [None, 7, None]

    def test_too_few_people_are_not_split(self):
        shown = self.split(
            single(), en=answered(Tally(), a=3), ar=answered(Tally(), a=30)
        )
        assert shown["is_withheld"]
        assert not shown["groups"]
