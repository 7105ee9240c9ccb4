"""For what a published voice can be reported: the policy's own grounds (R-8.2b)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_eparticipation.policy.reading import NotInPolicy, Policy, policy_of

FALSE_ATTRIBUTION = "take_down.false_attribution"
OTHER = "other"

#: What upholds the reports of an official reply that its office took back.
TAKEN_BACK = "report.taken_back"

#: Legal grounds of taking down that a reader can name, after the participant rules.
_LEGAL = ("take_down.law", "take_down.third_party_rights")


@dataclass(frozen=True)
class Ground:
    """One choice: its code, its words in the active language, its clause."""

    code: str
    label: str
    clause: str = ""


def grounds_of(consultation) -> list[Ground]:
    """What a reader can choose, in order; a topic without a policy has two choices."""
    version = consultation.policy_version
    policy = policy_of(version) if version else None
    own_words = _("This is attributed to me and I did not write it")
    found = []
    if policy is not None:
        found = [
            Ground(rule.code, str(rule.one_line), rule.clause)
            for rule in policy.rules
            if rule.default_action not in ("publish", "link_revision")
        ]
        reasons = (_reason(policy, code) for code in _LEGAL)
        found += [
            Ground(reason.code, str(reason.label), reason.clause)
            for reason in reasons
            if reason
        ]
    attribution = _reason(policy, FALSE_ATTRIBUTION)
    clause = attribution.clause if attribution else ""
    found.append(Ground(FALSE_ATTRIBUTION, own_words, clause))
    found.append(Ground(OTHER, _("Something else")))
    return found


def label_of(report) -> str:
    """The reason of a report in the active language; its code when nobody knows it."""
    for ground in grounds_of(report.consultation):
        if ground.code == report.reason:
            return ground.label
    return report.reason


def _reason(policy: Policy | None, code: str):
    try:
        return policy.reason(code) if policy else None
    except NotInPolicy:
        return None
