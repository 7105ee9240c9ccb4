"""What is seen of a poll's results, by whom and when; what editors may change."""

import io
import json
import re
import zipfile

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests.consultations.makers import withhold_results
from tests.consultations.test_page_editor import form_data
from tests.factories import AFTER, DURING, OPENS, make_user
from tests.factories_pages import make_vocabulary, translation_of
from tests.surveys.poll_makers import (
    PLAY,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    cast,
    choose,
    make_topic,
    raw_polls,
    set_polls,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_polls import polls as polls_chapter
from wagtail_eparticipation.archive.chapter_polls import report_polls
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.surveys import polls

pytestmark = pytest.mark.django_db

BEFORE = OPENS.replace(month=4, day=1)


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def streamfield_options(options):
    """Options of a poll as the editor posts them."""
    found = {"count": str(len(options))}
    for place, (kind, text) in enumerate(options):
        found[str(place)] = {
            "deleted": "",
            "order": str(place),
            "type": kind,
            "value": text,
        }
    return found


def topic_html(client, page, at):
    with clock.rehearse(at):
        response = client.get(page.get_url())
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def receipt_html(client, page, at=DURING):
    response = choose(client, page)
    with clock.rehearse(at):
        return client.get(response["Location"]).content.decode()


class TestVisibility:
    @pytest.mark.parametrize(
        ("results", "on_receipt", "afterwards"),
        [
            ("never", False, False),
            ("own_vote", True, True),
            ("after_closing", False, True),
        ],
    )
    def test_results_are_seen_as_was_promised(
        self, client, results, on_receipt, afterwards
    ):
        page = make_topic(results=results)
        assert ("100%" in receipt_html(client, page)) == on_receipt
        while_open = topic_html(client, page, DURING)
        assert "100%" not in while_open
        assert f"poll/{SHADE}/" in while_open
        closed = topic_html(client, page, AFTER)
        assert ("100%" in closed) == afterwards
        assert f"poll/{SHADE}/" not in closed

    def test_results_say_whom_they_stand_for(self, client):
        page = make_topic()
        cast(page)
        assert "لا تمثل" in topic_html(client, page, AFTER)

    def test_results_that_are_withheld_say_why(self, client):
        page = make_topic()
        cast(page)
        withhold_results(page.consultation, "surveys")
        html = topic_html(client, page, AFTER)
        assert "100%" not in html
        assert "لم تُنشر" in html or "لا تُنشر" in html or "عدم" in html

    def test_what_does_not_count_is_not_in_the_results(self, client):
        page = make_topic(results="own_vote")
        cast(page, suspicious=True)
        html = receipt_html(client, page)
        assert "<bdi>1</bdi>" in html
        assert "<bdi>2</bdi>" not in html

    def test_polls_cost_the_open_page_nothing_and_the_closed_one_three(
        self, client, django_assert_max_num_queries
    ):
        page = make_topic()
        for _number in range(3):
            cast(page)
        topic_html(client, page, DURING)
        with django_assert_max_num_queries(9):
            topic_html(client, page, DURING)
        with django_assert_max_num_queries(12):
            topic_html(client, page, AFTER)


class TestWords:
    def test_each_language_words_the_poll(self, client):
        page = make_topic()
        assert "Sails" in topic_html(client, translation_of(page), DURING)
        assert "مظلات" in topic_html(client, page, DURING)

    def test_what_a_language_lacks_is_shown_in_the_first_one(self, client):
        page = make_topic()
        english = translation_of(page)
        set_polls(english, raw_polls("en")[1:])
        found = polls.find(english, SHADE)
        assert (found.language, found.question.label) == ("ar", "أي تظليل تفضلون؟")
        assert polls.find(english, USES).language == "en"

    def test_the_first_language_says_how_many_may_be_chosen(self):
        page = make_topic()
        english = translation_of(page)
        raw = raw_polls("en", results="never")
        raw[1]["value"]["at_most"] = 3
        set_polls(english, raw)
        found = polls.find(english, USES)
        assert (found.question.at_most, found.results) == (2, "after_closing")

    def test_hostile_words_are_escaped(self, client):
        page = make_topic()
        set_polls(page, raw_polls(**{TREES: "<script>alert(1)</script>"}))
        assert "<script>alert" not in topic_html(client, page, DURING)


class TestEditor:
    def changed(self, page, raw):
        page = ConsultationPage.objects.get(pk=page.pk)
        page.polls = page._meta.get_field("polls").to_python(raw)
        return page

    @pytest.mark.parametrize(
        "raw",
        [
            raw_polls(**{SHADE: "أي ظل؟"}),
            raw_polls(**{TREES: "نخيل"}),
            raw_polls()[1:],
            [],
        ],
        ids=["question", "option", "poll", "all"],
    )
    def test_a_poll_is_locked_at_the_first_vote(self, raw):
        page = make_topic()
        with clock.rehearse(DURING):
            self.changed(page, raw).clean()
            cast(page)
            with pytest.raises(ValidationError) as refusal:
                self.changed(page, raw).clean()
        assert "أي تظليل تفضلون؟" in str(refusal.value.message_dict["polls"])

    def test_the_editor_says_so_at_the_field_and_keeps_the_page(self, client):
        page = make_topic()
        cast(page)
        client.force_login(make_user(superuser=True))
        options = [("item", "نخيل"), ("item", "مظلات")]
        poll = {
            "question": "أي ظل؟",
            "help_text": "",
            "options": streamfield_options(options),
            "at_most": "1",
            "results": "after_closing",
        }
        changed = nested_form_data({"polls": streamfield([("poll", poll)])})
        with clock.rehearse(DURING):
            data = form_data(page, client, **changed)
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            response = client.post(url, data, HTTP_ACCEPT_LANGUAGE="en")
        assert response.status_code == 200
        errors = str(response.context["form"].errors["polls"])
        assert "People have voted in" in errors
        page.refresh_from_db()
        assert page.polls[0].value["question"] == "أي تظليل تفضلون؟"

    def test_the_words_of_a_translation_are_locked_with_it(self):
        page = make_topic()
        cast(page)
        english = translation_of(page)
        raw = raw_polls("en", **{TREES: "Palms"})
        with clock.rehearse(DURING), pytest.raises(ValidationError):
            self.changed(english, raw).clean()

    def test_a_further_poll_may_be_added(self):
        page = make_topic()
        set_polls(page, raw_polls()[:1])
        cast(page)
        with clock.rehearse(DURING):
            self.changed(page, raw_polls()).clean()

    @pytest.mark.parametrize(("at", "allowed"), [(BEFORE, True), (OPENS, False)])
    def test_when_results_are_shown_is_fixed_once_open(self, at, allowed):
        page = make_topic()
        changed = self.changed(page, raw_polls(results="own_vote"))
        with clock.rehearse(at):
            if allowed:
                changed.clean()
            else:
                with pytest.raises(ValidationError):
                    changed.clean()

    @pytest.mark.parametrize(
        "change",
        [
            {"at_most": 5},
            {"options": [("a", "نعم"), ("b", " نعم")]},
        ],
    )
    def test_what_cannot_be_chosen_is_refused(self, change):
        page = make_topic()
        block = page.polls.stream_block.child_blocks["poll"]
        value = page.polls[0].value
        if "options" in change:
            value["options"] = [text for _id, text in change["options"]]
        else:
            value.update(change)
        with pytest.raises(ValidationError):
            block.clean(value)

    def test_completeness_names_what_a_translation_asks_otherwise(self):
        page = make_topic()
        english = translation_of(page)
        assert not [m for m in missing_items(english) if m.field == "polls"]
        english.polls = english._meta.get_field("polls").to_python(raw_polls("en")[:1])
        found = [m for m in missing_items(english) if m.field == "polls"]
        assert len(found) == 1

    def test_an_untranslated_poll_is_missing(self):
        page = make_topic()
        english = translation_of(page)
        english.polls = page.polls
        found = [m for m in missing_items(english) if m.field == "polls"]
        assert found


class TestDesk:
    def url(self, page):
        return reverse("eparticipation_admin:polls", args=[page.consultation_id])

    def read(self, client, page, user):
        client.force_login(user)
        return client.get(self.url(page), HTTP_ACCEPT_LANGUAGE="en")

    @pytest.mark.parametrize(
        ("permission", "allowed"),
        [
            ("analyse_participation", True),
            ("moderate_participation", True),
            ("take_decision", True),
            ("view_consultation", False),
            ("reply_officially", False),
            (None, False),
        ],
    )
    def test_results_are_for_those_who_work_with_them(
        self, client, permission, allowed
    ):
        page = make_topic()
        user = make_user(permissions=[permission] if permission else [])
        response = self.read(client, page, user)
        assert (response.status_code == 200) == allowed

    def test_another_department_sees_nothing(self, client):
        page = make_topic()
        department = make_vocabulary(Department, "department")
        Consultation.objects.update(department=department)
        user = make_user(permissions=["analyse_participation"])
        StaffScope.objects.create(user=user)
        assert self.read(client, page, user).status_code != 200

    def test_anonymous_people_are_sent_to_the_login(self, client):
        assert "login" in client.get(self.url(make_topic())).url

    def test_small_groups_are_withheld(self, client):
        page = make_topic()
        for capacity, number in (("citizen", 7), ("visitor", 6), ("expert", 2)):
            for _each in range(number):
                cast(page, capacity=capacity)
        user = make_user(permissions=["analyse_participation"])
        html = self.read(client, page, user).content.decode()
        # The two small groups: what they chose, and how many they are.
        assert html.count("<td>withheld</td>") == 4
        assert "Citizen" in html

    def test_each_table_has_a_name_of_its_own(self, client):
        page = make_topic()
        for poll, option in ((SHADE, TREES), (USES, SPORT)):
            for _each in range(6):
                cast(page, option, poll=poll, capacity="citizen")
        user = make_user(permissions=["analyse_participation"])
        html = self.read(client, page, user).content.decode()
        names = re.findall(r'role="region" aria-labelledby="([^"]+)"', html)
        said = [
            " ".join(
                re.search(rf'id="{each}">(.*?)</h', html)[1] for each in ids.split()
            )
            for ids in names
        ]
        assert len(said) == len(set(said)) == 6

    def test_it_costs_the_same_at_20_and_200_votes(
        self, client, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        page = make_topic()
        user = make_user(permissions=["analyse_participation"])
        self.read(client, page, user)
        costs = []
        for number in (20, 180):
            for _each in range(number):
                cast(page)
            with CaptureQueriesContext(connection) as captured:
                self.read(client, page, user)
            costs.append(len(captured))
        assert costs[0] == costs[1]


class TestArchive:
    def test_the_report_gives_the_results_in_its_own_language(self):
        page = make_topic()
        cast(page)
        cast(page, SAILS)
        with clock.rehearse(AFTER):
            blocks = list(report_polls(page.consultation, "en"))
        assert "Which shade do you prefer?" in str(blocks)
        assert "50" in str(blocks)

    def test_a_topic_without_polls_says_nothing(self):
        page = make_topic()
        set_polls(page, [])
        set_polls(translation_of(page), [])
        assert list(report_polls(page.consultation, "ar")) == []

    def test_the_package_has_the_counts_and_both_languages(self):
        page = make_topic(results="never")
        for _number in range(5):
            cast(page, PLAY, poll=USES)
        file = io.BytesIO()
        bag = BagWriter(file, "x", AFTER)
        polls_chapter(page.consultation, bag)
        bag.finish([])
        with zipfile.ZipFile(file) as archive:
            folder = "x/data/03-participations/"
            kept = json.loads(archive.read(f"{folder}polls.json"))
            english = archive.read(f"{folder}polls.en.html").decode()
        assert kept[1]["results_shown"] == "never"
        assert kept[1]["labels"]["en"] == "Why do you visit the park?"
        (chosen,) = [each for each in kept[1]["options"] if each["number"]]
        assert (chosen["id"], chosen["by_language"]) == (PLAY, {"ar": 5})
        assert "Play" in english or "play" in english
