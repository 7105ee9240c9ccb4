"""What nobody may do to a topic's pages, superusers included (AC-S6-C2).

Permissions answer the admin and the API politely; the receivers in ``publishing``
refuse the same things to code that does not ask.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.locks import BaseLock
from wagtail.models import PagePermissionTester

from wagtail_eparticipation.consultations.access import within_limits
from wagtail_eparticipation.consultations.approving import current_approver
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stored

#: Since the formal closing the words of a topic are part of the record.
SEALED = frozenset({Stored.CLOSED, Stored.ARCHIVED})
#: Nobody outside has seen the topic yet: its pages may still be deleted.
UNSEEN = frozenset({Stored.DRAFT, Stored.APPROVED, Stored.CANCELLED})


def has_seen_topics(page) -> bool:
    """Whether topics that people have seen stand below a page, or are the page."""
    pages = Consultation._meta.get_field("pages").related_model
    kept = pages.objects.exclude(consultation__stored_stage__in=UNSEEN)
    return kept.filter(path__startswith=page.path, consultation__isnull=False).exists()


def has_sealed_topics(page) -> bool:
    """Whether closed topics, whose addresses stay, stand below a page."""
    pages = Consultation._meta.get_field("pages").related_model
    sealed = pages.objects.filter(consultation__stored_stage__in=SEALED)
    return sealed.filter(path__startswith=page.path).exists()


def holds_addresses(page) -> bool:
    """Whether a new slug of this page would give closed topics other addresses.

    The slug of a site's home page is in nobody's address.
    """
    if not page.pk or not has_sealed_topics(page):
        return False
    site = page.get_site()
    return site is not None and site.root_page.translation_key != page.translation_key


class HubPermissions(PagePermissionTester):
    """A hub stays, and stays public, as long as people follow topics below it."""

    def can_delete(self, ignore_bulk=False):
        return super().can_delete(ignore_bulk) and not has_seen_topics(self.page)

    def can_unpublish(self):
        return super().can_unpublish() and not has_seen_topics(self.page)

    def can_set_view_restrictions(self):
        allowed = super().can_set_view_restrictions()
        return allowed and not has_seen_topics(self.page)


class PageIsKept(PermissionDenied):
    """A page of a published or closed topic must stay as it is."""


def stage_of(page) -> str | None:
    """The stored stage of the page's process, as the database has it now."""
    if page.consultation_id is None:
        return None
    return (
        Consultation.objects.filter(pk=page.consultation_id)
        .values_list("stored_stage", flat=True)
        .first()
    )


def is_sealed(page) -> bool:
    """Whether the topic was formally closed: nothing changes on its pages."""
    consultation = page.consultation
    return consultation is not None and consultation.stored_stage in SEALED


class ArchiveLock(BaseLock):
    """Locks the editor of a closed topic for everybody."""

    def for_user(self, user):
        return True

    def get_message(self, user):
        return _(
            "This topic was formally closed. Its pages stay as they are; new facts "
            "are added as a supplement, a new consultation as a successor topic."
        )

    def get_description(self, user):
        return _("The topic was formally closed; nobody can change its pages.")


def may_work_on(user, page) -> bool:
    """Whether a topic's page belongs to a department that the user is limited to.

    What has no department yet is open to everybody whom Wagtail lets in.
    """
    consultation = getattr(page, "consultation", None)
    if consultation is None or consultation.department_id is None:
        return True
    return within_limits(user, consultation)


class ConsultationPagePermissions(PagePermissionTester):
    """Wagtail's answers, narrowed by the stage of the process and by departments."""

    def __init__(self, user, page):
        super().__init__(user, page)
        if user.is_active and not may_work_on(user, page):
            self.permissions = set()

    def _stage(self) -> str | None:
        consultation = self.page.consultation
        return consultation.stored_stage if consultation else None

    def _is_sealed(self) -> bool:
        return self._stage() in SEALED

    def _is_unseen(self) -> bool:
        stage = self._stage()
        return stage is None or stage in UNSEEN

    def can_delete(self, ignore_bulk=False):
        stage = self._stage()
        if stage is not None and stage not in UNSEEN:
            return False
        return super().can_delete(ignore_bulk)

    def can_move(self):
        return not self._is_sealed() and super().can_delete(ignore_bulk=True)

    def can_unpublish(self):
        stage = self._stage()
        if stage in SEALED:
            return False
        # A translation may be taken back; the topic itself only by withdrawal.
        seen = stage is not None and stage not in UNSEEN
        if seen and self.page.specific_deferred.is_original:
            return False
        return super().can_unpublish()

    def can_publish(self):
        """Since people read the topic, its changes are published by approval alone.

        Otherwise a superuser's button, or a bulk act, would pass by the gates.
        """
        approved = current_approver() == self.user
        return (self._is_unseen() or approved) and self._can_publish()

    def _can_publish(self) -> bool:
        return not self._is_sealed() and super().can_publish()

    def can_set_view_restrictions(self):
        """Restricting who reads a published topic takes two people, by an act."""
        return self._is_unseen() and super().can_set_view_restrictions()

    def can_lock(self):
        return not self._is_sealed() and super().can_lock()

    def can_unlock(self):
        return not self._is_sealed() and super().can_unlock()
