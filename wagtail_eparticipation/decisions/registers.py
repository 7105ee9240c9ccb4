"""Gates, embargo and public pieces that the decision adds to the process."""

from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signals import page_published, pre_page_move

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.gates import gate
from wagtail_eparticipation.consultations.locks import PageIsKept
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.timeline import Note, register_notes
from wagtail_eparticipation.decisions import (
    answers,
    cards,
    completeness,
    presentation,
)
from wagtail_eparticipation.decisions.pages import DecisionPageMixin
from wagtail_eparticipation.decisions.record import hold_back, release
from wagtail_eparticipation.decisions.versions import keep
from wagtail_eparticipation.participations import receipt_notes


@gate("decide")
def decision_is_approved(consultation, now):
    """The decision makers approved the decision page (P-5.5.1b)."""
    yield from completeness.missing_approval(consultation)


@gate("announce")
def decision_is_complete(consultation, now):
    """Each language's decision page is complete and approved (C.3)."""
    yield from completeness.missing_for_announcement(consultation, now)


@receiver(post_save, dispatch_uid="eparticipation_decision_tied")
def tie_to_process(sender, instance, raw=False, **kwargs):
    """A decision belongs to the process of the topic below which it stands.

    Done after saving, because drafts are saved without cleaning.
    """
    if raw or not isinstance(instance, DecisionPageMixin):
        return
    if instance.consultation_id is None:
        found = instance.consultation_of_parent()
        if found is not None:
            sender.objects.filter(pk=instance.pk).update(consultation=found)
            instance.consultation = found


@receiver(pre_save, dispatch_uid="eparticipation_decision_stays")
def keep_announced(sender, instance, raw=False, **kwargs):
    """Nothing takes an announced decision off the site, the scheduler neither."""
    if raw or instance._state.adding or not isinstance(instance, Page):
        return
    if instance.live:
        return
    page = instance.specific_deferred if type(instance) is Page else instance
    if not isinstance(page, DecisionPageMixin) or not page.is_public:
        return
    if type(page).objects.filter(pk=page.pk, live=True).exists():
        raise PageIsKept(
            _("“%(page)s” was announced and stays at its address.") % {"page": page}
        )


@receiver(pre_page_move, dispatch_uid="eparticipation_decision_moved")
def keep_with_its_topic(sender, instance, parent_page_after, **kwargs):
    """A decision stays below the topic that it decides."""
    decision = instance.specific_deferred
    if not isinstance(decision, DecisionPageMixin):
        return
    if kwargs["parent_page_before"].pk != parent_page_after.pk:
        raise PageIsKept(
            _("“%(page)s” stays below the topic that it decides.") % {"page": decision}
        )


@receiver(page_published, dispatch_uid="eparticipation_decision_published")
def keep_the_embargo(sender, instance, revision=None, **kwargs):
    """Before the announcement publishing approves; after it, it corrects."""
    if not isinstance(instance, DecisionPageMixin) or instance.alias_of_id is not None:
        return
    page = sender.objects.select_related("consultation", "locale").get(pk=instance.pk)
    if page.consultation is None:
        return
    if page.is_public:
        with transaction.atomic():
            keep(page, now=clock.database_now(), actor=revision and revision.user)
    else:
        hold_back(page, revision or page.latest_revision)
        instance.live = False


@receiver(signals.stage_changed, dispatch_uid="eparticipation_decision_release")
def end_the_embargo(consultation, stage_to, now, **kwargs):
    """All languages become public in the transaction of the announcement."""
    if stage_to == Stage.ANNOUNCED:
        release(consultation, now=now)


register_section(
    "decision",
    order=50,
    template="wagtail_eparticipation/sections/decision.html",
    provide=presentation.section,
)


def correction_notes(consultation, language, now):
    """Corrections of the decision on the public timeline (AC-S5-D1)."""
    if consultation.stage(now) not in presentation.SHOWN_IN:
        return
    corrected = consultation.decision_versions.filter(language=language)
    for version in corrected.exclude(note=""):
        yield Note(
            at=version.published_at,
            title=_("Decision corrected: version %(number)d")
            % {"number": version.number},
            text=version.note,
            tone="warning",
        )


register_notes(correction_notes)
receipt_notes.register(answers.receipt_notes_of, order=700)
register_card(400, cards.file_card)
register_card(410, cards.page_card)
