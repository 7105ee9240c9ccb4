"""What every submit does to its text, at the longest accepted length."""

from bench.registry import bench
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
