"""The editor in the admin: drafts are always kept, gaps stop only what others see."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from wagtail import blocks
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from tests.consultations.makers_pages import drafted, prepared_site
from tests.factories import make_user
from tests.factories_pages import make_consultation_page, make_hub
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import completeness

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BEFORE = datetime(2026, 4, 1, 9, tzinfo=UTC)
STREAMS = (
    "background",
    "glossary",
    "documents",
    "articles",
    "objectives",
    "indicators",
    "channels",
    "suggestion_categories",
    "polls",
    "audience",
)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def stream_data(value):
    return streamfield([(b.block_type, block_data(b.block, b.value)) for b in value])


def block_data(block, value):
    if isinstance(block, blocks.StructBlock):
        return {
            name: block_data(child, value[name])
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, blocks.RichTextBlock):
        return rich_text(value.source)
    if isinstance(value, bool):
        return "on" if value else ""
    return getattr(value, "pk", value) or ""


def form_data(page, client, **changes):
    """What the browser would send from the page's edit form."""
    html = client.get(edit_url(page)).content.decode()
    data = querydict_from_html(html, form_id="page-edit-form").dict()
    data["tools"] = page.tools
    values = {name: stream_data(getattr(page, name)) for name in STREAMS}
    values["initial_study"] = rich_text(page.initial_study)
    values["subject_links"] = inline_formset([])
    values["comments"] = inline_formset([])
    data.update(nested_form_data(values))
    data.update(changes)
    return data


@pytest.fixture
def editor(client):
    prepared_site()
    user = make_user("editor", groups=["Topic editors"])
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with clock.rehearse(BEFORE):
        yield user


def test_an_incomplete_draft_can_be_kept(editor, client):
    page = drafted()
    response = client.post(edit_url(page), form_data(page, client, question=""))
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().question == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("question", "Fill in “question in one sentence”."),
        ("closes_on", "Fill in “closes on”."),
    ],
)
def test_an_incomplete_request_cannot_be_submitted(name, words, editor, client):
    page = drafted()
    data = form_data(page, client, **{name: "", "action-submit": "1"})
    response = client.post(edit_url(page), data)
    assert response.status_code == 200
    assert words in str(response.context["form"].errors[name])
    page.refresh_from_db()
    assert not page.workflow_in_progress


def test_a_complete_request_is_submitted(editor, client):
    page = drafted()
    data = form_data(page, client, **{"action-submit": "1"})
    response = client.post(edit_url(page), data)
    assert response.status_code == 302, response.context["form"].errors
    page.refresh_from_db()
    assert page.workflow_in_progress


def test_a_reviewer_does_not_approve_what_the_form_leaves_empty(editor, client):
    page = drafted()
    page.get_workflow().start(page, editor)
    client.force_login(make_user("reviewer", groups=["Reviewers"]))
    action = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    data = form_data(page, client, summary="", **action)
    response = client.post(edit_url(page), data)
    assert "Fill in “plain-language summary”." in str(response.context["form"].errors)
    page.refresh_from_db()
    assert page.current_workflow_task_state.status == "in_progress"


def test_the_editor_lists_what_is_missing_with_links(editor, client):
    page = drafted()
    page.summary = ""
    page.save_revision()
    shown = client.get(edit_url(page)).content.decode()
    assert "#ask-summary" in shown
    assert 'id="ask-summary"' in shown


def test_a_language_that_is_missing_keeps_the_request_from_being_submitted(
    editor, client
):
    page = drafted(languages=("ar",))
    html = client.get(edit_url(page)).content.decode()
    assert "There is no version in English" in html
    response = client.post(
        edit_url(page), form_data(page, client, **{"action-submit": "1"})
    )
    assert "There is no version in English" in response.content.decode()
    page.refresh_from_db()
    assert page.current_workflow_state is None


def test_every_field_that_can_be_missing_has_an_anchor(editor, client):
    shown = client.get(edit_url(drafted())).content.decode()
    for name in (
        *completeness.REQUIRED_TEXTS,
        *completeness.REQUIRED_FACTS,
        *completeness.REQUIRED_LISTS,
        "project_page",
        "audience_reason",
        "excluded_languages",
        "change_note",
    ):
        assert f'id="ask-{name}"' in shown, name


def test_dates_of_a_published_topic_are_refused_with_the_acts(client, editor):
    page = make_consultation_page()
    client.force_login(make_user("boss", superuser=True))
    data = form_data(page, client, closes_on="2026-05-03")
    response = client.post(edit_url(page), data)
    assert "extend, close early or reopen" in str(response.context["form"].errors)
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().closes_on == date(2026, 4, 26)


@pytest.mark.parametrize("stage", ["closed", "archived"])
def test_the_editor_of_a_closed_topic_is_locked_for_everybody(stage, client, editor):
    page = make_consultation_page(stage=stage)
    client.force_login(make_user("boss", superuser=True))
    assert "formally closed" in client.get(edit_url(page)).content.decode()
    data = form_data(make_consultation_page(), client, title="أخرى")
    client.post(edit_url(page), data)
    page.refresh_from_db()
    assert page.title != "أخرى"
    assert page.get_latest_revision_as_object().title != "أخرى"


def test_the_form_of_a_new_topic_opens(editor, client):
    hub = make_hub()
    address = reverse(
        "wagtailadmin_pages:add",
        args=["wagtail_eparticipation", "consultationpage", hub.pk],
    )
    response = client.get(address)
    assert response.status_code == 200
    assert "What is still missing" not in response.content.decode()
