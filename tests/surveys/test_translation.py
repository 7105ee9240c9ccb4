"""wagtail-localize: texts of questions are translated, ids and conditions stay."""

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale
from wagtail_localize.models import (
    OverridableSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from tests.factories import DURING, make_user
from tests.surveys.makers import (
    PLAY,
    SHADE,
    TREES,
    in_english,
    make_survey,
    questions,
    respond,
    set_questions,
)
from tests.surveys.raw_makers import AGE, BAD, FIRST_ROW, ask, further
from wagtail_eparticipation import clock
from wagtail_eparticipation.surveys import versions
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.library import LibraryQuestion
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_period(migrations_table):
    with clock.rehearse(DURING), override("en"):
        yield


def everything():
    """A survey with a quota, a scale and “other” beside what the makers have."""
    raw = [*questions(), *further()]
    raw[0]["value"]["quotas"] = [
        {"type": "item", "id": "q1", "value": {"option": TREES, "limit": 5}}
    ]
    raw[1]["value"]["other"] = True
    scale = {"first": "0", "last": 4, "low_label": "سيئ جداً", "high_label": "ممتاز"}
    raw.append(
        {
            "type": "scale",
            "id": "11111111-0000-4000-8000-000000000031",
            "value": {"question": "كم تقدّرون؟", "help_text": "", **scale},
        }
    )
    return raw


def synced(page):
    source, _created = TranslationSource.update_or_create_from_instance(page)
    made = Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="en")
    )
    made.save_target(publish=False)
    return made


def translate(made):
    for segment in made.source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=made.target_locale,
            defaults={"data": f"English {segment.string.pk}"},
        )


def publish(made):
    with TestCase.captureOnCommitCallbacks(execute=True):
        made.save_target(publish=True)


@pytest.fixture
def survey():
    made = make_survey(languages=("ar",))
    ask(made, everything())
    return SurveyPage.objects.get(pk=made.pk)


def test_ids_of_conditions_and_places_are_not_offered_for_translation(survey):
    made = synced(survey)

    strings = made.source.stringsegment_set.values_list("string__data", flat=True)
    offered = set(strings)
    assert {"أشجار", "النظافة", "تفاصيل", "سيئ جداً"} <= offered
    assert not offered & {SHADE, TREES, AGE, FIRST_ROW, BAD, "3", "all", "is"}
    paths = made.source.stringsegment_set.values_list("context__path", flat=True)
    assert not [path for path in paths if "show_if" in path or "quotas" in path]
    replaced = OverridableSegment.objects.filter(source=made.source)
    for path in replaced.values_list("context__path", flat=True):
        assert "show_if" not in path and "quotas" not in path


def test_a_translation_asks_the_same_by_id_and_is_published(survey):
    made = synced(survey)
    translate(made)

    publish(made)

    english = in_english(survey)
    assert english.live and not english.withheld
    assert [q.bones for q in english.questions_list()] == [
        q.bones for q in survey.questions_list()
    ]
    assert [p.show_if for p in english.parts_list()] == [
        p.show_if for p in survey.parts_list()
    ]
    assert english.questions_list()[0].label.startswith("English")


def test_a_synchronised_correction_follows_and_joins_the_version(survey):
    made = synced(survey)
    translate(made)
    publish(made)
    respond(survey, Answer(SHADE, TREES))
    page = SurveyPage.objects.get(pk=survey.pk)
    raw = everything()
    raw[1]["value"]["options"].pop()
    set_questions(page, raw)
    page.correction = "أُخذ خيار."
    page.save_revision().publish()
    assert in_english(survey).withheld

    made.source.update_from_db()
    translate(made)
    publish(made)

    assert not in_english(survey).withheld
    latest = versions.versions_of(survey.translation_key)[-1]
    assert set(latest.questions) == set(latest.notes) == {"ar", "en"}
    assert PLAY not in str(latest.questions["en"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw[4]["value"]["rows"].pop(), "are not those of the other"),
        (
            lambda raw: raw[7]["value"]["show_if"]["rules"].pop(),
            "in when it is shown",
        ),
        (lambda raw: raw[3]["value"]["show_if"]["rules"].clear(), "pages of the form"),
        (lambda raw: raw.pop(6), "pages of the form"),
        (lambda raw: raw[8]["value"].update(last=5), "has 6 options instead of 5"),
        (lambda raw: raw[0]["value"]["quotas"].clear(), "in its limits"),
        (lambda raw: raw[1]["value"].update(other=False), "has 3 options instead of 4"),
    ],
    ids=["row", "rule", "part", "information", "scale", "places", "other"],
)
def test_a_language_that_differs_in_any_of_it_is_neither_published_nor_shown(
    survey, change, message
):
    made = synced(survey)
    translate(made)
    publish(made)
    english, raw = in_english(survey), everything()
    change(raw)
    set_questions(english, raw)

    (problem,) = english.publication_problems()
    english.save_revision().publish()

    assert message in problem
    assert in_english(survey).withheld


def test_a_question_of_the_library_is_translated_as_a_snippet(client):
    raw = questions()[0]
    made = LibraryQuestion(name="ظل", locale=Locale.objects.get(language_code="ar"))
    made.question = made._meta.get_field("question").to_python([raw])
    made.save()

    source, _created = TranslationSource.update_or_create_from_instance(made)

    offered = set(source.stringsegment_set.values_list("string__data", flat=True))
    assert offered == {"ظل", "أي تظليل تفضلون؟", "أشجار", "مظلات"}
    client.force_login(make_user(superuser=True))
    address = reverse(
        "wagtailsnippets_wagtail_eparticipation_libraryquestion:edit", args=[made.pk]
    )
    assert client.get(address).status_code == 200
