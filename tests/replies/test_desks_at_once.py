"""Two people of the desk at the same case, on real connections."""

import pytest
from django.core.cache import cache

from tests.factories import make_consultation
from tests.replies.makers import ask, make_replier
from tests.replies.makers_referrals import make_question
from tests.together import at_once, real_connections
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.replies import answering, deferring, delays, from_register
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.referrals import Escalation, Referral

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    cache.clear()
    with real_connections(tmp_path):
        yield


def refusals(results):
    return [type(each) for each in results if isinstance(each, Exception)]


def test_of_two_questions_at_once_one_is_asked():
    case, people = ask(make_consultation()).case, [make_replier(), make_replier()]
    results = at_once(
        *(
            lambda actor=actor: deferring.defer(
                case, make_question(body="المرور"), actor=actor
            )
            for actor in people
        )
    )
    assert refusals(results) == [answering.NotPossible]
    assert Referral.objects.count() == 1


def test_of_an_answer_and_a_question_at_once_one_is_done():
    case, people = ask(make_consultation()).case, [make_replier(), make_replier()]
    results = at_once(
        lambda: answering.answer(case, "نعم", actor=people[0]),
        lambda: deferring.defer(case, make_question(body="المرور"), actor=people[1]),
    )
    assert refusals(results) == [answering.NotPossible]
    case.refresh_from_db()
    assert (case.state == Case.State.DEFERRED) == Referral.objects.exists()
    assert (case.state == Case.State.ANSWERED) == case.answers.exists()


def test_of_two_answers_to_one_question_the_first_stays():
    case, people = ask(make_consultation()).case, [make_replier(), make_replier()]
    referral = deferring.defer(case, make_question(body="المرور"), actor=people[0])
    results = at_once(
        *(
            lambda text=text, actor=actor: deferring.give_answer(
                referral, text, actor=actor
            )
            for text, actor in zip(("أول", "ثانٍ"), people, strict=True)
        )
    )
    assert refusals(results) == [answering.NotPossible]
    (kept,) = [each.answer for each in results if not isinstance(each, Exception)]
    referral.refresh_from_db()
    assert referral.answer == kept


def test_of_two_cases_about_one_participation_one_is_opened():
    from tests.discussion.makers import make_participation

    item, people = make_participation(), [make_replier(), make_replier()]
    results = at_once(
        *(
            lambda actor=actor: from_register.open_case(item, actor=actor)
            for actor in people
        )
    )
    assert refusals(results) == [from_register.OpenAlready]
    assert Participation.objects.get().cases.count() == 1


def test_two_jobs_at_once_tell_a_delay_once():
    from datetime import timedelta

    case = ask(make_consultation()).case
    referral = deferring.defer(
        case, make_question(body="المرور", due_days=1), actor=make_replier()
    )
    late = referral.due_at + timedelta(days=30)
    results = at_once(lambda: delays.run(late), lambda: delays.run(late))
    assert not refusals(results)
    assert Escalation.objects.filter(referral=referral).count() == 2
    referral.refresh_from_db()
    assert referral.reminders == 2
