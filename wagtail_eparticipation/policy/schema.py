"""Checks a policy pack when it is loaded, naming the file and key of every mistake."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from wagtail_eparticipation.policy import vocabulary as words

_PLACE = re.compile(r"%\((\w+)\)s")
_STRAY = re.compile(r"%(?!\(\w+\)s|%)")

_KEYS = {
    "format",
    "slug",
    "version",
    "effective_from",
    "title",
    "summary",
    "clauses",
    "stages",
    "states",
    "kinds",
    "rules",
    "criticism",
    "reasons",
    "texts",
    "levels",
    "periods",
    "retention",
    "office_hours",
}


class InvalidPack(ValueError):
    """A pack breaks the format; ``problems`` lists every mistake with its key."""

    def __init__(self, source: str, problems: list[str]):
        self.source = source
        self.problems = problems
        super().__init__(
            f"{source} is not a valid policy pack:\n  " + "\n  ".join(problems)
        )


def check_pack(data: Mapping[str, Any], source: str) -> None:
    """Raise :class:`InvalidPack` unless ``data`` is a complete pack of format 1."""
    problems = _Checker(data).run()
    if problems:
        raise InvalidPack(source, problems)


class _Checker:
    def __init__(self, data: Mapping[str, Any]):
        self.data = data
        self.problems: list[str] = []
        self.clauses = {
            row.get("id") for row in self._rows("clauses") if isinstance(row, dict)
        }

    def run(self) -> list[str]:
        for key in sorted(set(self.data) - _KEYS):
            self.say(key, "is not a key of a policy pack")
        for key in sorted(_KEYS - set(self.data)):
            self.say(key, "is missing")
        if not self.problems:
            self.metadata()
            self.clause_rows()
            self.stage_tables()
            self.rule_rows()
            self.reason_rows()
            self.text_tables()
            self.periods()
            self.retention()
            self.office_hours()
        return self.problems

    def say(self, key: str, problem: str) -> None:
        self.problems.append(f"{key}: {problem}")

    def _rows(self, key: str) -> list:
        rows = self.data.get(key)
        return rows if isinstance(rows, list) else []

    def text(self, value: Any, key: str, places: Iterable[str] = ()) -> None:
        if not isinstance(value, dict):
            self.say(key, "needs a text in " + " and ".join(words.LANGUAGES))
            return
        for language in words.LANGUAGES:
            written = value.get(language)
            where = f"{key}.{language}"
            if not isinstance(written, str) or not written.strip():
                self.say(where, "has no text")
                continue
            used = set(_PLACE.findall(written))
            for name in sorted(used - set(places)):
                self.say(where, f"uses %({name})s, which is not given to this text")
            for name in sorted(set(places) - used):
                self.say(where, f"does not use %({name})s")
            if places and _STRAY.search(written):
                self.say(where, "holds a single %; write %% for a percent sign")

    def one_of(self, value: Any, allowed: Iterable[str], key: str) -> None:
        if value not in allowed:
            self.say(key, f"“{value}” is not one of {', '.join(allowed)}")

    def clause(self, value: Any, key: str) -> None:
        if value not in self.clauses:
            self.say(key, f"there is no clause “{value}” in this pack")

    def flag(self, row: Mapping[str, Any], name: str, key: str) -> None:
        if not isinstance(row.get(name), bool):
            self.say(f"{key}.{name}", "must be true or false")

    def number(self, value: Any, key: str, least: int = 1) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.say(key, f"must be a whole number of at least {least}")

    def unique(self, values: list, key: str) -> None:
        for value in {value for value in values if values.count(value) > 1}:
            self.say(key, f"“{value}” is there more than once")

    def exactly(
        self, key: str, names: Iterable[str], optional: Iterable[str] = ()
    ) -> Mapping[str, Any]:
        table = self.data[key]
        if not isinstance(table, dict):
            self.say(key, "must be a table")
            return {}
        for name in names:
            if name not in table:
                self.say(f"{key}.{name}", "is missing")
        for name in table:
            if name not in names and name not in optional:
                self.say(f"{key}.{name}", "is not known")
        return {name: table[name] for name in (*names, *optional) if name in table}

    def metadata(self) -> None:
        if self.data["format"] != 1:
            self.say("format", "must be 1")
        for key, pattern in (
            ("slug", r"[a-z0-9][a-z0-9-]{0,59}"),
            ("version", r"[A-Za-z0-9][A-Za-z0-9.-]{0,29}"),
        ):
            if not re.fullmatch(pattern, str(self.data[key])):
                self.say(key, f"“{self.data[key]}” does not match {pattern}")
        try:
            date.fromisoformat(str(self.data["effective_from"]))
        except ValueError:
            self.say("effective_from", "must be a date such as 2026-01-01")
        self.text(self.data["title"], "title")
        self.text(self.data["summary"], "summary")

    def clause_rows(self) -> None:
        rows = self._rows("clauses")
        if not rows:
            self.say("clauses", "there must be at least one")
        self.unique([row.get("id") for row in rows], "clauses")
        for number, row in enumerate(rows):
            key = f"clauses[{number}]"
            if not re.fullmatch(r"P-\d+(\.\d+)*[a-z]?", str(row.get("id"))):
                self.say(f"{key}.id", f"“{row.get('id')}” is no clause id like P-5.1.2")
            self.text(row.get("title"), f"{key}.title")
            self.text(row.get("text"), f"{key}.text")
            if "stage" in row:
                self.one_of(row["stage"], words.STAGES, f"{key}.stage")

    def stage_tables(self) -> None:
        for name, row in self.exactly("stages", words.STAGES).items():
            self.clause(row.get("clause"), f"stages.{name}.clause")
            self.text(row.get("name"), f"stages.{name}.name")
            self.text(row.get("description"), f"stages.{name}.description")
        for name, value in self.exactly("states", words.STATES).items():
            self.text(value, f"states.{name}")
        for name, row in self.exactly("kinds", words.KINDS).items():
            key = f"kinds.{name}"
            self.text(row.get("name"), f"{key}.name")
            self.number(row.get("minimum_days"), f"{key}.minimum_days")
            least = row.get("accelerated_minimum_days")
            self.number(least, f"{key}.accelerated_minimum_days")
            if isinstance(least, int) and least > row.get("minimum_days", 0):
                self.say(f"{key}.accelerated_minimum_days", "exceeds minimum_days")
        for name, row in self.exactly("levels", words.LEVELS).items():
            self.text(row.get("name"), f"levels.{name}.name")
            self.text(row.get("promise"), f"levels.{name}.promise")

    def rule_rows(self) -> None:
        rows = self._rows("rules")
        if [row.get("number") for row in rows] != list(range(1, len(rows) + 1)):
            self.say("rules", "numbers must run 1, 2, 3 … in order")
        if not rows:
            self.say("rules", "there must be at least one")
        self.unique([row.get("key") for row in rows], "rules")
        for index, row in enumerate(rows):
            key = f"rules[{index}]"
            if not re.fullmatch(r"[a-z_]+", str(row.get("key"))):
                self.say(f"{key}.key", "must be a word of a–z and _")
            self.clause(row.get("clause"), f"{key}.clause")
            for name in ("one_line", "text", "message"):
                self.text(row.get(name), f"{key}.{name}")
            if "hint" in row:
                self.text(row["hint"], f"{key}.hint")
            for outcome, said in row.get("messages", {}).items():
                self.one_of(outcome, words.TOLD_OUTCOMES, f"{key}.messages")
                self.text(said, f"{key}.messages.{outcome}")
            self.one_of(row.get("severity"), words.SEVERITIES, f"{key}.severity")
            self.one_of(row.get("default_action"), words.ACTIONS, f"{key}.action")
            for name in ("may_refuse", "second_person", "security"):
                self.flag(row, name, key)
            subs = row.get("sub_codes", [])
            self.unique([sub.get("code") for sub in subs], f"{key}.sub_codes")
            for number, sub in enumerate(subs):
                where = f"{key}.sub_codes[{number}]"
                if not re.fullmatch(r"[a-z_]+", str(sub.get("code"))):
                    self.say(f"{where}.code", "must be a word of a–z and _")
                self.text(sub.get("label"), f"{where}.label")
                if "hint" in sub:
                    self.text(sub["hint"], f"{where}.hint")
        criticism = self.data["criticism"]
        self.clause(criticism.get("clause"), "criticism.clause")
        self.flag(criticism, "second_person", "criticism")
        self.text(criticism.get("question"), "criticism.question")
        self.text(criticism.get("guidance"), "criticism.guidance")

    def reason_rows(self) -> None:
        rows = self._rows("reasons")
        self.unique([f"{row.get('act')}.{row.get('code')}" for row in rows], "reasons")
        for index, row in enumerate(rows):
            key = f"reasons[{index}]"
            self.one_of(row.get("act"), words.ACTS, f"{key}.act")
            if not re.fullmatch(r"[a-z_]{1,40}", str(row.get("code"))):
                self.say(f"{key}.code", "must be a word of a–z and _")
            self.clause(row.get("clause"), f"{key}.clause")
            self.text(row.get("label"), f"{key}.label")
        for act in words.ACTS:
            if act not in {row.get("act") for row in rows}:
                self.say("reasons", f"there is no reason for the act “{act}”")

    def text_tables(self) -> None:
        for name, value in self.exactly("texts", words.TEXTS).items():
            self.clause(value.get("clause"), f"texts.{name}.clause")
            self.text(value, f"texts.{name}", words.TEXTS[name])

    def periods(self) -> None:
        for name, value in self.exactly(
            "periods", words.PERIODS, words.OPTIONAL_PERIODS
        ).items():
            self.number(value, f"periods.{name}", least=0)

    def retention(self) -> None:
        for name, row in self.exactly("retention", words.RETAINED).items():
            key = f"retention.{name}"
            self.text(row.get("name"), f"{key}.name")
            self.one_of(row.get("unit"), words.RETENTION_UNITS, f"{key}.unit")
            if row.get("unit") != "permanent":
                self.number(row.get("amount"), f"{key}.amount")
                self.one_of(row.get("from"), words.COUNTED_FROM, f"{key}.from")
                self.text(row.get("event"), f"{key}.event")

    def office_hours(self) -> None:
        office = self.data["office_hours"]
        try:
            ZoneInfo(office.get("time_zone", ""))
        except (ValueError, OSError, LookupError):
            self.say("office_hours.time_zone", "is not a known time zone")
        if not office.get("hours"):
            self.say("office_hours.hours", "there must be at least one row")
        for index, row in enumerate(office.get("hours", [])):
            key = f"office_hours.hours[{index}]"
            for weekday in row.get("weekdays", []) or ["none"]:
                self.one_of(weekday, words.WEEKDAYS, f"{key}.weekdays")
            try:
                starts = time.fromisoformat(str(row.get("starts")))
                ends = time.fromisoformat(str(row.get("ends")))
            except ValueError:
                self.say(key, "starts and ends must be times such as 08:00")
            else:
                if ends != time(0) and ends <= starts:
                    self.say(key, "ends must be after starts")
