"""A question on Thursday afternoon, answered and published for everybody, in Arabic."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.factories_pages import make_consultation_page, translation_of
from tests.replies.clarified import ENGLISH, make_canned
from tests.replies.makers import QUESTION, make_replier
from tests.replies.test_desk import signed_in
from wagtail_eparticipation.archive.report_communications import said
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.replies.clarifications import Clarification
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db
#: Thursday 9 April 2026 14:05 in Riyadh, and the Sunday after it at nine.
THURSDAY = datetime(2026, 4, 9, 11, 5, tzinfo=UTC)
SUNDAY = datetime(2026, 4, 12, 6, 0, tzinfo=UTC)
ANSWER = "يبدأ العمل في الشهر القادم بإذن الله."


def hidden(html, name):
    """The value of a hidden field in a form."""
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_question_answered_and_published_in_both_languages(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    topic = make_consultation_page()
    canned = make_canned("إشارةً إلى استفساركم %(number)s:")
    with rehearse(THURSDAY), django_capture_on_commit_callbacks(execute=True):
        form = client.get(f"{topic.get_url()}contact/").content.decode()
        action = re.search(
            r'<form class="ep-form" method="post" action="([^"]+)"', form
        )
        asked = {
            "subject": "موعد البدء",
            "text": QUESTION,
            "language": "ar",
            "email": "asker@people.example",
            "token": hidden(form, "token"),
        }
        assert client.post(action[1], asked).status_code == 302
    case = Case.objects.get()
    assert case.number in mailoutbox[0].subject + mailoutbox[0].body

    replier = make_replier()
    UserProfile.objects.create(user=replier, preferred_language="ar")
    desk = signed_in(replier)
    own = reverse("eparticipation_admin:case", args=[case.public_id])
    new = reverse("eparticipation_admin:clarification_new", args=[case.consultation_id])
    with rehearse(SUNDAY), django_capture_on_commit_callbacks(execute=True):
        desk.post(own, {"action": "take_up"})
        inserted = desk.post(own, {"action": "insert", "canned": canned.pk})
        beginning = inserted.context["form"]["text"].value()
        used = inserted.context["canned_form"]["canned_used"].value()
        text = f"{beginning} {ANSWER}"
        desk.post(own, {"action": "answer", "text": text, "canned_used": used})
    assert ANSWER in mailoutbox[-1].body and case.number in mailoutbox[-1].body

    with rehearse(SUNDAY), django_capture_on_commit_callbacks(execute=True):
        address = f"{new}?case={case.public_id}"
        form = desk.get(address).content.decode()
        assert QUESTION in form and ANSWER in form
        words = {
            "question_ar": QUESTION,
            "answer_ar": ANSWER,
            "original": "ar",
            "token": hidden(form, "token"),
        }
        assert desk.post(address, words).status_code == 302
    made = Clarification.objects.get()
    assert f"{topic.full_url}questions/{made.key}/" in mailoutbox[-1].body

    with rehearse(SUNDAY):
        english = f"{translation_of(topic).get_url()}questions/"
        assert ANSWER in client.get(topic.get_url()).content.decode()
        assert "Translation pending" in client.get(english).content.decode()
        page = reverse("eparticipation_admin:clarification", args=[made.public_id])
        translation = {
            "action": "translate",
            "version": 1,
            "question_en": ENGLISH.question,
            "answer_en": ENGLISH.answer,
        }
        assert desk.post(page, translation).status_code == 302
        shown = client.get(english).content.decode()
        assert ENGLISH.answer in shown and "Translation pending" not in shown

        public, private = said(case.consultation, "ar")
    assert [row[3]["text"] for row in public["rows"]][0].endswith(ANSWER)
    assert [row[1] for row in private["rows"]] == [1]
    assert "asker" not in str(public) + str(private)
