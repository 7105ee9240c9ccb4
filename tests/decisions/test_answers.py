"""What the receipt says about how a participation was read and answered."""

import pytest
from django.utils import translation

from tests.analysis.makers import answered, make_participation
from tests.decisions.makers import make_decision, make_topic
from tests.factories import AFTER
from wagtail_eparticipation.analysis.models import SetAside, ThemeAssignment
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.timeline import notes
from wagtail_eparticipation.decisions.answers import receipt_notes_of
from wagtail_eparticipation.decisions.record import release
from wagtail_eparticipation.decisions.versions import DecisionVersion
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


def told(participation, stage, language="en"):
    consultation = participation.consultation
    Consultation.objects.filter(pk=consultation.pk).update(stored_stage=stage)
    fresh = Participation.objects.get(pk=participation.pk)
    with translation.override(language):
        return list(receipt_notes_of(fresh, language))


@pytest.mark.parametrize(
    ("stage", "count"),
    [("published", 0), ("decided", 1), ("announced", 2), ("archived", 2)],
)
def test_the_answer_is_told_from_the_announcement_on(stage, count):
    topic = make_topic(stage="decided")
    participation = make_participation(topic.consultation)
    theme = answered(topic.consultation)
    ThemeAssignment.objects.create(theme=theme, participation=participation, at=AFTER)
    found = told(participation, stage)
    assert len(found) == count
    if count == 2:
        assert "Shade" in found[1].title
        assert "Because shade is needed." in found[1].text


def test_the_answer_leads_to_the_decision_in_the_language_asked():
    topic = make_topic(stage="decided")
    participation = make_participation(topic.consultation)
    theme = answered(topic.consultation)
    ThemeAssignment.objects.create(theme=theme, participation=participation, at=AFTER)
    make_decision(topic)
    make_decision(topic, language="en")
    Consultation.objects.update(stored_stage="announced")
    release(Consultation.objects.get(), now=AFTER)
    assert "/en/" in told(participation, "announced", "en")[1].url
    assert "/ar/" in told(participation, "announced", "ar")[1].url


def test_one_of_many_alike_is_told_so_with_the_answer():
    topic = make_topic(stage="announced")
    read, same, third = (make_participation(topic.consultation) for _n in range(3))
    theme = answered(topic.consultation)
    ThemeAssignment.objects.create(theme=theme, participation=read, at=AFTER)
    for each in (same, third):
        SetAside.objects.create(
            participation=each, ground="repetition", representative=read, at=AFTER
        )
    found = told(same, "announced")
    assert "grouped with similar" in found[0].title
    assert "2 participations" in found[0].text
    assert "Shade" in found[1].title


def test_one_that_was_not_in_the_sample_is_told_how_it_was_drawn():
    topic = make_topic(stage="announced")
    participation = make_participation(topic.consultation)
    SetAside.objects.create(
        participation=participation,
        ground="volume",
        sample_size=200,
        method="every tenth",
        at=AFTER,
    )
    (note,) = told(participation, "announced")
    assert "200" in note.text
    assert "every tenth" in note.text


def test_a_correction_is_noted_on_the_timeline():
    consultation = make_topic(stage="announced").consultation
    for number, note in ((1, ""), (2, "The date was wrong.")):
        DecisionVersion.objects.create(
            consultation=consultation,
            language="en",
            number=number,
            content={},
            checksum="",
            note=note,
            published_at=AFTER,
        )
    with translation.override("en"):
        texts = [note.text for note in notes(consultation, "en", AFTER)]
    assert "The date was wrong." in texts
