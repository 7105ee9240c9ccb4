"""One person who does it several times in the same instant counts once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_consultation
from tests.together import at_once, real_connections
from wagtail_eparticipation.participations import invitations
from wagtail_eparticipation.participations.confirming import confirm
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.participations.refusals import NotAdmitted

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 8
PERSON = Standing("a" * 64)


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


def open_now(**fields):
    now = timezone.now()
    return make_consultation(
        opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1), **fields
    )


def say(consultation, number, standing):
    return submit(
        consultation,
        Submission(
            tool="comment", language="ar", text=f"رأي {number}", standing=standing
        ),
    )


def works(work):
    return [lambda number=number: work(number) for number in range(TIMES)]


def states(consultation):
    rows = Participation.objects.filter(consultation=consultation)
    return sorted(rows.values_list("state", flat=True))


def test_all_that_one_person_says_at_once_counts_as_one():
    consultation = open_now()
    done = at_once(*works(lambda number: say(consultation, number, PERSON)))
    assert not [each for each in done if isinstance(each, Exception)]
    counted = consultation.participations.counted()
    assert counted.count() == 1
    assert states(consultation) == [State.RECEIVED] + [State.REPLACED] * (TIMES - 1)
    assert counted.get().revision == TIMES


def test_all_that_one_person_confirms_at_once_counts_as_one():
    consultation = open_now(identity_mode="email")
    standing = Standing(PERSON.key, confirmed=False)
    sent = [
        say(consultation, number, standing).participation for number in range(TIMES)
    ]
    done = at_once(*works(lambda number: confirm(sent[number])))
    assert not [each for each in done if isinstance(each, Exception)]
    assert states(consultation) == [State.RECEIVED] + [State.REPLACED] * (TIMES - 1)


def test_a_groups_code_is_used_no_more_often_than_it_says():
    consultation = open_now(audience_mode="invited")
    code = invitations.new_code()
    Invitation.objects.create(
        consultation=consultation,
        code_hash=invitations.hash_of(code),
        is_group=True,
        uses_at_most=3,
        language="ar",
        created_at=timezone.now(),
    )
    done = at_once(*works(lambda number: say(consultation, number, Standing("", code))))
    refused = [each for each in done if isinstance(each, NotAdmitted)]
    assert len(refused) == TIMES - 3
    assert consultation.participations.counted().count() == 3
