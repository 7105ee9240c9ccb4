"""One door: the comments package's own addresses cannot reach our objects.

A site may mount ``django_comments_xtd.urls`` for its other content. Whatever such a
request does (post, reply, flag, like, moderate, confirm, list by REST), it is refused
when it names a consultation, one of our pages or a published comment, and when it
names any Wagtail page that the visitor may not see. Two rings: the package's views
are wrapped, and its models refuse to write about ours.
"""

import json
from collections.abc import Iterator
from functools import wraps

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext as _
from django_comments.models import Comment, CommentFlag
from django_comments.signals import comment_will_be_posted
from django_comments.views import comments as contrib_comments
from django_comments.views import moderation as contrib_moderation
from django_comments_xtd import signed
from django_comments_xtd import views as xtd_views
from django_comments_xtd.conf import settings as xtd_settings
from wagtail.models import Page, PageViewRestriction

from wagtail_eparticipation.discussion.cascade import is_ours
from wagtail_eparticipation.discussion.models import PublishedComment

APP = "wagtail_eparticipation"

#: Views of the two packages that take the name of an object.
WRAPPED = {
    xtd_views: ("sent", "confirm", "mute", "reply", "flag", "like", "dislike")
    + ("like_done", "dislike_done"),
    contrib_comments: ("post_comment", "comment_done"),
    contrib_moderation: ("flag", "delete", "approve")
    + ("flag_done", "delete_done", "approve_done"),
}
API_VIEWS = (
    "CommentCreate",
    "CommentList",
    "CommentCount",
    "ToggleFeedbackFlag",
    "CreateReportFlag",
)
_ID_KEYS = ("comment", "comment_id", "cid", "c", "reply_to", "parent_id", "id")
#: In a request to post, "comment" is the text.
_POST_KEYS = ("reply_to", "parent_id")


def install() -> None:
    """Wrap the package's views before any URLconf imports them; safe to repeat."""
    for module, names in WRAPPED.items():
        for name in names:
            view = getattr(module, name)
            if not is_guarded(view):
                setattr(module, name, guarded(view))
    from django_comments_xtd.api import views as api_views

    for name in API_VIEWS:
        view_class = getattr(api_views, name)
        if not is_guarded(view_class):
            _guard_class(view_class)
    comment_will_be_posted.connect(refuse_posting, dispatch_uid=f"{APP}.posting")
    pre_save.connect(refuse_writing, dispatch_uid=f"{APP}.writing")
    for signal in (pre_save, pre_delete):
        signal.connect(
            refuse_flagging, sender=CommentFlag, dispatch_uid=f"{APP}.flagging"
        )


def is_guarded(view) -> bool:
    """Whether a view function or class of the package asks us first."""
    view = getattr(view, "cls", view)
    return getattr(view, "eparticipation_guarded", False)


def guarded(view):
    """The view, refusing requests that name what is ours or what is hidden."""

    @wraps(view)
    def guard(request, *args, **kwargs):
        _refuse(request, args, kwargs)
        return view(request, *args, **kwargs)

    guard.eparticipation_guarded = True
    return guard


def _guard_class(view_class) -> None:
    original = view_class.initial

    def initial(self, request, *args, **kwargs):
        _refuse(request, args, kwargs)
        return original(self, request, *args, **kwargs)

    view_class.initial = initial
    view_class.eparticipation_guarded = True


def _refuse(request, args, kwargs) -> None:
    for comment in _named_comments(request, args, kwargs):
        if is_ours(comment) or _is_hidden(
            request, comment.content_type, comment.object_pk
        ):
            raise PermissionDenied(_refusal())
    for content_type, object_pk in _named_objects(request, kwargs):
        if names_ours(content_type, object_pk) or _is_hidden(
            request, content_type, object_pk
        ):
            raise PermissionDenied(_refusal())


def _refusal() -> str:
    return _(
        "Comments on this topic are sent through the topic's own form, not through "
        "this address."
    )


def names_ours(content_type: ContentType, object_pk: str) -> bool:
    """Whether an object belongs to this app, our pages under any class included."""
    if content_type.app_label == APP:
        return True
    model = content_type.model_class()
    if model is None:
        return False
    if issubclass(model, Comment):
        comment = _comments([object_pk])
        return any(is_ours(each) for each in comment)
    if issubclass(model, Page):
        page = _page(object_pk)
        return page is not None and page.cached_content_type.app_label == APP
    return False


def _is_hidden(request, content_type: ContentType, object_pk: str) -> bool:
    """Whether it is a page that is not live or that this visitor may not see."""
    model = content_type.model_class()
    if model is None or not issubclass(model, Page):
        return False
    page = _page(object_pk)
    if page is None:
        return False
    if not page.live:
        return True
    # DRF's request hands sessions and users through to the one it wraps.
    return any(
        not restriction.accept_request(request)
        for restriction in page.get_view_restrictions().select_related("page")
        if isinstance(restriction, PageViewRestriction)
    )


def _page(object_pk: str) -> Page | None:
    if not str(object_pk).isdigit():
        return None
    return Page.objects.filter(pk=object_pk).first()


def _comments(ids) -> list[Comment]:
    keys = {int(each) for each in ids if str(each).isdigit() and len(str(each)) < 19}
    if not keys:
        return []
    return list(Comment.objects.filter(pk__in=keys).select_related("content_type"))


def _named_comments(request, args, kwargs) -> Iterator[Comment]:
    ids = [*args, *(kwargs.get(key) for key in _ID_KEYS)]
    for source in _sources(request):
        keys = _POST_KEYS if source.get("content_type") else _ID_KEYS
        ids.extend(source.get(key) for key in keys)
    yield from _comments(each for each in ids if each not in (None, "", 0, "0"))
    signed_comment = _signed_comment(kwargs.get("key"))
    if signed_comment is not None:
        yield signed_comment


def _signed_comment(key):
    """What a confirmation or mute link holds; ``None`` for a forged one."""
    if not key:
        return None
    try:
        found = signed.loads(str(key), extra_key=xtd_settings.COMMENTS_XTD_SALT)
    except Exception:  # noqa: BLE001 (the package's own view answers for bad links)
        return None
    content_type = getattr(found, "content_type", None)
    if content_type is None:
        return None
    return Comment(content_type=content_type, object_pk=str(found.object_pk))


def _named_objects(request, kwargs) -> Iterator[tuple[ContentType, str]]:
    for source in (kwargs, *_sources(request)):
        name, object_pk = source.get("content_type"), source.get("object_pk")
        if not name or object_pk in (None, ""):
            continue
        label = str(name).replace("-", ".", 1)
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            continue
        yield ContentType.objects.get_for_model(model), str(object_pk)


def _sources(request) -> list:
    found = [request.GET, request.POST]
    data = getattr(request, "data", None)
    if data is None and request.content_type == "application/json":
        try:
            data = json.loads(request.body)
        except ValueError:
            data = None
    if hasattr(data, "get"):
        found.append(data)
    return found


def refuse_posting(sender, comment, request, **kwargs):
    """A receiver of ``comment_will_be_posted``: ``False`` refuses the post."""
    if issubclass(sender, PublishedComment):
        return None
    content_type, object_pk = comment.content_type, comment.object_pk
    parent = _comments([comment.parent_id]) if getattr(comment, "parent_id", 0) else []
    refused = (
        names_ours(content_type, object_pk)
        or any(is_ours(each) for each in parent)
        or _is_hidden(request, content_type, object_pk)
    )
    return False if refused else None


def refuse_writing(sender, instance, raw=False, **kwargs):
    """Stop any other class of comment from being saved on our objects."""
    if raw or not isinstance(instance, Comment):
        return
    if isinstance(instance, PublishedComment):
        return
    if names_ours(instance.content_type, instance.object_pk):
        raise PermissionDenied(_refusal())


def refuse_flagging(sender, instance, raw=False, **kwargs):
    """Stop flags, likes and moderation marks on our comments."""
    if not raw and is_ours(instance.comment):
        raise PermissionDenied(_refusal())


def unguarded_views() -> list[str]:
    """Names of mounted views of the package that do not ask us (for the check)."""
    from django.urls import get_resolver

    found = []
    for pattern in _patterns(get_resolver().url_patterns):
        callback = pattern.callback
        module = getattr(callback, "__module__", "")
        if not module.startswith(("django_comments.", "django_comments_xtd.")):
            continue
        if pattern.name == "comments-xtd-api-preview":
            continue
        if not is_guarded(callback):
            named = getattr(callback, "cls", callback)
            found.append(f"{module}.{named.__name__}")
    return sorted(set(found))


def _patterns(patterns) -> Iterator:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
