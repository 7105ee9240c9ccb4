"""Rule on personal data: what tells who somebody is, or where (P-7.8, R-7.8a).

Finds, in Arabic and English and in digits of any script, telephone numbers, e-mail
addresses, identity and residence numbers, bank data, vehicle plates, addresses, names
after a cue and handles. ``detail`` names the kind; the place is selected for hiding.
Where two kinds claim the same place, the one with the surer sign has it.
"""

from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers import (
    emails,
    identifiers,
    names,
    phones,
    places,
)
from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

#: Kind to category of the mark.
KINDS = {
    "email": "contact",
    "bank": "bank",
    "identity": "identity",
    "phone": "contact",
    "plate": "vehicle",
    "short_address": "address",
    "box_or_code": "address",
    "address_phrase": "address",
    "handle": "contact",
    "name": "name",
}
#: Digits of the shortest number that stands for a person.
_FEWEST = 7


def look(reading: Reading) -> Iterator[Finding]:
    """Personal data in a text, each place once."""
    for start, end, kind in _apart(list(_claims(reading))):
        yield Finding(
            start,
            end,
            reading.field,
            adviser="personal_data",
            rule="personal_data",
            code="personal_data",
            category=KINDS[kind],
            hide=True,
            detail=kind,
        )


def _claims(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Place in the text as written, and kind, of all that is claimed."""
    folded = reading.folded
    text = folded.text

    def original_case(start: int, end: int) -> str:
        return reading.text[slice(*folded.span(start, end))]

    def written(kind, spans):
        return ((*folded.span(*span), kind) for span in spans)

    yield from written("email", emails.find_emails(text))
    digits = sum(map(text.count, "0123456789"))
    if digits >= _FEWEST:
        yield from written("bank", identifiers.find_bank_data(text))
        yield from written("identity", identifiers.find_identities(text))
        yield from written("phone", phones.find_phones(text))
    if digits:
        yield from written("plate", identifiers.find_plates(text, original_case))
        yield from written(
            "short_address", places.find_short_addresses(text, original_case)
        )
        yield from written("box_or_code", places.find_boxes_and_codes(text))
        yield from written("address_phrase", places.find_address_phrases(text))
    yield from written("handle", identifiers.find_handles(text))
    for start, end in names.find_names(reading):
        yield start, end, "name"


def _apart(claims: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """What is left when each claim gives way to surer ones that it overlaps.

    Claims of the same kind that overlap become one place.
    """
    order = {kind: place for place, kind in enumerate(KINDS)}
    kept: list[tuple[int, int, str]] = []
    for claim in sorted(claims):
        if not kept or claim[0] >= kept[-1][1]:
            kept.append(claim)
        elif kept[-1][2] == claim[2]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], claim[1]), claim[2])
        else:
            kept[-1] = min(kept[-1], claim, key=lambda each: order[each[2]])
    return kept
