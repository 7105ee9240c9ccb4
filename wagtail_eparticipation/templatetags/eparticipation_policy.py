"""A policy's texts in templates: ``{% load eparticipation_policy %}``."""

from django import template

from wagtail_eparticipation.policy.entries import Retention
from wagtail_eparticipation.policy.reading import Policy
from wagtail_eparticipation.policy.retention import retention_words

register = template.Library()


@register.simple_tag
def policy_text(policy: Policy, key: str, **values: str) -> str:
    """An official text in the active language, its named places filled."""
    return policy.text(key, **values)


@register.simple_tag
def policy_stage_name(policy: Policy, stage: str) -> str:
    """What the policy calls a stage or state."""
    return policy.stage_name(stage)


@register.filter
def kept_for(rule: Retention) -> str:
    """A retention rule in words."""
    return retention_words(rule)
