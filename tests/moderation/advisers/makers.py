"""Asking one adviser about one text."""

from wagtail_eparticipation.moderation.advisers.findings import Reading


def found(look, text, **fields):
    """What the adviser points at, in order, with the finding's detail."""
    findings = sorted(look(Reading(text, **fields)))
    return [(text[each.start : each.end], each.detail) for each in findings]


def places(look, text, **fields):
    """The words that the adviser points at, in order."""
    return [words for words, _detail in found(look, text, **fields)]
