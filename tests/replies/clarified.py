"""Clarifications, canned answers and campaigns, as the desk would make them."""

import itertools

from tests.discussion.makers import make_participation
from tests.factories_pages import make_locales
from tests.replies.makers import make_replier
from wagtail_eparticipation.moderation.advisers import registry
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.participations.same_words import words_key
from wagtail_eparticipation.replies import clarifying
from wagtail_eparticipation.replies.canned import CannedAnswer
from wagtail_eparticipation.replies.clarifying import Words

_numbers = itertools.count(1)

ARABIC = Words("متى يبدأ العمل في الحديقة؟", "يبدأ العمل في الشهر القادم.")
ENGLISH = Words("When do the works begin?", "They begin next month.")
BOTH = {"ar": ARABIC, "en": ENGLISH}
REASON = {"ar": "تغيّر الموعد", "en": "The date has changed"}
CAMPAIGN = "نطالب بزيادة المساحات المظللة في الحديقة"


def make_clarification(consultation, words=None, *, original="ar", **kwargs):
    """A published one; in Arabic alone unless ``words`` says otherwise."""
    kwargs.setdefault("actor", make_replier())
    kwargs.setdefault("key", f"key-{next(_numbers)}")
    words = {"ar": ARABIC} if words is None else words
    done = clarifying.publish(consultation, words, original=original, **kwargs)
    return done.clarification


def make_canned(body="نشكركم على سؤالكم.", *, language="ar", **fields):
    """A text that is kept ready."""
    locale = {each.language_code: each for each in make_locales()}[language]
    fields.setdefault("title", f"جواب {next(_numbers)}")
    return CannedAnswer.objects.create(body=body, locale=locale, **fields)


def make_campaign(consultation, number, *, text=CAMPAIGN, **fields):
    """So many participations with the same words."""
    return [
        make_participation(consultation, text=text, words_key=words_key(text), **fields)
        for _each in range(number)
    ]


def watching(monkeypatch, word, *, rule="personal_data", hide=True):
    """Let one adviser find a word, alone."""

    def look(reading):
        start = reading.text.find(word)
        if start >= 0:
            yield Finding(
                start=start,
                end=start + len(word),
                field=reading.field,
                adviser="test",
                rule=rule,
                category="contact",
                hide=hide,
            )

    monkeypatch.setattr(registry, "_ADVISERS", {})
    registry.register("test", rule=rule, look=look)
