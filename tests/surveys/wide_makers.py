"""A survey of three pages with every kind of question and with conditions."""

import re

from tests.factories_pages import make_consultation_page
from tests.surveys.makers import make_survey, set_questions
from wagtail_eparticipation.surveys.pages import SurveyPage


def key(number: int) -> str:
    """An id as a block has one."""
    return f"{number:08d}-0000-4000-8000-000000000000"


VISITS, WHY_NOT, HOW_OFTEN = key(1), key(2), key(3)
OFTEN, SELDOM = key(31), key(32)
SECOND = key(4)
QUALITY, RATED, ORDER = key(5), key(6), key(7)
CLEAN, SAFE = key(61), key(62)
POOR, FAIR, GOOD = key(63), key(64), key(65)
PATHS, LIGHTS, SEATS = key(71), key(72), key(73)
THIRD = key(8)
AGE, SINCE, ADDRESS, WHERE, WISHES, DISTRICT = (key(n) for n in range(9, 15))
PLAY, WATER = key(131), key(132)
NORTH, SOUTH = key(141), key(142)
NOTE = key(15)

TEXTS = {
    "ar": {
        VISITS: "هل تزورون الحديقة؟",
        WHY_NOT: "ما الذي يمنعكم؟",
        HOW_OFTEN: "كم مرة؟",
        OFTEN: "كل أسبوع",
        SELDOM: "نادرًا",
        SECOND: "رأيكم في الحديقة",
        QUALITY: "كيف تقيّمون الحديقة؟",
        "low": "ضعيفة",
        "high": "ممتازة",
        RATED: "قيّموا ما يلي",
        CLEAN: "النظافة",
        SAFE: "السلامة",
        POOR: "ضعيف",
        FAIR: "مقبول",
        GOOD: "جيد",
        ORDER: "ما الأهم عندكم؟",
        PATHS: "الممرات",
        LIGHTS: "الإنارة",
        SEATS: "المقاعد",
        THIRD: "عنكم",
        NOTE: "<p>لا نسأل عن اسمكم هنا.</p>",
        AGE: "كم عمركم؟",
        "unit": "سنة",
        SINCE: "منذ متى تسكنون الحي؟",
        ADDRESS: "بريد لإرسال النتائج",
        WHERE: "أين تلتقون عادةً؟",
        WISHES: "ماذا تتمنون؟",
        PLAY: "ألعاب",
        WATER: "ماء",
        DISTRICT: "أي حي؟",
        NORTH: "الشمالي",
        SOUTH: "الجنوبي",
    },
    "en": {
        VISITS: "Do you visit the park?",
        WHY_NOT: "What keeps you away?",
        HOW_OFTEN: "How often?",
        OFTEN: "Every week",
        SELDOM: "Seldom",
        SECOND: "Your view of the park",
        QUALITY: "How do you rate the park?",
        "low": "Poor",
        "high": "Excellent",
        RATED: "Please rate the following",
        CLEAN: "Cleanliness",
        SAFE: "Safety",
        POOR: "Bad",
        FAIR: "Fair",
        GOOD: "Good",
        ORDER: "What matters most to you?",
        PATHS: "Paths",
        LIGHTS: "Lights",
        SEATS: "Seats",
        THIRD: "About you",
        NOTE: "<p>We do not ask for your name here.</p>",
        AGE: "How old are you?",
        "unit": "years",
        SINCE: "Since when have you lived in the district?",
        ADDRESS: "Address for the results",
        WHERE: "Where do you usually meet?",
        WISHES: "What do you wish for?",
        PLAY: "Playgrounds",
        WATER: "Water",
        DISTRICT: "Which district?",
        NORTH: "North",
        SOUTH: "South",
    },
}


def _condition(*rules, join="all"):
    listed = [
        {
            "type": "item",
            "value": {"question": question, "operator": operator, "value": value},
            "id": key(900 + place),
        }
        for place, (question, operator, value) in enumerate(rules)
    ]
    return {"join": join, "rules": listed}


def _listed(words, *ids):
    return [{"type": "item", "value": words[each], "id": each} for each in ids]


def wide_questions(language="ar", **changes):
    """The stream data; ``changes`` are put into the value of the block with that id."""
    words = TEXTS[language]
    visits = _condition((VISITS, "is", "yes"))

    def block(kind, block_key, **value):
        value = {"question": words[block_key], "show_if": _condition(), **value}
        value |= changes.get(block_key, {})
        return {"type": kind, "id": block_key, "value": value}

    def part(block_key, **value):
        return {
            "type": "part",
            "id": block_key,
            "value": {"title": words[block_key], "show_if": _condition(), **value},
        }

    return [
        block("yes_no", VISITS, required=True),
        block("text", WHY_NOT, long=False, show_if=_condition((VISITS, "is", "no"))),
        block(
            "single",
            HOW_OFTEN,
            required=True,
            options=_listed(words, OFTEN, SELDOM),
            other=True,
            show_if=visits,
        ),
        part(SECOND, show_if=visits),
        block(
            "scale",
            QUALITY,
            first="1",
            last=5,
            low_label=words["low"],
            high_label=words["high"],
        ),
        block(
            "matrix",
            RATED,
            rows=_listed(words, CLEAN, SAFE),
            options=_listed(words, POOR, FAIR, GOOD),
        ),
        block("ranking", ORDER, options=_listed(words, PATHS, LIGHTS, SEATS)),
        part(THIRD),
        {
            "type": "information",
            "id": NOTE,
            "value": {"text": words[NOTE], "show_if": _condition()},
        },
        block("number", AGE, unit=words["unit"], minimum=10, maximum=120, whole=True),
        block("date", SINCE, latest="2026-12-31"),
        block("email", ADDRESS),
        block("place", WHERE),
        block(
            "multiple",
            WISHES,
            options=_listed(words, PLAY, WATER),
            other=True,
            at_least=1,
            at_most=2,
        ),
        block("dropdown", DISTRICT, options=_listed(words, NORTH, SOUTH)),
    ]


def make_wide_survey(*, topic=None, **changes):
    """The Arabic page, with its translation; ``changes`` as of ``wide_questions``."""
    survey = make_survey(topic=topic or make_consultation_page())
    versions = SurveyPage.objects.filter(translation_key=survey.translation_key)
    for page in versions.select_related("locale").order_by("pk"):
        set_questions(page, wide_questions(page.locale.language_code, **changes))
        page.save_revision().publish()
    return SurveyPage.objects.get(pk=survey.pk)


def step_of(html: str) -> str:
    """Which page of the form somebody is on."""
    return re.search(r'name="step" value="([^"]*)"', html)[1]


def hidden_fields(html: str) -> list[tuple[str, str]]:
    """What a page of the form carries along."""
    return [
        (found[1], found[2])
        for found in re.finditer(
            r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', html
        )
    ]
