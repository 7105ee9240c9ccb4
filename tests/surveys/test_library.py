"""Questions of the library: kept as snippets, taken over with ids of their own."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from tests.factories import make_user
from tests.surveys.makers import SAILS, SHADE, TREES, in_english, make_survey, questions
from tests.surveys.raw_makers import block, items
from tests.surveys.test_editing import editor_data, posted
from wagtail_eparticipation.consultations.setup import ensure_groups
from wagtail_eparticipation.surveys.library import LibraryQuestion
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db

NEW = "99999999-0000-4000-8000-000000000001"


def kept(language="ar", texts=("ظل", "شجر", "مظلات"), **value):
    question, first, second = texts
    raw = block(
        "single",
        SHADE,
        question,
        options=items((TREES, first), (SAILS, second)),
        **value,
    )
    made = LibraryQuestion(
        name=question, locale=Locale.objects.get(language_code=language)
    )
    made.question = made._meta.get_field("question").to_python([raw])
    return made


@pytest.fixture
def library(db):
    made = kept(quotas=items(("q1", {"option": TREES, "limit": 5})))
    made.save()
    return made


def with_library(chosen, raw=None):
    """The editor's post with one more block, in which a question was chosen."""
    data = posted(questions() if raw is None else raw)
    place = data["count"]
    data["count"] = str(int(place) + 1)
    data[place] = {
        "deleted": "",
        "order": place,
        "type": "library",
        "id": NEW,
        "value": str(chosen.pk) if chosen else "",
    }
    return data


def edit(client, survey, data, **changes):
    if "_auth_user_id" not in client.session:
        client.force_login(make_user(superuser=True))
    address = reverse("wagtailadmin_pages:edit", args=[survey.pk])
    fields = editor_data(survey, questions=data, **changes)
    return client.post(address, fields, HTTP_ACCEPT_LANGUAGE="en")


def in_workflow(page):
    """Have a page approved by somebody before it is published."""
    task = GroupApprovalTask.objects.create(name="Approval")
    workflow = Workflow.objects.create(name="Approval")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=page)


def draft_of(survey):
    page = SurveyPage.objects.get(pk=survey.pk)
    return page.get_latest_revision_as_object().questions_list()


@pytest.mark.parametrize("publish", [{}, {"action-publish": "1"}], ids=str)
def test_a_copy_with_new_ids_takes_the_place_of_the_librarys_question(
    client, library, publish
):
    survey = make_survey(languages=("ar",))

    assert edit(client, survey, with_library(library), **publish).status_code == 302

    *_others, copied = draft_of(survey)
    ids = [option.id for option in copied.options]
    assert (copied.id, copied.kind, copied.label) == (NEW, "single", "ظل")
    assert [option.label for option in copied.options] == ["شجر", "مظلات"]
    assert not {TREES, SAILS} & set(ids)
    assert [option.limit for option in copied.options] == [5, None]
    assert copied.limited == (ids[0],)


def test_saving_the_same_draft_again_gives_the_same_ids(client, library):
    survey = make_survey(languages=("ar",))
    edit(client, survey, with_library(library))
    first = draft_of(survey)

    edit(client, survey, with_library(library))

    assert draft_of(survey) == first


def test_two_copies_of_one_question_do_not_share_an_id(client, library):
    survey = make_survey(languages=("ar",))
    data = with_library(library)
    data["4"] = {**data["3"], "order": "4", "id": NEW.replace("9", "8")}
    data["count"] = "5"

    response = edit(client, survey, data, **{"action-publish": "1"})

    assert response.status_code == 302
    one, other = draft_of(survey)[-2:]
    assert not {o.id for o in one.options} & {o.id for o in other.options}


def test_the_copy_is_in_the_language_of_the_page(client, library):
    english = kept("en", ("Shade", "Trees", "Sails"))
    english.translation_key = library.translation_key
    english.save()
    survey = in_english(make_survey())

    edit(client, survey, with_library(library, questions("en")))

    assert draft_of(survey)[-1].label == "Shade"


def test_a_copy_has_no_condition_on_another_forms_questions(client):
    condition = {
        "join": "all",
        "rules": items(
            ("r", {"question": "x", "operator": "answered", "value": ""}),
        ),
    }
    made = kept(show_if=condition)
    made.save()
    survey = make_survey(languages=("ar",))

    edit(client, survey, with_library(made))

    assert draft_of(survey)[-1].show_if is None


def test_what_was_not_taken_over_yet_asks_nothing(client, library):
    survey = make_survey(languages=("ar",), live=False)
    field = survey._meta.get_field("questions")
    survey.questions = field.to_python(
        [*questions(), {"type": "library", "value": library.pk, "id": NEW}]
    )

    assert [q.id for q in survey.questions_list()] == [b["id"] for b in questions()]
    survey.save_revision().publish()
    assert len(SurveyPage.objects.get(pk=survey.pk).questions_list()) == 3


def test_an_empty_choice_may_be_saved_in_a_draft(client):
    survey = make_survey(languages=("ar",), live=False)

    assert edit(client, survey, with_library(None)).status_code == 302
    assert len(draft_of(survey)) == 3


def test_changes_to_the_library_do_not_reach_the_copy(client, library):
    survey = make_survey(languages=("ar",))
    edit(client, survey, with_library(library), **{"action-publish": "1"})
    library.question[0].value["question"] = "آخر"
    library.save()
    LibraryQuestion.objects.all().delete()

    assert draft_of(survey)[-1].label == "ظل"


@pytest.mark.parametrize(
    ("group", "sees", "changes"),
    [
        ("Topic editors", True, True),
        ("Reviewers", True, False),
        ("Participation moderators", False, False),
        ("Analysts", False, False),
    ],
)
def test_the_library_is_for_those_who_edit_topics(
    client, library, group, sees, changes
):
    ensure_groups()
    user = make_user(groups=[group])
    client.force_login(user)
    base = "wagtailsnippets_wagtail_eparticipation_libraryquestion"

    listed = client.get(reverse(f"{base}:list"))
    edited = client.get(reverse(f"{base}:edit", args=[library.pk]))

    assert (listed.status_code == 200) == sees
    assert (edited.status_code == 200) == changes
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (reverse(f"{base}:list") in menu) == sees


def test_nobody_else_sees_the_library(client, library):
    base = "wagtailsnippets_wagtail_eparticipation_libraryquestion"

    assert client.get(reverse(f"{base}:list")).status_code == 302
    client.force_login(make_user())
    assert client.get(reverse(f"{base}:list")).status_code == 302


def test_the_library_is_searched_by_name_and_says_the_kind(client, library):
    kept(texts=("عمر", "أ", "ب")).save()
    client.force_login(make_user(superuser=True))
    address = reverse("wagtailsnippets_wagtail_eparticipation_libraryquestion:list")

    page = client.get(address, {"q": "ظل"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "ظل" in page and "عمر" not in page
    assert "Single choice" in page


def test_permissions_of_the_library_can_be_given():
    assert Permission.objects.filter(codename__endswith="_libraryquestion").count() == 4


def test_numbers_and_texts_typed_into_a_condition_become_ids(client):
    survey = make_survey(languages=("ar",))
    data = posted(questions())
    rule = {"question": "١", "operator": "is", "value": "أشجار"}
    data["2"]["value"]["show_if"] = {
        "join": "all",
        "rules": {
            "count": "1",
            "0": {"deleted": "", "order": "0", "type": "item", "id": "", "value": rule},
        },
    }

    edit(client, survey, data)

    (found,) = draft_of(survey)[2].show_if.rules
    assert (found.question, found.value) == (SHADE, TREES)


def test_a_condition_on_what_is_not_there_is_saved_but_not_published(client):
    survey = make_survey(languages=("ar",))
    in_workflow(survey)
    data = posted(questions())
    rule = {"question": "7", "operator": "answered", "value": ""}
    data["2"]["value"]["show_if"] = {
        "join": "all",
        "rules": {
            "count": "1",
            "0": {"deleted": "", "order": "0", "type": "item", "id": "", "value": rule},
        },
    }

    draft = edit(client, survey, data)
    published = edit(client, survey, data, **{"action-publish": "1"})
    submitted = edit(client, survey, data, **{"action-submit": "1"})

    assert WorkflowState.objects.count() == 0
    assert draft.status_code == 302
    for refused in (published, submitted):
        assert refused.status_code == 200
        assert "depends on a question that is not there" in refused.content.decode()
