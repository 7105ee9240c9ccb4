"""Rule on taking part once: who writes again, and who writes the same (P-7.5).

Reads two facts, and not the words. ``same_person`` is true where this person has taken
part in the topic already: they are told that they can amend (R-7.5a). ``same_words`` is
how many others sent the same text: a campaign, which is no breach and no matter for its
writer (R-7.5c); it only lets the moderator read the text once. ``detail`` is
``same_person``, or ``campaign`` with the number.
"""

from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading


def look(reading: Reading) -> Iterator[Finding]:
    """What the facts say about the text as a whole."""
    if reading.field != "text":
        return
    if reading.facts.get("same_person"):
        yield _about(reading, "same_person", hint=True)
    if others := int(reading.facts.get("same_words") or 0):
        yield _about(reading, f"campaign {others}", hint=False)


def _about(reading: Reading, detail: str, *, hint: bool) -> Finding:
    return Finding(
        *(0, 0, reading.field),
        adviser="once",
        rule="once",
        category="other",
        hint=hint,
        detail=detail,
    )
