"""What staff are told: queues once a day, requests once, never to their author."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests.factories import DURING, make_consultation, make_user
from tests.notifications.test_notices import body_of, send_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.people import Role, RoleAssignment, StaffScope
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.notifications.outbox import deliver_due
from wagtail_eparticipation.notifications.staff import holders, remind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def give(consultation, role, user=None, group=None):
    RoleAssignment.objects.create(
        consultation=consultation, role=role, user=user, group=group
    )


def run(now=DURING):
    remind(now)
    return deliver_due(now)


def test_moderators_hear_once_a_day_that_the_queue_waits(mailbox):
    consultation = make_consultation()
    give(consultation, Role.MODERATOR, make_user("huda"))
    send_in(consultation)
    send_in(consultation)
    run()
    run(DURING + timedelta(hours=2))
    (message,) = mailbox.messages
    assert message["To"] == "huda@municipality.example"
    assert "2" in body_of(message)
    run(DURING + timedelta(days=1))
    assert len(mailbox.messages) == 2


def test_an_empty_queue_is_no_news(mailbox):
    give(make_consultation(), Role.MODERATOR, make_user())
    run()
    assert not Notice.objects.exists()


def test_a_queue_that_was_emptied_meanwhile_is_not_told(mailbox):
    consultation = make_consultation()
    give(consultation, Role.MODERATOR, make_user())
    participation = send_in(consultation).participation
    remind(DURING)
    participation.state = "published"
    participation.save()
    assert deliver_due(DURING).dropped == 1
    assert mailbox.messages == []


def test_roles_are_held_by_people_and_by_groups():
    consultation = make_consultation()
    group = Group.objects.create(name="Participation moderators")
    named, member = make_user(), make_user(groups=["Participation moderators"])
    gone = make_user()
    gone.is_active = False
    gone.save()
    make_user()
    give(consultation, Role.MODERATOR, named)
    give(consultation, Role.MODERATOR, gone)
    give(consultation, Role.MODERATOR, group=group)
    assert holders(consultation, Role.MODERATOR) == [named, member]


def test_nobody_hears_of_departments_that_are_not_theirs():
    consultation = make_consultation()
    group = Group.objects.create(name="Participation moderators")
    limited = make_user(groups=["Participation moderators"])
    StaffScope.objects.create(user=limited)
    give(consultation, Role.MODERATOR, group=group)
    assert holders(consultation, Role.MODERATOR) == []


def test_a_request_is_told_once_to_those_who_may_authorise_it(mailbox):
    consultation = make_consultation()
    permissions = ["request_act", "authorise_act"]
    requester = make_user("ahmed", permissions=permissions)
    authoriser = make_user("layla", permissions=permissions)
    for user in (requester, authoriser, make_user("without-permission")):
        give(consultation, Role.DECISION_MAKER, user)
    act = Act.objects.create(
        consultation=consultation,
        name="close_early",
        state=Act.State.REQUESTED,
        requested_by=requester,
        requested_at=DURING,
    )
    run()
    run(DURING + timedelta(days=2))
    assert [each["To"] for each in mailbox.messages] == ["layla@municipality.example"]
    act.state = Act.State.DECLINED
    act.save()
    Notice.objects.all().delete()
    run()
    assert len(mailbox.messages) == 1


def test_a_proposal_is_told_to_the_other_moderators(mailbox):
    consultation = make_consultation()
    proposer, other = make_user("omar"), make_user("sara")
    for user in (proposer, other):
        give(consultation, Role.MODERATOR, user)
    participation = send_in(consultation).participation
    ModerationDecision.objects.create(
        participation=participation,
        outcome="refuse",
        state="proposed",
        state_from=participation.state,
        decided_by=proposer,
        decided_at=DURING,
    )
    run()
    second = Notice.objects.filter(kind="staff_second")
    assert [notice.user for notice in second] == [other]


def test_the_periodic_command_sends_what_waits(mailbox, capsys):
    consultation = make_consultation()
    give(consultation, Role.MODERATOR, make_user())
    send_in(consultation)
    call_command("eparticipation_tick")
    call_command("eparticipation_tick")
    assert len(mailbox.messages) == 1
    assert "notices sent 1" in capsys.readouterr().out
