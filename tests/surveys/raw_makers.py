"""Raw stream data of questions of every kind, parts and conditions."""

import uuid

from tests.surveys.makers import SHADE, TREES, set_questions

MATRIX = "11111111-0000-4000-8000-000000000011"
FIRST_ROW = "44444444-0000-4000-8000-000000000001"
SECOND_ROW = "44444444-0000-4000-8000-000000000002"
GOOD = "55555555-0000-4000-8000-000000000001"
BAD = "55555555-0000-4000-8000-000000000002"
AGE = "11111111-0000-4000-8000-000000000012"
WHY = "11111111-0000-4000-8000-000000000013"
PART = "11111111-0000-4000-8000-000000000014"
TOLD = "11111111-0000-4000-8000-000000000015"


def items(*pairs):
    """A list of texts with their ids, as a ListBlock keeps it."""
    return [{"type": "item", "value": text, "id": key} for key, text in pairs]


def rules(*given, join="all"):
    """A condition as the editor keeps it."""
    return {
        "join": join,
        "rules": [
            {
                "type": "item",
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}")),
                "value": {"question": key, "operator": operator, "value": value},
            }
            for number, (key, operator, value) in enumerate(given)
        ],
    }


def block(kind, key, text, **value):
    """One question."""
    value = {"question": text, "help_text": "", "required": False, **value}
    return {"type": kind, "id": key, "value": value}


WORDED = {
    "ar": {
        MATRIX: "كيف تقيّمون ما يأتي؟",
        FIRST_ROW: "النظافة",
        SECOND_ROW: "الإنارة",
        GOOD: "جيد",
        BAD: "سيئ",
        AGE: "كم مرة زرتم الحديقة؟",
        WHY: "لماذا الأشجار؟",
        PART: "تفاصيل",
        TOLD: "<p>شكراً لكم.</p>",
    },
    "en": {
        MATRIX: "How do you rate the following?",
        FIRST_ROW: "Cleanliness",
        SECOND_ROW: "Lighting",
        GOOD: "Good",
        BAD: "Bad",
        AGE: "How often did you visit the park?",
        WHY: "Why trees?",
        PART: "Details",
        TOLD: "<p>Thank you.</p>",
    },
}


def further(language="ar"):
    """A second page under a condition: a matrix, a number and words."""
    words = WORDED[language]
    return [
        {
            "type": "part",
            "id": PART,
            "value": {"title": words[PART], "show_if": rules((SHADE, "answered", ""))},
        },
        block(
            "matrix",
            MATRIX,
            words[MATRIX],
            rows=items(*((key, words[key]) for key in (FIRST_ROW, SECOND_ROW))),
            options=items(*((key, words[key]) for key in (BAD, GOOD))),
        ),
        block("number", AGE, words[AGE], unit="", whole=True),
        {
            "type": "information",
            "id": TOLD,
            "value": {
                "text": words[TOLD],
                "show_if": rules((FIRST_ROW, "is", BAD)),
            },
        },
        block(
            "text",
            WHY,
            words[WHY],
            long=True,
            show_if=rules((SHADE, "is", TREES), (AGE, "above", "3")),
        ),
    ]


def ask(survey, raw):
    """Put raw questions into a survey and publish it."""
    set_questions(survey, raw)
    survey.save_revision().publish()
