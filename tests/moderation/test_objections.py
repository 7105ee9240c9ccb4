"""An author objects once; somebody else decides (R-7.0.2d, AC-S3-D1)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import SIMPLE, make_moderator, make_topic, make_waiting
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import Role, StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import errors, objecting
from wagtail_eparticipation.moderation.claims import Claim, assign, hold
from wagtail_eparticipation.moderation.decide import confirm, decide, decline
from wagtail_eparticipation.moderation.figures import by_rule
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.moderation.possible import possible_outcomes
from wagtail_eparticipation.notifications.contexts import CONTEXTS
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.notifications.staff import remind
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.once import key_of
from wagtail_eparticipation.participations.receipt_views import receipt_address
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

WHY = "لم أسوّق لأحد، بل ذكرت مثالاً."


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def refused(item=None, actor=None, outcome=Outcome.REFUSE):
    item = item or make_waiting()
    decide(
        item,
        outcome,
        actor=actor or make_moderator(),
        expected_state=item.state,
        reason_code=SIMPLE,
    )
    item.refresh_from_db()
    return item


def objected(item=None, actor=None):
    item = refused(item, actor)
    return item, objecting.make(item, WHY, "ar")


def decide_anew(item, actor, outcome=Outcome.PUBLISH, answer="أصبتم.", **more):
    return decide(
        item, outcome, actor=actor, expected_state=item.state, answer=answer, **more
    )


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.REFUSE, SIMPLE),
        (Outcome.KEEP_UNPUBLISHED, "rule-7"),
    ],
)
def test_an_author_can_object_to_what_was_kept_back(outcome, code):
    item = make_waiting()
    decide(
        item,
        outcome,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code=code,
    )
    item.refresh_from_db()
    assert objecting.make(item, WHY, "ar").is_open


def test_nobody_objects_twice_to_one_decision():
    item, objection = objected()
    with pytest.raises(objecting.NothingToObject):
        objecting.make(item, "مرة أخرى", "ar")
    objecting.dismiss(objection, "القرار صحيح.", actor=make_moderator())
    with pytest.raises(objecting.NothingToObject):
        objecting.make(item, "مرة أخرى", "ar")


@pytest.mark.parametrize("state", [State.RECEIVED, State.PUBLISHED, State.QUARANTINED])
def test_there_is_nothing_to_object_to_where_nothing_was_kept_back(state):
    with pytest.raises(objecting.NothingToObject):
        objecting.make(make_waiting(state=state), WHY, "ar")


def test_what_its_author_did_not_want_published_is_no_decision_against_them():
    item = make_waiting(publication=Publication.NOT_PUBLISHED)
    decide(
        item,
        Outcome.KEEP_UNPUBLISHED,
        actor=make_moderator(),
        expected_state=item.state,
    )
    item.refresh_from_db()
    assert objecting.decision_to_object(item) is None


def test_no_objection_after_the_formal_closing():
    item = refused()
    Consultation.objects.update(stored_stage=Stored.CLOSED)
    item.refresh_from_db()
    item.consultation.refresh_from_db()
    assert objecting.decision_to_object(item) is None


def test_who_decided_does_not_decide_about_the_objection():
    moderator = make_moderator()
    item, objection = objected(actor=moderator)
    with pytest.raises(errors.SameAsObjected):
        decide_anew(item, moderator)
    with pytest.raises(errors.SameAsObjected):
        objecting.dismiss(objection, "القرار صحيح.", actor=moderator)
    item.refresh_from_db()
    assert item.state == State.REFUSED


def test_the_second_person_of_a_decision_does_not_decide_either():
    item, second = make_waiting(), make_moderator()
    proposal = decide(
        item,
        Outcome.REFUSE,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code="rule-4.racism",
        ground="عبارة عنصرية.",
    )
    confirm(proposal, actor=second)
    item.refresh_from_db()
    objecting.make(item, WHY, "ar")
    with pytest.raises(errors.SameAsObjected):
        decide_anew(item, second)


def proposed_anew(decider):
    item, _objection = objected(actor=decider)
    more = {"reason_code": "rule-4.racism", "ground": "عبارة عنصرية."}
    return decide_anew(item, make_moderator(), Outcome.KEEP_UNPUBLISHED, **more)


@pytest.mark.parametrize("act", [confirm, decline])
def test_who_decided_does_not_answer_a_proposal_about_the_objection(act):
    decider = make_moderator()
    proposal = proposed_anew(decider)
    with pytest.raises(errors.SameAsObjected):
        act(proposal, actor=decider)
    act(proposal, actor=make_moderator())


def test_who_decided_is_offered_no_answer_to_such_a_proposal(client):
    decider = make_moderator()
    item = proposed_anew(decider).participation
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    for user, offered in ((decider, False), (make_moderator(), True)):
        client.force_login(user)
        page = client.get(url).content.decode()
        assert ('name="proposal"' in page) is offered


@pytest.mark.parametrize(
    ("outcome", "more", "state"),
    [
        (Outcome.PUBLISH, {}, State.PUBLISHED),
        (
            Outcome.PUBLISH_REDACTED,
            {"reason_code": SIMPLE, "places": [Place("text", 0, 3)]},
            State.PUBLISHED,
        ),
        (Outcome.KEEP_UNPUBLISHED, {"reason_code": "rule-7"}, State.UNPUBLISHED),
    ],
)
def test_another_person_decides_anew_and_answers(outcome, more, state):
    item, objection = objected()
    other = make_moderator()
    decide_anew(item, other, outcome, **more)
    item.refresh_from_db()
    objection.refresh_from_db()
    assert item.state == state
    assert (objection.state, objection.answer) == (Objection.State.UPHELD, "أصبتم.")
    assert objection.decided_by == other


def test_an_objection_is_answered_in_words():
    item, _objection = objected()
    with pytest.raises(errors.AnswerNeeded):
        decide_anew(item, make_moderator(), answer=" ")


def test_a_refused_one_is_not_published_without_an_objection():
    item = refused()
    with pytest.raises(errors.OutcomeNotPossible):
        decide_anew(item, make_moderator())


def test_who_sent_another_since_is_not_counted_twice():
    person = {"tool": "suggestion", "person_key": "a" * 64, "title": "ظل"}
    item = make_waiting(**person, received_at=DURING - timedelta(hours=2))
    item, _objection = objected(item)
    assert Outcome.PUBLISH in possible_outcomes(item, item.consultation.stage())
    make_waiting(item.consultation, **person, received_at=DURING, once_key=key_of(item))

    assert possible_outcomes(item, item.consultation.stage()) == []
    with pytest.raises(errors.OutcomeNotPossible):
        decide_anew(item, make_moderator())


def test_of_two_that_are_both_upheld_the_later_one_counts():
    person = {"tool": "suggestion", "person_key": "a" * 64, "title": "ظل"}
    first = make_waiting(**person, received_at=DURING - timedelta(hours=2))
    Participation.objects.filter(pk=first.pk).update(once_key=key_of(first))
    first.refresh_from_db()
    first, _objection = objected(first)
    Participation.objects.filter(pk=first.pk).update(once_key=None)
    second = make_waiting(
        first.consultation, **person, received_at=DURING, once_key=key_of(first)
    )
    second, _objection = objected(second)

    decide_anew(first, make_moderator())
    decide_anew(second, make_moderator())

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.REPLACED, State.PUBLISHED)
    assert (first.once_key, second.once_key) == (None, key_of(second))
    assert Participation.objects.counted().count() == 1
    shown = PublishedComment.objects.filter(removed_at=None)
    assert [each.participation_id for each in shown] == [second.pk]


def test_other_words_of_the_author_settle_the_objection():
    item, objection = objected()
    amend(
        item,
        Changes(
            text="نص مصحح",
            language="ar",
            publication=item.publication,
            public_name=item.public_name,
        ),
    )
    objection.refresh_from_db()
    assert objection.state == Objection.State.SUPERSEDED
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_withdrawing_settles_it_too():
    item, objection = objected()
    withdraw(item)
    objection.refresh_from_db()
    assert objection.state == Objection.State.SUPERSEDED


def test_a_topic_is_not_closed_over_an_open_objection():
    item, _objection = objected()
    texts = [str(each) for each in missing_for("close", item.consultation, DURING)]
    assert any("اعتراض" in text for text in texts)


def test_the_ledger_knows_of_it_without_a_word():
    item, _objection = objected()
    event = LedgerEvent.objects.get(kind="objection.made")
    assert WHY not in str(event.data)
    assert event.data["participation"] == str(item.public_id)


def test_its_target_counts_working_hours():
    _item, objection = objected()
    assert objection.due_at is None or objection.due_at > objection.made_at


# The page of the author ------------------------------------------------------


@pytest.fixture
def sent():
    version, _new = install_pack("qassim")
    page = make_consultation_page()
    Consultation.objects.update(policy_version=version)
    page.consultation.refresh_from_db()
    submission = Submission(
        "comment",
        "ar",
        text="زوروا متجرنا",
        publication=Publication.WITHOUT_NAME,
        person=Person(email="salem@example.org"),
    )
    outcome = submit(page.consultation, submission)
    return outcome.participation, outcome.receipt_code


def object_url(code):
    return f"{receipt_address(code, 'ar')}object/"


def test_the_receipt_leads_to_the_objection_and_shows_what_became_of_it(sent):
    item, code = sent
    client = Client()
    assert "object/" not in client.get(receipt_address(code, "ar")).content.decode()
    refused(item)
    page = client.get(receipt_address(code, "ar")).content.decode()
    assert "/object/" in page
    response = client.post(object_url(code), {"text": WHY})
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "وصل اعتراضكم" in page and "/object/" not in page
    objecting.dismiss(Objection.objects.get(), "لا تقبل.", actor=make_moderator())
    page = client.get(response["Location"]).content.decode()
    assert "لا تقبل." in page


def test_an_empty_objection_comes_back_with_its_error(sent):
    item, code = sent
    refused(item)
    response = Client().post(object_url(code), {"text": " "})
    assert response.status_code == 422
    assert "اكتبوا سبب اعتراضكم" in response.content.decode()


def test_a_second_press_is_the_same_objection(sent):
    item, code = sent
    refused(item)
    client = Client()
    for _press in range(2):
        assert client.post(object_url(code), {"text": WHY}).status_code == 302
    assert Objection.objects.count() == 1


def test_a_text_that_comes_too_late_is_not_lost(sent):
    item, code = sent
    refused(item)
    objecting.make(item, "اعتراض أول", "ar")
    response = Client().post(object_url(code), {"text": WHY})
    assert response.status_code == 422
    assert WHY in response.content.decode()


def test_a_forged_address_opens_nothing(sent):
    response = Client().get("/eparticipation/ar/receipt/forged/object/")
    assert response.status_code in (302, 404)
    assert not Objection.objects.exists()


def test_its_author_is_told_the_answer_once_and_no_name(sent):
    item, _code = sent
    refused(item)
    moderator = make_moderator("mod-with-name")
    objection = objecting.make(item, WHY, "ar")
    objecting.dismiss(objection, "القرار صحيح.", actor=moderator)
    notice = Notice.objects.get(kind="objection")
    context = CONTEXTS["objection"](notice)
    assert context["answer"] == "القرار صحيح."
    assert "mod-with-name" not in str(context)


def test_other_moderators_hear_of_it_once():
    decider, other = make_moderator(), make_moderator()
    topic = make_topic()
    for user in (decider, other):
        topic.roles.create(role=Role.MODERATOR, user=user)
    objected(make_waiting(topic), decider)
    for _run in range(2):
        remind(DURING)
    assert [n.user for n in Notice.objects.filter(kind="staff_second")] == [other]


# The desk ----------------------------------------------------------------------


def test_the_list_shows_what_waits_in_the_users_departments(client):
    item, _objection = objected()
    client.force_login(make_moderator())
    page = client.get(reverse("eparticipation_admin:objections")).content.decode()
    assert item.number in page
    limited = make_moderator()
    StaffScope.objects.create(user=limited)
    client.force_login(limited)
    page = client.get(reverse("eparticipation_admin:objections")).content.decode()
    assert item.number not in page


@pytest.mark.parametrize("permissions", [(), ("reply_officially",), ("view_identity",)])
def test_the_list_is_for_moderators_alone(client, permissions):
    client.force_login(make_user(permissions=permissions))
    response = client.get(reverse("eparticipation_admin:objections"))
    assert response.status_code == 302


@pytest.mark.parametrize("count", [3, 20])
def test_the_list_costs_the_same_however_long(
    client, django_assert_max_num_queries, count
):
    topic = make_topic()
    moderator = make_moderator()
    for _each in range(count):
        objected(make_waiting(topic), moderator)
    client.force_login(make_moderator())
    client.get(reverse("eparticipation_admin:objections"))
    with django_assert_max_num_queries(14):
        client.get(reverse("eparticipation_admin:objections"))


def test_the_review_page_takes_the_new_decision_with_its_answer(client):
    item, objection = objected()
    client.force_login(make_moderator())
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    assert WHY in client.get(url).content.decode()
    form = {
        "decide": "publish",
        "publish-state": "refused",
        "publish-revision": "1",
        "publish-answer": "قُبل اعتراضكم.",
    }
    assert client.post(url, form).status_code == 302
    objection.refresh_from_db()
    assert objection.answer == "قُبل اعتراضكم."


def test_the_review_page_dismisses_it(client):
    item, objection = objected()
    client.force_login(make_moderator())
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    refusal = client.post(url, {"objection": "dismiss", "dismiss-answer": ""})
    assert refusal.status_code == 200
    client.post(url, {"objection": "dismiss", "dismiss-answer": "لا."})
    objection.refresh_from_db()
    assert objection.state == Objection.State.DISMISSED


def test_it_is_dismissed_over_a_colleagues_shoulder_only_when_taken_over(client):
    item, _objection = objected()
    hold(item, make_moderator())
    client.force_login(make_moderator())
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    data = {"objection": "dismiss", "dismiss-answer": "القرار صحيح."}

    response = client.post(url, data)

    assert "القرار صحيح." in response.content.decode()
    assert Objection.objects.get().is_open
    assert client.post(url, data | {"take_over": "1"}).status_code == 302
    assert not Objection.objects.get().is_open


def test_who_decided_neither_holds_it_nor_is_offered_a_decision(client):
    decider = make_moderator()
    item, _objection = objected(actor=decider)
    client.force_login(decider)
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])

    response = client.get(url)

    assert response.context["forms"] == []
    assert not Claim.objects.filter(held_by__isnull=False).exists()


def test_hiding_a_place_later_is_not_the_decision_about_it(sent):
    first, second = make_moderator(), make_moderator()
    item = refused(sent[0], first, Outcome.KEEP_UNPUBLISHED)
    decision = objecting.decision_to_object(item)
    told = Notice.objects.count()
    assert told
    decide(
        item,
        Outcome.KEEP_UNPUBLISHED,
        actor=second,
        expected_state=item.state,
        reason_code="rule-8.personal_data",
        places=[Place("text", 0, 3, "contact")],
    )
    assert objecting.decision_to_object(item) == decision
    assert Notice.objects.count() == told
    (row,) = [row for row in by_rule(item.consultation, DURING) if any(row.counts)]
    assert row.code == SIMPLE
    objection = objecting.make(item, WHY, "ar")
    assert objection.is_against(first) and not objection.is_against(second)
    objecting.dismiss(objection, "نعم، فهو إعلان.", actor=second)
    assert objecting.decision_to_object(item) is None


def test_it_is_not_assigned_to_whom_it_is_against():
    moderator, other = make_moderator(), make_moderator()
    item, _objection = objected(actor=moderator)
    with pytest.raises(errors.SameAsObjected):
        assign([item], moderator, actor=other)
    client = Client()
    client.force_login(other)
    address = reverse("eparticipation_admin:moderation_assign", args=[item.public_id])
    client.post(address, {"person": moderator.pk})
    assert not Claim.objects.filter(assigned_to=moderator).exists()
    assert assign([item], other, actor=other) == 1
