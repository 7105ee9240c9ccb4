"""Decision pages in both languages, drafted or approved."""

from datetime import date

from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation.decisions.pages import DecisionPage

WORDS = {
    "ar": {
        "title": "قرار تطوير حديقة النخيل",
        "body": "أمين المنطقة",
        "asked": "كيف تودّون أن تُظلَّل حديقة النخيل؟",
        "said": "<p>طلب الناس مزيداً من الظل.</p>",
        "decision": "<p>تُظلَّل الممرات كلها بالأشجار.</p>",
        "next_steps": "<p>يبدأ الغرس في شهر شوال.</p>",
        "implementer": "إدارة الحدائق",
    },
    "en": {
        "title": "Decision on Al-Nakheel Park",
        "body": "The Mayor",
        "asked": "How should Al-Nakheel Park be shaded?",
        "said": "<p>People asked for more shade.</p>",
        "decision": "<p>All paths will be shaded by trees.</p>",
        "next_steps": "<p>Planting starts in Shawwal.</p>",
        "implementer": "Parks department",
    },
}
FACTS = {
    "number": "1447/212",
    "decided_on": date(2026, 5, 20),
    "effective_on": date(2026, 6, 1),
}


def make_topic(stage="published", **fields):
    """The Arabic page of a topic with its English version; see the pages' maker."""
    return make_consultation_page(stage=stage, **fields)


def make_decision(topic, *, language="ar", approved=True, **fields):
    """A decision page below the topic's page in a language."""
    parent = topic if language == "ar" else translation_of(topic, language)
    known = DecisionPage.objects.filter(consultation=topic.consultation).first()
    page = DecisionPage(
        slug="decision",
        live=False,
        locale=parent.locale,
        **{**WORDS[language], **FACTS, **fields},
    )
    if known is not None:
        page.translation_key = known.translation_key
    parent.add_child(instance=page)
    revision = page.save_revision()
    if approved:
        revision.publish()
    return DecisionPage.objects.get(pk=page.pk)


def make_both(topic, **fields):
    """The decision in Arabic and in English."""
    return [
        make_decision(topic, language=language, **fields) for language in ("ar", "en")
    ]
