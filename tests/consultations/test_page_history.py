"""Acts where editors look for them, and dates after a late publication."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import PageLogEntry

from tests.consultations.makers import OPEN, by_two, pinned_policy
from tests.factories import CLOSES, OPENS, make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.consultations import acts

pytestmark = pytest.mark.django_db


def extended_page():
    page = make_consultation_page(policy_version=pinned_policy())
    consultation = page.consultation
    by_two(consultation, "extend", OPEN, closes_at=CLOSES + timedelta(days=7))
    return page, consultation.acts.get()


def test_an_act_stands_in_the_history_of_each_language_without_its_text():
    page, act = extended_page()
    entries = PageLogEntry.objects.filter(action="eparticipation.act.extend")
    pages = page.consultation.pages.values_list("pk", flat=True)
    assert sorted(entry.page_id for entry in entries) == sorted(pages)
    for entry in entries:
        assert entry.user == act.authorised_by
        assert entry.data == {
            "act": act.pk,
            "reason_code": act.reason_code,
            "clause": act.clause,
        }


def test_the_pages_history_words_the_act(client):
    page, _act = extended_page()
    client.force_login(make_user(superuser=True))
    address = reverse("wagtailadmin_pages:history", args=[page.pk])
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    assert str(acts.ACT_LABELS["extend"]) in answer.content.decode()


@pytest.mark.parametrize(
    ("late", "opening", "accepted"),
    [
        (False, OPENS, True),
        (False, OPENS - timedelta(days=1), False),
        (True, OPENS - timedelta(days=1), True),
        (True, OPENS + timedelta(days=1), False),
    ],
)
def test_a_late_publication_does_not_lock_the_page(late, opening, accepted):
    page = make_consultation_page(opens_at=opening)
    planned = page.consultation.periods.get()
    planned.opens_at = OPENS
    planned.recorded_at = OPENS if late else OPENS - timedelta(days=10)
    planned.save()
    if accepted:
        page.clean()
    else:
        with pytest.raises(ValidationError) as refusal:
            page.clean()
        assert list(refusal.value.message_dict) == ["closes_on"]
