"""System checks of the comments package's behaviour on a site."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from wagtail_eparticipation.discussion import cascade, guard

PREFIX = "wagtail_eparticipation"


@register()
def check_cascade_is_off(app_configs, **kwargs):
    if cascade.is_off():
        return []
    return [
        Error(
            "django_comments_xtd.models.publish_or_unpublish_on_pre_save is connected: "
            "saving a comment would publish its replies, moderated or not.",
            hint="Disconnect that receiver from pre_save; wagtail_eparticipation puts "
            "its own in its place for the site's other comments.",
            id=f"{PREFIX}.E006",
        )
    ]


@register(Tags.urls)
def check_comment_views_are_guarded(app_configs, **kwargs):
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    return [
        Error(
            f"The address of {name} can be used to get round the participation form.",
            hint="Wrap the view: "
            "wagtail_eparticipation.discussion.guard.guarded(view).",
            id=f"{PREFIX}.E007",
        )
        for name in guard.unguarded_views()
    ]
