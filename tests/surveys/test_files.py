"""A question for files: judged by content, kept while the form goes on (R-7.10b)."""

import pytest
from django.core.cache import cache

from tests.factories import DURING
from tests.participations import files_made as made
from tests.participations.attaching_files import (
    ABOUT,
    UNSCANNED,
    take_files,
    upload,
)
from tests.surveys import wide_makers as wide
from tests.surveys.makers import set_questions
from tests.surveys.walking import Fields, Walker
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.course import REVIEW
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.reading import describe

pytestmark = pytest.mark.django_db

PHOTOS, LAST, WISH = wide.key(201), wide.key(202), wide.key(203)
WITH_FILE = {"files_about": ABOUT, "files_shared": "on"}


@pytest.fixture(autouse=True)
def takes(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED


def stream(*, required=False):
    none = {"join": "all", "rules": []}
    if_yes = {
        "join": "all",
        "rules": [
            {
                "type": "item",
                "value": {"question": wide.VISITS, "operator": "is", "value": "yes"},
                "id": wide.key(990),
            }
        ],
    }
    shared = {"help_text": "", "show_if": none}
    return [
        {
            "type": "yes_no",
            "id": wide.VISITS,
            "value": {"question": "هل تزورون الحديقة؟", "required": True, **shared},
        },
        {"type": "part", "id": LAST, "value": {"title": "صور", "show_if": if_yes}},
        {
            "type": "file",
            "id": PHOTOS,
            "value": {"question": "صور من الحديقة", "required": required, **shared},
        },
        {"type": "part", "id": wide.THIRD, "value": {"title": "غير ذلك", **shared}},
        {
            "type": "text",
            "id": WISH,
            "value": {"question": "ماذا تتمنون؟", "long": False, **shared},
        },
    ]


def file_survey(**options):
    policy, _created = install_pack("qassim")
    survey = wide.make_wide_survey()
    Consultation.objects.update(policy_version=policy)
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, stream(**options))
    page.save_revision().publish()
    take_files(page.consultation)
    return SurveyPage.objects.get(pk=survey.pk)


def begun(client, survey):
    walker = Walker(client, survey)
    walker.press(**{f"q_{wide.VISITS}": "yes"})
    assert walker.step == LAST
    return walker


def test_a_file_goes_with_the_response_over_the_pages(client):
    survey = file_survey(required=True)
    walker = begun(client, survey)
    walker.press(files=[upload(made.photo())], **WITH_FILE)
    assert walker.step == wide.THIRD
    walker.press(**{f"q_{WISH}": "ظل"})
    assert walker.step == REVIEW
    assert "ظل.png" in walker.html
    walker.press("send", accept="on")

    assert walker.response.status_code == 302
    row = Participation.objects.get()
    assert row.attachment_count == 1
    assert Attachment.objects.get().participation == row
    assert dict(describe(row, "ar"))["صور من الحديقة"] == "1"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00 not a pdf at all", "plan.pdf"),
        (b"<script>alert(1)</script>", "photo.png"),
        (b"", "empty.png"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_and_all_else_kept(
    client, data, name
):
    survey = file_survey()
    walker = begun(client, survey).press(files=[upload(data, name)], **WITH_FILE)
    assert walker.response.status_code == 422
    assert walker.step == LAST
    assert walker.fields[f"q_{wide.VISITS}"] == ["yes"]
    assert not Attachment.objects.exists()


def test_a_needed_file_is_asked_for_on_its_page(client):
    survey = file_survey(required=True)
    walker = begun(client, survey).press()
    assert walker.response.status_code == 422
    assert walker.step == LAST


def test_a_file_without_words_or_leave_stops_on_its_page(client):
    survey = file_survey()
    walker = begun(client, survey).press(files=[upload(made.photo())])
    assert walker.response.status_code == 422
    assert walker.step == LAST
    walker.press(files_shared="on", **about(walker))
    assert walker.step == wide.THIRD


def about(walker):
    return {name: ABOUT for name in walker.fields if name.startswith("about_")}


def test_files_of_a_question_that_is_not_asked_are_deleted(client):
    survey = file_survey()
    walker = begun(client, survey)
    walker.press(files=[upload(made.photo())], **WITH_FILE)
    walker.press("to:start")
    walker.press(**{f"q_{wide.VISITS}": "no"})
    walker.press().press("send", accept="on")
    assert walker.response.status_code == 302
    assert Participation.objects.get().attachment_count == 0
    assert not Attachment.objects.exists()
    assert not SurveyAnswer.objects.filter(question_id=PHOTOS).exists()


def test_where_the_topic_takes_no_files_none_are_asked_for(client):
    survey = file_survey(required=True)
    Consultation.objects.update(takes_files=False)
    walker = Walker(client, survey).press(**{f"q_{wide.VISITS}": "yes"})
    assert walker.step == wide.THIRD
    walker.press().press("send", accept="on")
    assert walker.response.status_code == 302


def test_a_survey_that_asks_for_files_nobody_takes_is_not_published():
    survey = file_survey()
    assert survey.publication_problems() == []
    Consultation.objects.update(takes_files=False)
    again = SurveyPage.objects.get(pk=survey.pk)
    (problem,) = again.publication_problems()
    assert "صور من الحديقة" in problem


def test_its_author_takes_a_file_out_and_sends_another(client):
    survey = file_survey()
    walker = begun(client, survey)
    walker.press(files=[upload(made.photo())], **WITH_FILE)
    receipt = walker.press().press("send", accept="on").response["Location"]
    with clock.rehearse(DURING):
        html = client.get(f"{receipt}change/").content.decode()
        data = Fields(html.replace('class="ep-form"', 'id="ep-survey"', 1)).found
        key = Attachment.objects.get().key_hex
        changed = {
            **data,
            "files_drop": key,
            "files": [upload(made.picture(color=(9, 9, 9)), "b.png")],
            **WITH_FILE,
        }
        answer = client.post(f"{receipt}change/", changed)
    assert answer.status_code == 302
    row = Participation.objects.get()
    assert (row.revision, row.attachment_count) == (2, 1)
