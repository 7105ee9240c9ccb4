"""A survey that asks a question of each kind, and responses to it."""

from decimal import Decimal

from tests.surveys.makers import make_survey, respond, set_questions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.questions import OTHER


def _id(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012}"


SHADE, USES, DISTRICT, VISITS = _id(1), _id(2), _id(3), _id(4)
STARS, RATED, ORDER, METRES = _id(5), _id(6), _id(7), _id(8)
DAY, MAIL, STREET, WISH = _id(9), _id(10), _id(11), _id(12)
TREES, SAILS = _id(21), _id(22)
SPORT, REST, PLAY = _id(31), _id(32), _id(33)
NORTH, SOUTH = _id(41), _id(42)
PATHS, LIGHT = _id(51), _id(52)
GOOD, BAD = _id(53), _id(54)
BENCH, WATER, TOILET = _id(61), _id(62), _id(63)

ENGLISH = {
    SHADE: "Which shade do you prefer?",
    TREES: "Trees",
    SAILS: "Sails",
    USES: "Why do you visit?",
    SPORT: "Sport",
    REST: "Rest",
    PLAY: "Play",
    DISTRICT: "Where do you live?",
    NORTH: "North",
    SOUTH: "South",
    VISITS: "Do you visit the park?",
    STARS: "How content are you?",
    "low": "not at all",
    "high": "very",
    RATED: "Rate these",
    PATHS: "Paths",
    LIGHT: "Light",
    GOOD: "Good",
    BAD: "Bad",
    ORDER: "What comes first?",
    BENCH: "Benches",
    WATER: "Water",
    TOILET: "Toilets",
    METRES: "How far is it?",
    "unit": "metres",
    DAY: "When were you there?",
    MAIL: "Your address",
    STREET: "Which street?",
    WISH: "What do you wish?",
}
ARABIC = {
    SHADE: "أي تظليل تفضلون؟",
    TREES: "أشجار",
    SAILS: "مظلات",
    USES: "لماذا تزورون الحديقة؟",
    SPORT: "الرياضة",
    REST: "الراحة",
    PLAY: "اللعب",
    DISTRICT: "أين تسكنون؟",
    NORTH: "الشمال",
    SOUTH: "الجنوب",
    VISITS: "هل تزورون الحديقة؟",
    STARS: "ما مدى رضاكم؟",
    "low": "غير راضٍ",
    "high": "راضٍ جداً",
    RATED: "قيّموا ما يلي",
    PATHS: "الممرات",
    LIGHT: "الإنارة",
    GOOD: "جيد",
    BAD: "سيئ",
    ORDER: "ما الذي يأتي أولاً؟",
    BENCH: "مقاعد",
    WATER: "مياه",
    TOILET: "دورات مياه",
    METRES: "كم تبعد؟",
    "unit": "متر",
    DAY: "متى كنتم هناك؟",
    MAIL: "عنوانكم",
    STREET: "أي شارع؟",
    WISH: "ماذا تتمنون؟",
}


def stream(words):
    """A question of each kind as raw stream data."""

    def items(*ids):
        return [{"type": "item", "id": each, "value": words[each]} for each in ids]

    def ask(kind, key, **value):
        return {"type": kind, "id": key, "value": {"question": words[key], **value}}

    rule = {"question": VISITS, "operator": "is", "value": "yes"}
    shown_if = {
        "join": "all",
        "rules": [{"type": "item", "id": _id(90), "value": rule}],
    }
    return [
        ask("single", SHADE, options=items(TREES, SAILS), other=True, at_random=True),
        ask("multiple", USES, options=items(SPORT, REST, PLAY), at_most=2),
        ask("dropdown", DISTRICT, options=items(NORTH, SOUTH)),
        ask("yes_no", VISITS, required=True),
        ask(
            "scale",
            STARS,
            first="1",
            last=5,
            low_label=words["low"],
            high_label=words["high"],
        ),
        ask("matrix", RATED, rows=items(PATHS, LIGHT), options=items(GOOD, BAD)),
        ask("ranking", ORDER, options=items(BENCH, WATER, TOILET)),
        ask("number", METRES, unit=words["unit"], minimum="0", whole=False),
        ask("date", DAY, show_if=shown_if),
        ask("email", MAIL),
        ask("place", STREET),
        ask("text", WISH, long=True),
    ]


def make_long_survey(**fields):
    """The Arabic page of a survey in both languages that asks each kind."""
    survey = make_survey(live=False, **fields)
    for page in SurveyPage.objects.filter(translation_key=survey.translation_key):
        arabic = page.pk == survey.pk
        set_questions(page, stream(ARABIC if arabic else ENGLISH))
        page.save_revision().publish()
    return SurveyPage.objects.get(pk=survey.pk)


def full_answers(wish="مقاعد", other="خيمة"):
    """An answer to every question."""
    return [
        Answer(SHADE, OTHER, other),
        Answer(USES, SPORT),
        Answer(USES, PLAY),
        Answer(DISTRICT, SOUTH),
        Answer(VISITS, "yes"),
        Answer(STARS, "4"),
        Answer(PATHS, GOOD),
        Answer(LIGHT, BAD),
        Answer(ORDER, WATER, number=Decimal(1)),
        Answer(ORDER, BENCH, number=Decimal(2)),
        Answer(ORDER, TOILET, number=Decimal(3)),
        Answer(METRES, text="-2.5", number=Decimal("-2.5")),
        Answer(DAY, text="2026-04-12", number=Decimal(739718)),
        Answer(MAIL, private="sara@municipality.example"),
        Answer(STREET, text="شارع النخيل"),
        Answer(WISH, text=wish),
    ]


def answer_all(survey, wish="مقاعد", other="خيمة", **fields):
    """A response that answers every question; the participation."""
    return respond(survey, *full_answers(wish, other), **fields).participation
