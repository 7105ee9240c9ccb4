"""The table of means at the door, on the page and in the imports (R-4.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.consultations.makers import because, make_requester
from tests.factories import CLOSES, DURING, make_user
from tests.factories_pages import (
    every_channel,
    make_consultation_page,
    translation_of,
)
from tests.participations.sending import TEXT, ask, fill, send, token_of
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.acts import (
    ActRefused,
    IllegalTransition,
    Reason,
)
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course, door, refusals
from wagtail_eparticipation.participations.importing import ImportRow, import_rows
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db
WHY = {"ar": "عطل في الشبكة", "en": "The network is down"}
LATER = DURING + timedelta(hours=1)


@pytest.fixture
def two():
    """A topic whose table names the portal and the counter."""
    return make_consultation_page(
        stage="published", policy_version=install_pack("qassim")[0]
    )


def switch(page, name="close_channel", channel="portal", at=DURING, text=WHY, **kwargs):
    with rehearse(at):
        return acts.perform(
            page.consultation,
            name,
            actor=kwargs.get("actor") or make_requester(),
            reason=Reason("", text),
            channel=channel,
        )


def test_a_switched_off_portal_keeps_the_text_and_says_why(client, two):
    token = token_of(ask(client, two))
    switch(two)
    response = send(client, two, fill(token), at=LATER)
    html = response.content.decode()
    assert response.status_code == 422
    assert TEXT in html
    assert WHY["ar"] in html
    assert not Participation.objects.exists()


def test_the_form_and_the_page_say_that_it_is_closed_and_why(client, two):
    switch(two)
    with rehearse(LATER):
        form = client.get(f"{two.get_url()}participate/comment/").content.decode()
        arabic = client.get(two.get_url()).content.decode()
        english = client.get(translation_of(two).get_url()).content.decode()
    assert WHY["ar"] in form
    assert "<form" not in form.split("<main")[1]
    assert f"مغلقة: {WHY['ar']}" in arabic or WHY["ar"] in arabic
    assert arabic.count(WHY["ar"]) == 2
    assert english.count(WHY["en"]) == 2
    assert f"{two.get_url()}participate/" not in arabic


def test_it_can_be_opened_again_and_both_stand_on_record(client, two):
    switch(two)
    switch(two, "open_channel", at=LATER)
    token = token_of(ask(client, two, at=LATER))
    assert send(client, two, fill(token), at=LATER).status_code == 302
    kinds = set(LedgerEvent.objects.values_list("kind", flat=True))
    assert {"act.close_channel", "act.open_channel"} <= kinds


@pytest.mark.parametrize(
    ("name", "channel", "text"),
    [
        ("close_channel", "portal", {}),
        ("close_channel", "portal", {"ar": "سبب"}),
        ("close_channel", "social", WHY),
        ("close_channel", "nonsense", WHY),
        ("close_channel", None, WHY),
        ("open_channel", "portal", WHY),
    ],
)
def test_without_a_reason_or_a_channel_nothing_is_switched(two, name, channel, text):
    with pytest.raises(ActRefused):
        switch(two, name, channel, text=text)


def test_the_last_way_is_closed_by_two_people_alone(two):
    switch(two)
    with pytest.raises(ActRefused):
        switch(two, channel="counter", at=LATER)


def test_a_channel_is_switched_off_once(two):
    switch(two)
    with pytest.raises(ActRefused):
        switch(two, at=LATER)


def test_after_closing_there_is_nothing_to_switch(two):
    with pytest.raises(IllegalTransition):
        switch(two, at=DURING + timedelta(days=90))


@pytest.mark.parametrize("permissions", [[], ["moderate_participation"]])
def test_only_those_in_charge_switch(two, permissions):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        switch(two, actor=make_user(permissions=permissions))


@pytest.mark.parametrize(
    ("made", "taken"),
    [(-1, True), (0, False), (1, False)],
)
def test_what_was_made_before_is_still_entered(two, made, taken):
    """The second before, at and after the switching off."""
    switch(two, channel="counter")
    made_at = DURING + timedelta(seconds=made)
    submission = door.Submission(
        tool="comment", language="ar", text=TEXT, channel="counter", made_at=made_at
    )
    with rehearse(LATER):
        if taken:
            assert door.submit(two.consultation, submission).participation.pk
        else:
            with pytest.raises(refusals.SwitchedOff):
                door.submit(two.consultation, submission)


def test_staff_enter_voices_by_the_channels_of_the_table_alone(two):
    submission = door.Submission(
        tool="comment", language="ar", text=TEXT, channel="social", made_at=DURING
    )
    with rehearse(DURING), pytest.raises(refusals.NotNamed) as refusal:
        door.submit(two.consultation, submission, actor=make_user(superuser=True))
    assert "وسائل التواصل" in str(refusal.value)


def test_an_import_of_another_channel_is_refused_with_the_reason(two, tmp_path):
    clerk = make_user(superuser=True)
    file = tmp_path / "posts.csv"
    file.write_text("text\nنص", encoding="utf-8")
    with rehearse(DURING), file.open("rb") as opened:
        from django.core.files import File

        with pytest.raises(batch_course.ImportRefused) as refusal:
            batch_course.prepare(
                two.consultation,
                File(opened),
                "posts.csv",
                channel="social",
                actor=clerk,
            )
        assert "جدول" in str(refusal.value)
        with pytest.raises(refusals.NotNamed):
            import_rows(
                two.consultation,
                [ImportRow(text="نص", made_at=DURING)],
                channel="social",
                actor=clerk,
                batch="I-1",
            )


def test_the_upload_offers_the_channels_of_the_table(client, two):
    from django.urls import reverse

    client.force_login(make_user(superuser=True))
    address = reverse("eparticipation_admin:imports", args=[two.consultation_id])
    html = client.get(address).content.decode()
    assert 'value="counter"' in html
    assert 'value="social"' not in html


def test_editing_the_page_shuts_no_way_that_people_use(two):
    from django.core.exceptions import ValidationError

    two.channels[1].value["closed_reason"] = "مغلق"
    with rehearse(DURING), pytest.raises(ValidationError) as refusal:
        two.clean()
    assert "channels" in refusal.value.message_dict


def test_a_deviation_still_needs_its_code(two):
    with rehearse(DURING), pytest.raises(ActRefused):
        acts.request(
            two.consultation,
            "withdraw",
            actor=make_requester(),
            reason=Reason("", because("withdraw").text),
        )


@pytest.mark.parametrize(
    ("days_before_closing", "reason"), [(9, ""), (5, "channel_not_open")]
)
def test_a_channel_with_days_of_its_own_is_open_on_those(days_before_closing, reason):
    channels = every_channel()
    for block in channels:
        if block["value"]["kind"] == "counter":
            block["value"]["closes_on"] = (CLOSES - timedelta(days=7)).date()
    page = make_consultation_page(channels=channels, languages=("ar",))
    submission = door.Submission(
        tool="comment",
        language="ar",
        text=TEXT,
        channel="counter",
        made_at=CLOSES - timedelta(days=days_before_closing),
    )
    with rehearse(CLOSES - timedelta(hours=1)):
        row = door.submit(page.consultation, submission).participation
    assert row.late_reason == reason
    assert row.state == ("late" if reason else "received")


@pytest.mark.parametrize(("evidence", "state"), [("سجل", "received"), ("", "late")])
def test_paper_of_the_time_before_a_reopening_needs_evidence(two, evidence, state):
    window = two.consultation.window
    window.opens_at = CLOSES + timedelta(days=3)
    window.closes_at = CLOSES + timedelta(days=9)
    window.save()
    submission = door.Submission(
        tool="comment",
        language="ar",
        text=TEXT,
        channel="counter",
        made_at=CLOSES - timedelta(days=2),
        evidence=evidence,
    )
    with rehearse(CLOSES + timedelta(days=4)):
        row = door.submit(two.consultation, submission).participation
        submission = replace(submission, made_at=CLOSES + timedelta(days=1))
        between = door.submit(two.consultation, submission).participation
    assert row.state == state
    assert between.late_reason == "made_before_opening"
