"""Turns off, for our comments, the package's publishing of hidden replies.

django-comments-xtd publishes all replies of a comment whenever a public comment is
saved, moderated or not. Other comments of the site keep the package's behaviour.
"""

from django.apps import apps
from django.db.models.signals import pre_save
from django_comments_xtd import get_model
from django_comments_xtd import models as xtd

_original = xtd.publish_or_unpublish_on_pre_save


def cascade_for_other_comments(sender, instance, raw, using, **kwargs):
    """The package's receiver, skipped for comments on consultations."""
    if is_ours(instance):
        return
    _original(sender=sender, instance=instance, raw=raw, using=using, **kwargs)


def is_ours(comment) -> bool:
    """Whether a comment of any class hangs on a consultation."""
    from django.contrib.contenttypes.models import ContentType

    if not comment.content_type_id:
        return False
    model = apps.get_model("wagtail_eparticipation", "Consultation")
    ours = ContentType.objects.get_for_model(model)
    return comment.content_type_id == ours.pk


def turn_off() -> None:
    """Put our receiver in place whichever app became ready first."""
    if xtd.publish_or_unpublish_on_pre_save is cascade_for_other_comments:
        return
    xtd.publish_or_unpublish_on_pre_save = cascade_for_other_comments
    label = get_model()._meta.label
    if pre_save.disconnect(_original, sender=label):
        pre_save.connect(cascade_for_other_comments, sender=label)


def is_off() -> bool:
    """Whether the package's own receiver is connected nowhere."""
    connected = any(entry[0][0] == id(_original) for entry in pre_save.receivers)
    replaced = xtd.publish_or_unpublish_on_pre_save is cascade_for_other_comments
    return replaced and not connected
