"""The hub's queries: all topics in one row each, twenty shown (R-5.2.1a)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import PageViewRestriction

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import closing_words, instant_words
from wagtail_eparticipation.consultations.hub_listing import (
    FACETS,
    Group,
    Topic,
    counts,
    matching,
    ordered,
    page_after,
)
from wagtail_eparticipation.consultations.locks import UNSEEN
from wagtail_eparticipation.consultations.models import AudienceMode, Consultation
from wagtail_eparticipation.consultations.remaining import remaining_words
from wagtail_eparticipation.consultations.stages import Stage, stage_at
from wagtail_eparticipation.consultations.vocabulary import Department, Subject
from wagtail_eparticipation.normalise import search_key

PAGE_SIZE = 20
#: A search looks at this many words; more would only be load.
MAX_WORDS = 8

TONES = {
    Group.OPEN: ("accent", "comment"),
    Group.FORTHCOMING: ("info", "calendar"),
    Group.ANALYSING: ("warning", "search"),
    Group.DECIDED: ("success", "official"),
    Group.CLOSED: ("", "lock"),
    Group.WITHDRAWN: ("danger", "skip"),
}


class Hub:
    """The topics below one hub page and its translations, as at one instant."""

    def __init__(self, page, now: datetime | None = None):
        self.page = page
        self.now = now or clock.now()

    @cached_property
    def versions(self) -> list:
        """The hub in all its languages."""
        same = type(self.page).objects.filter(
            translation_key=self.page.translation_key, live=True
        )
        return list(same.select_related("locale"))

    def public_pages(self):
        """Pages that visitors may see, in every language."""
        from wagtail_eparticipation.consultations.pages import ConsultationPage

        below = Q()
        for hub in self.versions:
            below |= Q(path__startswith=hub.path)
        # Who reads this hub was admitted to it: a restriction of a topic's own counts.
        own = PageViewRestriction.objects.filter(page=OuterRef("pk"))
        return ConsultationPage.objects.filter(
            below, ~Exists(own), live=True, withheld=False, alias_of__isnull=True
        ).exclude(consultation__stored_stage__in=UNSEEN)

    @cached_property
    def topics(self) -> list[Topic]:
        """Every public topic, once, in the hub's order."""
        rows = self.public_pages().values_list(
            "pk",
            "locale_id",
            "consultation_id",
            "consultation__reference",
            "consultation__stored_stage",
            "consultation__stage_since",
            "consultation__audience_mode",
            "consultation__department__translation_key",
            "consultation__window__opens_at",
            "consultation__window__closes_at",
        )
        found: dict[int, dict[str, Any]] = {}
        for (
            pk,
            locale_id,
            consultation_id,
            reference,
            stored,
            since,
            audience,
            department,
            opens_at,
            closes_at,
        ) in rows.order_by("pk"):
            entry = found.setdefault(
                consultation_id,
                {
                    "reference": reference,
                    "stage": stage_at(stored, opens_at, closes_at, self.now),
                    "stage_since": since,
                    "audience": audience,
                    "department": str(department or ""),
                    "opens_at": opens_at,
                    "closes_at": closes_at,
                    "pages": {},
                },
            )
            entry["pages"][locale_id] = pk
        subjects = self._subjects_of(found)
        return ordered(
            Topic(
                consultation_id=key,
                subjects=frozenset(subjects.get(key, ())),
                **entry,
            )
            for key, entry in found.items()
        )

    def _subjects_of(self, found) -> dict[int, set[str]]:
        from wagtail_eparticipation.consultations.pages import SubjectLink

        links = SubjectLink.objects.filter(page__consultation__in=list(found))
        subjects: dict[int, set[str]] = {}
        for consultation_id, key in links.values_list(
            "page__consultation_id", "subject__translation_key"
        ):
            subjects.setdefault(consultation_id, set()).add(str(key))
        return subjects

    def search(self, text: str) -> set[int] | None:
        """Ids of the topics with all the words, in any language; ``None`` for no words.

        Spelling variants of Arabic are the same word (AC-S2-A2).
        """
        words = search_key(text[:200]).split()[:MAX_WORDS]
        if not words:
            return None
        pages = self.public_pages()
        for word in words:
            pages = pages.filter(search_text__contains=word)
        return set(pages.values_list("consultation_id", flat=True))

    def names(self, kind, keys: set[str]) -> dict[str, str]:
        """Names of departments or subjects in the hub's language, by their key."""
        entries = kind.objects.filter(translation_key__in=keys).values_list(
            "translation_key", "locale_id", "name"
        )
        names: dict[str, str] = {}
        for key, locale_id, name in entries:
            if locale_id == self.page.locale_id or str(key) not in names:
                names[str(key)] = name
        return dict(sorted(names.items(), key=lambda pair: pair[1]))

    def pages_of(self, topics: list[Topic]) -> dict[int, Any]:
        """The page shown for each topic: in the hub's language, else in another."""
        from wagtail_eparticipation.consultations.pages import ConsultationPage

        wanted = {
            topic.pages.get(self.page.locale_id, min(topic.pages.values())): topic
            for topic in topics
        }
        pages = ConsultationPage.objects.filter(pk__in=wanted).select_related("locale")
        shown = pages.only(
            "title",
            "question",
            "url_path",
            "locale__language_code",
            "last_published_at",
            "path",
            "depth",
        )
        return {wanted[page.pk].consultation_id: page for page in shown}


def listed(page) -> list[Consultation]:
    """Topics on which the caching of the hub depends: those that will yet change."""
    now = clock.now()
    changing = Consultation.objects.filter(
        pages__path__startswith=page.path, window__closes_at__gt=now
    ).exclude(stored_stage__in=UNSEEN)
    return list(changing.select_related("window").order_by("window__opens_at"))


def choices_made(data: QueryDict) -> dict[str, set[str]]:
    """What the visitor ticked, per facet; what does not exist matches nothing."""
    return {facet: set(data.getlist(facet)) for facet in FACETS}


def hub_context(request, page) -> dict[str, Any]:
    """Everything that the hub's template shows."""
    from wagtail_eparticipation.consultations.addresses import addresses_of
    from wagtail_eparticipation.pages_context import public_context

    hub = Hub(page)
    query = request.GET.get("q", "").strip()
    chosen = choices_made(request.GET)
    found = hub.search(query)
    topics = [
        topic for topic in hub.topics if found is None or topic.consultation_id in found
    ]
    subjects = hub.names(
        Subject, {key for topic in hub.topics for key in topic.subjects}
    )
    departments = hub.names(
        Department, {topic.department for topic in hub.topics if topic.department}
    )
    shown = matching(topics, chosen)
    part, before, after, is_first = page_after(
        shown, request.GET.get("after", ""), PAGE_SIZE
    )
    pages = hub.pages_of(part)
    labels = {
        "stage": dict(Group.choices),
        "subject": subjects,
        "department": departments,
        "audience": dict(AudienceMode.choices),
    }
    return {
        **public_context(request, addresses_of(hub.versions, request)),
        "query": query,
        "is_filtered": bool(query) or any(chosen.values()),
        "groups": _filter_groups(labels, counts(topics, chosen), chosen),
        "result_count": _result_words(len(shown)),
        "cards": [
            _card(topic, pages[topic.consultation_id], hub, request, labels)
            for topic in part
            if topic.consultation_id in pages
        ],
        "kept": [
            {"name": name, "value": value}
            for name, values in chosen.items()
            for value in sorted(values)
        ],
        "query_kept": [{"name": "q", "value": query}] if query else [],
        "reset_url": page.get_url(request) if any(chosen.values()) else "",
        "newer_url": "" if is_first else _link(request, before),
        "older_url": _link(request, after) if after else "",
        "hub_url": page.get_url(request),
        "feed_url": f"{page.get_url(request)}feed/",
        "calendar_url": f"{page.get_url(request)}calendar/",
        "contact_url": reverse(
            "eparticipation:contact", args=[page.locale.language_code]
        ),
    }


def _filter_groups(labels, numbers, chosen) -> list[dict[str, Any]]:
    legends = {
        "stage": _("Stage"),
        "subject": _("Subject"),
        "department": _("Department"),
        "audience": _("Audience"),
    }
    groups = []
    for place, facet in enumerate(FACETS):
        choices = [
            {
                "value": value,
                "label": label,
                "count": numbers[facet][value],
                "checked": value in chosen[facet],
            }
            for value, label in labels[facet].items()
            if numbers[facet][value] or value in chosen[facet]
        ]
        if choices:
            groups.append(
                {
                    "legend": legends[facet],
                    "name": facet,
                    "open": place == 0 or bool(chosen[facet]),
                    "choices": choices,
                }
            )
    return groups


def _result_words(number: int) -> str:
    return ngettext("%(count)d topic", "%(count)d topics", number) % {"count": number}


def _link(request, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}" if query else request.path


def _card(topic: Topic, page, hub: Hub, request, labels) -> dict[str, Any]:
    tone, icon = TONES[topic.group]
    language = page.locale.language_code
    card = {
        "title": page.title,
        "url": page.get_url(request),
        "question": page.question,
        "stage": topic.group.label,
        "tone": tone,
        "icon": icon,
        "dates": "",
        "department": labels["department"].get(topic.department, ""),
        "subjects": [
            name for key, name in labels["subject"].items() if key in topic.subjects
        ],
        "language": "" if page.locale_id == hub.page.locale_id else language,
    }
    if topic.stage == Stage.FORTHCOMING and topic.opens_at:
        card["dates"] = _("Opens: %(instant)s") % {
            "instant": instant_words(topic.opens_at)
        }
    elif topic.stage == Stage.COLLECTING:
        card["dates"] = _("Open %(until)s") % {"until": closing_words(topic.closes_at)}
        card["remaining"] = remaining_words(hub.now, topic.closes_at)
    elif topic.closes_at:
        card["dates"] = _("Was open %(until)s") % {
            "until": closing_words(topic.closes_at)
        }
    return card
