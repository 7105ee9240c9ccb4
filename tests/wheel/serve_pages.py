"""Typed into the fresh site's ``manage.py shell``: makes and serves every page type.

Prints one line ``served <type> <status> <address>`` per page. The pages are made live
at once, beside processes that are already collecting or announced: the gates on the way
there have tests of their own, here it is the wheel that is tested. ``CLONE`` is put
before this text; the clone comes last on the path, so the package is the installed one.
"""

import sys
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from wagtail_eparticipation.consultations.pages import (
    ConsultationIndexPage,
    ConsultationPage,
)
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.surveys.pages import SurveyPage

sys.path.append(CLONE)  # noqa: F821
settings.ALLOWED_HOSTS.append("testserver")


def process(stored="published"):
    from tests.factories import make_consultation

    now = timezone.now()
    return make_consultation(
        stored=stored,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=21),
    )


QUESTIONS = [
    {
        "type": "text",
        "id": "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
        "value": {"question": "What should change?", "required": True, "long": True},
    }
]


def add(parent, page_type, **fields):
    page = page_type(title=f"Page of {page_type.__name__}", **fields)
    parent.add_child(instance=page)
    page = Page.objects.get(pk=page.pk).specific
    response = Client().get(page.get_url(), follow=True)
    print("served", page_type.__name__, response.status_code, page.get_url())
    return page


home = Site.objects.get(is_default_site=True).root_page
hub = add(home, ConsultationIndexPage, slug="participation")
topic = add(hub, ConsultationPage, slug="park", consultation=process())
add(topic, SurveyPage, slug="survey", questions=QUESTIONS)
decided = add(hub, ConsultationPage, slug="street", consultation=process("announced"))
add(decided, DecisionPage, slug="decision")
