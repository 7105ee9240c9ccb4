"""A survey with one question of each kind that is counted, and people who answer it."""

from decimal import Decimal

from tests.surveys.makers import in_english, make_survey, respond, set_questions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage

WORDS = {
    "ar": {
        "single": "أي تظليل تفضلون؟",
        "scale": "ما مدى رضاكم عن الحديقة؟",
        "matrix": "قيّموا ما في الحديقة",
        "ranking": "رتّبوا ما تحتاجه الحديقة",
        "number": "كم عمركم؟",
        "date": "متى زرتم الحديقة آخر مرة؟",
        "text": "ماذا تقترحون غير ذلك؟",
        "options": ["أشجار", "مظلات", "لا حاجة إلى تظليل في هذه الحديقة"],
        "rows": ["الممرات", "ملعب الأطفال"],
    },
    "en": {
        "single": "Which shade do you prefer?",
        "scale": "How satisfied are you with the park?",
        "matrix": "Rate what is in the park",
        "ranking": "Rank what the park needs",
        "number": "How old are you?",
        "date": "When did you last visit the park?",
        "text": "What else do you suggest?",
        "options": ["Trees", "Sails", "This park needs no shade at all"],
        "rows": ["Paths", "Playground"],
    },
}


def key(kind, part=0):
    """The id of a question, of an option or of a row."""
    number = ["single", "scale", "matrix", "ranking", "number", "date", "text"].index(
        kind
    )
    return f"88888888-0000-4000-8000-{number:06}{part:06}"


def questions(language):
    """The questions as raw stream data."""
    words = WORDS[language]

    def items(kind, texts, first=1):
        return [
            {"type": "item", "value": text, "id": key(kind, place)}
            for place, text in enumerate(texts, start=first)
        ]

    def block(kind, **value):
        value = {"question": words[kind], "required": False, **value}
        return {"type": kind, "id": key(kind), "value": value}

    return [
        block("single", options=items("single", words["options"])),
        block("scale", first="1", last=5, low_label="1", high_label="5"),
        block(
            "matrix",
            rows=items("matrix", words["rows"]),
            options=items("matrix", words["options"], first=11),
        ),
        block("ranking", options=items("ranking", words["options"])),
        block("number", whole=True),
        block("date"),
        block("text"),
    ]


def make_every_kind(**fields):
    """The survey in both languages, live."""
    survey = make_survey(**fields)
    for each in (survey, in_english(survey)):
        set_questions(each, questions(each.locale.language_code))
        each.save_revision().publish()
    return SurveyPage.objects.get(pk=survey.pk)


def answers(number):
    """What the person with this number answers; everything comes up often."""
    return [
        Answer(key("single"), key("single", 1 + number % 2)),
        Answer(key("scale"), str(1 + number % 5)),
        Answer(key("matrix", 1), key("matrix", 11 + number % 2)),
        Answer(key("matrix", 2), key("matrix", 11 + number % 3)),
        *(
            Answer(
                key("ranking"),
                key("ranking", 1 + (number + place) % 3),
                number=Decimal(place + 1),
            )
            for place in range(3)
        ),
        Answer(key("number"), text=str(20 + number), number=Decimal(20 + number)),
        Answer(key("date"), text="x", number=Decimal(739_700 + number)),
        Answer(key("text"), text="مقاعد"),
    ]


def fill(survey, people=30):
    """Let so many people answer, half in each language."""
    versions = [survey, in_english(survey)]
    for number in range(people):
        respond(versions[number % 2], *answers(number))
