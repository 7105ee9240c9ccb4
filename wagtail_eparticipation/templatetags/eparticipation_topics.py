"""Topics on a site's own pages: ``{% load eparticipation_topics %}``."""

from django import template

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.addresses import restricted
from wagtail_eparticipation.consultations.hub import TONES
from wagtail_eparticipation.consultations.hub_listing import GROUP_OF
from wagtail_eparticipation.consultations.locks import UNSEEN
from wagtail_eparticipation.consultations.pages import ConsultationPage

register = template.Library()


@register.inclusion_tag(
    "wagtail_eparticipation/consultations/topics_of.html", takes_context=True
)
def topics_of(context, page):
    """The topics that serve this project page, with their stage (R-1.1b).

    In the page's language; one query. Prints nothing when there are none.
    """
    topics = (
        ConsultationPage.objects.filter(
            ~restricted(),
            consultation__pages__project_page__translation_key=page.translation_key,
            locale_id=page.locale_id,
            live=True,
            withheld=False,
        )
        .exclude(consultation__stored_stage__in=UNSEEN)
        .select_related("consultation__window", "locale")
        .defer("search_text")
        .distinct()
        .order_by("-consultation_id")
    )
    now = clock.now()
    request = context.get("request")
    return {"topics": [_row(topic, request, now) for topic in topics]}


def _row(topic, request, now):
    group = GROUP_OF[topic.consultation.stage(now)]
    tone, icon = TONES[group]
    return {
        "title": topic.title,
        "url": topic.get_url(request),
        "stage": group.label,
        "tone": tone,
        "icon": icon,
    }
