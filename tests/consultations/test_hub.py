"""The hub as visitors use it: found, filtered, paged, in two languages."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.consultations.makers import make_topic
from tests.factories import CLOSES, DURING, OPENS, make_user
from tests.factories_pages import make_consultation_page, make_hub, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import hub
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage, SubjectLink
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.vocabulary import Subject

pytestmark = pytest.mark.django_db


def many_topics(number):
    """Copies of one topic's rows, so that 200 of them cost little."""
    first = make_consultation_page()
    for place in range(1, number):
        consultation = make_topic(
            opens_at=OPENS, closes_at=CLOSES + timedelta(hours=place)
        )
        for page in (first, translation_of(first)):
            copy = ConsultationPage(
                title=f"{page.title} {place}",
                slug=f"copy-{place}",
                locale=page.locale,
                translation_key=consultation.translation_key,
                consultation=consultation,
                question=page.question,
                live=False,
            )
            page.get_parent().add_child(instance=copy)
            copy.subject_links.add(SubjectLink(subject=Subject.objects.first()))
            copy.save()
    ConsultationPage.objects.update(live=True)
    return first


def shown(client, address="/ar/participation/", now=DURING):
    with clock.rehearse(now):
        response = client.get(address)
    assert response.status_code == 200
    return response


def titles(response):
    return [card["title"] for card in response.context["cards"]]


SPELLINGS = [
    "حديقه النخيل",
    "حديقة النخيل",
    "حَدِيقَةُ النَّخيل",
    "النخيل  حديقة",
    "park nakheel",
    "Al-Nakheel PARK",
]


@pytest.mark.parametrize("words", SPELLINGS)
def test_a_topic_is_found_by_any_spelling_and_in_any_language(words, client):
    make_consultation_page()
    response = client.get("/ar/participation/", {"q": words})
    assert titles(response) == ["تطوير حديقة النخيل"]


@pytest.mark.parametrize(
    "words",
    ["T-2026-005", "٢٠٢٦-٠٠٥", "اداره الحدائق", "parks DEPARTMENT", "ملاعب الأطفال"],
)
def test_a_topic_is_found_by_what_stands_on_its_card_and_page(words, client):
    make_consultation_page(
        consultation=make_topic(reference="T-2026-005"),
        decision_open="موضع ملاعب الأطفال",
    )
    response = client.get("/ar/participation/", {"q": words})
    assert titles(response) == ["تطوير حديقة النخيل"]


def test_a_topic_is_found_by_what_is_already_fixed(client):
    make_consultation_page()
    response = client.get("/en/participation/", {"q": "four million riyals"})
    assert titles(response) == ["Redesign of Al-Nakheel Park"]


def test_a_topic_is_found_by_the_new_name_of_its_department(client):
    department = make_consultation_page().department
    department.name = "إدارة المتنزهات"
    department.save()
    assert titles(client.get("/ar/participation/", {"q": "ادارة المتنزهات"}))
    assert not titles(client.get("/ar/participation/", {"q": "ادارة الحدائق"}))


@pytest.mark.parametrize("words", ["مواقف السيارات", "park_x", "nkheel%", "x" * 5000])
def test_other_words_find_nothing(words, client):
    make_consultation_page()
    assert titles(client.get("/ar/participation/", {"q": words})) == []


@pytest.mark.parametrize("words", ["", " ", "؟", "%", "\x00", "\u202e"])
def test_a_search_without_words_shows_everything(words, client):
    make_consultation_page()
    response = client.get("/ar/participation/", {"q": words})
    assert titles(response) == ["تطوير حديقة النخيل"]


def test_a_search_without_result_offers_the_way_back(client):
    make_consultation_page()
    response = client.get("/en/participation/", {"q": "swimming"})
    html = response.content.decode()
    assert "No topic matches" in html
    assert 'href="/en/participation/"' in html


def test_an_empty_hub_says_so(client):
    make_hub()
    html = shown(client, "/en/participation/").content.decode()
    assert "No topic has been put forward yet" in html


def test_a_topic_is_listed_once_per_language(client):
    make_consultation_page()
    assert titles(shown(client)) == ["تطوير حديقة النخيل"]
    english = shown(client, "/en/participation/")
    assert titles(english) == ["Redesign of Al-Nakheel Park"]


def test_a_topic_without_a_version_in_the_readers_language_is_listed_in_its_own(client):
    make_consultation_page(languages=("ar",))
    response = shown(client, "/en/participation/")
    assert titles(response) == ["تطوير حديقة النخيل"]
    assert 'lang="ar" hreflang="ar"><bdi>تطوير' in response.content.decode()


CLOCK = [
    (OPENS - timedelta(seconds=1), "Forthcoming"),
    (OPENS, "Open for participation"),
    (CLOSES - timedelta(seconds=1), "Open for participation"),
    (CLOSES, "Being analysed"),
]


@pytest.mark.parametrize(("now", "stage"), CLOCK)
def test_the_stage_follows_the_clock_without_any_job(now, stage, client):
    make_consultation_page()
    (card,) = shown(client, "/en/participation/", now).context["cards"]
    assert card["stage"] == stage


def test_a_forthcoming_topic_shows_its_opening_in_both_calendars(client):
    make_consultation_page()
    html = shown(client, "/en/participation/", OPENS - timedelta(days=9)).content
    assert "5 April 2026 – 17 Shawwal 1447" in html.decode()


def test_filters_show_only_what_was_asked_for(client):
    make_consultation_page(title="مفتوح")
    make_consultation_page(title="مغلق", stage=Stored.ARCHIVED)
    assert titles(shown(client, "/ar/participation/?stage=open")) == ["مفتوح"]
    assert titles(shown(client, "/ar/participation/?stage=closed")) == ["مغلق"]
    both = shown(client, "/ar/participation/?stage=closed&stage=open")
    assert titles(both) == ["مفتوح", "مغلق"]
    assert titles(shown(client, "/ar/participation/?stage=nonsense")) == []


@pytest.mark.parametrize("facet", ["subject", "department"])
def test_vocabulary_is_named_in_the_readers_language(facet, client):
    page = make_consultation_page()
    Consultation.objects.update(department=page.department)
    groups = shown(client, "/en/participation/").context["groups"]
    group = next(each for each in groups if each["name"] == facet)
    names = {"subject": "Parks and gardens", "department": "Parks department"}
    assert [choice["label"] for choice in group["choices"]] == [names[facet]]
    value = group["choices"][0]["value"]
    address = f"/en/participation/?{facet}={value}"
    assert len(titles(shown(client, address))) == 1


def test_a_filter_keeps_the_words_and_the_words_keep_the_filter(client):
    make_consultation_page()
    html = shown(client, "/en/participation/?q=park&stage=open").content.decode()
    assert '<input type="hidden" name="q" value="park">' in html
    assert '<input type="hidden" name="stage" value="open">' in html


def test_pages_lead_through_all_topics_once(client, monkeypatch):
    monkeypatch.setattr(hub, "PAGE_SIZE", 4)
    many_topics(11)
    address, seen = "/ar/participation/", []
    while address:
        response = shown(client, address)
        seen += titles(response)
        following = response.context["older_url"]
        address = f"/ar/participation/{following}" if following else ""
    assert len(seen) == len(set(seen)) == 11


def test_two_hundred_topics_cost_no_more_than_fifteen_queries(
    client, django_assert_max_num_queries
):
    many_topics(200)
    shown(client)
    for address in ("/ar/participation/", "/en/participation/?q=park&stage=open"):
        with django_assert_max_num_queries(15):
            assert len(titles(shown(client, address))) == hub.PAGE_SIZE


def test_hidden_topics_are_nowhere_on_the_hub(client):
    draft = make_consultation_page(stage=Stored.DRAFT, live=True, title="سري")
    for tail in ("", "feed/", "calendar/"):
        body = shown(client, f"/ar/participation/{tail}").content.decode()
        assert draft.title not in body


def test_an_unpublished_hub_serves_nothing(client):
    make_hub().unpublish()
    for tail in ("", "feed/", "calendar/"):
        assert client.get(f"/ar/participation/{tail}").status_code == 404


def test_the_hub_changes_with_the_next_topic_that_opens_or_closes(client):
    make_consultation_page()
    now = datetime(2026, 4, 26, 10, 59, 30, tzinfo=UTC)
    response = shown(client, now=now)
    assert response["Cache-Control"] == "public, max-age=30"
    assert response.get("Vary", "") == ""


@pytest.mark.parametrize("tail", ["", "feed/", "calendar/", "?q=نخيل"])
def test_a_topic_with_a_password_is_announced_nowhere(tail, client):
    page = make_consultation_page()
    page.view_restrictions.create(restriction_type="password", password="secret")
    body = shown(client, f"/ar/participation/{tail}").content.decode()
    assert page.title not in body
    assert page.question not in body


def test_readers_admitted_to_a_restricted_hub_see_its_topics(client):
    page = make_consultation_page()
    page.get_parent().view_restrictions.create(restriction_type="login")
    client.force_login(make_user("reader"))
    assert page.title in shown(client).content.decode()
