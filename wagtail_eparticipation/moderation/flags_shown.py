"""The flags of a participation as its moderator reads them: by rule, words marked."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from wagtail_eparticipation.moderation import flags
from wagtail_eparticipation.moderation.advisers.reference_text import Difference
from wagtail_eparticipation.moderation.categories import CATEGORIES
from wagtail_eparticipation.moderation.detail_words import differences_in, words_for
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.quoting import Quote, quote
from wagtail_eparticipation.policy.reading import Policy

#: Places that are shown; of the others their number is said.
SHOWN = 50

#: What staff call the fields in which a place can be.
FIELDS = {
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Text"),
    "sources": gettext_lazy("Sources"),
    "place": gettext_lazy("Place"),
    "public_name": gettext_lazy("Name shown"),
}


@dataclass(frozen=True)
class ShownFlag:
    """One place: the words in their surroundings, and what was found in them."""

    field: str
    label: str
    category: str
    hide: bool
    detail: str
    differences: tuple[Difference, ...]
    quote: Quote | None


@dataclass(frozen=True)
class Flagged:
    """All that one rule is about; ``line`` and ``clause`` are the policy's."""

    rule: str
    line: str
    clause: str
    shown: list[ShownFlag]
    more: int


def flagged(participation: Participation, policy: Policy) -> list[Flagged]:
    """The flags of the current wording, by rule in the policy's order; one query.

    Quotes what is released alone: nothing once its author has taken it back. Flags of
    a rule that the policy does not have come last, under their key.
    """
    words = flags.words_of(participation)
    if not participation.releasable_text and not participation.releasable_title:
        words = {}
    by_rule: dict[str, list[flags.Flag]] = {}
    for each in flags.of(participation):
        by_rule.setdefault(each.rule, []).append(each)
    known = [rule.key for rule in policy.rules if rule.key in by_rule]
    left, found = SHOWN, []
    for key in [*known, *(key for key in by_rule if key not in known)]:
        rule = policy.rule(key) if key in known else None
        rows = by_rule[key]
        shown = [_shown(each, words, policy) for each in rows[:left]]
        left -= len(shown)
        found.append(
            Flagged(
                key,
                str(rule.one_line) if rule else key,
                rule.clause if rule else "",
                shown,
                len(rows) - len(shown),
            )
        )
    return found


def _shown(flag: flags.Flag, words: dict[str, str], policy: Policy) -> ShownFlag:
    return ShownFlag(
        str(FIELDS.get(flag.field, flag.field)),
        _label(flag, policy),
        str(CATEGORIES.get(flag.category, "")),
        flag.hide,
        words_for(flag.detail),
        differences_in(flag.detail, words.get(flag.field, "")[flag.start : flag.end]),
        quote(words.get(flag.field, ""), flag.start, flag.end),
    )


def _label(flag: flags.Flag, policy: Policy) -> str:
    """The sub-code in the policy's words, where there is one."""
    if not flag.code or not policy.has_rule(flag.rule):
        return ""
    wanted = f"{policy.rule(flag.rule).code}.{flag.code}"
    reasons = policy.rule(flag.rule).sub_reasons
    return next((str(each.label) for each in reasons if each.code == wanted), "")
