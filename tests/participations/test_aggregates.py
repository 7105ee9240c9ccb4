"""What others counted and what posts reached: shown apart, in no total (R-4.2b)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import AFTER, DURING, make_user
from tests.participations.batches_made import bring_in, make_moderator
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import aggregating, batch_course
from wagtail_eparticipation.participations.aggregates import ExternalAggregate
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 "


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk(client):
    user = make_moderator()
    client.force_login(user)
    return user


def figure(page, **fields):
    values = {
        "source": {"ar": "منصة استطلاع", "en": "Istitlaa"},
        "counted": {"ar": "أصوات", "en": "votes"},
        "number": 4321,
        "first_day": date(2026, 4, 5),
        "last_day": date(2026, 4, 11),
        "url": "https://platform.example/1",
    }
    return ExternalAggregate(consultation=page.consultation, **(values | fields))


def in_force(page):
    return aggregating.in_force(page.consultation)


def topic_html(client, page, at=DURING):
    with clock.rehearse(at):
        return client.get(page.get_url()).content.decode()


def test_a_figure_is_shown_on_the_topic_and_counted_nowhere(client, page, clerk):
    assert "ep-figures-apart" not in topic_html(client, page)
    aggregating.keep(figure(page), actor=clerk)
    html = topic_html(client, page)
    assert "منصة استطلاع" in html
    assert "4321" in html
    assert "https://platform.example/1" in html
    assert not Participation.objects.exists()
    counts = snapshot.count(page.consultation)
    assert (counts["rows"], counts["counted"]) == (0, 0)


def test_a_topic_without_figures_is_asked_nothing(page, django_assert_num_queries):
    consultation = page.consultation
    with django_assert_num_queries(0):
        assert aggregating.section(None, page, consultation, "collecting") is None


def test_a_snapshot_freezes_the_figures_beside_its_counts(page, clerk):
    aggregating.keep(figure(page), actor=clerk)
    with clock.rehearse(AFTER):
        taken = snapshot.take(page.consultation, snapshot.Kind.CLOSING)
    taken.refresh_from_db()
    assert [each["number"] for each in taken.counts["external"]] == [4321]
    assert taken.counts["reach"] == {"likes": 0, "shares": 0}
    assert taken.counted == 0
    assert snapshot.is_intact(taken)


def test_a_figure_is_replaced_and_the_earlier_one_stays(client, page, clerk):
    first = aggregating.keep(figure(page), actor=clerk)
    later = figure(page, number=5000, reason="رقم أحدث")
    aggregating.supersede(first, later, actor=clerk)
    assert in_force(page) == [later]
    assert ExternalAggregate.objects.count() == 2
    html = topic_html(client, page)
    assert "5000" in html
    assert "4321" not in html
    assert "رقم أحدث" not in html
    event = LedgerEvent.objects.get(kind="aggregate.replaced")
    assert (event.data["supersedes"], event.data["number"]) == (first.pk, 5000)


def test_a_figure_that_is_taken_back_leaves_nothing_in_its_place(client, page, clerk):
    first = aggregating.keep(figure(page), actor=clerk)
    aggregating.take_back(first, reason="خطأ", actor=clerk)
    assert in_force(page) == []
    assert "4321" not in topic_html(client, page)
    assert ExternalAggregate.objects.filter(pk=first.pk, number=4321).exists()
    assert LedgerEvent.objects.filter(kind="aggregate.taken_back").exists()


def test_a_figure_is_replaced_once_and_with_a_reason(page, clerk):
    first = aggregating.keep(figure(page), actor=clerk)
    with pytest.raises(aggregating.CannotRecord):
        aggregating.supersede(first, figure(page), actor=clerk)
    with pytest.raises(aggregating.CannotRecord):
        aggregating.take_back(first, reason=" ", actor=clerk)
    aggregating.supersede(first, figure(page, reason="x"), actor=clerk)
    with pytest.raises(aggregating.CannotRecord):
        aggregating.supersede(first, figure(page, reason="y"), actor=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        figure(page, supersedes=first, recorded_at=DURING).save()


def test_the_record_of_a_closed_topic_stays_as_it_is(page, clerk):
    Consultation.objects.update(stored_stage="closed")
    with pytest.raises(aggregating.CannotRecord):
        aggregating.keep(figure(page), actor=clerk)


def test_who_does_not_moderate_records_nothing(page):
    analyst = make_user(permissions=["analyse_participation"])
    with pytest.raises(PermissionDenied):
        aggregating.keep(figure(page), actor=analyst)


# Reach

POSTS = (
    "id,text,date,Likes,Shares\n"
    "p1,نريد ظلاً,2026-04-10,12,3\n"
    'p2,مقاعد,2026-04-10,"١٬٢٠٠",\n'
    "p3,نص,2026-04-10,1.2K,0\n"
    "p4,مبكر,2026-03-01,7,0\n"
)


def test_likes_and_shares_are_reach_and_no_participations(client, page, clerk):
    batch = bring_in(page.consultation, POSTS, actor=clerk, channel="social")
    assert (batch.imported, batch.late, batch.failed) == (2, 1, 1)
    assert (batch.likes, batch.shares) == (1219, 3)
    row = Participation.objects.get(text="نريد ظلاً")
    assert row.data["reach"] == {"likes": 12, "shares": 3}
    assert aggregating.reach_of(page.consultation) == {"likes": 1219, "shares": 3}
    assert snapshot.count(page.consultation)["counted"] == 2
    assert "1219" in topic_html(client, page)


def test_the_same_posts_reach_nobody_twice_and_a_wrong_import_nobody(page, clerk):
    batch = bring_in(page.consultation, POSTS, actor=clerk, channel="social")
    more = POSTS + "p9,جديد,2026-04-10,1,1\n"
    bring_in(page.consultation, more, actor=clerk, channel="social")
    assert aggregating.reach_of(page.consultation) == {"likes": 1220, "shares": 4}
    batch_course.roll_back(batch, reason="wrong", actor=clerk)
    assert aggregating.reach_of(page.consultation) == {"likes": 1, "shares": 1}


# On the desk


def address(name, page, *args):
    return reverse(f"eparticipation_admin:{name}", args=[page.consultation_id, *args])


def typed(**changes):
    return {
        "source_ar": "منصة استطلاع",
        "source_en": "Istitlaa",
        "counted_ar": "أصوات",
        "counted_en": "votes",
        "number": "4321",
        "first_day": "2026-04-05",
        "last_day": "2026-04-11",
        "url": "https://platform.example/1",
        "reference": "",
        **changes,
    }


def test_the_desk_records_replaces_and_takes_back(client, page, clerk):
    proof = SimpleUploadedFile("letter.pdf", PDF)
    client.post(address("aggregate_add", page), typed(evidence=proof))
    (first,) = in_force(page)
    assert (first.recorded_by, len(first.evidence_sha256)) == (clerk, 64)
    evidence = client.get(address("aggregate_evidence", page, first.pk))
    assert evidence["Content-Type"] == "application/octet-stream"
    replace = address("aggregate_replace", page, first.pk)
    assert "4321" in client.get(replace).content.decode()
    client.post(replace, typed(number="5000", reason="رقم أحدث"))
    (later,) = in_force(page)
    assert later.supersedes == first
    html = client.get(address("aggregates", page)).content.decode()
    assert "رقم أحدث" in html
    data = {"action": "take_back", "figure": later.pk, "reason": "خطأ"}
    client.post(address("aggregates", page), data)
    assert in_force(page) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "-1"},
        {"number": "many"},
        {"number": "9" * 30},
        {"source_en": ""},
        {"first_day": "0001-01-01"},
        {"last_day": "2026-04-01"},
        {"last_day": "2030-01-01"},
        {"url": "javascript:alert(1)"},
        {"url": ""},
        {"evidence": SimpleUploadedFile("page.html", b"<script>")},
        {"evidence": SimpleUploadedFile("letter.pdf", b"MZ")},
    ],
)
def test_what_cannot_be_recorded_comes_back_with_what_was_typed(
    client, page, clerk, changes
):
    answer = client.post(address("aggregate_add", page), typed(**changes))
    assert answer.status_code == 200
    assert "منصة استطلاع" in answer.content.decode()
    assert not ExternalAggregate.objects.exists()


def test_replacing_needs_a_reason_in_the_form(client, page, clerk):
    first = aggregating.keep(figure(page), actor=clerk)
    client.post(address("aggregate_replace", page, first.pk), typed(number="1"))
    assert in_force(page) == [first]


@pytest.mark.parametrize(
    "permission", ["analyse_participation", "take_decision", "reply_officially", ""]
)
@pytest.mark.parametrize(
    "name",
    ["aggregates", "aggregate_add", "aggregate_replace", "aggregate_evidence"],
)
def test_only_moderators_get_in(client, page, clerk, permission, name):
    first = aggregating.keep(figure(page), actor=clerk)
    several = ("aggregates", "aggregate_add")
    url = address(name, page, *([] if name in several else [first.pk]))
    client.force_login(make_user(permissions=[permission] if permission else []))
    assert client.get(url).status_code == 302
    data = typed(action="take_back", figure=first.pk, reason="x")
    assert client.post(url, data).status_code in (302, 405)
    assert in_force(page) == [first]


def test_a_figure_of_another_topic_is_not_touched(client, page, clerk):
    from tests.factories import make_consultation

    other = make_consultation()
    first = aggregating.keep(figure(page), actor=clerk)
    url = reverse("eparticipation_admin:aggregates", args=[other.pk])
    client.post(url, {"action": "take_back", "figure": first.pk, "reason": "x"})
    url = reverse("eparticipation_admin:aggregate_replace", args=[other.pk, first.pk])
    client.post(url, typed(reason="x"))
    assert in_force(page) == [first]


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_costs_the_same_with_more_figures(
    client, page, clerk, number, django_assert_max_num_queries
):
    for count in range(number):
        aggregating.keep(figure(page, number=count), actor=clerk)
    client.get(address("aggregates", page))
    with django_assert_max_num_queries(16):
        assert client.get(address("aggregates", page)).status_code == 200
