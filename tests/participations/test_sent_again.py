"""What is said of a form or a link that is used again and does nothing any more."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from tests.factories import DURING, make_consultation
from tests.participations.sending import code_on, receipt_page, take_part
from tests.participations.test_persons import asking, confirm_link
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.receipt_views import receipt_address
from wagtail_eparticipation.participations.sending_words import sent_before_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(page):
    return asking(page, identity_mode="email")


@pytest.mark.parametrize(
    ("language", "late", "asking_for_it"),
    [
        ("ar", "فات أوان تأكيد", "خطوة"),
        ("en", "It is too late to confirm", "One step is still to be done"),
    ],
)
def test_after_48_hours_nobody_is_asked_to_confirm(
    client,
    asked,
    language,
    late,
    asking_for_it,
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        sent = take_part(client, asked, email="a@example.org")
    link = confirm_link().replace("/ar/", f"/{language}/")
    code = code_on(receipt_page(client, sent))
    with clock.rehearse(DURING + timedelta(hours=49)):
        asked_again = client.get(link)
        shown = client.get(receipt_address(code, language)).content.decode()
    assert asked_again.status_code == 410
    assert late in asked_again.content.decode()
    assert "<button" not in asked_again.content.decode().split("<main")[1]
    assert late in shown
    assert asking_for_it not in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [("ar", "لم يعد ثمة ما يُؤكَّد"), ("en", "nothing to confirm any more")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_withdrawn_is_not_said_to_be_confirmed(
    client, asked, language, said, method, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sent = take_part(client, asked, email="a@example.org")
    link = confirm_link().replace("/ar/", f"/{language}/")
    with clock.rehearse(DURING):
        client.post(f"{sent['Location']}withdraw/")
        answer = getattr(client, method)(link, follow=True)
    assert said in answer.content.decode()
    assert not client.cookies


@pytest.mark.parametrize(
    ("title", "told"),
    [("مَقاعد في الحديقه", "it then takes the place"), ("ممر مظلّل", "a further")],
)
@pytest.mark.parametrize("known_by", ["person_key", "invited_key"])
def test_only_the_same_suggestion_is_said_to_be_replaced(known_by, title, told):
    def suggest(title):
        return Submission(tool="suggestion", language="ar", text="نص", title=title)

    with clock.rehearse(DURING), override("en"):
        outcome = submit(make_consultation(), suggest("مقاعد في الحديقة"))
        setattr(outcome.participation, known_by, "a" * 64)
        assert told in sent_before_message(outcome, suggest(title))
