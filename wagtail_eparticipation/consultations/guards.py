"""What the database layer refuses to do to a topic's pages, whoever asks (AC-S6-C2).

Bulk actions, the API, deleting a parent and plain code all pass here; ``locks`` says
the same politely beforehand.
"""

from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision
from wagtail.signals import pre_page_move

from wagtail_eparticipation.consultations.hub_page import ConsultationIndexPageMixin
from wagtail_eparticipation.consultations.locks import (
    SEALED,
    UNSEEN,
    PageIsKept,
    has_seen_topics,
    holds_addresses,
    stage_of,
)
from wagtail_eparticipation.consultations.topic_page import (
    ConsultationPageMixin,
    is_topic_page,
)


@receiver(pre_save, dispatch_uid="eparticipation_guard_page")
def guard_page(sender, instance, raw=False, **kwargs):
    """Refuse changes to closed topics, and unpublishing of published ones.

    Wagtail's scheduler unpublishes through the base class of all pages.
    """
    if raw or instance._state.adding or not isinstance(instance, Page):
        return
    if type(instance) is Page and not instance.live:
        instance = instance.specific
        sender = type(instance)
        instance.live = False
    if isinstance(instance, ConsultationIndexPageMixin) and not instance.live:
        _keep_hub(sender, instance)
    _keep_address(instance)
    if not is_topic_page(instance):
        return
    stage = stage_of(instance)
    if stage in SEALED:
        raise PageIsKept(
            _("“%(page)s” belongs to a closed topic and cannot be changed.")
            % {"page": instance}
        )
    if stage is None or stage in UNSEEN or instance.live or not instance.is_original:
        return
    if sender.objects.filter(pk=instance.pk, live=True).exists():
        raise PageIsKept(
            _("“%(page)s” was published: withdraw the topic instead.")
            % {"page": instance}
        )


def _keep_hub(model, hub) -> None:
    was_live = model.objects.filter(pk=hub.pk, live=True).exists()
    if was_live and has_seen_topics(hub):
        raise PageIsKept(
            _("“%(page)s” stays: published topics stand below it.") % {"page": hub}
        )


def _keep_address(page) -> None:
    """A closed topic's address stays, also when a page above it is renamed."""
    kept = Page.objects.filter(pk=page.pk).only("slug", "path").first()
    if kept is not None and kept.slug != page.slug and holds_addresses(page):
        raise PageIsKept(
            _("“%(page)s” stays at its address: closed topics stand below it.")
            % {"page": page}
        )


@receiver(pre_save, sender=Revision, dispatch_uid="eparticipation_guard_revision")
def guard_revision(sender, instance, raw=False, **kwargs):
    """A closed topic takes no new drafts either."""
    if raw or not instance._state.adding:
        return
    model = instance.content_type.model_class()
    if model is None or not issubclass(model, ConsultationPageMixin):
        return
    page = model.objects.filter(pk=instance.object_id).first()
    if page is not None and stage_of(page) in SEALED:
        raise PageIsKept(
            _("“%(page)s” belongs to a closed topic and cannot be changed.")
            % {"page": page}
        )


@receiver(pre_delete, dispatch_uid="eparticipation_guard_deletion")
def guard_deletion(sender, instance, **kwargs):
    """A topic that people have seen keeps its pages, whoever deletes a parent."""
    if not is_topic_page(instance):
        return
    stage = stage_of(instance)
    if stage is not None and stage not in UNSEEN:
        raise PageIsKept(
            _("“%(page)s” belongs to a published topic and cannot be deleted.")
            % {"page": instance}
        )


@receiver(pre_page_move, dispatch_uid="eparticipation_guard_move")
def guard_move(sender, instance, **kwargs):
    """The address of a closed topic stays what it is, also when a parent moves."""
    if kwargs["url_path_before"] == kwargs["url_path_after"]:
        return
    page_models = [
        model
        for model in ConsultationPageMixin.__subclasses__()
        if not model._meta.abstract
    ]
    for model in page_models:
        sealed = model.objects.filter(
            path__startswith=instance.path, consultation__stored_stage__in=SEALED
        ).first()
        if sealed is not None:
            raise PageIsKept(
                _("“%(page)s” belongs to a closed topic and keeps its address.")
                % {"page": sealed}
            )
