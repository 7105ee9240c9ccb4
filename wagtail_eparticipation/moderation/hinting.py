"""What the advisers find, as hints for whoever writes (R-7.0.2c, R-7.8a)."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.moderation.advisers.registry import advise, registered
from wagtail_eparticipation.moderation.categories import CATEGORIES
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations.hints import Hint
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.policy.install import NoPolicy
from wagtail_eparticipation.policy.reading import Policy

#: What belongs to a person and is better left out by the one who writes.
PERSONAL = frozenset({"contact", "identity", "bank", "vehicle", "address", "name"})


def hints(
    consultation,
    words: Mapping[str, str],
    language: str,
    facts: Mapping[str, Any],
) -> Iterable[Hint]:
    """The source of hints that this room registers.

    Without a policy there is no rule to hint at, and without an adviser nobody asks
    which policy is in force.
    """
    if not registered():
        return
    try:
        policy = policy_for(consultation, clock.now())
    except NoPolicy:
        return
    found = advise(words, language=language, policy=policy, facts=facts)
    for finding in found:
        if finding.hint:
            yield _hint(policy, finding, words[finding.field])


def _hint(policy: Policy, finding: Finding, text: str) -> Hint:
    rule = policy.rule(finding.rule)
    said = text[finding.start : finding.end]
    category = CATEGORIES.get(finding.category, "")
    return Hint(
        field=finding.field,
        start=finding.start,
        end=finding.end,
        key=_key(finding, said),
        rule=rule.code,
        line=str(rule.one_line),
        message=str(rule.hint_about(finding.code)),
        category=str(category) if said else "",
        removable=bool(said) and finding.category in PERSONAL,
        hidden=finding.hide,
    )


def _key(finding: Finding, said: str) -> str:
    """Equal for the same words under the same rule, however they are written."""
    words = search_key(said) or said
    what = f"{finding.field}:{finding.rule}:{finding.code}:{words}"
    return keyed_hash("hint", what)[:12]
