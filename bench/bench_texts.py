"""What every submit does to its text, at the longest accepted length."""

from bench.registry import bench
from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers.registry import Batch
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.sanitize import clean_html, plain

SENTENCE = "نقترحُ ممرًّا آمنًا للمشاة قرب المدرسة، رقم ١٢.\r\n"
LONGEST = (SENTENCE * 300)[:10_000]
FLOOD = ("<a><em>" * 2000)[:10_000]


@bench("text of 10,000 characters made safe", queries_at_most=0)
def honest_text():
    return lambda: clean_html(plain(LONGEST, max_length=10_000))


@bench(
    "flood of tags made safe",
    queries_at_most=0,
    compared_with="text of 10,000 characters made safe",
)
def hostile_text():
    return lambda: clean_html(plain(FLOOD, max_length=10_000))


@bench("search key of 10,000 characters", queries_at_most=0)
def key():
    return lambda: search_key(LONGEST)


#: A comment as people write it, and one that keeps every adviser busy.
COMMENT = (
    "نقترح ممراً آمناً للمشاة قرب المدرسة، فالسيارات مسرعة والأطفال يعبرون كل صباح. "
    "اسمي سعد الحربي وجوالي ٠٥٥٠٠٠٠١٢٣."
)
CANDIDATES = ("0550000123 a@b.example example.com " * 300)[:10_000]


def _batch():
    lexicon.ensure_lexicon(set())
    return Batch()


@bench("1,000 comments before all advisers", queries_at_most=0)
def advised():
    batch = _batch()

    def read():
        for number in range(1000):
            batch.advise({"text": f"{COMMENT} {number}"})

    return read


@bench(
    "10,000 characters of candidates before all advisers",
    queries_at_most=0,
    compared_with="1,000 comments before all advisers",
    ratio_at_most=2.0,
)
def advised_candidates():
    batch = _batch()
    return lambda: batch.advise({"text": CANDIDATES})
