"""Each address of django_comments_xtd, tried on what is ours."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db.models.signals import pre_save
from django.urls import get_resolver, reverse
from django_comments.forms import CommentSecurityForm
from django_comments.models import Comment, CommentFlag
from django_comments_xtd import signed
from django_comments_xtd.conf import settings as xtd_settings
from django_comments_xtd.models import TmpXtdComment, XtdComment
from wagtail.models import Locale, Page, PageViewRestriction

from tests.discussion.makers import make_voice
from tests.factories import DURING, make_user
from wagtail_eparticipation.discussion import cascade, guard
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import comment_fields

pytestmark = pytest.mark.django_db

CONSULTATION = "wagtail_eparticipation.consultation"
COMMENT = "wagtail_eparticipation.publishedcomment"


@pytest.fixture
def voice():
    return make_voice()


@pytest.fixture
def moderator(client):
    user = make_user(permissions=["can_moderate"], superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def site_page():
    """An ordinary page of the site, whether or not migrations made one."""
    Locale.objects.get_or_create(language_code="ar")
    root = Page.get_first_root_node() or Page.add_root(title="root", slug="root")
    return root.add_child(title="News", slug="news-of-the-town", live=True)


def post_data(target, label, **fields):
    """What a valid form of the package would send about ``target``."""
    security = CommentSecurityForm(target).generate_security_data()
    return {
        **security,
        "content_type": label,
        "object_pk": str(target.pk),
        "name": "A",
        "email": "a@example.com",
        "comment": "text",
        "honeypot": "",
        "reply_to": "0",
        **fields,
    }


def temporary(consultation):
    fields = comment_fields(consultation.pk, DURING)
    fields.pop("consultation_id")
    return TmpXtdComment(
        **fields,
        user=None,
        user_name="A",
        user_email="a@example.com",
        comment="text",
        parent_id=0,
        thread_id=0,
        level=0,
        order=1,
        content_object=consultation,
    )


def signed_link(voice):
    return signed.dumps(
        temporary(voice.consultation),
        compress=True,
        extra_key=xtd_settings.COMMENTS_XTD_SALT,
    ).decode()


def by_id(name):
    return lambda voice: ("both", reverse(name, args=[voice.pk]), {})


def done(name):
    return lambda voice: ("get", f"{reverse(name)}?c={voice.pk}", {})


def api_flag(name, flag):
    return lambda voice: ("json", reverse(name), {"comment": voice.pk, "flag": flag})


#: Every named address of the package, with the request that names our object.
ATTEMPTS = {
    "comments-xtd-sent": [done("comments-xtd-sent")],
    "comments-xtd-confirm": [
        lambda v: ("get", reverse("comments-xtd-confirm", args=[signed_link(v)]), {})
    ],
    "comments-xtd-mute": [
        lambda v: ("get", reverse("comments-xtd-mute", args=[signed_link(v)]), {})
    ],
    "comments-xtd-reply": [
        lambda v: ("both", reverse("comments-xtd-reply", kwargs={"cid": v.pk}), {})
    ],
    "comments-flag": [
        by_id("comments-flag"),
        lambda v: ("both", f"/comments/flag/{v.pk}/", {}),
    ],
    "comments-xtd-like": [by_id("comments-xtd-like")],
    "comments-xtd-like-done": [done("comments-xtd-like-done")],
    "comments-xtd-dislike": [by_id("comments-xtd-dislike")],
    "comments-xtd-dislike-done": [done("comments-xtd-dislike-done")],
    "comments-xtd-api-create": [
        lambda v: (
            "json",
            reverse("comments-xtd-api-create"),
            post_data(v.consultation, CONSULTATION),
        ),
        lambda v: ("json", reverse("comments-xtd-api-create"), post_data(v, COMMENT)),
        lambda v: (
            "json",
            reverse("comments-xtd-api-create"),
            post_data(Page.objects.last(), "wagtailcore.page", reply_to=v.pk),
        ),
        lambda v: (
            "post",
            reverse("comments-xtd-api-create"),
            post_data(v.consultation, CONSULTATION),
        ),
    ],
    "comments-xtd-api-list": [
        lambda v: (
            "get",
            reverse(
                "comments-xtd-api-list",
                args=[CONSULTATION.replace(".", "-"), v.consultation_id],
            ),
            {},
        )
    ],
    "comments-xtd-api-count": [
        lambda v: (
            "get",
            reverse(
                "comments-xtd-api-count",
                args=[CONSULTATION.replace(".", "-"), v.consultation_id],
            ),
            {},
        )
    ],
    "comments-xtd-api-feedback": [
        api_flag("comments-xtd-api-feedback", "like"),
        api_flag("comments-xtd-api-feedback", "dislike"),
    ],
    "comments-xtd-api-flag": [api_flag("comments-xtd-api-flag", "report")],
    "comments-post-comment": [
        lambda v: (
            "post",
            reverse("comments-post-comment"),
            post_data(v.consultation, CONSULTATION),
        ),
        lambda v: (
            "post",
            reverse("comments-post-comment"),
            post_data(v.consultation, CONSULTATION, preview="1"),
        ),
        lambda v: ("post", reverse("comments-post-comment"), post_data(v, COMMENT)),
        lambda v: (
            "post",
            reverse("comments-post-comment"),
            post_data(Page.objects.last(), "wagtailcore.page", reply_to=v.pk),
        ),
    ],
    "comments-comment-done": [done("comments-comment-done")],
    "comments-flag-done": [done("comments-flag-done")],
    "comments-delete": [by_id("comments-delete")],
    "comments-delete-done": [done("comments-delete-done")],
    "comments-approve": [by_id("comments-approve")],
    "comments-approve-done": [done("comments-approve-done")],
}

#: They name no object of ours: an avatar for an address; a redirect to a page, which
#: asks for itself who may see it.
HARMLESS = {"comments-xtd-api-preview", "comments-url-redirect"}


def mounted_names():
    patterns = guard._patterns(
        [p for p in get_resolver().url_patterns if str(p.pattern) == "comments/"]
    )
    return {pattern.name for pattern in patterns}


def test_every_mounted_address_is_tried_here():
    assert mounted_names() == set(ATTEMPTS) | HARMLESS


def send(client, attempt):
    how, url, data = attempt
    if how == "json":
        return [client.post(url, json.dumps(data), content_type="application/json")]
    if how == "post":
        return [client.post(url, data)]
    if how == "get":
        return [client.get(url)]
    return [client.get(url), client.post(url, data)]


def everything():
    return (
        list(Comment.objects.order_by("pk").values()),
        list(XtdComment.norel_objects.order_by("pk").values()),
        list(PublishedComment.objects.order_by("pk").values()),
        list(CommentFlag.objects.values()),
    )


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_no_address_of_the_package_reaches_our_objects(
    name, client, voice, moderator, site_page
):
    before = everything()
    for make in ATTEMPTS[name]:
        for response in send(client, make(voice)):
            assert response.status_code == 403
            assert voice.comment not in response.content.decode()
    assert everything() == before


def test_a_forged_link_gets_the_packages_own_answer(client):
    response = client.get(reverse("comments-xtd-confirm", args=["forged"]))
    assert response.status_code == 400


def test_a_comment_on_another_page_of_the_site_is_still_taken(
    client, mailoutbox, site_page
):
    response = client.post(
        reverse("comments-post-comment"), post_data(site_page, "wagtailcore.page")
    )
    assert response.status_code == 302
    (mail,) = mailoutbox
    key = re.search(r"/confirm/([^/]+)/", mail.body)[1]
    client.get(reverse("comments-xtd-confirm", args=[key]))
    assert Comment.objects.get().object_pk == str(site_page.pk)


@pytest.mark.parametrize("name", ["comments-post-comment", "comments-xtd-api-create"])
def test_nothing_can_be_posted_on_a_private_page(name, client, mailoutbox, site_page):
    PageViewRestriction.objects.create(
        page=site_page, restriction_type=PageViewRestriction.LOGIN
    )
    response = client.post(reverse(name), post_data(site_page, "wagtailcore.page"))
    assert response.status_code == 403
    assert mailoutbox == []


def test_the_comments_of_a_private_page_are_not_listed(client, site_page):
    PageViewRestriction.objects.create(
        page=site_page, restriction_type=PageViewRestriction.LOGIN
    )
    address = reverse("comments-xtd-api-list", args=["wagtailcore-page", site_page.pk])
    assert client.get(address).status_code == 403


def test_the_comments_of_an_unpublished_page_are_not_listed(client, site_page):
    Page.objects.filter(pk=site_page.pk).update(live=False)
    address = reverse("comments-xtd-api-list", args=["wagtailcore-page", site_page.pk])
    assert client.get(address).status_code == 403


def test_another_class_of_comment_cannot_be_saved_on_a_consultation(voice):
    fields = comment_fields(voice.consultation_id, DURING)
    fields.pop("consultation_id")
    with pytest.raises(PermissionDenied):
        XtdComment(**fields, comment="text", user_name="A").save()


def test_our_comment_cannot_be_saved_as_its_parent_class(voice):
    with pytest.raises(PermissionDenied):
        XtdComment.objects.get(pk=voice.pk).save()


def test_saving_one_of_the_sites_comments_publishes_no_reply_of_ours(voice):
    reply = make_voice(voice.consultation, parent=voice.participation)
    PublishedComment.objects.filter(pk=reply.pk).update(is_public=False)
    voice.comment = "changed"
    with pytest.raises(PermissionDenied):
        XtdComment.objects.get(pk=voice.pk).save()
    reply.refresh_from_db()
    assert not reply.is_public


def test_the_system_checks_are_content():
    assert cascade.is_off()
    assert guard.unguarded_views() == []
    call_command("check")


def test_the_check_tells_when_the_cascade_is_back():
    pre_save.connect(cascade._original, sender=XtdComment)
    try:
        assert not cascade.is_off()
    finally:
        pre_save.disconnect(cascade._original, sender=XtdComment)


def test_the_check_names_an_address_that_is_not_guarded(monkeypatch):
    from django_comments_xtd.api.views import CommentCount

    monkeypatch.setattr(CommentCount, "eparticipation_guarded", False)
    assert guard.unguarded_views() == ["django_comments_xtd.api.views.CommentCount"]
