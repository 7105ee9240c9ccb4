"""What follows when a topic's page is saved, published, unpublished or deleted.

Wagtail publishes pages in several ways: by workflow, by button, in bulk, by schedule,
through its API. All of them end here, so the rules hold for all of them.
"""

import logging

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.signals import page_published

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.approving import approver_of, current_approver
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.consultations.hub_page import ConsultationIndexPageMixin
from wagtail_eparticipation.consultations.locks import SEALED
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.request_versions import (
    checksum_of,
    content_in_all_languages,
    content_of,
    differences,
    freeze,
    latest_version,
)
from wagtail_eparticipation.consultations.search_text import search_words
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.topic_page import is_topic_page
from wagtail_eparticipation.ledger.record import record

logger = logging.getLogger(__name__)

_OPEN_TO_EDITING = frozenset({Stored.DRAFT, Stored.APPROVED})


@receiver(post_save, dispatch_uid="eparticipation_tie_page")
def tie_to_process(sender, instance, raw=False, **kwargs):
    """Tie a page to its process, and keep the process' facts up to date as draft."""
    if raw or not is_topic_page(instance):
        return
    changed = {}
    if instance.consultation_id is None:
        changed["consultation"] = instance.consultation = _process_of(instance)
    words = search_words(instance)
    if words != instance.search_text:
        changed["search_text"] = instance.search_text = words
    if changed:
        sender.objects.filter(pk=instance.pk).update(**changed)
    if instance.consultation.stored_stage in _OPEN_TO_EDITING:
        copy_facts(instance)


@receiver(post_save, dispatch_uid="eparticipation_prepare_hub")
def prepare_hub(sender, instance, created=False, raw=False, **kwargs):
    """A hub made after the setup gets the request's workflow, not the site's."""
    if raw or not created or not isinstance(instance, ConsultationIndexPageMixin):
        return
    from wagtail_eparticipation.consultations.workflows import assign_to_hub

    assign_to_hub(instance)


def _process_of(page) -> Consultation:
    from wagtail_eparticipation.consultations.lifecycle import ensure_consultation

    if page.alias_of_id is not None:
        shown = page.alias_of.specific
        if shown.consultation is not None:
            return shown.consultation
    return ensure_consultation(page)


def copy_facts(page) -> None:
    """Copy what the process needs from its pages: titles, and the original's facts."""
    consultation = page.consultation
    language = page.locale.language_code
    facts = {"titles": {**consultation.titles, language: page.title}}
    if page.is_original:
        facts["department_id"] = page.department_id
        facts["planned_decision_on"] = page.planned_decision_on
        if consultation.stored_stage in _OPEN_TO_EDITING:
            facts["kind"] = page.kind
            facts["audience_mode"] = page.audience_mode
            facts["identity_mode"] = page.identity_mode
    stale = {
        name: value
        for name, value in facts.items()
        if getattr(consultation, name) != value
    }
    if stale:
        Consultation.objects.filter(pk=consultation.pk).update(**stale)
        for name, value in stale.items():
            setattr(consultation, name, value)


@receiver(page_published, dispatch_uid="eparticipation_page_published")
def follow_publication(sender, instance, revision=None, **kwargs):
    """Open the topic if this is its approved first publication, else note a change."""
    if (
        not is_topic_page(instance)
        or not instance.live
        or instance.alias_of_id is not None
    ):
        return
    page = sender.objects.select_related("consultation", "locale").get(pk=instance.pk)
    if page.consultation is None or page.consultation.stored_stage in SEALED:
        return
    actor = current_approver() or (approver_of(revision) if revision else None)
    with transaction.atomic():
        _withhold_half_translations(page)
        if page.consultation.stored_stage in _OPEN_TO_EDITING:
            open_if_approved(page.original(), actor)
        else:
            note_change(page, actor)
    purge_later(page.consultation_id)


def _withhold_half_translations(page) -> None:
    """A half-translated version is never shown, however it was published (S1-A2)."""
    withheld = not page.is_original and bool(missing_items(page))
    if withheld != page.withheld:
        type(page).objects.filter(pk=page.pk).update(withheld=withheld)
        page.withheld = withheld


def open_if_approved(original, actor) -> bool:
    """Publish the process when the live original is exactly what was approved.

    What differs from the approved request makes the approval lapse (AC-S1-B1); what
    was never approved stays unseen: the page may be live, the public gets a 404.
    """
    from wagtail_eparticipation.consultations import acts

    consultation = original.consultation
    if not original.live or consultation.stored_stage != Stored.APPROVED:
        return False
    version = latest_version(consultation)
    content = content_in_all_languages(original)
    if version is None or checksum_of(content) != version.checksum:
        lapse(consultation, actor, version, content)
        return False
    actor = actor or version.approved_by
    try:
        with transaction.atomic():
            acts.perform(consultation, "publish", actor=actor)
            version.published_at = clock.database_now()
            version.save(update_fields=["published_at"])
    except acts.ActRefused as refusal:
        logger.warning(
            "Topic %s is not published: %s",
            consultation.reference,
            "; ".join(str(item) for item in refusal.missing),
        )
        return False
    consultation.refresh_from_db()
    copy_facts(original)
    _publish_translations(original, version, actor)
    return True


def _publish_translations(original, version, actor) -> None:
    """Make the other languages of the approved version public at the same moment.

    A translation under a review of its own is left to those who review it.
    """
    for draft in original.sibling_versions():
        page = type(original).objects.get(pk=draft.pk)
        approved = draft.locale.language_code in version.content
        shown = page.live and not page.has_unpublished_changes
        if approved and not shown and not page.workflow_in_progress:
            revision = page.latest_revision or page.save_revision(user=actor)
            revision.publish(user=actor, skip_permission_checks=True)


def lapse(consultation, actor, version, content) -> None:
    """Take the approval back, because the request is no longer what was approved."""
    from wagtail_eparticipation.consultations import acts

    acts.perform(
        consultation,
        "lapse",
        actor=actor,
        version=version.number if version else None,
        changed=differences(version.content if version else {}, content),
    )
    consultation.refresh_from_db()


def note_change(page, actor) -> None:
    """Keep a change after publication as the next version, with its public note."""
    consultation = page.consultation
    copy_facts(page)
    if page.withheld:
        return
    original = page.original()
    version = latest_version(consultation)
    before = version.content if version else {}
    language = page.locale.language_code
    content = {**before, language: content_of(page, facts_from=original)}
    if page.is_original:
        for other in _live_translations(page):
            content[other.locale.language_code] = content_of(other, facts_from=page)
    now = clock.database_now()
    kept, is_new = freeze(
        consultation,
        content,
        now=now,
        approved_by=actor,
        change_note=page.change_note,
        published=True,
    )
    pending = type(page).objects.filter(pk=page.pk)
    if page.update_pending:
        pending.update(update_pending=False)
    if not is_new:
        return
    changed = differences(before, content)
    if page.is_original and any(name.startswith(f"{language}.") for name in changed):
        others = type(page).objects.filter(consultation=consultation)
        others.exclude(pk=page.pk).update(update_pending=True)
    record(
        consultation,
        "request_changed",
        actor=actor,
        at=now,
        data={
            "version": kept.number,
            "checksum": kept.checksum,
            "changed": changed,
            "note": page.change_note,
        },
    )


def _live_translations(page) -> list:
    pages = type(page).objects.filter(
        consultation_id=page.consultation_id,
        live=True,
        withheld=False,
        alias_of__isnull=True,
    )
    return list(pages.exclude(pk=page.pk).select_related("locale"))


def purge_later(consultation_id: int) -> None:
    """Take outdated copies of the topic and its hub out of the front-end cache."""
    from django.conf import settings

    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        transaction.on_commit(lambda: _purge(consultation_id))


def _purge(consultation_id: int) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    for page in Consultation.objects.get(pk=consultation_id).pages.filter(live=True):
        batch.add_page(page)
        batch.add_page(page.get_parent().specific)
    batch.purge()
