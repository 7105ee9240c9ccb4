"""Three small advisers in place of the real ones, for what is done with findings."""

import re

from wagtail_eparticipation.moderation.advisers import registry
from wagtail_eparticipation.moderation.advisers.findings import Finding

NUMBER = "٠٥٥١٢٣٤٥٦٧"
OTHER_NUMBER = "٠٥٠٧٦٥٤٣٢١"
INSULT = "أحمق"
#: The example of AC-S3-E1.
MOBILE = f"جوالي {NUMBER}"

_PHONE = re.compile(r"05\d{8}")


def phones(reading):
    for found in _PHONE.finditer(reading.folded.text):
        start, end = reading.folded.span(*found.span())
        yield Finding(
            start,
            end,
            reading.field,
            "phones",
            "personal_data",
            code="personal_data",
            category="contact",
            hide=True,
        )


def insults(reading):
    for found in re.finditer(INSULT, reading.text):
        yield Finding(
            *found.span(),
            reading.field,
            "insults",
            "courtesy",
            code="mockery",
            category="offence",
            hide=True,
        )


def campaigns(reading):
    """About the whole text, and for moderators alone."""
    if reading.field == "text" and reading.facts.get("same_words"):
        yield Finding(
            0,
            0,
            "text",
            "campaigns",
            "once",
            hint=False,
            detail=str(reading.facts["same_words"]),
        )


def broken(reading):
    raise ValueError(reading.text)


def use(monkeypatch, *chosen) -> None:
    """Let these advisers alone be registered until the end of the test."""
    monkeypatch.setattr(registry, "_ADVISERS", {})
    rules = {phones: "personal_data", insults: "courtesy", campaigns: "once"}
    for look in chosen or rules:
        rule = rules.get(look, "personal_data")
        registry.register(look.__name__, rule=rule, look=look)
