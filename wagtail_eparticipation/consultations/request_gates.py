"""Gates of approval and publication that ask the request itself (C.3)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.completeness import (
    field_url,
    missing_languages_of,
)
from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.consultations.request_versions import (
    checksum_of,
    content_in_all_languages,
    latest_version,
)


class NotApproved(Missing):
    """What only the approval itself can mend."""


def original_page(consultation):
    """The page in which the topic was first written, as last saved by its editors.

    ``None`` when the topic has no page.
    """
    page = (
        consultation.pages.filter(alias_of__isnull=True)
        .select_related("locale")
        .order_by("pk")
        .first()
    )
    return page and page.get_latest_revision_as_object()


def _no_page() -> Missing:
    return Missing(_("The topic has no page that says what it is about."))


@gate("approve")
def request_is_complete(consultation, now: datetime) -> Iterator[Missing]:
    """(a) to (e), audience, impact, initial situation and privacy are there."""
    page = original_page(consultation)
    if page is None:
        yield _no_page()
        return
    yield from missing_languages_of(page)
    if consultation.policy_version_id is None:
        yield Missing(_("No participation policy is pinned to this topic."))


@gate("publish")
def every_language_is_complete(consultation, now: datetime) -> Iterator[Missing]:
    """Each language of the site is complete or publicly announced for later."""
    page = original_page(consultation)
    if page is None:
        yield _no_page()
        return
    yield from missing_languages_of(page)


@gate("publish")
def approved_version_is_unchanged(consultation, now: datetime) -> Iterator[Missing]:
    """What is published is what was approved (AC-S1-B1)."""
    page = original_page(consultation)
    version = latest_version(consultation)
    if page is None:
        return
    if version is None:
        yield NotApproved(_("The request was not approved yet."))
    elif checksum_of(content_in_all_languages(page)) != version.checksum:
        yield NotApproved(
            _("The request was changed after its approval and needs a new approval."),
            field_url(page, "title"),
        )


@gate("publish")
def period_is_ahead(consultation, now: datetime) -> Iterator[Missing]:
    """A period that is already over asks nobody anything."""
    page = original_page(consultation)
    period = page and page.period()
    if period and period[1] <= now:
        yield Missing(
            _("The period is already over: set new dates and have them approved."),
            field_url(page, "closes_on"),
        )
