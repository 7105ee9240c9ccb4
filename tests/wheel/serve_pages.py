"""Typed into the fresh site's ``manage.py shell``: makes and serves every page type.

Runs against the installed wheel, so it uses public names only. Prints one line
``served <type> <status> <address>`` per page.
"""

from django.conf import settings
from django.test import Client
from wagtail.models import Page, Site

from wagtail_eparticipation.consultations.pages import (
    ConsultationIndexPage,
    ConsultationPage,
)
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.surveys.pages import SurveyPage

settings.ALLOWED_HOSTS.append("testserver")


def add(parent, page_type, **fields):
    page = page_type(title=f"Page of {page_type.__name__}", **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    response = Client().get(page.get_url(), follow=True)
    print("served", page_type.__name__, response.status_code, page.get_url())
    return Page.objects.get(pk=page.pk).specific


home = Site.objects.get(is_default_site=True).root_page
hub = add(home, ConsultationIndexPage, slug="participation")
topic = add(hub, ConsultationPage, slug="park")
add(topic, SurveyPage, slug="survey")
add(topic, DecisionPage, slug="decision")
