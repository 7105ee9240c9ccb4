"""What editors may still change, and when languages agree (R-4.1c, AC-S4-E4)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from tests.factories import DURING, OPENS, make_user
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import (
    PLAY,
    SHADE,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    questions,
    respond,
    set_questions,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db


def answered():
    survey = make_survey()
    with clock.rehearse(DURING):
        respond(survey)
    return SurveyPage.objects.get(pk=survey.pk)


def editor_data(survey, **changes):
    """What the page editor posts."""
    from wagtail.test.utils.form_data import rich_text, streamfield

    data = {
        "title": survey.title,
        "slug": survey.slug,
        "introduction": rich_text(survey.introduction),
        "results_visibility": survey.results_visibility,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "questions": streamfield([]),
    }
    data.update(changes)
    from wagtail.test.utils.form_data import nested_form_data

    return nested_form_data(data)


def posted(raw):
    """Raw stream data as the editor posts it, ids included."""
    data = {"count": str(len(raw))}
    for place, block in enumerate(raw):
        value = dict(block["value"])
        fields = {
            "question": value["question"],
            "help_text": value["help_text"],
            "picture": {"image": "", "alt_text": ""},
            "show_if": {"join": "all", "rules": {"count": "0"}},
        }
        if value["required"]:
            fields["required"] = "on"
        if value.get("long"):
            fields["long"] = "on"
        if block["type"] == "multiple":
            fields["at_most"] = str(value.get("at_most") or "")
        if "options" in value:
            fields["quotas"] = {"count": "0"}
            fields["options"] = {"count": str(len(value["options"]))} | {
                str(n): {
                    "deleted": "",
                    "order": str(n),
                    "type": "item",
                    "value": option["value"],
                    "id": option["id"],
                }
                for n, option in enumerate(value["options"])
            }
        data[str(place)] = {
            "deleted": "",
            "order": str(place),
            "type": block["type"],
            "id": block["id"],
            "value": fields,
        }
    return data


def edit(client, survey, raw, **changes):
    client.force_login(make_user(superuser=True))
    data = editor_data(survey, questions=posted(raw), **changes)
    address = reverse("wagtailadmin_pages:edit", args=[survey.pk])
    return client.post(address, data, HTTP_ACCEPT_LANGUAGE="en")


@pytest.mark.parametrize(
    "raw",
    [
        questions(**{SHADE: "أي ظل؟"}),
        questions(**{TREES: "نخيل"}),
        questions(leave_out=[PLAY]),
        questions(leave_out=[WORDS]),
        list(reversed(questions())),
    ],
    ids=["text", "option text", "option", "question", "order"],
)
def test_questions_are_locked_at_the_first_answer(raw):
    survey = answered()
    set_questions(survey, raw)

    with pytest.raises(ValidationError) as refusal:
        survey.save()

    assert "questions" in refusal.value.message_dict


def test_before_the_first_answer_everything_can_change():
    survey = make_survey()
    set_questions(survey, questions(leave_out=[WORDS]))
    survey.save()


def test_the_introduction_may_change_after_the_first_answer():
    survey = answered()
    survey.introduction = "<p>كلمة أخرى.</p>"
    survey.save_revision().publish()

    assert "كلمة أخرى" in SurveyPage.objects.get(pk=survey.pk).introduction


def test_the_editor_says_what_is_locked_and_keeps_what_was_typed(client):
    survey = answered()

    response = edit(client, survey, questions(**{TREES: "نخيل باسق"}))

    page = response.content.decode()
    assert response.status_code == 200
    assert "People have answered this survey" in page
    assert "نخيل باسق" in page or "\\u0646\\u062e\\u064a\\u0644" in page


def test_a_draft_may_be_empty_but_is_not_published_so(client):
    survey = make_survey(live=False, languages=("ar",))

    draft = edit(client, survey, [])
    published = edit(client, survey, [], **{"action-publish": "1"})

    assert draft.status_code == 302
    assert published.status_code == 200
    assert not SurveyPage.objects.get(pk=survey.pk).live


def test_a_live_survey_needs_a_question_whoever_saves_it():
    survey = make_survey()
    set_questions(survey, [])

    with pytest.raises(ValidationError, match="questions"):
        survey.save()


def test_two_questions_with_one_id_are_refused():
    survey = make_survey(live=False)
    set_questions(survey, [*questions(), questions()[0]])

    with override("en"), pytest.raises(ValidationError, match="share an id"):
        survey.full_clean()


def test_an_address_of_the_topic_itself_is_no_slug():
    survey = make_survey(live=False)
    survey.slug = "participate"

    with pytest.raises(ValidationError, match="slug"):
        survey.full_clean()


def test_when_results_are_shown_is_fixed_once_the_period_begins():
    survey = make_survey()
    survey.results_visibility = "never"

    with clock.rehearse(OPENS), pytest.raises(ValidationError) as refusal:
        survey.full_clean()
    assert "results_visibility" in refusal.value.message_dict
    with clock.rehearse(OPENS.replace(year=2025)):
        survey.full_clean()


def one_more_is_needed():
    raw = questions("en")
    raw[2]["value"]["required"] = True
    return raw


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (questions("en", leave_out=[PLAY]), "has 2 options instead of 3"),
        (questions("en", leave_out=[WORDS]), "is missing"),
        (
            [*questions("en"), {**questions("en")[2], "id": "another"}],
            "is asked in this language alone",
        ),
        (list(reversed(questions("en"))), "in another order"),
        (one_more_is_needed(), "in whether an answer is needed"),
    ],
)
def test_a_language_that_asks_something_else_is_not_published(client, raw, message):
    english = in_english(make_survey())

    response = edit(client, english, raw, **{"action-publish": "1"})

    assert response.status_code == 200
    page = response.content.decode()
    assert message in page
    assert "This differs from the version in" in page
    assert len(SurveyPage.objects.get(pk=english.pk).questions_list()) == 3


def test_a_differing_language_may_be_saved_as_a_draft(client):
    english = in_english(make_survey())

    response = edit(client, english, questions("en", leave_out=[PLAY]))

    assert response.status_code == 302


def test_a_differing_language_that_became_live_is_withheld():
    survey = make_survey()
    english = in_english(survey)
    set_questions(english, questions("en", leave_out=[PLAY]))

    english.save_revision().publish()

    assert SurveyPage.objects.get(pk=english.pk).withheld
    assert not SurveyPage.objects.get(pk=survey.pk).withheld
    with override("en"):
        missing = missing_for("publish", survey.consultation, DURING)
        assert any("asks something else" in str(item) for item in missing)


def test_a_changed_original_withholds_translations_until_they_follow():
    survey = make_survey()
    set_questions(survey, questions(leave_out=[PLAY]))
    survey.save_revision().publish()
    assert in_english(survey).withheld

    english = in_english(survey)
    set_questions(english, questions("en", leave_out=[PLAY]))
    english.save_revision().publish()

    assert not in_english(survey).withheld
    assert not SurveyPage.objects.get(pk=survey.pk).withheld


def test_what_people_answered_leads_over_a_language_that_comes_later():
    survey = make_survey(live=False)
    english = in_english(survey)
    english.save_revision().publish()
    with clock.rehearse(DURING):
        respond(english)
    set_questions(survey, questions(leave_out=[PLAY]))
    survey.save_revision().publish()

    assert SurveyPage.objects.get(pk=survey.pk).withheld
    assert not in_english(survey).withheld


def test_ids_survive_translation_and_copying():
    survey = make_survey(languages=("ar",))
    bones = [question.bones for question in survey.questions_list()]
    copied = survey.copy(update_attrs={"slug": "copied"}, keep_live=False)

    assert [each.bones for each in copied.questions_list()] == bones
    assert copied.translation_key != survey.translation_key


def test_an_answered_survey_is_neither_deleted_nor_moved_to_another_topic():
    survey = answered()
    other = make_consultation_page()
    tester = survey.permissions_for_user(make_user(superuser=True))

    assert not tester.can_delete()
    assert not tester.can_move()
    with pytest.raises(PermissionDenied):
        survey.move(Page.objects.get(pk=other.pk), pos="last-child")
    with pytest.raises(ProtectedError):
        survey.delete()
    assert SurveyResponse.objects.count() == 1


def test_a_survey_nobody_answered_can_be_deleted():
    survey = make_survey()

    assert survey.permissions_for_user(make_user(superuser=True)).can_delete()


@pytest.mark.parametrize(
    ("options", "at_most", "message"),
    [(["نعم", "نعم "], None, "same text"), (["نعم", "لا"], 3, "fewer options")],
)
def test_options_that_cannot_be_told_apart_or_chosen_are_refused(
    options, at_most, message
):
    from wagtail.blocks import StreamBlockValidationError

    raw = questions()
    raw[1]["value"]["options"] = [
        {"type": "item", "value": text, "id": f"o{n}"} for n, text in enumerate(options)
    ]
    raw[1]["value"]["at_most"] = at_most
    survey = make_survey(live=False)
    set_questions(survey, raw)

    with override("en"):
        with pytest.raises(StreamBlockValidationError) as refusal:
            survey.questions.stream_block.clean(survey.questions)
        assert message in str(refusal.value.as_json_data())


def test_the_editor_shows_what_the_other_language_asks_otherwise(client):
    survey = make_survey()
    english = in_english(survey)
    set_questions(english, questions("en", leave_out=[USES]))
    english.save_revision()
    client.force_login(make_user(superuser=True))

    page = client.get(
        reverse("wagtailadmin_pages:edit", args=[survey.pk]),
        HTTP_ACCEPT_LANGUAGE="en",
    ).content.decode()

    assert "لماذا تزورون الحديقة؟” is missing" in page


@pytest.mark.parametrize("mode", ["page", "form"])
def test_previews_work_before_anything_is_published(rf, mode):
    survey = make_survey(live=False)

    response = survey.make_preview_request(preview_mode=mode)

    assert response.status_code == 200
    assert "أي تظليل تفضلون؟" in response.render().content.decode()
