"""Retention rules of a policy in words (AC-S6-D1)."""

from django.utils.translation import get_language, gettext, ngettext, override

from wagtail_eparticipation.policy.entries import Retention


def retention_words(rule: Retention, language: str | None = None) -> str:
    """How long the data are kept: "6 months after announcement of the decision"."""
    with override(language or get_language()):
        if rule.unit == "permanent":
            return gettext("kept for good")
        values = {"count": rule.amount, "event": str(rule.event)}
        if rule.counted_from == "start_of_next_year":
            return _from_next_year(rule) % values
        return _after_event(rule) % values


def _after_event(rule: Retention) -> str:
    if rule.unit == "days":
        return ngettext(
            "%(count)s day after: %(event)s",
            "%(count)s days after: %(event)s",
            rule.amount,
        )
    if rule.unit == "months":
        return ngettext(
            "%(count)s month after: %(event)s",
            "%(count)s months after: %(event)s",
            rule.amount,
        )
    return ngettext(
        "%(count)s year after: %(event)s",
        "%(count)s years after: %(event)s",
        rule.amount,
    )


def _from_next_year(rule: Retention) -> str:
    if rule.unit == "days":
        return ngettext(
            "%(count)s day from the start of the year after: %(event)s",
            "%(count)s days from the start of the year after: %(event)s",
            rule.amount,
        )
    if rule.unit == "months":
        return ngettext(
            "%(count)s month from the start of the year after: %(event)s",
            "%(count)s months from the start of the year after: %(event)s",
            rule.amount,
        )
    return ngettext(
        "%(count)s year from the start of the year after: %(event)s",
        "%(count)s years from the start of the year after: %(event)s",
        rule.amount,
    )
