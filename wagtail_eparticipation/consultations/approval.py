"""Approving a request: what is approved is frozen, in every language (R-5.1.1b)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.completeness import missing_languages_of
from wagtail_eparticipation.consultations.gates import Missing, missing_for
from wagtail_eparticipation.consultations.models import RequestVersion
from wagtail_eparticipation.consultations.request_gates import NotApproved
from wagtail_eparticipation.consultations.request_versions import (
    content_in_all_languages,
    content_of,
    freeze,
    latest_version,
)
from wagtail_eparticipation.consultations.stages import Stored


class RequestIncomplete(PermissionDenied):
    """An incomplete request cannot be approved; ``missing`` names each item."""

    def __init__(self, missing: list[Missing]):
        self.missing = missing
        super().__init__(" ".join(str(item) for item in missing))


def missing_for_approval(page) -> list[Missing]:
    """What stops the approval of this page's words, original or translation."""
    found: list[Missing] = list(missing_languages_of(page))
    if page.consultation_id is None:
        return found
    if page.consultation.stored_stage in (Stored.DRAFT, Stored.APPROVED):
        found += _closed_gates(page.consultation)
    else:
        found += _unexplained_change(page)
    return list({(str(item), item.url): item for item in found}.values())


def _closed_gates(consultation) -> list[Missing]:
    """What other rooms ask for: publication follows the approval at once."""
    now = clock.now()
    return [
        item
        for transition in ("approve", "publish")
        for item in missing_for(transition, consultation, now)
        if not isinstance(item, NotApproved)
    ]


def _unexplained_change(page) -> list[Missing]:
    """A change after publication needs a new public note (R-5.1.1b, R-5.2.1e)."""
    from wagtail_eparticipation.consultations.completeness import field_url

    version = latest_version(page.consultation)
    language = page.locale.language_code
    if version is None or language not in version.content:
        return []
    if content_of(page) == version.content[language]:
        return []
    if page.update_pending or (
        page.change_note and page.change_note != version.change_note
    ):
        return []
    return [
        Missing(
            _("Say in “what changed” what was corrected and why."),
            field_url(page, "change_note"),
            language,
        )
    ]


@transaction.atomic
def approve_request(page, user) -> RequestVersion | None:
    """Freeze what is on the page and its translations, and approve the process.

    ``page`` is the revision under approval. Raises :class:`RequestIncomplete`. After
    publication a change needs no approval of the process: it becomes the next version
    when it is published.
    """
    from wagtail_eparticipation.consultations import acts

    missing = missing_for_approval(page)
    if missing:
        raise RequestIncomplete(missing)
    consultation = page.consultation
    if consultation.stored_stage not in (Stored.DRAFT, Stored.APPROVED):
        return None
    original = page if page.is_original else page.original()
    if original is not page:
        original = original.get_latest_revision_as_object()
    versions = [original, *original.sibling_versions()]
    versions = [page if each.pk == page.pk else each for each in versions]
    version, is_new = freeze(
        consultation,
        content_in_all_languages(original, versions),
        now=clock.database_now(),
        approved_by=user,
        change_note=original.change_note,
    )
    if is_new or consultation.stored_stage == Stored.DRAFT:
        try:
            acts.perform(consultation, "approve", actor=user, version=version.number)
        except acts.ActRefused as refusal:
            raise RequestIncomplete(refusal.missing) from refusal
    consultation.refresh_from_db()
    return version
