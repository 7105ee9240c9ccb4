"""Limits by network and by form: bursts, the long run, a cache that is away."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.factories import DURING
from tests.participations.sending import TEXT, ask, fill, send, token_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import abuse, limits
from wagtail_eparticipation.participations.models import Participation

SMALL = limits.Limit("send", 3, 600, (5, 3600), (2, 600))


def attempts(rf, limit, number, *, at=DURING, network="8.8.8.8", holder=""):
    request = rf.post("/", REMOTE_ADDR=network)
    with clock.rehearse(at):
        return [abuse.tally(request, limit, holder) for _each in range(number)]


def test_a_burst_is_let_through_and_what_follows_waits(rf):
    tallies = attempts(rf, SMALL, 4)
    assert [bool(each.wait) for each in tallies] == [False, False, False, True]
    assert tallies[-1].part == "burst"
    assert 0 < tallies[-1].wait <= 600


def test_a_new_window_begins_anew_until_the_long_run_is_used_up(rf):
    attempts(rf, SMALL, 3)
    later = DURING + timedelta(minutes=10)
    tallies = attempts(rf, SMALL, 3, at=later)
    assert [each.part for each in tallies] == ["", "", "sustained"]
    assert tallies[-1].wait > 600


@pytest.mark.parametrize(
    ("offset", "waits"), [(-1, True), (0, False), (1, False)], ids=str
)
def test_the_window_ends_at_its_instant(rf, offset, waits):
    start = DURING.replace(minute=0, second=0)
    limit = limits.Limit("send", 1, 600)
    attempts(rf, limit, 1, at=start)
    end = start + timedelta(seconds=600 + offset)
    assert bool(attempts(rf, limit, 1, at=end)[0].wait) is waits


def test_one_form_is_limited_from_whatever_network_it_comes(rf):
    first = attempts(rf, SMALL, 2, holder="form", network="8.8.8.8")
    other = attempts(rf, SMALL, 1, holder="form", network="8.8.4.4")
    assert [each.part for each in (*first, *other)] == ["", "", "holder"]


def test_purposes_do_not_use_up_each_other(rf):
    attempts(rf, limits.Limit("send", 1, 600), 2)
    assert attempts(rf, limits.Limit("save", 1, 600), 1)[0].wait == 0


def test_a_site_sets_the_parts_that_do_not_fit_it(rf, settings):
    settings.WAGTAIL_EPARTICIPATION = {
        "LIMITS": {"send": {"burst": (2, 60), "sustained": None}}
    }
    tallies = attempts(rf, limits.SENDING, 3)
    assert [each.part for each in tallies] == ["", "", "burst"]
    assert tallies[-1].wait <= 60
    assert limits.in_force(limits.SENDING).sustained is None
    assert limits.in_force(limits.SENDING).holder == limits.SENDING.holder


class Broken:
    """A cache whose server does not answer."""

    def __getattr__(self, name):
        raise ConnectionError("no route")


def test_without_the_cache_all_are_let_through_and_the_log_says_so_once(
    rf, monkeypatch, caplog
):
    monkeypatch.setattr(abuse, "cache", Broken())
    monkeypatch.setitem(abuse._outage, "told", False)
    with caplog.at_level(logging.ERROR, logger=abuse.logger.name):
        tallies = attempts(rf, SMALL, 10)
    assert not any(each.wait for each in tallies)
    assert [record.args for record in caplog.records] == [("ConnectionError",)]


def test_an_outage_is_told_again_after_the_cache_was_back(rf, monkeypatch, caplog):
    monkeypatch.setitem(abuse._outage, "told", False)
    with caplog.at_level(logging.ERROR, logger=abuse.logger.name):
        for broken in (True, False, True):
            with monkeypatch.context() as patch:
                if broken:
                    patch.setattr(abuse, "cache", Broken())
                attempts(rf, SMALL, 2)
    assert len(caplog.records) == 2


@pytest.mark.django_db
def test_limits_count_in_the_database_cache_too(rf, settings):
    from django.core.management import call_command

    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "abuse_counters",
        }
    }
    call_command("createcachetable", verbosity=0)
    tallies = attempts(rf, SMALL, 4)
    assert [each.part for each in tallies] == ["", "", "", "burst"]
    # The long run's counter outlives the cache's ordinary five minutes.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(expires) FROM abuse_counters")
        (expires,) = cursor.fetchone()
    if isinstance(expires, str):
        expires = datetime.fromisoformat(expires)
    expires = expires.replace(tzinfo=expires.tzinfo or UTC)
    assert expires > timezone.now() + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("direct", "forwarded", "same_as"),
    [
        # What a client writes itself into the header does not give a fresh network.
        ("8.8.8.8", "1.1.1.1", ("8.8.8.8", "")),
        ("8.8.8.8", "nonsense", ("8.8.8.8", "")),
        ("10.0.0.1", "1.1.1.1, 9.9.9.9", ("10.0.0.1", "9.9.9.9")),
        ("2001:db8::1", "", ("2001:db8::ffff", "")),
    ],
)
def test_headers_of_the_client_do_not_get_round_a_limit(rf, direct, forwarded, same_as):
    def network(address, told):
        return abuse.network_of(
            rf.post("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=told)
        )

    assert network(direct, forwarded) == network(*same_as)


@pytest.mark.django_db
def test_who_waits_is_told_of_the_other_ways_and_keeps_the_text(client, page):
    with override_settings(
        WAGTAIL_EPARTICIPATION={
            "LIMITS": {"send": {"burst": (1, 7200)}},
            "MINIMUM_FORM_SECONDS": 0,
        }
    ):
        send(client, page, fill(token_of(ask(client, page))))
        answer = send(client, page, fill(token_of(ask(client, page)), text="يبقى هذا"))
    said = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "يبقى هذا" in said
    assert "مركز خدمة" in said or "الهاتف" in said
    assert "وسائل أخرى للمشاركة" in said
    assert Participation.objects.count() == 1


@pytest.mark.django_db
def test_a_button_pressed_too_often_is_answered_in_the_readers_language(client):
    parts = {"LIMITS": {"press": {"burst": (1, 600)}}}
    address = reverse("eparticipation:withdraw", args=["ar", "nothing"])
    with override_settings(WAGTAIL_EPARTICIPATION=parts), clock.rehearse(DURING):
        assert client.post(address).status_code == 302
        answer = client.post(address)
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert answer["Content-Language"] == "ar"
    assert "يُرجى الانتظار قليلاً" in answer.content.decode()


#: Public addresses that take a POST and count nothing, and why.
EXEMPT = {
    "follow_mute": "A mail provider's one server unsubscribes for all (RFC 8058).",
}


def public_views():
    """Every address of ours that the public reaches."""

    def walk(patterns):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns)
            elif isinstance(each, URLPattern):
                yield each

    return {
        each.name: each.callback
        for each in walk(get_resolver("wagtail_eparticipation.urls").url_patterns)
    }


def takes_posts(view) -> bool:
    """Whether a POST gets further than the check of the method."""
    from django.test import RequestFactory

    request = RequestFactory().post("/")
    while view is not None:
        for cell in view.__closure__ or ():
            value = cell.cell_contents
            if isinstance(value, list | tuple) and "GET" in value:
                return "POST" in value
        view = getattr(view, "__wrapped__", None)
    return request.method == "POST"


def test_every_public_address_that_takes_a_post_has_a_limit():
    found = public_views()
    posting = {name: view for name, view in found.items() if takes_posts(view)}
    assert {"send", "vote", "answer", "look_up", "contact"} <= set(posting)
    without = [name for name, view in posting.items() if not hasattr(view, "limit")]
    # The policy's pages read nothing of a request's body and change nothing.
    without = [name for name in without if name not in ("current_policy", "policy")]
    assert set(without) == set(EXEMPT)


def test_what_only_reads_refuses_a_post():
    reading = {
        name: view for name, view in public_views().items() if not takes_posts(view)
    }
    assert "receipt" in reading
    assert not [name for name, view in reading.items() if hasattr(view, "limit")]


@pytest.mark.django_db
def test_sending_asks_the_abuse_log_nothing_while_all_is_well(
    client, page, django_assert_max_num_queries
):
    token = token_of(ask(client, page))
    with django_assert_max_num_queries(100) as asked:
        assert send(client, page, fill(token)).status_code == 302
    assert not [each for each in asked.captured_queries if "abuse" in each["sql"]]


@pytest.mark.django_db
def test_a_token_of_another_topic_sends_nothing(client, page):
    from tests.factories_pages import make_consultation_page

    other = make_consultation_page(stage="published")
    answer = send(client, page, fill(token_of(ask(client, other))))
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert not Participation.objects.exists()


@pytest.fixture(autouse=True)
def empty_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client():
    return Client()
