"""Surveys under a topic's pages, and responses to them through the door."""

import itertools

from wagtail.models import Locale
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.surveys.answers import take_in
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage

_numbers = itertools.count(1)

SHADE = "11111111-0000-4000-8000-000000000001"
USES = "11111111-0000-4000-8000-000000000002"
WORDS = "11111111-0000-4000-8000-000000000003"
TREES = "22222222-0000-4000-8000-000000000001"
SAILS = "22222222-0000-4000-8000-000000000002"
SPORT = "33333333-0000-4000-8000-000000000001"
REST = "33333333-0000-4000-8000-000000000002"
PLAY = "33333333-0000-4000-8000-000000000003"

TEXTS = {
    "ar": {
        SHADE: "أي تظليل تفضلون؟",
        TREES: "أشجار",
        SAILS: "مظلات",
        USES: "لماذا تزورون الحديقة؟",
        SPORT: "الرياضة",
        REST: "الراحة",
        PLAY: "لعب الأطفال",
        WORDS: "ماذا تقترحون غير ذلك؟",
        "title": "استبانة عن التظليل",
        "introduction": "<p>ثلاثة أسئلة، تستغرق دقيقتين.</p>",
    },
    "en": {
        SHADE: "Which shade do you prefer?",
        TREES: "Trees",
        SAILS: "Sails",
        USES: "Why do you visit the park?",
        SPORT: "Sport",
        REST: "Rest",
        PLAY: "Children's play",
        WORDS: "What else do you suggest?",
        "title": "Survey on shade",
        "introduction": "<p>Three questions, two minutes.</p>",
    },
}


def questions(language="ar", *, leave_out=(), **labels):
    """Three questions as raw stream data; ``labels`` replaces texts by id."""
    words = {**TEXTS[language], **labels}

    def options(*ids):
        return [
            {"type": "item", "value": words[each], "id": each}
            for each in ids
            if each not in leave_out
        ]

    stream = [
        _question("single", SHADE, words, required=True, options=options(TREES, SAILS)),
        _question(
            "multiple", USES, words, at_most=2, options=options(SPORT, REST, PLAY)
        ),
        _question("text", WORDS, words, long=True),
    ]
    return [block for block in stream if block["id"] not in leave_out]


def _question(kind, key, words, **value):
    value = {"question": words[key], "help_text": "", "required": False, **value}
    return {"type": kind, "id": key, "value": value}


def make_survey(*, topic=None, languages=("ar", "en"), live=True, **fields):
    """The Arabic survey page, with its translations beside it."""
    topic = topic or make_consultation_page()
    pages = []
    for language in languages:
        survey = SurveyPage(
            title=TEXTS[language]["title"],
            slug=f"survey-{next(_numbers)}",
            introduction=TEXTS[language]["introduction"],
            locale=Locale.objects.get(language_code=language),
            live=False,
            **fields,
        )
        set_questions(survey, questions(language))
        if pages:
            survey.translation_key = pages[0].translation_key
        parent = topic if language == "ar" else translation_of(topic, language)
        with disable_reference_index_auto_update():
            parent.add_child(instance=survey)
            if live:
                survey.save_revision().publish()
        pages.append(survey)
    return SurveyPage.objects.get(pk=pages[0].pk)


def set_questions(survey, raw):
    """Put raw stream data into a survey."""
    field = survey._meta.get_field("questions")
    survey.questions = field.to_python(raw)


def in_english(survey):
    """The English version of a survey."""
    return SurveyPage.objects.get(
        translation_key=survey.translation_key, locale__language_code="en"
    )


def respond(survey, *answers, key="", **fields):
    """One response through the door; ``answers`` are ``Answer`` values."""
    submission = door.Submission(
        tool="survey",
        language=survey.locale.language_code,
        idempotency_key=key or door.new_key(),
        **fields,
    )
    return take_in(survey, submission, answers or [Answer(SHADE, TREES)])
