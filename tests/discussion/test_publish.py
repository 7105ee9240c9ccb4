from datetime import timedelta

import pytest
from django_comments.signals import comment_was_posted
from django_comments_xtd.models import XtdComment

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.models import (
    CommentIsProjection,
    PublishedComment,
)
from wagtail_eparticipation.participations.models import Publication

pytestmark = pytest.mark.django_db


def test_publishing_writes_the_releasable_text_and_the_chosen_name():
    participation = make_participation(text="مقاعد <b>أكثر</b>", public_name="سارة")
    comment = publishing.publish(participation, now=DURING)
    stored = PublishedComment.objects.get(pk=comment.pk)
    assert stored.comment == participation.text
    assert stored.html == participation.text_html
    assert stored.shown_name == stored.user_name == "سارة"
    assert stored.public_id == participation.public_id


def test_a_published_comment_holds_no_account_mail_or_address():
    stored = PublishedComment.objects.get(pk=make_voice().pk)
    assert stored.user_id is None
    assert stored.user_email == stored.user_url == ""
    assert stored.ip_address is None
    assert stored.followup is False


def test_a_name_is_left_out_when_its_author_chose_so():
    voice = make_voice(publication=Publication.WITHOUT_NAME, public_name="سارة")
    stored = PublishedComment.objects.get(pk=voice.pk)
    assert (stored.shown_name, stored.user_name) == ("", "")


def test_a_long_name_is_kept_whole_beside_the_packages_short_column():
    name = "م" * 120
    stored = PublishedComment.objects.get(pk=make_voice(public_name=name).pk)
    assert stored.shown_name == name
    assert stored.user_name == name[:50]


@pytest.mark.parametrize(
    "fields", [{"publication": Publication.NOT_PUBLISHED}, {"text": ""}]
)
def test_what_may_not_be_shown_is_refused_and_leaves_nothing(fields):
    participation = make_participation(**fields)
    with pytest.raises(publishing.NotForPublication):
        publishing.publish(participation, now=DURING)
    assert not PublishedComment.objects.exists()


def test_publishing_twice_keeps_one_comment_and_one_count():
    participation = make_participation()
    first = publishing.publish(participation, now=DURING)
    again = publishing.publish(participation, now=DURING)
    assert first.pk == again.pk
    participation.consultation.refresh_from_db()
    assert participation.consultation.published_count == 1


def test_a_reply_joins_its_parents_thread():
    root = make_voice()
    reply = make_voice(root.consultation, parent=root.participation)
    assert reply.root_id == root.pk
    assert (reply.is_root, reply.level, reply.thread_id) == (False, 1, root.pk)
    root.refresh_from_db()
    assert root.reply_count == 1


def test_a_reply_to_a_reply_joins_the_root_and_keeps_whom_it_answers():
    root = make_voice()
    reply = make_voice(root.consultation, parent=root.participation)
    deeper = make_voice(root.consultation, parent=reply.participation)
    assert deeper.root_id == root.pk
    assert deeper.reply_to_id == reply.pk
    assert [reply.position, deeper.position] == [1, 2]


def test_a_reply_to_something_unpublished_stands_alone():
    parent = make_participation()
    reply = make_voice(parent.consultation, parent=parent)
    assert reply.root_id is None
    assert reply.is_root


def test_a_reply_never_joins_a_thread_of_another_topic():
    elsewhere = make_voice()
    reply = make_voice(make_consultation(), parent=elsewhere.participation)
    assert reply.root_id is None


def test_taking_down_leaves_a_tombstone_and_no_words():
    voice = make_voice(title="عنوان")
    later = DURING + timedelta(days=1)
    publishing.take_down(voice.participation, now=later, clause="P-7.4")
    stored = PublishedComment.objects.get(pk=voice.pk)
    assert (stored.removed_at, stored.removed_under) == (later, "P-7.4")
    assert stored.is_removed and stored.is_public
    words = (stored.comment, stored.html, stored.title, stored.shown_name)
    assert not any((*words, stored.user_name))
    stored.consultation.refresh_from_db()
    assert stored.consultation.published_count == 0


def test_taking_down_a_reply_lowers_the_threads_count_once():
    root = make_voice()
    reply = make_voice(root.consultation, parent=root.participation)
    publishing.take_down(reply.participation, now=DURING)
    publishing.take_down(reply.participation, now=DURING)
    root.refresh_from_db()
    assert root.reply_count == 0
    root.consultation.refresh_from_db()
    assert root.consultation.published_count == 1


def test_taking_down_a_root_leaves_its_replies_alone():
    root = make_voice()
    reply = make_voice(root.consultation, parent=root.participation)
    publishing.take_down(root.participation, now=DURING)
    reply.refresh_from_db()
    assert not reply.is_taken_down
    assert reply.is_public


def test_restoring_brings_the_words_back_to_the_old_place():
    voice = make_voice(text="مقاعد")
    publishing.take_down(voice.participation, now=DURING, clause="P-7.4")
    restored = publishing.publish(voice.participation, now=DURING + timedelta(days=2))
    restored = PublishedComment.objects.get(pk=restored.pk)
    assert restored.pk == voice.pk
    assert restored.published_at == DURING
    assert restored.comment == "مقاعد"
    assert not restored.is_taken_down and not restored.is_removed
    restored.consultation.refresh_from_db()
    assert restored.consultation.published_count == 1


def test_a_withdrawn_voice_without_replies_leaves_no_trace():
    voice = make_voice()
    publishing.withdraw(voice.participation, now=DURING)
    voice.refresh_from_db()
    assert voice.hidden and not voice.is_public


def test_a_withdrawn_voice_with_replies_keeps_the_thread_together():
    root = make_voice()
    make_voice(root.consultation, parent=root.participation)
    publishing.withdraw(root.participation, now=DURING)
    root.refresh_from_db()
    assert root.is_taken_down and not root.hidden


def test_redaction_rewrites_the_comment():
    voice = make_voice(text="رقمي 0551234567")
    participation = voice.participation
    participation.text, participation.text_html = "رقمي […]", "<p>رقمي […]</p>"
    publishing.rewrite(participation)
    voice.refresh_from_db()
    assert (voice.comment, voice.html) == ("رقمي […]", "<p>رقمي […]</p>")


def test_a_published_comment_is_never_saved_again_nor_deleted():
    voice = make_voice()
    with pytest.raises(CommentIsProjection):
        voice.save()
    with pytest.raises(CommentIsProjection):
        voice.delete()


def test_a_sites_comment_tools_hear_of_it_after_commit(
    django_capture_on_commit_callbacks,
):
    heard = []

    def tool(sender, comment, request, **kwargs):
        heard.append((sender, comment.comment, request))

    comment_was_posted.connect(tool, weak=False)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            make_voice(text="مقاعد")
    finally:
        comment_was_posted.disconnect(tool)
    assert heard == [(PublishedComment, "مقاعد", None)]


def test_one_more_reply_costs_as_many_queries_in_a_long_thread(
    django_assert_num_queries, django_assert_max_num_queries
):
    root = make_voice()
    first = make_participation(root.consultation, parent=root.participation)
    with django_assert_max_num_queries(14) as cost:
        publishing.publish(first, now=DURING)
    for _number in range(30):
        make_voice(root.consultation, parent=root.participation)
    last = make_participation(root.consultation, parent=root.participation)
    with django_assert_num_queries(len(cost)):
        publishing.publish(last, now=DURING)


def test_one_more_reply_changes_no_other_reply():
    root = make_voice()
    for _number in range(3):
        make_voice(root.consultation, parent=root.participation)
    replies = XtdComment.norel_objects.exclude(pk=root.pk).order_by("pk")
    before = list(replies.values())
    make_voice(root.consultation, parent=root.participation)
    assert list(replies.values())[:3] == before


def test_that_something_was_taken_down_stays_public_after_a_withdrawal():
    voice = make_voice()
    publishing.take_down(voice.participation, now=DURING, clause="P-7.8")
    publishing.withdraw(voice.participation, now=DURING)
    voice.refresh_from_db()
    assert (voice.removed_under, voice.hidden) == ("P-7.8", False)
