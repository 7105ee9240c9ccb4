"""Invitations and drafts with many hands at once, on real connections and locks."""

from datetime import timedelta
from functools import partial

import pytest
from django.http import QueryDict
from django.utils import timezone

from tests.factories import make_consultation
from tests.participations.inviting import csv_of, make_editor
from tests.together import at_once, real_connections
from wagtail_eparticipation.participations import (
    door,
    drafts,
    invitation_acts,
    invitation_letters,
    invitations,
    inviting,
    persons,
)
from wagtail_eparticipation.participations.invitation_files import ListPlan
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.inviting import InvitingRefused
from wagtail_eparticipation.participations.models import Participation, PersonKey

pytestmark = pytest.mark.django_db(transaction=True)

PLAN = ListPlan({"name": "name", "email": "email"}, "ar")


@pytest.fixture(autouse=True)
def database_of_real_connections(tmp_path):
    with real_connections(tmp_path):
        yield


@pytest.fixture
def topic():
    now = timezone.now()
    return make_consultation(
        opens_at=now - timedelta(days=2),
        closes_at=now + timedelta(days=2),
        audience_mode="invited",
    )


def uploaded(topic, editor, number=30):
    import io

    people = csv_of(*(("", f"p{n}@people.example", "", "") for n in range(number)))
    file = io.BytesIO(people.encode())
    return inviting.prepare(topic, file, "people.csv", actor=editor)


def test_two_lists_at_once_invite_nobody_twice(topic):
    editor = make_editor()
    lists = [uploaded(topic, editor) for _each in range(2)]
    reports = at_once(
        *(
            lambda waiting=waiting: inviting.carry_out(waiting, PLAN, actor=editor)
            for waiting in lists
        )
    )
    assert sorted(report.invited for report in reports) == [0, 30]
    assert Invitation.objects.count() == PersonKey.objects.count() == 30


def test_one_list_carried_out_twice_at_once_is_carried_out_once(topic):
    editor = make_editor()
    waiting = uploaded(topic, editor)
    results = at_once(*[lambda: inviting.carry_out(waiting, PLAN, actor=editor)] * 2)
    assert sum(isinstance(result, InvitingRefused) for result in results) == 1
    assert Invitation.objects.count() == 30


def test_letters_printed_twice_at_once_give_each_code_once(topic):
    editor = make_editor()
    import io

    people = csv_of(*((f"شخص {n}", "", "", "") for n in range(5)))
    file = io.BytesIO(people.encode())
    waiting = inviting.prepare(topic, file, "people.csv", actor=editor)
    inviting.carry_out(waiting, PLAN, actor=editor)
    results = at_once(
        *[lambda: invitation_letters.take_letters(topic, actor=editor)] * 2
    )
    letters = [result for result in results if isinstance(result, list)]
    assert [len(each) for each in letters] == [5]
    assert sum(isinstance(result, InvitingRefused) for result in results) == 1


def test_a_code_that_is_revoked_while_it_is_used_counts_or_is_refused(topic):
    editor = make_editor()
    code = invitations.new_code()
    row = Invitation.objects.create(
        consultation=topic,
        code_hash=invitations.hash_of(code),
        language="ar",
        created_at=timezone.now(),
        sent_at=timezone.now(),
    )

    def use():
        submission = door.Submission(
            tool="comment",
            language="ar",
            text="رأي",
            standing=persons.Standing(code=code),
        )
        return door.submit(topic, submission)

    used, revoked = at_once(
        use, lambda: invitation_acts.revoke(topic, row.number, actor=editor)
    )
    assert isinstance(revoked, Invitation)
    counted = Participation.objects.counted().count()
    assert counted == (0 if isinstance(used, door.DoorRefusal) else 1)
    with pytest.raises(door.DoorRefusal):
        use()


def saved(topic, token, text, issued_at):
    typed = QueryDict(mutable=True)
    typed["text"] = text
    return drafts.save(
        topic,
        typed,
        tool="comment",
        language="ar",
        issued_at=issued_at,
        token=token,
    )


def test_a_draft_that_is_saved_many_times_at_once_is_one(topic):
    token = saved(topic, "", "أول", timezone.now())
    opened = timezone.now()
    press = partial(saved, topic, token, "نص", opened)
    assert at_once(*[press] * 6) == [token] * 6
    draft = drafts.SavedDraft.objects.get()
    assert drafts.typed_of(draft, token)["text"] == "نص"


def test_what_two_windows_save_at_once_is_kept_twice(topic):
    token = saved(topic, "", "أول", timezone.now())
    opened = timezone.now()
    links = at_once(
        *(partial(saved, topic, token, text, opened) for text in ("نص", "غيره"))
    )
    texts = {drafts.typed_of(drafts.find(link), link)["text"] for link in links}
    assert drafts.SavedDraft.objects.count() == 2
    assert texts == {"نص", "غيره"}
