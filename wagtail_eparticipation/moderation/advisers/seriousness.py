"""Rule on seriousness: whether a text has words, and whether it is a complaint (P-7.1).

Relevance is for people to judge, and brevity and style are no breach (R-7.1b): neither
is looked at. ``detail`` is ``no_words``, or ``complaint`` for what the complaint
service would settle sooner than a consultation.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

_COMPLAINT = re.compile(
    r"(?<!\w)(?:(?:اتقدم|اتقدمت|نتقدم|تقدمت) (?:اليكم |لكم )?بشكوي"
    r"|ارفع (?:لكم |اليكم )?شكوي"
    r"|(?:هذه|هذي) شكوي|شكوي ضد|ابلغ(?:كم)? عن|اريد ان اشتكي|ابي اشتكي"
    r"|i (?:want|wish|would like) to (?:complain|file a complaint|report a)"
    r"|(?:this is a|filing a|file a) complaint|complaint against)(?!\w)"
)


def look(reading: Reading) -> Iterator[Finding]:
    """At most one finding, about the whole text of a participation."""
    if reading.field != "text" or not reading.text.strip():
        return
    if not reading.words:
        yield _about(reading, "", "no_words")
    elif _COMPLAINT.search(reading.folded.text):
        yield _about(reading, "complaint", "complaint")


def _about(reading: Reading, code: str, detail: str) -> Finding:
    return Finding(
        *(0, 0, reading.field),
        adviser="seriousness",
        rule="seriousness",
        code=code,
        category="other",
        detail=detail,
    )
