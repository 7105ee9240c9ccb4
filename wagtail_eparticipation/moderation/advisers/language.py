"""Rule on clear language: nothing that a program could object to (P-7.2, R-7.2a).

Dialect, spelling, Latin-script Arabic and every other language are welcome, and none of
them is ever a ground for anything. The one thing that is found is text that no reader
can read: characters lost on the way here (``detail`` is ``lost_characters``), so that
its writer may type them again.
"""

from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

#: What stands where a character was lost, and Arabic read in the wrong encoding.
_LOST = "\ufffd"
_MISREAD = (
    "\u00d8\u00a7",
    "\u00d9\u0084",
    "\u00d9\u201e",
    "\u00d9\u0085",
    "\u00d9\u2026",
)


def look(reading: Reading) -> Iterator[Finding]:
    """At most one finding, about the whole text."""
    text = reading.text
    misread = sum(text.count(pair) for pair in _MISREAD)
    if text.count(_LOST) > 2 or misread > 2:
        yield Finding(
            *(0, 0, reading.field),
            adviser="language",
            rule="language",
            category="other",
            detail="lost_characters",
        )
