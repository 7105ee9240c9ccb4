import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.discussion.makers import ARABIC, make_voice
from tests.factories import make_user
from tests.moderation.makers import (
    SENSITIVE,
    SIMPLE,
    make_moderator,
    make_topic,
    make_waiting,
)
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.participations import abuse_log
from wagtail_eparticipation.participations.models import (
    Channel,
    Participation,
    Publication,
    State,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client, locales):
    user = make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def locales():
    from wagtail.models import Locale

    for code in ("ar", "en"):
        Locale.objects.get_or_create(language_code=code)


def queue_address(query=""):
    return reverse("eparticipation_admin:moderation") + query


def review_address(item, query=""):
    address = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    return address + query


def decision_data(item, outcome, **fields):
    data = {"decide": outcome, f"{outcome}-state": item.state}
    data[f"{outcome}-revision"] = item.revision
    data.update({f"{outcome}-{name}": value for name, value in fields.items()})
    return data


def listed(response):
    return [row.number for row in response.context["object_list"]]


def in_department(name):
    from wagtail.models import Locale

    department = Department.objects.create(
        name=name, locale=Locale.objects.get(language_code="ar")
    )
    return department, make_topic(department=department)


def limited_to(department):
    user = make_moderator()
    StaffScope.objects.create(user=user).departments.add(department)
    return user


def test_the_queue_shows_what_waits_the_oldest_first(client, moderator):
    topic = make_topic()
    first, second = make_waiting(topic), make_waiting(topic, state=State.QUARANTINED)
    make_waiting(topic, state=State.PUBLISHED)
    response = client.get(queue_address())
    assert listed(response) == [first.number, second.number]
    assert ARABIC in response.content.decode()


def test_the_queue_can_be_turned_round(client, moderator):
    topic = make_topic()
    first, second = make_waiting(topic), make_waiting(topic)
    response = client.get(queue_address("?ordering=-id"))
    assert listed(response) == [second.number, first.number]


def test_an_item_with_an_open_proposal_is_not_in_the_queue_twice(client, moderator):
    item = make_waiting()
    propose(item, make_moderator())
    assert listed(client.get(queue_address())) == []
    proposals = reverse("eparticipation_admin:moderation_proposals")
    assert item.number in client.get(proposals).content.decode()


def propose(item, actor):
    return decide(
        item,
        Outcome.REFUSE,
        actor=actor,
        expected_state=item.state,
        reason_code=SENSITIVE,
        ground="يسيء إلى جماعة.",
    )


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({"channel": Channel.COUNTER}, "channel=counter"),
        ({"language": "en"}, "language=en"),
        ({"language": "ur"}, "language=other"),
        ({"tool": "suggestion"}, "tool=suggestion"),
        ({"state": State.UNPUBLISHED}, "state=unpublished"),
        ({"text": "ظل أكثر للأطفال"}, "q=للأطفال"),
        ({"title": "ممرات المشاة"}, "q=ممرات"),
    ],
)
def test_filters_and_search_let_through_what_matches(client, moderator, fields, query):
    topic = make_topic()
    make_waiting(topic, text="شيء آخر")
    wanted = make_waiting(topic, **{"text": "نص", **fields})
    assert listed(client.get(queue_address(f"?{query}"))) == [wanted.number]


def test_the_queue_can_be_narrowed_to_one_topic(client, moderator):
    make_waiting()
    wanted = make_waiting()
    query = f"?consultation={wanted.consultation_id}"
    assert listed(client.get(queue_address(query))) == [wanted.number]


def test_an_item_is_found_by_its_number(client, moderator):
    make_waiting()
    wanted = make_waiting()
    query = f"?q={wanted.number}"
    assert listed(client.get(queue_address(query))) == [wanted.number]


@pytest.mark.parametrize("query", ["?state=nonsense", "?consultation=0", "?p=99"])
def test_a_made_up_filter_breaks_nothing(client, moderator, query):
    make_waiting()
    assert client.get(queue_address(query)).status_code == 200


def test_a_moderator_sees_only_the_departments_in_scope(client, locales):
    mine, topic = in_department("الحدائق")
    _other, elsewhere = in_department("النظافة")
    seen, unseen = make_waiting(topic), make_waiting(elsewhere)
    client.force_login(limited_to(mine))
    assert listed(client.get(queue_address())) == [seen.number]
    assert client.get(review_address(seen)).status_code == 200
    assert client.get(review_address(unseen)).status_code in (302, 403)
    other_topic = f"?consultation={elsewhere.pk}"
    assert unseen.number not in listed(client.get(queue_address(other_topic)))


def anonymous(item):
    return None


def editor(item):
    return make_user(permissions=["view_consultation", "request_act"])


def reply_desk(item):
    return make_user(permissions=["view_consultation", "reply_officially"])


def decision_maker(item):
    return make_user(permissions=["view_consultation", "take_decision"])


def other_department(item):
    user = make_moderator()
    StaffScope.objects.create(user=user)
    return user


def superuser(item):
    return make_user(superuser=True)


ADDRESSES = {
    "queue": lambda item: queue_address(),
    "results": lambda item: reverse("eparticipation_admin:moderation_results"),
    "proposals": lambda item: reverse("eparticipation_admin:moderation_proposals"),
    "review": review_address,
    "publish many": lambda item: bulk_address("eparticipation_publish", item),
    "keep many": lambda item: bulk_address("eparticipation_keep_unpublished", item),
}


def bulk_address(action, *items):
    address = reverse(
        "wagtail_bulk_action", args=["wagtail_eparticipation", "participation", action]
    )
    return f"{address}?{'&'.join(f'id={item.pk}' for item in items)}"


@pytest.mark.parametrize("address", sorted(ADDRESSES))
@pytest.mark.parametrize("who", [anonymous, editor, reply_desk, decision_maker])
def test_nobody_without_the_duty_gets_in(client, locales, address, who):
    item = make_waiting()
    user = who(item)
    if user is not None:
        client.force_login(user)
    for send in (client.get, client.post):
        assert send(ADDRESSES[address](item)).status_code in (302, 403)
    item.refresh_from_db()
    assert item.state == State.RECEIVED


@pytest.mark.parametrize("address", sorted(ADDRESSES))
@pytest.mark.parametrize("who", [make_moderator, superuser])
def test_those_with_the_duty_get_in(client, locales, address, who):
    item = make_waiting()
    client.force_login(who(None))
    assert client.get(ADDRESSES[address](item)).status_code == 200


@pytest.mark.parametrize("action", ["publish", "keep_unpublished"])
def test_bulk_acts_leave_other_departments_items_alone(client, locales, action):
    mine, topic = in_department("الحدائق")
    _other, elsewhere = in_department("النظافة")
    own, foreign = make_waiting(topic), make_waiting(elsewhere)
    client.force_login(limited_to(mine))
    address = bulk_address(f"eparticipation_{action}", own, foreign)
    client.post(address, {"reason": "rule-7", "no_criticism": "on"})
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.state != State.RECEIVED
    assert foreign.state == State.RECEIVED


def test_the_queue_costs_the_same_with_20_and_with_200_rows(
    client, moderator, monkeypatch
):
    from wagtail_eparticipation.moderation.desk import QueueView

    monkeypatch.setattr(QueueView, "paginate_by", 200)
    topics = [make_topic() for _n in range(4)]
    costs = []
    for index in range(200):
        make_waiting(topics[index % 4])
        if index + 1 in (20, 200):
            client.get(queue_address())
            with CaptureQueriesContext(connection) as cost:
                response = client.get(queue_address())
            assert len(listed(response)) == index + 1
            costs.append(len(cost))
    assert costs[0] == costs[1] <= 15


def test_the_review_shows_words_question_and_rules(client, moderator):
    parent = make_voice(make_topic(), text="الأصل")
    item = make_waiting(
        parent.consultation, text="جواب <script>", parent=parent.participation
    )
    page = client.get(review_address(item)).content.decode()
    assert 'dir="auto" lang="ar"' in page
    assert "الأصل" in page
    assert "<script>alert" not in page
    assert "P-7.4" in page
    assert item.consultation.reference in page


def test_a_reason_on_style_is_not_offered(client, moderator):
    page = client.get(review_address(make_waiting())).content.decode()
    assert 'value="rule-4.racism"' in page
    assert 'value="rule-2"' not in page


def test_publishing_leads_to_the_next_item_under_the_same_filters(client, moderator):
    topic, other = make_topic(), make_topic()
    first, _elsewhere, third = (
        make_waiting(topic),
        make_waiting(other),
        make_waiting(topic),
    )
    query = f"?consultation={topic.pk}"
    response = client.post(
        review_address(first, query), decision_data(first, "publish")
    )
    assert response.url == review_address(third, query)
    first.refresh_from_db()
    assert first.state == State.PUBLISHED


def test_after_the_last_item_the_queue_is_shown(client, moderator):
    item = make_waiting()
    response = client.post(review_address(item), decision_data(item, "publish"))
    assert response.url == queue_address()


def test_an_earlier_item_follows_when_the_end_is_reached(client, moderator):
    topic = make_topic()
    first, last = make_waiting(topic), make_waiting(topic)
    response = client.post(review_address(last), decision_data(last, "publish"))
    assert response.url == review_address(first)


def test_refusing_without_a_reason_keeps_what_was_typed(client, moderator):
    item = make_waiting()
    data = decision_data(item, "refuse", ground="لأنه كذا", criticism="neither")
    response = client.post(review_address(item), data)
    assert response.status_code == 200
    assert "لأنه كذا" in response.content.decode()
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_the_check_question_about_criticism_must_be_answered(client, moderator):
    item = make_waiting()
    data = decision_data(item, "refuse", reason=SIMPLE)
    response = client.post(review_address(item), data)
    assert response.status_code == 200
    assert not ModerationDecision.objects.exists()


def test_refusing_criticism_becomes_a_proposal(client, moderator):
    item = make_waiting()
    data = decision_data(
        item, "refuse", reason=SIMPLE, criticism="work", ground="إعلان تجاري"
    )
    client.post(review_address(item), data)
    assert ModerationDecision.objects.get().state == "proposed"
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_a_refusal_made_without_a_ground_says_what_is_missing(client, moderator):
    item = make_waiting()
    data = decision_data(item, "refuse", reason=SENSITIVE, criticism="person")
    response = client.post(review_address(item), data)
    assert response.status_code == 200
    assert not ModerationDecision.objects.exists()


def test_of_two_moderators_the_second_is_told_and_loses_nothing(client, moderator):
    item = make_waiting()
    data = decision_data(
        item, "refuse", reason=SIMPLE, criticism="neither", ground="كتبته"
    )
    decide(item, "publish", actor=make_moderator(), expected_state=State.RECEIVED)
    response = client.post(review_address(item), data)
    assert response.status_code in (200, 403)
    assert ModerationDecision.objects.count() == 1
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_a_second_person_confirms_on_the_review_page(client, moderator):
    item = make_waiting()
    propose(item, make_moderator())
    client.post(review_address(item), {"proposal": "confirm"})
    item.refresh_from_db()
    assert item.state == State.REFUSED


def test_the_proposer_may_only_take_the_proposal_back(client, moderator):
    item = make_waiting()
    propose(item, moderator)
    client.post(review_address(item), {"proposal": "confirm"})
    item.refresh_from_db()
    assert item.state == State.RECEIVED
    assert ModerationDecision.objects.get().state == "proposed"
    client.post(review_address(item), {"proposal": "decline"})
    assert ModerationDecision.objects.get().state == "declined"


def test_what_was_taken_down_at_once_is_confirmed_or_shown_again(client, moderator):
    item = make_voice(make_topic()).participation
    data = decision_data(
        item, "take_down", reason=SENSITIVE, criticism="person", ground="يسيء."
    )
    client.post(review_address(item), data)
    item.refresh_from_db()
    assert item.state == State.TAKEN_DOWN
    client.force_login(make_moderator())
    page = client.get(review_address(item)).content.decode()
    assert "ep-desk__form" in page
    for nonsense in ("", "xyz"):
        sent = client.post(review_address(item), {"proposal": nonsense})
        assert sent.status_code == 302  # Wagtail leads to its own front page.
        item.refresh_from_db()
        assert item.state == State.TAKEN_DOWN
    client.post(review_address(item), {"proposal": "decline"})
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("keep_unpublished", State.RECEIVED),
        ("refuse", State.RECEIVED),
        ("take_down", State.PUBLISHED),
    ],
)
def test_the_question_about_criticism_is_put_for_all_that_silences(
    client, moderator, outcome, state
):
    item = make_waiting(state=state)
    data = decision_data(item, outcome, reason=SIMPLE)
    assert client.post(review_address(item), data).status_code == 200
    assert not ModerationDecision.objects.exists()


def test_what_was_kept_unpublished_can_be_published_from_its_review(client, moderator):
    item = make_waiting(state=State.UNPUBLISHED)
    client.post(review_address(item), decision_data(item, "publish"))
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


@pytest.mark.parametrize("outcome", ["", "nonsense", "take_down"])
def test_an_outcome_that_is_not_offered_changes_nothing(client, moderator, outcome):
    item = make_waiting()
    client.post(review_address(item), decision_data(item, outcome, reason=SIMPLE))
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_many_are_published_at_once_and_the_impossible_left_out(client, moderator):
    topic = make_topic()
    good = [make_waiting(topic) for _n in range(3)]
    private = make_waiting(topic, publication=Publication.NOT_PUBLISHED)
    address = bulk_address("eparticipation_publish", *good, private)
    page = client.get(address).content.decode()
    assert private.number in page
    client.post(address)
    states = Participation.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["published"] * 3 + ["received"]
    topic.refresh_from_db()
    assert topic.published_count == 3


def test_many_are_kept_unpublished_with_one_reason(client, moderator):
    topic = make_topic()
    items = [make_waiting(topic) for _n in range(2)]
    address = bulk_address("eparticipation_keep_unpublished", *items)
    assert client.post(address).status_code == 200
    assert not ModerationDecision.objects.exists()
    assert client.post(address, {"reason": "rule-7"}).status_code == 200
    assert not ModerationDecision.objects.exists()
    client.post(address, {"reason": "rule-7", "no_criticism": "on"})
    assert ModerationDecision.objects.filter(reason_code="rule-7").count() == 2


def test_what_takes_two_people_is_not_decided_in_bulk(client, moderator):
    item = make_waiting()
    address = bulk_address("eparticipation_keep_unpublished", item)
    assert SENSITIVE not in client.get(address).content.decode()
    client.post(address, {"reason": SENSITIVE, "no_criticism": "on"})
    assert not ModerationDecision.objects.exists()


def test_those_whose_authors_wanted_no_publication_need_no_reason(client, moderator):
    item = make_waiting(publication=Publication.NOT_PUBLISHED)
    client.post(bulk_address("eparticipation_keep_unpublished", item))
    item.refresh_from_db()
    assert item.state == State.UNPUBLISHED


def test_a_key_that_no_database_holds_is_left_out_of_a_bulk_act(client, moderator):
    item = make_waiting()
    address = bulk_address("eparticipation_publish", item) + f"&id={'9' * 23}"
    client.post(address)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_all_of_a_listing_is_what_its_filters_let_through(client, moderator):
    topic = make_topic()
    wanted = [make_waiting(topic) for _n in range(3)]
    elsewhere = make_waiting()
    address = bulk_address("eparticipation_publish")
    address += f"id=all&consultation={topic.pk}"
    page = client.get(address)
    assert elsewhere.number not in page.content.decode()
    late = make_waiting(topic)
    client.post(address, {"seen": page.context["seen"]})
    waiting = Participation.objects.filter(state=State.RECEIVED)
    assert set(waiting) == {elsewhere, late}
    assert ModerationDecision.objects.count() == len(wanted)


@pytest.mark.parametrize("query", ["", "&state=nonsense", "&consultation=0"])
def test_all_of_a_listing_is_never_decided_unnamed(client, moderator, query):
    make_waiting()
    address = bulk_address("eparticipation_publish") + "id=all" + query
    assert client.post(address).status_code in (302, 404)
    assert not ModerationDecision.objects.exists()


@pytest.mark.parametrize(
    "seen", ["", "x", "1:2", "9:received:x", f"{'9' * 30}:received:1", "1:nonsense:1"]
)
def test_what_a_page_never_named_decides_nothing(client, moderator, seen):
    item = make_waiting()
    client.post(bulk_address("eparticipation_publish", item), {"seen": seen})
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_words_that_changed_since_the_page_was_shown_are_left_out(client, moderator):
    item = make_waiting()
    address = bulk_address("eparticipation_publish", item)
    seen = client.get(address).context["seen"]
    Participation.objects.update(revision=2)
    client.post(address, {"seen": seen})
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_the_menu_leads_to_the_queue_for_moderators_only(client, locales):
    home = reverse("wagtailadmin_home")
    client.force_login(make_moderator())
    assert queue_address() in client.get(home).content.decode()
    client.force_login(editor(None))
    assert queue_address() not in client.get(home).content.decode()


def test_the_review_says_why_an_item_was_set_aside(client, moderator, rf):
    item = make_waiting(state=State.QUARANTINED, suspicious=True)
    abuse_log.note_set_aside(rf.post("/"), ["too_fast", "trapped"], "send", item)
    address = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    said = client.get(address).content.decode()
    assert "سبب العزل" in said
    for label in (abuse_log.Kind.TOO_FAST.label, abuse_log.Kind.TRAPPED.label):
        assert str(label) in said


def test_the_review_of_an_ordinary_item_speaks_of_no_quarantine(client, moderator):
    item = make_waiting()
    address = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    assert "سبب العزل" not in client.get(address).content.decode()


def test_once_the_log_is_emptied_the_review_says_so(client, moderator):
    item = make_waiting(state=State.QUARANTINED, suspicious=True)
    address = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    assert "أُفرغ سجل إساءة الاستعمال" in client.get(address).content.decode()
