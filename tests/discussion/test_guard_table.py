"""Every address of both comments packages, counted in their own URLconfs.

A newer version that brings a new address fails here until somebody has considered
whether it can be used to get round the door, the stage, the audience or moderation.
"""

import json
import re

import pytest
from django.core.cache import cache
from django.urls import get_resolver, reverse
from django_comments.models import Comment, CommentFlag
from django_comments_xtd.models import DISLIKEDIT_FLAG, LIKEDIT_FLAG, XtdComment

from tests.discussion.makers import make_voice
from tests.discussion.test_guard import (
    ATTEMPTS,
    HARMLESS,
    everything,
    send,
    site_page,  # noqa: F401 (a fixture)
)
from tests.factories import DURING, make_consultation, make_user
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion.publish import comment_fields

pytestmark = pytest.mark.django_db

#: What each address could do to a comment or for an object, as considered.
CONSIDERED = {
    "^sent/$": "comments-xtd-sent",
    "^confirm/(?P<key>[^/]+)/$": "comments-xtd-confirm",
    "^mute/(?P<key>[^/]+)/$": "comments-xtd-mute",
    r"^reply/(?P<cid>\d+)/$": "comments-xtd-reply",
    r"^flag/(\d+)/$": "comments-flag",
    r"^like/(\d+)/$": "comments-xtd-like",
    "^liked/$": "comments-xtd-like-done",
    r"^dislike/(\d+)/$": "comments-xtd-dislike",
    "^disliked/$": "comments-xtd-dislike-done",
    "api/comment/": "comments-xtd-api-create",
    "api/preview/": "comments-xtd-api-preview",
    r"api/^(?P<content_type>\w+-\w+)/(?P<object_pk>[-\w]+)/$": "comments-xtd-api-list",
    r"api/^(?P<content_type>\w+-\w+)/(?P<object_pk>[-\w]+)/count/$": (
        "comments-xtd-api-count"
    ),
    "api/feedback/": "comments-xtd-api-feedback",
    "api/flag/": "comments-xtd-api-flag",
    "post/": "comments-post-comment",
    "posted/": "comments-comment-done",
    "flag/<int:comment_id>/": "comments-flag",
    "flagged/": "comments-flag-done",
    "delete/<int:comment_id>/": "comments-delete",
    "deleted/": "comments-delete-done",
    "approve/<int:comment_id>/": "comments-approve",
    "approved/": "comments-approve-done",
    r"^cr/(\d+)/(.+)/$": "comments-url-redirect",
}

#: Endings that the packages add to each address, such as ``.json``.
ENDINGS = (r"\.(?P<format>[a-z0-9]+)/?$", "<drf_format_suffix:format>")


def routes_of(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes_of(pattern.url_patterns, route)
        else:
            yield route, pattern.name


def without_ending(route):
    for ending in ENDINGS:
        if route.endswith(ending):
            shorter = route.removesuffix(ending)
            return f"{shorter}/$" if "^" in route else f"{shorter}/"
    return route


@pytest.mark.parametrize("package", ["django_comments", "django_comments_xtd"])
def test_every_address_of_the_packages_was_considered(package):
    found = {
        (without_ending(route), name)
        for route, name in routes_of(get_resolver(f"{package}.urls").url_patterns)
    }
    assert found - set(CONSIDERED.items()) == set()


def test_each_considered_address_is_tried_or_named_harmless():
    assert set(CONSIDERED.values()) == set(ATTEMPTS) | HARMLESS


@pytest.fixture(params=["anonymous", "citizen", "comments moderator"])
def visitor(request, client):
    if request.param == "citizen":
        client.force_login(make_user())
    elif request.param == "comments moderator":
        client.force_login(make_user(permissions=["can_moderate"]))
    return request.param


@pytest.mark.parametrize("stage", [Stored.PUBLISHED, Stored.ARCHIVED])
def test_nobody_reaches_our_objects_at_any_stage(
    client,
    visitor,
    stage,
    site_page,  # noqa: F811
    mailoutbox,
):
    cache.clear()
    voice = make_voice(make_consultation(stored=stage))
    before = everything()
    for makers in ATTEMPTS.values():
        for make in makers:
            for response in send(client, make(voice)):
                assert response.status_code in (302, 403, 405)
                assert voice.comment not in response.content.decode()
    assert everything() == before
    assert mailoutbox == []


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
@pytest.mark.parametrize("ending", [".json", ".html"])
def test_an_ending_of_the_address_changes_nothing(
    client,
    name,
    ending,
    site_page,  # noqa: F811
):
    """Some of the packages' views cannot take one at all and fail before any act."""
    client.raise_request_exception = False
    client.force_login(make_user(permissions=["can_moderate"], superuser=True))
    voice = make_voice()
    before = everything()
    for make in ATTEMPTS[name]:
        how, url, data = make(voice)
        address = re.sub(r"/(\?|$)", rf"{ending}\1", url, count=1)
        for response in send(client, (how, address, data)):
            assert response.status_code >= 400
            assert voice.comment not in response.content.decode()
    assert everything() == before


@pytest.fixture
def their_comment(site_page):  # noqa: F811
    """A comment on an ordinary page of the site."""
    fields = comment_fields(0, DURING)
    fields.pop("consultation_id")
    fields["content_type"] = site_page.cached_content_type
    fields["object_pk"] = str(site_page.pk)
    return XtdComment.objects.create(
        **fields, comment="On the news", user_name="A", user_email="a@example.com"
    )


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("comments-xtd-like", LIKEDIT_FLAG),
        ("comments-xtd-dislike", DISLIKEDIT_FLAG),
        ("comments-flag", CommentFlag.SUGGEST_REMOVAL),
        ("comments-delete", CommentFlag.MODERATOR_DELETION),
        ("comments-approve", CommentFlag.MODERATOR_APPROVAL),
    ],
)
def test_the_sites_other_comments_can_be_flagged(client, their_comment, name, flag):
    user = make_user(permissions=["can_moderate"])
    client.force_login(user)
    options = {"wagtailcore.page": {"allow_flagging": True, "allow_feedback": True}}
    from django_comments_xtd.conf import settings as xtd_settings

    known = xtd_settings.COMMENTS_XTD_APP_MODEL_OPTIONS
    xtd_settings.COMMENTS_XTD_APP_MODEL_OPTIONS = options
    try:
        response = client.post(reverse(name, args=[their_comment.pk]))
    finally:
        xtd_settings.COMMENTS_XTD_APP_MODEL_OPTIONS = known
    assert response.status_code == 302
    assert CommentFlag.objects.filter(user=user, flag=flag).exists()


def test_the_sites_other_comments_are_listed_and_counted(client, their_comment):
    place = ["wagtailcore-page", their_comment.object_pk]
    listed = client.get(reverse("comments-xtd-api-list", args=place))
    assert "On the news" in listed.content.decode()
    counted = client.get(reverse("comments-xtd-api-count", args=place))
    assert json.loads(counted.content) == {"count": 1}
    assert Comment.objects.count() == 1
