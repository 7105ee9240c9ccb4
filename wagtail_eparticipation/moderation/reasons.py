"""Which reasons of a topic's policy may be given for which decision (R-7.0.2b)."""

from wagtail_eparticipation.moderation.errors import ReasonNeeded, ReasonNotAllowed
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.policy.install import current_version
from wagtail_eparticipation.policy.reading import Policy, Reason, policy_of

#: Rules about which the policy says 'publish' are no ground for keeping back.
_HARMLESS = "publish"
#: Outcomes that count the opinion, for which a reason need not allow refusing.
_MILDER = frozenset({Outcome.KEEP_UNPUBLISHED, Outcome.PUBLISH_REDACTED})


def policy_for(consultation, now) -> Policy:
    """The policy that the topic pinned; the one in force where it pinned none."""
    version = consultation.policy_version or current_version(now)
    return policy_of(version)


def reasons_for(policy: Policy, outcome: str) -> list[Reason]:
    """What may be chosen for an outcome, in the policy's order; most exact only.

    Style and brevity are no ground for refusing (rules with ``may_refuse`` false),
    and a rule with sub-codes is chosen by one of them.
    """
    if outcome == Outcome.PUBLISH:
        return []
    found = []
    for rule in policy.rules:
        reasons = rule.sub_reasons or (policy.reason(rule.code),)
        if outcome in _MILDER:
            if rule.default_action != _HARMLESS:
                found.extend(reasons)
        elif outcome == Outcome.REROUTE:
            found.extend(each for each in reasons if rule.default_action == "reroute")
        else:
            found.extend(each for each in reasons if each.may_refuse)
    if outcome == Outcome.TAKE_DOWN:
        found.extend(policy.reasons_for("take_down"))
    return found


def find_reason(policy: Policy, outcome: str, code: str, sub_code: str = "") -> Reason:
    """The reason with this code; raises ``ReasonNeeded`` or ``ReasonNotAllowed``."""
    full = ".".join(filter(None, [code, sub_code]))
    if not full:
        raise ReasonNeeded
    for reason in reasons_for(policy, outcome):
        if reason.code == full:
            return reason
    raise ReasonNotAllowed(full)


def split_code(reason: Reason) -> tuple[str, str]:
    """Reason code and sub-code as a decision stores them."""
    if reason.rule is None or "." not in reason.code:
        return reason.code, ""
    code, _dot, sub_code = reason.code.partition(".")
    return code, sub_code
