"""Equal words by two channels: proposed to a human, merged by nobody else (S3-I4)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.factories import AFTER, DURING, make_user
from tests.participations.batches_made import bring_in, make_moderator
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course, matching
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.matches import PersonMatch
from wagtail_eparticipation.participations.models import (
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.same_words import words_key

pytestmark = pytest.mark.django_db

WORDS = "نريد ظلاً وأشجاراً قرب الألعاب"
SPELT_OTHERWISE = "نُريد ظلا، و اشجارا قرب الالعاب!".replace("و اشجارا", "واشجارا")


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk():
    return make_moderator()


def on_the_portal(page, text=WORDS):
    submission = Submission(tool="comment", language="ar", text=text)
    return submit(page.consultation, submission).participation


def posts(*texts, start=1):
    rows = [f"p{n},{text},2026-04-10" for n, text in enumerate(texts, start)]
    return "\n".join(["id,text,date", *rows]) + "\n"


def imported(page, clerk, *texts, channel="social", start=1):
    batch = bring_in(
        page.consultation,
        posts(*texts, start=start),
        actor=clerk,
        channel=channel,
        publication=Publication.WITHOUT_NAME,
    )
    return list(Participation.objects.filter(batch=batch.code).order_by("pk"))


def proposed(page):
    return list(matching.proposals(page.consultation))


@pytest.mark.parametrize("text", ["", "نعم", "I agree", "!!! ؟؟", "كلمتان فقط"])
def test_few_words_say_nothing_about_who_wrote_them(text):
    assert words_key(text) == ""


def test_words_are_the_same_however_they_were_typed():
    assert words_key(WORDS) == words_key(SPELT_OTHERWISE) != ""
    assert words_key(WORDS) != words_key(WORDS + " كلها")
    assert "ظل" not in words_key(WORDS)


def test_a_post_that_equals_a_portal_comment_is_proposed_and_counts(page, clerk):
    mine = on_the_portal(page)
    (post, other) = imported(page, clerk, SPELT_OTHERWISE, "كلمات لم يقلها أحد سواي")
    assert proposed(page) == [post]
    assert matching.others_of(page.consultation, [post]) == {post.pk: [mine]}
    assert Participation.objects.counted().count() == 3
    assert other.words_key


def test_a_comment_that_follows_its_post_is_found_too(page, clerk):
    (post,) = imported(page, clerk, WORDS)
    assert proposed(page) == []
    on_the_portal(page)
    assert proposed(page) == [post]


def test_the_same_channel_another_topic_and_what_counts_no_more_propose_nothing(
    page, clerk
):
    imported(page, clerk, WORDS, WORDS)
    assert proposed(page) == []
    mine = on_the_portal(page)
    assert len(proposed(page)) == 2
    Participation.objects.filter(pk=mine.pk).update(state=State.WITHDRAWN)
    assert proposed(page) == []


def test_of_two_imported_voices_the_later_is_proposed(page, clerk):
    imported(page, clerk, WORDS)
    (paper,) = imported(page, clerk, WORDS, channel="paper", start=9)
    assert proposed(page) == [paper]


def test_amended_words_are_compared_as_they_stand_now(page, clerk):
    mine = on_the_portal(page, "كلمات مختلفة كل الاختلاف")
    (post,) = imported(page, clerk, WORDS)
    assert proposed(page) == []
    amend(mine, Changes(text=WORDS, language="ar", publication="not_published"))
    assert proposed(page) == [post]


def test_one_person_is_counted_once_until_it_is_undone(page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    match = matching.same_person(post, mine, actor=clerk)
    post.refresh_from_db()
    assert post.state == State.MERGED
    assert list(Participation.objects.counted()) == [mine]
    assert proposed(page) == []
    matching.undo(match, actor=clerk)
    post.refresh_from_db()
    assert post.state == State.RECEIVED
    assert proposed(page) == [post]
    kinds = LedgerEvent.objects.filter(kind__startswith="participation.").values_list(
        "kind", flat=True
    )
    assert {"participation.same_person", "participation.match_undone"} <= set(kinds)
    for event in LedgerEvent.objects.all():
        assert "ظل" not in str(event.data)


def test_different_people_stay_two_and_are_not_proposed_again(page, clerk):
    on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    matching.different_people(post, actor=clerk)
    assert proposed(page) == []
    assert Participation.objects.counted().count() == 2


def test_what_was_shown_leaves_the_discussion_and_waits_when_it_comes_back(page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    publish(post, now=DURING)
    Participation.objects.filter(pk=post.pk).update(state=State.PUBLISHED)
    match = matching.same_person(post, mine, actor=clerk)
    shown = PublishedComment.objects.filter(is_public=True, is_removed=False)
    assert not shown.exists()
    matching.undo(match, actor=clerk)
    post.refresh_from_db()
    assert post.state == State.RECEIVED


def test_a_merge_waits_for_nobody_who_changed_meanwhile(page, clerk):
    mine, other = on_the_portal(page), on_the_portal(page, "كلمات أخرى غير هذه")
    (post,) = imported(page, clerk, WORDS)
    with pytest.raises(matching.CannotMatch):
        matching.same_person(post, other, actor=clerk)
    with pytest.raises(matching.CannotMatch):
        matching.same_person(mine, post, actor=clerk)
    with pytest.raises(matching.CannotMatch):
        matching.same_person(post, post, actor=clerk)
    Participation.objects.filter(pk=mine.pk).update(state=State.WITHDRAWN)
    with pytest.raises(matching.CannotMatch):
        matching.same_person(post, mine, actor=clerk)
    assert not PersonMatch.objects.exists()


def test_it_is_judged_once_and_undone_once(page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    match = matching.same_person(post, mine, actor=clerk)
    with pytest.raises(matching.CannotMatch):
        matching.different_people(post, actor=clerk)
    matching.undo(match, actor=clerk)
    match.pk = 99999
    with pytest.raises(matching.CannotMatch):
        matching.undo(match, actor=clerk)


def test_after_the_decision_nothing_is_judged_and_nothing_undone(page, clerk):
    mine = on_the_portal(page)
    posts = imported(page, clerk, WORDS, WORDS)
    with clock.rehearse(AFTER):
        match = matching.same_person(posts[0], mine, actor=clerk)
    page.consultation.stored_stage = "decided"
    page.consultation.save()
    posts[1].refresh_from_db()
    with pytest.raises(matching.CannotMatch):
        matching.different_people(posts[1], actor=clerk)
    match = PersonMatch.objects.get(pk=match.pk)
    with pytest.raises(matching.CannotMatch):
        matching.undo(match, actor=clerk)


def test_only_moderators_judge(page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    analyst = make_user(permissions=["analyse_participation"])
    with pytest.raises(PermissionDenied):
        matching.same_person(post, mine, actor=analyst)
    with pytest.raises(PermissionDenied):
        matching.different_people(post, actor=analyst)


def test_taking_back_the_import_of_the_voice_that_stayed_lets_the_other_count(
    page, clerk
):
    (first,) = imported(page, clerk, WORDS)
    (paper,) = imported(page, clerk, WORDS, channel="paper", start=9)
    matching.same_person(paper, first, actor=clerk)
    batch = page.consultation.import_batches.get(code=first.batch)
    batch_course.roll_back(batch, reason="wrong", actor=clerk)
    paper.refresh_from_db()
    assert paper.state == State.RECEIVED
    assert list(Participation.objects.counted()) == [paper]


def test_an_import_with_a_merged_row_can_be_taken_back(page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    matching.same_person(post, mine, actor=clerk)
    batch = page.consultation.import_batches.get()
    assert batch_course.roll_back(batch, reason="wrong", actor=clerk) == 1
    post.refresh_from_db()
    assert post.state == State.ROLLED_BACK
    matching.undo(PersonMatch.objects.get(), actor=clerk)
    post.refresh_from_db()
    assert post.state == State.ROLLED_BACK


# On the desk


def url_of(page):
    return reverse("eparticipation_admin:matches", args=[page.consultation_id])


def test_the_desk_shows_both_and_takes_the_judgement(client, page, clerk):
    mine = on_the_portal(page)
    (post,) = imported(page, clerk, WORDS)
    client.force_login(clerk)
    html = client.get(url_of(page)).content.decode()
    assert mine.number in html
    assert post.number in html
    row = {"row": post.public_id, "other": mine.public_id}
    client.post(url_of(page), {"action": "same", **row})
    assert Participation.objects.get(pk=post.pk).state == State.MERGED
    assert mine.number in client.get(url_of(page)).content.decode()
    client.post(url_of(page), {"action": "undo", "row": post.public_id})
    client.post(url_of(page), {"action": "different", "row": post.public_id})
    assert PersonMatch.objects.get().same_as is None


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"action": "same"},
        {"action": "same", "row": "x", "other": "y"},
        {"action": "drop", "row": "x"},
        {"action": "undo", "row": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_forged_judgements_are_not_found(client, page, clerk, typed):
    client.force_login(clerk)
    answer = client.post(url_of(page), typed)
    # The language's prefix is tried before "not found" is said.
    assert client.post(answer["Location"], typed).status_code == 404


@pytest.mark.parametrize(
    "permission", ["analyse_participation", "take_decision", "reply_officially", ""]
)
def test_only_moderators_see_the_proposals(client, page, permission):
    client.force_login(make_user(permissions=[permission] if permission else []))
    assert client.get(url_of(page)).status_code == 302
    assert client.post(url_of(page), {"action": "same"}).status_code == 302


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "²"])
def test_a_wrong_place_in_the_list_is_the_beginning(client, page, clerk, after):
    client.force_login(clerk)
    assert client.get(url_of(page), {"after": after}).status_code == 200


@pytest.mark.parametrize("number", [20, 200])
def test_the_list_costs_the_same_with_more_proposals(
    client, page, clerk, number, django_assert_max_num_queries
):
    texts = [f"نص طويل بما يكفي رقم {n}" for n in range(number)]
    for text in texts[:30]:
        on_the_portal(page, text)
    on_the_portal(page, texts[-1])
    imported(page, clerk, *texts)
    client.force_login(clerk)
    client.get(url_of(page))
    with django_assert_max_num_queries(17):
        assert client.get(url_of(page)).status_code == 200
