"""A first look at a topic's page that is much cheaper than loading it (R-7.9c).

A page has some eighty columns; whoever takes in thousands of forms an hour needs two.
"""

from wagtail.models import Page

from wagtail_eparticipation.consultations.locks import UNSEEN
from wagtail_eparticipation.consultations.models import Consultation


def tools_at_a_glance(consultation: Consultation, language: str) -> list[str] | None:
    """The tools on a topic's page in exactly this language, if anybody may see it.

    ``None`` where that takes a closer look: no such page, one that stands in for
    another, or anything restricted from there upwards.
    """
    if consultation.stored_stage in UNSEEN:
        return None
    pages = Consultation._meta.get_field("pages").related_model.objects
    found = pages.filter(
        consultation_id=consultation.pk,
        locale__language_code=language,
        live=True,
        withheld=False,
        alias_of=None,
    )
    for path, tools in found.order_by().values_list("path", "tools")[:1]:
        if _stands_in_the_open(path):
            return tools
    return None


def _stands_in_the_open(path: str) -> bool:
    """Whether no page from here upwards is restricted, or stands in for another."""
    lengths = range(Page.steplen, len(path) + 1, Page.steplen)
    upwards = Page.objects.filter(path__in=[path[:length] for length in lengths])
    found = upwards.order_by().values_list("alias_of", "view_restrictions")
    return set(found) == {(None, None)}
