"""Deciding and announcing as acts: what they demand and what they do."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.analysis.makers import answered, make_participation
from tests.decisions.makers import FACTS, WORDS, make_both, make_decision, make_topic
from tests.factories import AFTER, make_user
from wagtail_eparticipation.analysis import assign
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.decisions import completeness, file, record
from wagtail_eparticipation.decisions.pages import DecisionPage

pytestmark = pytest.mark.django_db

LATER = AFTER.replace(month=5, day=25)


@pytest.fixture(autouse=True)
def weeks_later():
    with rehearse(LATER):
        yield


@pytest.fixture
def decider():
    return make_user(permissions=["take_decision"])


def missing(check, consultation):
    return [
        (item.language, str(item)) for item in check(consultation, LATER) if item.url
    ]


def analysed(**fields):
    """A topic with one participation under an answered theme."""
    topic = make_topic(**fields)
    theme = answered(topic.consultation)
    participation = make_participation(topic.consultation)
    actor = make_user(permissions=["analyse_participation"])
    assign.assign(theme, [participation.pk], actor=actor)
    return topic


def test_the_road_from_the_analysis_to_the_announcement(client, decider):
    topic = analysed()
    make_both(topic)
    consultation = topic.consultation
    record.decide(consultation, actor=decider)
    assert consultation.stage() == Stage.DECIDED
    assert client.get(DecisionPage.objects.first().get_url()).status_code == 404
    record.announce(consultation, actor=decider)
    assert consultation.stage() == Stage.ANNOUNCED
    for page in DecisionPage.objects.all():
        assert client.get(page.get_url()).status_code == 200
    kinds = [snapshot.kind for snapshot in consultation.snapshots.all()]
    assert kinds == [Snapshot.Kind.CLOSING, Snapshot.Kind.DECISION]


def test_only_decision_makers_decide():
    topic = analysed()
    make_both(topic)
    with pytest.raises(PermissionDenied):
        record.decide(
            topic.consultation, actor=make_user(permissions=["analyse_participation"])
        )


def test_without_a_decision_page_nothing_is_decided(decider):
    topic = analysed()
    with pytest.raises(acts.ActRefused) as refusal:
        record.decide(topic.consultation, actor=decider)
    assert len(refusal.value.missing) == 1
    assert f"/decisionpage/{topic.pk}/" in refusal.value.missing[0].url


def test_a_draft_of_the_decision_is_not_enough(decider):
    topic = analysed()
    page = make_decision(topic, approved=False)
    with pytest.raises(acts.ActRefused) as refusal:
        record.decide(topic.consultation, actor=decider)
    assert f"/{page.pk}/edit/" in refusal.value.missing[0].url


def test_the_announcement_needs_the_decision_in_each_public_language(decider):
    topic = analysed()
    make_decision(topic)
    record.decide(topic.consultation, actor=decider)
    with pytest.raises(acts.ActRefused) as refusal:
        record.announce(topic.consultation, actor=decider)
    assert [item.language for item in refusal.value.missing] == ["en"]
    assert not DecisionPage.objects.filter(live=True).exists()


@pytest.mark.parametrize("name", completeness.REQUIRED)
def test_each_part_of_the_record_is_demanded_by_name(name):
    topic = make_topic(stage="decided")
    make_decision(topic)
    make_decision(topic, language="en", **{name: None if name.endswith("_on") else ""})
    found = missing(completeness.missing_for_announcement, topic.consultation)
    assert [language for language, _message in found] == ["en"]
    assert str(DecisionPage._meta.get_field(name).verbose_name) in found[0][1]


def test_spaces_are_no_text():
    topic = make_topic(stage="decided", languages=("ar",))
    make_decision(topic, implementer="   ")
    assert missing(completeness.missing_for_announcement, topic.consultation)


def test_languages_must_not_contradict_each_other():
    topic = make_topic(stage="decided")
    make_decision(topic)
    make_decision(topic, language="en", number="1447/213")
    found = missing(completeness.missing_for_announcement, topic.consultation)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2026, 4, 25), True),
        (date(2026, 4, 26), False),
        (date(2026, 5, 25), False),
        (date(2026, 5, 26), True),
    ],
)
def test_a_decision_is_dated_between_the_closing_and_today(day, refused):
    topic = make_topic(stage="decided", languages=("ar",))
    make_decision(topic, decided_on=day)
    found = missing(completeness.missing_for_announcement, topic.consultation)
    assert bool(found) == refused


def test_a_reason_missing_in_one_language_stops_the_announcement(decider):
    topic = analysed()
    make_both(topic)
    record.decide(topic.consultation, actor=decider)
    theme = topic.consultation.themes.get()
    theme.reason = {"ar": "سبب"}
    theme.save()
    with pytest.raises(acts.ActRefused) as refusal:
        record.announce(topic.consultation, actor=decider)
    assert [item.language for item in refusal.value.missing] == ["en"]
    topic.consultation.refresh_from_db()
    assert topic.consultation.stage() == Stage.DECIDED


def test_the_public_page_shows_the_answer_to_each_theme(client, decider):
    topic = analysed()
    answered(
        topic.consultation,
        titles={"ar": "مواقف السيارات", "en": "Parking"},
        disposition="not_taken_up",
        reason={"ar": "لا تتسع الأرض.", "en": "There is no room."},
    )
    _arabic, english = make_both(topic)
    record.decide(topic.consultation, actor=decider)
    record.announce(topic.consultation, actor=decider)
    content = client.get(english.get_url()).content.decode()
    for words in ("We asked", "You said", "We decided", "What happens next"):
        assert words in content
    for words in ("Parking", "There is no room.", "Shade", "All paths will be shaded"):
        assert words in content
    assert WORDS["en"]["asked"] in content
    assert FACTS["number"] in content


def test_the_public_page_costs_the_same_with_many_themes(
    client, decider, django_assert_max_num_queries
):
    topic = analysed()
    arabic, _english = make_both(topic)
    for _n in range(30):
        answered(topic.consultation)
    record.decide(topic.consultation, actor=decider)
    record.announce(topic.consultation, actor=decider)
    with django_assert_max_num_queries(30):
        client.get(arabic.get_url())


def test_considering_the_file_is_written_to_the_ledger(client, decider):
    topic = analysed()
    client.force_login(decider)
    url = f"/admin/eparticipation/consultations/{topic.consultation.pk}/file/"
    page = client.get(url)
    assert page.status_code == 200
    assert "نحتاج إلى مزيد من الظل" in page.content.decode()
    assert client.post(url).status_code == 302
    event = topic.consultation.ledger_events.get(kind=file.EVENT)
    assert event.actor == f"user:{decider.pk}"
    assert event.data["snapshot"] == 1
    assert str(decider) in client.get(url).content.decode()


def test_analysts_read_the_file_but_cannot_confirm_it(client):
    consultation = analysed().consultation
    client.force_login(make_user(permissions=["analyse_participation"]))
    url = f"/admin/eparticipation/consultations/{consultation.pk}/file/"
    assert client.get(url).status_code == 200
    client.post(url)
    assert not consultation.ledger_events.filter(kind=file.EVENT).exists()


def test_the_file_shows_nothing_that_is_not_published(client, decider):
    topic = analysed()
    theme = topic.consultation.themes.get()
    hidden = make_participation(
        topic.consultation, state="unpublished", text="لا يُنشر هذا"
    )
    actor = make_user(permissions=["analyse_participation"])
    assign.assign(theme, [hidden.pk], actor=actor)
    summary = file.summary_of(Consultation.objects.get(pk=topic.consultation.pk))
    shown = [p.pk for theme in summary["themes"] for p in theme.examples]
    assert hidden.pk not in shown
    assert len(shown) == 1


@pytest.mark.parametrize("stage", ["closed", "archived"])
def test_the_file_is_not_considered_after_the_formal_closing(client, decider, stage):
    consultation = make_topic(stage=stage).consultation
    client.force_login(decider)
    address = reverse("eparticipation_admin:decision_file", args=[consultation.pk])
    assert not client.get(address).context["may_confirm"]
    client.post(address)
    assert not consultation.ledger_events.filter(kind=file.EVENT).exists()
