"""Contacts in our templates: ``{% load eparticipation_contacts %}``."""

from django import template

from wagtail_eparticipation import telephones

register = template.Library()


@register.filter
def telephone_address(number: str) -> str:
    """The address behind a telephone number."""
    return telephones.address(number)
