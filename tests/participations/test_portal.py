"""What is done beside the register keeps to the period and the table of means, too."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.factories import CLOSES, DURING, OPENS, make_consultation
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.participations import portal
from wagtail_eparticipation.participations.refusals import (
    NotOpenYet,
    Shut,
    SwitchedOff,
)

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


def hold(consultation, at):
    with clock.rehearse(at), transaction.atomic():
        return portal.hold_open(consultation)


@pytest.fixture
def topic():
    return make_consultation()


@pytest.mark.parametrize("at", [OPENS, DURING, CLOSES - INSTANT])
def test_within_the_period_the_databases_instant_is_given(topic, at):
    assert hold(topic, at) == at


@pytest.mark.parametrize(
    ("at", "refusal"),
    [(OPENS - INSTANT, NotOpenYet), (CLOSES, Shut), (CLOSES + INSTANT, Shut)],
)
def test_outside_the_period_it_is_refused_to_the_instant(topic, at, refusal):
    with pytest.raises(refusal):
        hold(topic, at)


def test_while_the_portal_is_switched_off_nothing_is_taken(topic):
    off = {"portal": {"since": OPENS.isoformat(), "reason": {"ar": "عطل"}}}
    CollectionWindow.objects.filter(pk=topic.pk).update(closed_channels=off)
    with pytest.raises(SwitchedOff, match="عطل"):
        hold(topic, DURING)
