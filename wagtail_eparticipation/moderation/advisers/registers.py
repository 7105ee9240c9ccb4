"""Puts the package's advisers on the list, in the order of the ten rules."""

from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers import (
    courtesy,
    language,
    links,
    marketing,
    misuse,
    once,
    personal_data,
    religious_text,
    seriousness,
    sources,
    values_and_law,
)
from wagtail_eparticipation.moderation.advisers.registry import register

register("seriousness", rule="seriousness", look=seriousness.look)
register("language", rule="language", look=language.look)
register("values_and_law", rule="values_and_law", look=values_and_law.look)
register("courtesy", rule="courtesy", look=courtesy.look, prepare=lexicon.refresh)
register("once", rule="once", look=once.look)
register("religious_text", rule="religious_text", look=religious_text.look)
register("sources", rule="sources", look=sources.look)
register("personal_data", rule="personal_data", look=personal_data.look)
register("marketing", rule="personal_data", look=marketing.look)
register("misuse", rule="misuse", look=misuse.look)
register("links", rule="links", look=links.look)
