"""The request for participation: everything that a topic's page says."""

from datetime import time

from home.loading.content import block, items, said, stable_id, stream
from home.loading.days import Days
from home.loading.polls import poll_block
from home.loading.site import locales
from wagtail_eparticipation.consultations.pages import ConsultationPage, SubjectLink

#: Texts that stand in a topic's file as they stand on its page.
TEXTS = (
    "title",
    "question",
    "summary",
    "place",
    "decision_open",
    "already_fixed",
    "decision_maker",
    "initial_study",
    "privacy_purpose",
)
#: Texts that every topic of the municipality shares.
SHARED = ("privacy_basis", "privacy_recipients", "privacy_retention")


def draft(name: str, topic: dict, hub, standard: dict, vocabulary: dict, days: Days):
    """The Arabic page with its English version, saved as drafts by their editors."""
    found = locales()
    page = ConsultationPage(slug=topic["slug"], locale=found["ar"], live=False)
    _fill(page, _words(name, topic, standard, vocabulary, "ar"))
    _fill(page, _facts(topic, vocabulary, days))
    hub.add_child(instance=page)
    for key in topic.get("subjects", ()):
        page.subject_links.add(SubjectLink(subject=vocabulary["subject"][key]))
    page.save()
    page.save_revision()
    english = page.copy_for_translation(found["en"])
    _fill(english, _words(name, topic, standard, vocabulary, "en"))
    english.save()
    english.save_revision()
    return ConsultationPage.objects.get(pk=page.pk)


def _fill(page, values: dict) -> None:
    for name, value in values.items():
        setattr(page, name, value)


def _facts(topic: dict, vocabulary: dict, days: Days) -> dict:
    course = topic["course"]
    facts = {
        "kind": topic["kind"],
        "department": vocabulary["department"][topic["department"]],
        "project_reference": topic.get("project_reference", ""),
        "opens_on": days.day(course["opens"]),
        "opens_time": time(8),
    }
    if "tools" in topic:
        facts["tools"] = topic["tools"]
    if "closes" in course:
        facts["closes_on"] = days.day(course["closes"])
        facts["planned_decision_on"] = days.day(course["closes"] + 60)
    return facts


def _words(name, topic, standard, vocabulary, language) -> dict:
    words = said(topic, language)
    values = {key: words[key] for key in TEXTS if key in words}
    if "channels" in topic or "audience" in topic:
        values |= {key: said(standard[key], language) for key in SHARED}
        channels = [*standard["channels"], *topic.get("channels", ())]
        values["channels"] = _stream(name, "channel", said(channels, language))
    values["background"] = stream(
        [
            _background(name, n, each)
            for n, each in enumerate(words.get("background", ()))
        ]
    )
    values["articles"] = stream(
        [_article(name, n, each) for n, each in enumerate(words.get("articles", ()))]
    )
    values["suggestion_categories"] = stream(
        [_category(name, each) for each in words.get("categories", ())]
    )
    values["polls"] = stream(
        [poll_block(name, each) for each in words.get("polls", ())]
    )
    values["glossary"] = _stream(name, "term", words.get("glossary", []))
    values["objectives"] = _stream(name, "objective", words.get("objectives", []))
    values["indicators"] = _stream(name, "indicator", words.get("indicators", []))
    values["audience"] = _stream(
        name,
        "segment",
        [
            {**each, "segment": vocabulary["segment"][each["segment"]].pk}
            for each in words.get("audience", ())
        ],
    )
    return values


def _article(name: str, number: int, part: dict) -> dict:
    """An article of the draft, or the heading of a chapter; named by its key."""
    if "chapter" in part:
        return block("chapter", part["chapter"], name, "chapter", number)
    words = {"heading": "", "note": ""} | part
    key = words.pop("key")
    return {"type": "article", "value": words, "id": article_id(name, key)}


def article_id(name: str, key: str) -> str:
    """The id of an article of a topic's draft."""
    return stable_id(name, "article", key)


def _category(name: str, entry: dict) -> dict:
    label = entry["label"]
    return {"type": "category", "value": label, "id": category_id(name, entry["key"])}


def category_id(name: str, key: str) -> str:
    """The id of a category of a topic's suggestions."""
    return stable_id(name, "category", key)


def _stream(name: str, kind: str, values: list) -> str:
    return stream([block(kind, each, name, kind, n) for n, each in enumerate(values)])


def _background(name: str, number: int, part: dict) -> dict:
    place = (name, "background", number)
    if "text" in part:
        return block("text", part["text"], *place)
    table = {**part, "rows": items(part["rows"], *place, "row")}
    return block("table", table, *place)
