import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry

from tests.discussion.makers import make_voice
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import (
    SENSITIVE,
    SIMPLE,
    flag,
    make_department,
    make_limited_moderator,
    make_moderator,
    make_topic,
    make_waiting,
)
from tests.moderation.test_desk import propose
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation.claims import hold
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.decide_many import Seen, decide_many
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.models import (
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.signals import (
    participation_moderated,
    participation_published,
    voice_published,
)

pytestmark = pytest.mark.django_db


def all_at_once(items, outcome="publish", actor=None, **kwargs):
    seen = [Seen.of(item) for item in items]
    return decide_many(seen, outcome, actor=actor or make_moderator(), **kwargs)


def comment_of(item):
    """All columns of the three tables but keys and what each has of its own."""
    comment = PublishedComment.objects.get(participation=item)
    apart = {"id", "comment_ptr_id", "xtdcomment_ptr_id", "public_id"}
    apart |= {"participation_id", "thread_id", "parent_id"}
    fields = {f.attname: getattr(comment, f.attname) for f in comment._meta.fields}
    assert comment.thread_id == comment.parent_id == comment.pk
    return {name: value for name, value in fields.items() if name not in apart}


def test_many_become_the_same_comments_as_one_by_one():
    topic, actor = make_topic(), make_moderator()
    one, other = (
        make_waiting(topic, public_name="سارة", title="عنوان", article="a1")
        for _n in range(2)
    )
    decision = decide(one, "publish", actor=actor, expected_state=State.RECEIVED)
    all_at_once([other], actor=actor, now=decision.decided_at)
    assert comment_of(one) == comment_of(other)


def test_counts_ledger_history_and_signals_are_those_of_each():
    page = make_consultation_page(policy_version=install_pack("qassim")[0])
    topic = page.consultation
    items = [make_waiting(topic) for _n in range(3)]
    heard = []

    def listen(signal, **kwargs):
        heard.append(signal)

    signals = participation_moderated, participation_published, voice_published
    for signal in signals:
        signal.connect(listen)
    try:
        result = all_at_once(items)
    finally:
        for signal in signals:
            signal.disconnect(listen)
    topic.refresh_from_db()
    assert (result.done, result.skipped) == (3, [])
    assert topic.published_count == 3
    assert len(heard) == 9
    assert LedgerEvent.objects.filter(kind="moderation.published").count() == 3
    entries = PageLogEntry.objects.filter(action="eparticipation.moderate")
    assert {entry.data["participation"] for entry in entries} == {
        item.number for item in items
    }


def test_what_cannot_be_decided_is_left_out_and_said():
    topic, actor = make_topic(), make_moderator()
    good = make_waiting(topic)
    private = make_waiting(topic, publication=Publication.NOT_PUBLISHED)
    held = make_waiting(topic)
    hold(held, make_moderator())
    proposed = make_waiting(topic)
    propose(proposed, make_moderator())
    changed = make_waiting(topic)
    seen = [Seen.of(each) for each in (good, private, held, proposed, changed)]
    Participation.objects.filter(pk=changed.pk).update(revision=2)
    result = decide_many(seen, "publish", actor=actor)
    assert result.done == 1
    assert [number for number, _why in result.skipped] == [
        each.number for each in (private, held, proposed, changed)
    ]
    assert ModerationDecision.objects.filter(state="confirmed").count() == 1


def test_what_has_a_place_to_hide_is_published_on_its_own_page_alone():
    topic = make_topic()
    plain, flagged, seen_before = (make_waiting(topic) for _n in range(3))
    flag(plain, "courtesy", "", hide=False)
    flag(flagged, "personal_data", "contact")
    flag(seen_before, "personal_data", "contact")
    Participation.objects.filter(pk=seen_before.pk).update(revision=2)
    seen_before.refresh_from_db()
    result = all_at_once([plain, flagged, seen_before])
    assert result.done == 2
    assert [number for number, _why in result.skipped] == [flagged.number]
    kept = all_at_once([flagged], "keep_unpublished", reason_code=SIMPLE)
    assert kept.done == 1


def test_another_departments_items_stay_as_they_are():
    mine = make_department()
    own = make_waiting(make_topic(department=mine))
    foreign = make_waiting(make_topic(department=make_department("النظافة")))
    result = all_at_once([own, foreign], actor=make_limited_moderator(mine))
    foreign.refresh_from_db()
    assert result.done == 1
    assert foreign.state == State.RECEIVED


def test_a_reason_that_needs_a_second_person_decides_nothing():
    item = make_waiting()
    result = all_at_once([item], "keep_unpublished", reason_code=SENSITIVE)
    assert (result.done, len(result.skipped)) == (0, 1)
    assert not ModerationDecision.objects.exists()


def test_a_reason_is_kept_with_each_that_needs_one():
    topic = make_topic()
    needing = make_waiting(topic)
    private = make_waiting(topic, publication=Publication.NOT_PUBLISHED)
    all_at_once([needing, private], "keep_unpublished", reason_code=SIMPLE)
    assert ModerationDecision.objects.get(participation=needing).full_code == SIMPLE
    assert ModerationDecision.objects.get(participation=private).full_code == ""


@pytest.mark.parametrize("outcome", ["refuse", "take_down", "reroute"])
def test_what_is_read_one_by_one_is_not_decided_in_bulk(outcome):
    with pytest.raises(ValueError, match="one by one"):
        all_at_once([make_waiting()], outcome, reason_code=SIMPLE)


def test_replies_join_their_threads_also_when_both_are_published_together():
    topic = make_topic()
    root = make_voice(topic)
    answer = make_waiting(topic, parent=root.participation)
    new_root = make_waiting(topic)
    all_at_once([answer, new_root, make_waiting(topic, parent=new_root)])
    assert list(
        PublishedComment.objects.filter(root__isnull=False)
        .order_by("pk")
        .values_list("root__participation", flat=True)
    ) == [root.participation_id, new_root.pk]


def test_the_queries_do_not_grow_with_the_items():
    topic, actor = make_topic(), make_moderator()
    costs = []
    for number in (20, 200):
        items = [make_waiting(topic) for _n in range(number)]
        all_at_once(items[:1], actor=actor)
        with CaptureQueriesContext(connection) as cost:
            all_at_once(items[1:], actor=actor)
        costs.append(len(cost))
    # A database that bounds the values of a statement needs a few more of them.
    assert costs[1] <= costs[0] + 8 <= 30


def test_the_same_twice_is_decided_once():
    item = make_waiting()
    result = all_at_once([item, item])
    assert result.done == 1
    again = all_at_once([item])
    assert (again.done, len(again.skipped)) == (0, 1)


def test_one_decision_asks_at_most_fifteen_times():
    topic, actor = make_topic(), make_moderator()
    first, second = make_waiting(topic), make_waiting(topic)
    decide(first, "publish", actor=actor, expected_state=State.RECEIVED)
    with CaptureQueriesContext(connection) as cost:
        decide(second, "publish", actor=actor, expected_state=State.RECEIVED)
    asked = [each for each in cost if "SAVEPOINT" not in each["sql"]]
    assert len(asked) <= 15
