"""Texts with what advisers should find in them, and how well they do.

A line of ``ar.txt`` or ``en.txt`` is a text; ``#`` begins a remark. ``⟦c|…⟧`` marks a
place by its letter in :data:`MARKS`, ``@marketing|`` before a text means all of it.
``\\n`` and ``\\u200b`` stand for the characters that they name.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

#: Letter to adviser and category.
MARKS = {
    "c": ("personal_data", "contact"),
    "i": ("personal_data", "identity"),
    "b": ("personal_data", "bank"),
    "v": ("personal_data", "vehicle"),
    "a": ("personal_data", "address"),
    "n": ("personal_data", "name"),
    "l": ("links", "link"),
    "o": ("courtesy", "offence"),
    "q": ("religious_text", "quotation"),
}
#: Advisers that are measured; the others read facts, or find hardly anything.
MEASURED = (
    "personal_data",
    "links",
    "courtesy",
    "religious_text",
    "marketing",
    "misuse",
)
_MARK = re.compile(r"⟦([a-z])\|(.*?)⟧", re.DOTALL)
_ESCAPE = re.compile(r"\\(n|u[0-9a-f]{4})")


@dataclass(frozen=True)
class Label:
    adviser: str
    category: str
    start: int
    end: int


@dataclass(frozen=True)
class Labelled:
    text: str
    labels: tuple[Label, ...]


@dataclass
class Score:
    """What came of one adviser, or of one kind of its findings."""

    expected: int = 0
    found: int = 0
    right: int = 0
    covered: int = 0
    exact: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.covered / self.expected if self.expected else 1.0


def read(language: str) -> list[Labelled]:
    """The labelled texts of one language."""
    path = Path(__file__).with_name(f"{language}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_labelled(line) for line in lines if line and not line.startswith("#")]


def _labelled(line: str) -> Labelled:
    labels = []
    if whole := re.match(r"@(\w+)\|", line):
        labels.append(Label(whole[1], "", 0, 0))
        line = line[whole.end() :]
    line = _ESCAPE.sub(lambda m: "\n" if m[1] == "n" else chr(int(m[1][1:], 16)), line)
    text, place = "", 0
    for match in _MARK.finditer(line):
        text += line[place : match.start()]
        adviser, category = MARKS[match[1]]
        labels.append(Label(adviser, category, len(text), len(text) + len(match[2])))
        text += match[2]
        place = match.end()
    return Labelled(text + line[place:], tuple(labels))


def measure(texts, batch) -> tuple[dict[tuple[str, str], Score], list[str]]:
    """Scores by adviser and category (empty: all of them), and what went wrong.

    A label counts as covered when findings of its category hide all of it; a finding is
    right when it overlaps a label of its category, and exact when it is the label.
    """
    scores: dict[tuple[str, str], Score] = {}
    wrong = []
    for item in texts:
        found = [
            each
            for each in batch.advise({"text": item.text})
            if each.adviser in MEASURED
        ]
        for label in item.labels:
            same = [f for f in found if _same(f, label)]
            covered = _covers(same, label)
            if not covered:
                wrong.append(f"missed {label.category or label.adviser}: {item.text}")
            for score in _scores(scores, label.adviser, label.category):
                score.expected += 1
                score.covered += covered
                score.exact += any(
                    (f.start, f.end) == (label.start, label.end) for f in same
                )
        for finding in found:
            right = any(
                _same(finding, label)
                and (
                    finding.end == 0
                    or label.start < finding.end
                    and finding.start < label.end
                )
                for label in item.labels
            )
            if not right:
                place = item.text[finding.start : finding.end]
                wrong.append(
                    f"false {finding.adviser} {finding.detail} <{place}>: {item.text}"
                )
            category = finding.category if finding.end else ""
            for score in _scores(scores, finding.adviser, category):
                score.found += 1
                score.right += right
    return scores, wrong


def _scores(scores, adviser: str, category: str):
    keys = {(adviser, ""), (adviser, category)}
    return [scores.setdefault(key, Score()) for key in keys]


def _same(finding, label: Label) -> bool:
    return finding.adviser == label.adviser and (
        not label.category or finding.category == label.category
    )


def _meet(finding, label: Label) -> bool:
    if finding.end == 0:
        return label.end == 0
    return label.start < finding.end and finding.start < label.end


def _covers(findings, label: Label) -> bool:
    if label.end == 0:
        return bool(findings)
    hidden = Counter(p for f in findings for p in range(f.start, f.end))
    return all(hidden[place] for place in range(label.start, label.end))
