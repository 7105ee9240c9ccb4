"""Every way to write is shut at the same instant, by the database's clock (S3-F1, F6).

One row per way; each is tried one microsecond before the closing, at it, and after it.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.discussion.makers import make_voice
from tests.factories import CLOSES, DURING, make_user
from tests.participations import sending
from tests.surveys import test_answering as surveys
from tests.surveys.makers import SAILS, SHADE, make_survey
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.participations import (
    batch_course,
    import_files,
    late_box,
    tokens,
)
from wagtail_eparticipation.participations.amending import (
    Changes,
    TooLateToAmend,
    amend,
)
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.withdrawal import (
    TooLateToWithdraw,
    withdraw,
)
from wagtail_eparticipation.surveys.models import SurveyAnswer

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
#: When forms are asked for: in time, and not so long ago that they expire.
JUST_BEFORE = CLOSES - timedelta(hours=1)
INSTANTS = {"before": CLOSES - TICK, "at": CLOSES, "after": CLOSES + timedelta(days=1)}


def state_of(participation) -> str:
    return Participation.objects.get(pk=participation.pk).state


def newest() -> Participation:
    return Participation.objects.latest("pk")


def by_form(client, page, at):
    """The form, asked for in time."""
    typed = sending.fill(sending.token_of(sending.ask(client, page, at=JUST_BEFORE)))
    assert sending.send(client, page, typed, at=at).status_code == 302
    return newest().state


def by_reply(client, page, at):
    """A reply in a thread, which must not stay open behind the topic."""
    voice = make_voice(page.consultation)
    typed = sending.fill(sending.token_of(sending.ask(client, page, at=JUST_BEFORE)))
    sending.send(client, page, typed | {"reply_to": voice.key}, at=at)
    assert newest().parent == voice.participation
    return newest().state


def by_survey(client, page, at):
    survey = make_survey(topic=page)
    data = surveys.filled(client, survey, asked_at=JUST_BEFORE)
    surveys.send(client, survey, data, at=at)
    return newest().state


def by_counter(client, page, at):
    """Typed in by a clerk without evidence."""
    submission = Submission(
        tool="comment", language="ar", text="نص", channel="counter", made_at=DURING
    )
    clerk = make_user(permissions=["moderate_participation"])
    with clock.rehearse(at):
        return submit(page.consultation, submission, actor=clerk).participation.state


def by_import(client, page, at):
    clerk = make_user(permissions=["moderate_participation"])
    file = ContentFile("id,text,date\np1,نص,2026-04-10\n".encode(), name="posts.csv")
    with clock.rehearse(at):
        batch = batch_course.prepare(
            page.consultation, file, "posts.csv", channel="social", actor=clerk
        )
        headings, _first = batch_course.headings_of(batch)
        plan = import_files.Plan(import_files.propose(headings))
        batch_course.carry_out(batch, plan, actor=clerk)
    return newest().state


def by_amending(client, page, at):
    voice = make_voice(page.consultation)
    with clock.rehearse(at), suppress(TooLateToAmend):
        amend(voice.participation, Changes(text="نص جديد", language="ar"))
    return Participation.objects.get(pk=voice.participation_id).text


def by_changing_answers(client, page, at):
    survey = make_survey(topic=page)
    receipt = surveys.send(
        client, survey, surveys.filled(client, survey, asked_at=JUST_BEFORE)
    )["Location"]
    with clock.rehearse(DURING):
        form = client.get(f"{receipt}change/")
    data = {"shape": surveys.hidden(form, "shape"), f"q_{SHADE}": SAILS}
    with clock.rehearse(at):
        client.post(f"{receipt}change/", data)
    return SurveyAnswer.objects.filter(option_id=SAILS).exists()


def by_withdrawing(client, page, at):
    voice = make_voice(page.consultation)
    with clock.rehearse(at), suppress(TooLateToWithdraw):
        withdraw(voice.participation)
    return state_of(voice.participation)


def by_withdrawing_at_the_receipt(client, page, at):
    receipt = sending.take_part(client, page)["Location"]
    with clock.rehearse(at):
        client.post(f"{receipt}withdraw/")
    return newest().state


NEW = "نص جديد"
OLD = "أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال."


@pytest.mark.parametrize("instant", INSTANTS)
@pytest.mark.parametrize(
    ("write", "in_time", "too_late"),
    [
        (by_form, State.RECEIVED, State.LATE),
        (by_reply, State.RECEIVED, State.LATE),
        (by_survey, State.UNPUBLISHED, State.LATE),
        (by_counter, State.RECEIVED, State.LATE),
        (by_import, State.RECEIVED, State.LATE),
        (by_amending, NEW, OLD),
        (by_changing_answers, True, False),
        (by_withdrawing, State.WITHDRAWN, State.PUBLISHED),
        (by_withdrawing_at_the_receipt, State.WITHDRAWN, State.RECEIVED),
    ],
)
def test_a_way_to_write_is_open_until_the_closing_and_shut_from_it_on(
    client, page, settings, tmp_path, write, in_time, too_late, instant
):
    settings.MEDIA_ROOT = str(tmp_path)
    found = write(client, page, INSTANTS[instant])
    assert found == (in_time if instant == "before" else too_late)


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_late_box_is_opened_by_an_act_before_and_after_the_closing(page, instant):
    submission = Submission(
        tool="comment", language="ar", text="نص", channel="paper", made_at=CLOSES
    )
    chief = make_user(permissions=["authorise_act"])
    with clock.rehearse(INSTANTS[instant]):
        row = submit(page.consultation, submission, actor=chief).participation
        assert row.state == State.LATE
        late_box.admit(row, actor=chief, ground="عطل في الخدمة")
    assert state_of(row) == State.RECEIVED


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (timedelta(seconds=600) - TICK, State.RECEIVED),
        (timedelta(seconds=600), State.LATE),
    ],
)
def test_within_the_grace_a_form_that_was_open_counts_and_is_marked(
    client, page, settings, offset, state
):
    settings.WAGTAIL_EPARTICIPATION = {"CLOSING_GRACE": 600}
    form = sending.ask(client, page, at=CLOSES - TICK)
    typed = sending.fill(sending.token_of(form))
    sending.send(client, page, typed, at=CLOSES + offset)
    row = newest()
    assert (row.state, row.within_grace) == (state, state == State.RECEIVED)


@pytest.mark.parametrize("issued", [None, CLOSES])
def test_within_the_grace_a_form_handed_out_at_the_closing_is_late(
    client, page, settings, issued
):
    settings.WAGTAIL_EPARTICIPATION = {"CLOSING_GRACE": 600}
    with clock.rehearse(CLOSES):
        token = tokens.new_token().signed(page.consultation) if issued else "forged"
    answer = sending.send(
        client, page, sending.fill(token), at=CLOSES + timedelta(seconds=5)
    )
    if issued:
        assert newest().state == State.LATE
    else:
        assert answer.status_code == 422
        assert sending.TEXT in answer.content.decode()


@pytest.mark.parametrize(
    ("grace", "words"),
    [
        (0, ""),
        (60, "خلال دقيقة واحدة بعده"),
        (90, "خلال 90 ثانية بعده"),
        (600, "خلال 10 دقائق بعده"),
    ],
)
def test_a_grace_is_announced_on_every_form(client, page, settings, grace, words):
    settings.WAGTAIL_EPARTICIPATION = {"CLOSING_GRACE": grace}
    survey = make_survey(topic=page)
    for form in (sending.ask(client, page), surveys.ask(client, survey)):
        shown = form.content.decode()
        assert ("من كان النموذج مفتوحًا لديه" in shown) == bool(words)
        assert words in shown


def test_what_came_within_the_grace_is_frozen_too_and_listed_apart(
    client, page, settings, django_capture_on_commit_callbacks
):
    settings.WAGTAIL_EPARTICIPATION = {"CLOSING_GRACE": 60, "MINIMUM_FORM_SECONDS": 0}
    in_time = sending.fill(sending.token_of(sending.ask(client, page, at=JUST_BEFORE)))
    in_grace = sending.fill(sending.token_of(sending.ask(client, page, at=JUST_BEFORE)))
    sending.send(client, page, in_time)
    with clock.rehearse(CLOSES):
        snapshot.catch_up(page.consultation)
    with django_capture_on_commit_callbacks(execute=True):
        sending.send(client, page, in_grace, at=CLOSES + timedelta(seconds=30))
    with clock.rehearse(CLOSES + timedelta(seconds=31)):
        snapshot.catch_up(page.consultation)
    closing, addendum = page.consultation.snapshots.order_by("number")
    assert (closing.counted, closing.counts["within_grace"]) == (1, 0)
    assert (addendum.counted, addendum.counts["within_grace"]) == (2, 1)
    client.force_login(make_user(permissions=["analyse_participation"]))
    address = reverse("eparticipation_admin:analysis", args=[page.consultation_id])
    with clock.rehearse(CLOSES + timedelta(minutes=2)):
        assert "منها خلال المهلة" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("left", "expected"),
    [(timedelta(seconds=40), 40), (TICK, 0), (timedelta(days=3), 300)],
)
def test_a_page_kept_by_a_proxy_is_fresh_until_the_closing_at_most(
    client, page, left, expected
):
    """Rendered before the closing, nobody is shown it as fresh after it (S3-F7)."""
    survey = make_survey(topic=page)
    addresses = [
        page.get_url(),
        f"{page.get_url()}discussion/",
        survey.get_url(),
        page.get_parent().get_url(),
    ]
    with clock.rehearse(CLOSES - left):
        for address in addresses:
            header = client.get(address).get("Cache-Control", "")
            assert f"max-age={expected}" in header.replace(" ", "").split(","), address
