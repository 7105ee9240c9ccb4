"""Topics with categories, published suggestions on them, and their public addresses."""

import itertools

from tests.discussion.makers import make_participation
from tests.factories import DURING
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.policy.install import install_pack

_numbers = itertools.count(1)

SHADE = "77777777-0000-4000-8000-000000000001"
PATHS = "77777777-0000-4000-8000-000000000002"
CATEGORIES = {
    "ar": {SHADE: "الظل والأشجار", PATHS: "الممرات"},
    "en": {SHADE: "Shade and trees", PATHS: "Paths"},
}


def set_categories(page, labels):
    """Put categories on a page, as if it had been published with them."""
    raw = [
        {"type": "category", "id": key, "value": text} for key, text in labels.items()
    ]
    field = page._meta.get_field("suggestion_categories")
    page.suggestion_categories = field.to_python(raw)
    ConsultationPage.objects.filter(pk=page.pk).update(
        suggestion_categories=page.suggestion_categories
    )


def make_topic(*, categories=True, **fields):
    """The Arabic page of a topic that takes suggestions, of two categories."""
    policy, _created = install_pack("qassim")
    page = make_consultation_page(**fields)
    Consultation.objects.filter(pk=page.consultation_id).update(policy_version=policy)
    if categories:
        set_categories(page, CATEGORIES["ar"])
        set_categories(translation_of(page), CATEGORIES["en"])
    return ConsultationPage.objects.get(pk=page.pk)


def make_suggestion(page, *, now=DURING, supports=0, **fields):
    """A published suggestion; ``supports`` sets the kept count alone."""
    fields.setdefault("title", f"مقترح {next(_numbers)}")
    fields.setdefault("data", {"category": SHADE})
    row = make_participation(
        page.consultation, tool="suggestion", state=State.PUBLISHED, **fields
    )
    publish(row, now=now)
    found = PublicSuggestion.objects.filter(participation=row)
    if supports:
        found.update(support_count=supports)
    return found.get()


def address(page, suggestion=None, tail=""):
    """Where the list, or one suggestion, is in public."""
    key = f"{suggestion.comment.key}/" if suggestion else ""
    return f"{page.get_url()}suggestions/{key}{tail}"


def read(client, url, at=DURING, **query):
    """Open a public address at an instant of the period."""
    with clock.rehearse(at):
        return client.get(url, query)
