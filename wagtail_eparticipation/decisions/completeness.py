"""What a decision still lacks before it can be taken or announced (C.3)."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.decisions.pages import FACT_FIELDS, DecisionPage
from wagtail_eparticipation.decisions.record import as_drafted, is_approved, pages_of
from wagtail_eparticipation.languages import content_languages

#: A decision record without one of these is not complete (R-5.5.1b).
REQUIRED = (
    "number",
    "decided_on",
    "body",
    "decision",
    "next_steps",
    "effective_on",
    "implementer",
)


def edit_url(page) -> str:
    """The editor of a page; empty while the admin is not mounted."""
    return _admin("wagtailadmin_pages:edit", page.pk)


def add_url(topic) -> str:
    """Where a decision page is added below a topic's page."""
    meta = DecisionPage._meta
    return _admin("wagtailadmin_pages:add", meta.app_label, meta.model_name, topic.pk)


def _admin(name: str, *args) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def topics_of(consultation) -> list:
    """The topic's public pages, one per language."""
    pages = consultation.pages.filter(live=True, alias_of__isnull=True)
    return list(pages.select_related("locale").order_by("pk"))


def missing_approval(consultation) -> Iterator[Missing]:
    """The decision is drafted, complete and approved in one language at least."""
    pages = pages_of(consultation)
    if not pages:
        topic = next(iter(topics_of(consultation)), None)
        yield Missing(
            _("There is no decision page below the topic's page."),
            add_url(topic) if topic else "",
        )
        return
    if any(is_approved(page) for page in pages):
        return
    yield Missing(
        _("The decision page was not approved by the decision makers."),
        edit_url(pages[0]),
        pages[0].language,
    )


def missing_words(page) -> Iterator[Missing]:
    """Fields of one decision page, as last saved, that are still empty."""
    drafted = as_drafted(page)
    names = dict(content_languages())
    for name in REQUIRED:
        value = getattr(drafted, name)
        if value in (None, "") or not str(value).strip():
            yield Missing(
                _("The decision page lacks “%(field)s” (%(language)s).")
                % {
                    "field": drafted._meta.get_field(name).verbose_name,
                    "language": names.get(page.language, page.language),
                },
                edit_url(page),
                page.language,
            )


def missing_for_announcement(consultation, now: datetime) -> Iterator[Missing]:
    """Every language in which the topic is public has its approved decision page."""
    pages = {page.language: page for page in pages_of(consultation)}
    names = dict(content_languages())
    for topic in topics_of(consultation):
        language = topic.locale.language_code
        page = pages.get(language)
        if page is None:
            yield Missing(
                _("There is no decision page in this language: %(language)s.")
                % {"language": names.get(language, language)},
                add_url(topic),
                language,
            )
            continue
        yield from missing_words(page)
        if not is_approved(page):
            yield Missing(
                _("The decision page is not approved in this language: %(language)s.")
                % {"language": names.get(language, language)},
                edit_url(page),
                language,
            )
    yield from _contradictions(list(pages.values()))
    yield from _wrong_dates(consultation, list(pages.values()), now)


def _contradictions(pages: list) -> Iterator[Missing]:
    """Number and dates are facts: no language may say them differently."""
    drafted = [as_drafted(page) for page in pages]
    for name in FACT_FIELDS:
        values = {getattr(page, name) for page in drafted} - {None, ""}
        if len(values) > 1:
            yield Missing(
                _("The languages of the decision contradict each other: “%(field)s”.")
                % {"field": drafted[0]._meta.get_field(name).verbose_name},
                edit_url(drafted[-1]),
                drafted[-1].language,
            )


def _wrong_dates(consultation, pages: list, now: datetime) -> Iterator[Missing]:
    """A decision is dated after the closing and not in the future (P-5.5.1)."""
    window = getattr(consultation, "window", None)
    zone = municipal_zone()
    for page in pages:
        day = as_drafted(page).decided_on
        if day is None:
            continue
        if window is not None and day < window.closes_at.astimezone(zone).date():
            yield Missing(
                _("The date of the decision is before the end of the period."),
                edit_url(page),
                page.language,
            )
        if day > now.astimezone(zone).date():
            yield Missing(
                _("The date of the decision is in the future."),
                edit_url(page),
                page.language,
            )
