"""A project's own page shows its topics and where they stand (R-1.1b)."""

import pytest
from django.template import Context, Template
from wagtail.models import Locale, Page

from tests.factories import DURING
from tests.factories_pages import make_consultation_page, make_hub
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def shown(page):
    template = Template("{% load eparticipation_topics %}{% topics_of page %}")
    with clock.rehearse(DURING):
        return template.render(Context({"page": page}))


@pytest.fixture
def project():
    home = make_hub().get_parent()
    page = Page(title="مشروع", slug="project", locale=home.locale)
    home.add_child(instance=page)
    return page


def test_a_project_shows_its_topics_with_their_stage(
    project, django_assert_max_num_queries
):
    topic = make_consultation_page(project_page=project)
    make_consultation_page(title="أخرى")
    html = shown(project)
    assert topic.url in html
    assert "Open for participation" in html
    assert "أخرى" not in html
    with django_assert_max_num_queries(1):
        shown(project)


def test_the_translated_project_shows_the_translated_topic(project):
    make_consultation_page(project_page=project)
    english = project.copy_for_translation(Locale.objects.get(language_code="en"))
    assert "Redesign of Al-Nakheel Park" in shown(english)


@pytest.mark.parametrize("stage", [Stored.DRAFT, Stored.CANCELLED])
def test_a_project_keeps_quiet_about_topics_that_nobody_may_see(stage, project):
    make_consultation_page(project_page=project, stage=stage, live=True)
    assert shown(project).strip() == ""


@pytest.mark.parametrize("where", ["topic", "hub"])
def test_a_project_keeps_quiet_about_topics_with_a_password(where, project):
    topic = make_consultation_page(project_page=project)
    closed = topic if where == "topic" else topic.get_parent()
    closed.view_restrictions.create(restriction_type="password", password="secret")
    assert shown(project).strip() == ""


def test_the_topic_leads_back_to_its_project(project, client):
    project.live = True
    project.save()
    topic = make_consultation_page(project_page=project)
    assert f'href="{project.get_url()}"' in client.get(topic.url).content.decode()
