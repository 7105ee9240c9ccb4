"""Prints how well and how fast the advisers work, for docs/reference/advisers.md.

    python -m tools.measure_advisers [folder with real comments]

Precision and recall come from the labelled texts of the tests; the share of real
comments flagged and the speed from the folder, by default ../shared/data, which is
not part of the package. Of the lexicon it reads the words that a site begins with.
"""

import csv
import os
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {"ar": "Arabic", "en": "English"}
#: Name, file and column of the sets of real comments.
REAL = (
    ("ArSarcasm-v2", "ar_arsarcasm_v2/training_data.csv", "tweet"),
    ("Decide Madrid 2019", "decide_madrid_2019/comments.csv", "text"),
)


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    data = Path(arguments[0]) if arguments else ROOT.parent / "shared" / "data"
    batch = seeded_batch()
    for line in (*_scores(batch), *_shares(batch, data)):
        print(line)
    return 0


def seeded_batch():
    """All advisers with the words that a site begins with, without a database."""
    from wagtail_eparticipation.moderation.advisers import courtesy
    from wagtail_eparticipation.moderation.advisers.registry import Adviser, Batch

    look = partial(courtesy.look, matched_by=seeded_matcher())
    return Batch(instead=[Adviser("courtesy", "courtesy", look)])


def seeded_matcher():
    """The lexicon's matcher for the words that a site begins with."""
    from wagtail_eparticipation.moderation import lexicon
    from wagtail_eparticipation.moderation.advisers.courtesy import Matcher

    return Matcher({row.key: row.sub_code for row in lexicon.seeds()})


def _scores(batch):
    from tests.moderation import labelled

    yield "| Adviser | Kind | Language | Places | Precision | Recall | Exact place |"
    yield "|---|---|---|---|---|---|---|"
    for language, name in LANGUAGES.items():
        scores, _wrong = labelled.measure(labelled.read(language), batch)
        for (adviser, kind), score in sorted(scores.items()):
            if not kind and adviser not in labelled.MEASURED:
                continue
            if kind and adviser != "personal_data":
                continue
            yield (
                f"| {adviser} | {kind or 'all'} | {name} | {score.expected} "
                f"| {score.precision:.3f} | {score.recall:.3f} "
                f"| {score.exact / max(1, score.expected):.3f} |"
            )


def _shares(batch, data: Path):
    for name, file, column in REAL:
        path = data / file
        if not path.is_file():
            yield f"\n{name}: {path} is not there, so its share is not measured."
            continue
        with path.open(encoding="utf-8", newline="") as rows:
            texts = [row[column] for row in csv.DictReader(rows) if row[column].strip()]
        yield from _share(name, texts, batch)


def _share(name: str, texts: list[str], batch):
    flagged: Counter[str] = Counter()
    started = time.process_time()
    for text in texts:
        found = {(each.adviser, each.category) for each in batch.advise({"text": text})}
        flagged.update({adviser for adviser, _category in found})
        flagged.update({" ".join(pair) for pair in found if pair[0] == "personal_data"})
    speed = len(texts) / (time.process_time() - started)
    yield f"\n{name}: {len(texts):,} texts, {speed:,.0f} a second on one core"
    for adviser, count in sorted(flagged.items()):
        yield f"  {adviser}: {count / len(texts):.2%} ({count})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
