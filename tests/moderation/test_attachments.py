"""Files before a moderator: released, kept from view, redacted, opened (R-7.8c)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_user
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import SENSITIVE, SIMPLE, make_moderator
from tests.participations import files_made as made
from tests.participations.attaching_files import ABOUT, UNSCANNED, attach
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.request_fields import ResultsDisplay
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion import publish as discussion
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import attachment_acts as acts
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.participations import amending, attachment_store
from wagtail_eparticipation.participations.attachment_kinds import FileRefused
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def page():
    made_page = make_consultation_page(stage="published")
    Consultation.objects.filter(pk=made_page.consultation_id).update(
        policy_version=install_pack("qassim")[0]
    )
    made_page.refresh_from_db()
    return made_page


@pytest.fixture
def moderator():
    return make_moderator()


@pytest.fixture
def row(page):
    """A file of a published voice, not decided about."""
    return attach(make_voice(page.consultation).participation)


def public_url(page, row):
    return f"{page.get_url()}files/{row.key_hex}/"


def discussion_html(client, page):
    return client.get(f"{page.get_url()}discussion/").content.decode()


# What the public gets


def test_a_file_is_not_shown_before_somebody_released_it(client, page, row):
    assert client.get(public_url(page, row)).status_code == 404
    assert row.key_hex not in discussion_html(client, page)


def test_a_released_file_stands_beside_its_voice_with_its_words(
    client, page, row, moderator
):
    acts.release(row, actor=moderator, description="ممر بلا ظل")
    shown = discussion_html(client, page)
    assert public_url(page, row) in shown
    assert 'alt="ممر بلا ظل"' in shown
    event = LedgerEvent.objects.get(kind="attachment.released")
    assert event.actor == f"user:{moderator.pk}"
    assert "ممر" not in str(event.data)


def test_a_released_file_is_a_download_that_runs_nothing(client, page, row, moderator):
    acts.release(row, actor=moderator, description=ABOUT)
    response = client.get(public_url(page, row))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "max-age=" in response["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert made.CAMERA.encode() not in response.content
    assert not Image.open(io.BytesIO(response.content)).getexif()


def test_a_file_released_first_is_shown_once_its_text_is_published(
    client, page, moderator
):
    item = make_participation(page.consultation)
    row = attach(item)
    acts.release(row, actor=moderator, description=ABOUT)
    assert client.get(public_url(page, row)).status_code == 404
    decide(item, "publish", actor=moderator, expected_state=item.state)
    assert client.get(public_url(page, row)).status_code == 200
    assert public_url(page, row) in discussion_html(client, page)


@pytest.mark.parametrize("ending", ["withhold", "take_down", "withdraw", "amend"])
def test_a_file_leaves_public_view_with_whatever_ends_it(
    client, page, row, moderator, ending
):
    acts.release(row, actor=moderator, description=ABOUT)
    participation = row.participation
    participation.refresh_from_db()
    if ending == "withhold":
        acts.withhold(row, actor=moderator, reason_code=SIMPLE)
    elif ending == "take_down":
        decide(
            participation,
            "take_down",
            actor=moderator,
            expected_state=State.PUBLISHED,
            reason_code=SIMPLE,
        )
    elif ending == "withdraw":
        withdraw(participation)
    else:
        changes = amending.Changes("نص آخر", "", {}, "ar", "without_name")
        amending.amend(participation, changes)
    assert client.get(public_url(page, row)).status_code == 404
    assert row.key_hex not in discussion_html(client, page)
    participation.refresh_from_db()
    assert participation.published_comment.files == []


def test_restoring_a_voice_shows_its_released_file_again(client, page, row, moderator):
    acts.release(row, actor=moderator, description=ABOUT)
    participation = row.participation
    participation.refresh_from_db()
    discussion.take_down(participation, now=DURING, clause="P-7.8")
    participation.refresh_from_db()
    discussion.publish(participation, now=DURING)
    assert public_url(page, row) in discussion_html(client, page)


def test_a_file_is_hidden_while_the_discussion_is(client, page, row, moderator):
    acts.release(row, actor=moderator, description=ABOUT)
    type(page).objects.filter(pk=page.pk).update(results_display=ResultsDisplay.NEVER)
    assert client.get(public_url(page, row)).status_code == 404


@pytest.mark.parametrize("tail", ["", "x/", f"{'0' * 32}/", "../x/", f"{'0' * 32}/x/"])
def test_an_address_of_no_file_is_not_found(client, page, tail):
    assert client.get(f"{page.get_url()}files/{tail}").status_code == 404


def test_a_file_of_another_topic_is_not_found(client, page, row, moderator):
    acts.release(row, actor=moderator, description=ABOUT)
    other = make_consultation_page(stage="published")
    assert client.get(public_url(other, row)).status_code == 404


def test_the_list_costs_the_same_with_files_as_without(
    client, page, moderator, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            discussion_html(client, page)
        return len(found)

    make_voice(page.consultation)
    queries()
    before = queries()
    for _n in range(4):
        row = attach(make_voice(page.consultation).participation, made.picture())
        acts.release(row, actor=moderator, description=ABOUT)
    with django_assert_num_queries(before):
        discussion_html(client, page)


# The acts


def test_a_file_is_released_with_words_or_not_at_all(row, moderator):
    with pytest.raises(acts.DescriptionNeeded):
        acts.release(row, actor=moderator, description=" \u200f ")
    row.refresh_from_db()
    assert row.state == Attachment.State.CLEAN


def test_a_file_is_kept_from_view_for_a_reason_of_the_policy(row, moderator):
    with pytest.raises(errors.ReasonNeeded):
        acts.withhold(row, actor=moderator, reason_code="")
    with pytest.raises(errors.ReasonNotAllowed):
        acts.withhold(row, actor=moderator, reason_code="no-such")
    with pytest.raises(errors.ReasonNotAllowed):
        acts.withhold(row, actor=moderator, reason_code=SENSITIVE)
    acts.withhold(row, actor=moderator, reason_code=SIMPLE)
    event = LedgerEvent.objects.get(kind="attachment.withheld")
    assert event.data["reason_code"] == SIMPLE
    assert event.data["clause"]


def test_a_redacted_copy_takes_the_place_and_the_original_stays_sealed(row, moderator):
    original = attachment_store.read_original(row)
    acts.release(row, actor=moderator, description=ABOUT)
    acts.replace_copy(row, actor=moderator, data=made.picture(size=(10, 10)))
    row.refresh_from_db()
    assert (row.redacted, row.state) == (True, Attachment.State.CLEAN)
    shown = Image.open(io.BytesIO(attachment_store.read_copy(row)))
    assert shown.size == (10, 10)
    assert attachment_store.read_original(row) == original


def test_a_redacted_copy_is_checked_as_any_file(row, moderator):
    with pytest.raises(FileRefused):
        acts.replace_copy(row, actor=moderator, data=made.archive())


@pytest.mark.parametrize("state", ["quarantined", "refused", "removed"])
def test_nothing_is_decided_about_a_file_that_nobody_may_see(row, moderator, state):
    Attachment.objects.filter(pk=row.pk).update(state=state)
    with pytest.raises(acts.FileNotThere):
        acts.release(row, actor=moderator, description=ABOUT)


def test_after_the_closing_files_can_only_be_kept_from_view(row, moderator):
    acts.release(row, actor=moderator, description=ABOUT)
    Consultation.objects.update(stored_stage=Stored.CLOSED)
    with pytest.raises(errors.TopicIsClosed):
        acts.release(row, actor=moderator, description="x")
    acts.withhold(row, actor=moderator, reason_code=SIMPLE)


# The pages of staff


PEOPLE = {
    "nobody": None,
    "editor": ("request_act", "view_consultation"),
    "moderator": ("moderate_participation", "view_consultation"),
    "analyst": ("analyse_participation", "view_consultation"),
    "decision maker": ("take_decision", "view_consultation"),
    "privacy officer": ("view_identity", "view_consultation"),
    "superuser": "all",
    "moderator elsewhere": ("moderate_participation", "view_identity", "request_act"),
}
#: Address, method and who may: 200 or a redirect for the named, else nothing.
ENDPOINTS = {
    "rendition": ({"moderator", "analyst", "decision maker", "superuser"}, 200),
    "original": ({"privacy officer", "superuser"}, 200),
    "open": ({"privacy officer", "superuser"}, 200),
    "decide": ({"moderator", "superuser"}, 302),
    "switch": ({"editor", "superuser"}, 302),
}


def signed_in(client, who, consultation):
    permissions = PEOPLE[who]
    if permissions is None:
        return
    if permissions == "all":
        client.force_login(make_user(superuser=True))
        return
    user = make_user(permissions=permissions)
    if who == "moderator elsewhere":
        # Limited to no department at all.
        StaffScope.objects.create(user=user)
    client.force_login(user)


def call(client, endpoint, row):
    def address(name, *more):
        return reverse(f"eparticipation_admin:{name}", args=[*more])

    if endpoint == "rendition":
        return client.get(address("attachment_rendition", row.public_id))
    if endpoint == "original":
        return client.get(address("attachment_original", row.public_id))
    if endpoint == "open":
        data = {"reason": "طلب صاحب البيانات"}
        return client.post(address("attachment_original", row.public_id), data)
    if endpoint == "decide":
        data = {"file": "release", "description": "x"}
        return client.post(address("moderation_file", row.public_id), data)
    data = {"switch": "off"}
    return client.post(address("desk_files", row.consultation_id), data)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_address_asks_who_is_there(client, row, who, endpoint):
    signed_in(client, who, row.consultation)
    response = call(client, endpoint, row)
    admitted, status = ENDPOINTS[endpoint]
    if who in admitted:
        assert response.status_code == status
        assert "login" not in response.get("Location", "")
    else:
        refused = response.status_code in (403, 404) or (
            response.status_code == 302
            and (
                "login" in response["Location"]
                or response["Location"].rstrip("/").endswith("admin")
            )
        )
        assert refused, (response.status_code, response.get("Location"))
        row.refresh_from_db()
        assert row.state == Attachment.State.CLEAN
        assert not LedgerEvent.objects.filter(
            kind__in=["attachment.original_opened", "attachments.off"]
        ).exists()


def test_the_original_is_opened_with_a_reason_and_an_event(client, row):
    user = make_user(permissions=["view_identity", "view_consultation"])
    client.force_login(user)
    without = call_original(client, row, "  ")
    assert "attachment" not in without.get("Content-Disposition", "")
    response = call_original(client, row, "طلب المحكمة")
    assert response.content == attachment_store.read_original(row)
    assert response["Content-Type"] == "application/octet-stream"
    assert "no-store" in response["Cache-Control"]
    event = LedgerEvent.objects.get(kind="attachment.original_opened")
    assert event.data["attachment"] == str(row.public_id)


def call_original(client, row, reason):
    address = reverse("eparticipation_admin:attachment_original", args=[row.public_id])
    return client.post(address, {"reason": reason})


def test_what_nobody_has_searched_stays_closed(client, row):
    Attachment.objects.filter(pk=row.pk).update(state=Attachment.State.QUARANTINED)
    client.force_login(make_user(superuser=True))
    assert call_original(client, row, "x")["Content-Type"].startswith("text/html")
    rendition = reverse(
        "eparticipation_admin:attachment_rendition", args=[row.public_id]
    )
    assert client.get(rendition, follow=True).status_code == 404


def test_staff_look_at_a_pdf_as_pictures(client, page):
    row = attach(make_participation(page.consultation), made.pdf(pages=2))
    client.force_login(make_moderator())
    page_two = reverse("eparticipation_admin:attachment_page", args=[row.public_id, 2])
    response = client.get(page_two)
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert "no-store" in response["Cache-Control"]
    beyond = reverse("eparticipation_admin:attachment_page", args=[row.public_id, 3])
    assert client.get(beyond, follow=True).status_code == 404


def review_html(client, participation):
    address = reverse(
        "eparticipation_admin:moderation_review", args=[participation.public_id]
    )
    return client.get(address).content.decode()


def test_the_moderator_sees_renditions_and_never_the_file_itself(client, row):
    client.force_login(make_moderator())
    shown = review_html(client, row.participation)
    assert reverse("eparticipation_admin:attachment_page", args=[row.public_id, 1]) in (
        shown
    )
    assert f"/attachments/{row.public_id}/original/" not in shown
    assert "ظل.png" in shown


def test_a_moderator_decides_on_the_page(client, row):
    client.force_login(make_moderator())
    address = reverse("eparticipation_admin:moderation_file", args=[row.public_id])
    client.post(address, {"file": "release", "description": "وصف"})
    row.refresh_from_db()
    assert (row.state, row.description) == (Attachment.State.RELEASED, "وصف")
    client.post(address, {"file": "withhold", "reason": SIMPLE})
    row.refresh_from_db()
    assert row.state == Attachment.State.WITHHELD
    copy = SimpleUploadedFile("c.png", made.picture(size=(5, 5)))
    client.post(address, {"file": "replace", "copy": copy})
    row.refresh_from_db()
    assert row.redacted
    refused = client.post(address, {"file": "replace"}, follow=True)
    assert refused.status_code == 200
    assert client.post(address, {"file": "destroy"}).status_code in (302, 403)


def test_a_page_without_files_asks_for_none(
    client, page, django_assert_max_num_queries
):
    client.force_login(make_moderator())
    item = make_participation(page.consultation)
    with django_assert_max_num_queries(40) as found:
        review_html(client, item)
    assert not any(
        "attachment" in each["sql"]
        and "FROM" in each["sql"]
        and '"wagtail_eparticipation_attachment"' in each["sql"]
        for each in found.captured_queries
    )


# The desk of the topic


def test_the_desk_lists_what_waits_and_switches(client, page, row):
    client.force_login(make_user(superuser=True))
    address = reverse("eparticipation_admin:desk_files", args=[page.consultation_id])
    shown = client.get(address).content.decode()
    assert row.participation.number in shown
    client.post(address, {"switch": "off"})
    client.post(address, {"switch": "off"})
    page.consultation.refresh_from_db()
    assert page.consultation.takes_files is False
    assert LedgerEvent.objects.filter(kind="attachments.off").count() == 1
    client.post(address, {"switch": "on"})
    page.consultation.refresh_from_db()
    assert page.consultation.takes_files is True


def test_a_closed_topic_is_not_switched(client, page):
    Consultation.objects.update(stored_stage=Stored.CLOSED)
    client.force_login(make_user(superuser=True))
    address = reverse("eparticipation_admin:desk_files", args=[page.consultation_id])
    client.post(address, {"switch": "on"})
    page.consultation.refresh_from_db()
    assert page.consultation.takes_files is False


def test_a_site_that_takes_none_cannot_be_switched_on(client, page, settings):
    settings.WAGTAIL_EPARTICIPATION = {}
    client.force_login(make_user(superuser=True))
    address = reverse("eparticipation_admin:desk_files", args=[page.consultation_id])
    client.post(address, {"switch": "on"})
    page.consultation.refresh_from_db()
    assert page.consultation.takes_files is False


def test_an_act_without_the_duty_does_nothing(row):
    with pytest.raises(PermissionDenied):
        acts.release(row, actor=make_user(), description="x")
    with pytest.raises(PermissionDenied):
        acts.replace_copy(row, actor=make_user(), data=made.picture())


def test_a_decision_has_its_time(row, moderator):
    later = DURING + timedelta(hours=1)
    acts.release(row, actor=moderator, description=ABOUT, now=later)
    row.refresh_from_db()
    assert row.decided_at == later


def test_a_released_file_stands_beside_its_suggestion(client, page, moderator):
    voice = make_voice(page.consultation, tool="suggestion", title="ظل")
    row = attach(voice.participation)
    acts.release(row, actor=moderator, description=ABOUT)
    shown = client.get(f"{page.get_url()}suggestions/").content.decode()
    assert public_url(page, row) in shown
