"""Suggesting something: the form, what is kept, what becomes of it (R-4.1b)."""

import contextlib

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from tests.discussion.makers import make_participation
from tests.discussion.suggestion_makers import (
    CATEGORIES,
    PATHS,
    SHADE,
    make_suggestion,
    set_categories,
)
from tests.factories import CLOSES, DURING, make_user
from tests.factories_pages import make_vocabulary, translation_of
from tests.participations.sending import (
    TEXT,
    ask,
    code_on,
    fill,
    receipt_page,
    send,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.chapters import participation_rows
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.participations.export_files import csv_lines
from wagtail_eparticipation.participations.exporting import rows_of
from wagtail_eparticipation.participations.identity import Person, seal
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.suggestion_status import set_status
from wagtail_eparticipation.participations.suggestions import SuggestionStatus

pytestmark = pytest.mark.django_db

REASON = {"ar": "تتعارض مع حدود الحديقة", "en": "Against the limits of the park"}


@pytest.fixture
def topic(page):
    set_categories(page, CATEGORIES["ar"])
    set_categories(translation_of(page), CATEGORIES["en"])
    return ConsultationPage.objects.get(pk=page.pk)


def suggest(client, page, **changes):
    token = token_of(ask(client, page, "participate/suggestion/"))
    typed = {"title": "مظلات", "category": SHADE, **changes}
    return send(client, page, fill(token, **typed), tool="suggestion")


class TestForm:
    def test_all_of_it_is_kept_by_id_and_told_on_the_receipt(self, client, topic):
        response = suggest(
            client,
            topic,
            place="عند البوابة",
            latitude="26.3312345",
            longitude="٤٣٫٩٧",
            sources="تقرير",
        )
        assert Participation.objects.get().data == {
            "category": SHADE,
            "place": "عند البوابة",
            "latitude": 26.33123,
            "longitude": 43.97,
            "sources": "تقرير",
        }
        html = receipt_page(client, response).content.decode()
        for words in (CATEGORIES["ar"][SHADE], "عند البوابة", "26.33123, 43.97000"):
            assert words in html

    def test_the_category_is_said_in_the_readers_language(self, client, topic):
        english = translation_of(topic)
        html = ask(client, english, "participate/suggestion/").content.decode()
        assert CATEGORIES["en"][PATHS] in html
        assert f'value="{PATHS}"' in html

    def test_without_categories_nobody_is_asked(self, client, page):
        html = ask(client, page, "participate/suggestion/").content.decode()
        assert 'name="category"' not in html
        token = token_of(ask(client, page, "participate/suggestion/"))
        send(client, page, fill(token, title="مظلات"), tool="suggestion")
        assert Participation.objects.get().data == {}

    @pytest.mark.parametrize(
        "typed",
        [
            {"category": ""},
            {"category": "x"},
            {"title": " "},
            {"latitude": "91", "longitude": "10"},
            {"latitude": "10", "longitude": "-180.1"},
            {"latitude": "nan", "longitude": "10"},
            {"latitude": "inf", "longitude": "10"},
            {"latitude": "1e999", "longitude": "10"},
            {"latitude": "شمال", "longitude": "10"},
            {"latitude": "10", "longitude": ""},
            {"latitude": "", "longitude": "10"},
            {"latitude": "<b>", "longitude": "\x00"},
        ],
    )
    def test_a_mistake_keeps_everything(self, client, topic, typed):
        response = suggest(client, topic, place="عند البوابة", **typed)
        assert response.status_code == 422
        html = response.content.decode()
        assert TEXT in html
        assert "عند البوابة" in html
        assert "error" in html
        assert not Participation.objects.exists()

    @pytest.mark.parametrize(
        ("latitude", "longitude", "kept"),
        [
            ("0", "0", (0.0, 0.0)),
            ("−90", "180", (-90.0, 180.0)),
            (" 26,5 ", "43", (26.5, 43.0)),
            ("", "", (None, None)),
        ],
    )
    def test_points_at_the_limits(self, client, topic, latitude, longitude, kept):
        suggest(client, topic, latitude=latitude, longitude=longitude)
        data = Participation.objects.get().data
        assert (data.get("latitude"), data.get("longitude")) == kept

    def test_it_can_be_changed_by_its_receipt(self, client, topic):
        response = suggest(client, topic, place="هنا", latitude="1", longitude="2")
        code_on(receipt_page(client, response))
        with clock.rehearse(DURING):
            url = f"{response['Location']}change/"
            html = client.get(url).content.decode()
            assert 'value="1.0"' in html
            client.post(
                url,
                {
                    "title": "مظلات أكثر",
                    "text": TEXT,
                    "category": PATHS,
                    "language": "ar",
                    "publication": "without_name",
                },
            )
        row = Participation.objects.get()
        assert (row.title, row.data) == ("مظلات أكثر", {"category": PATHS})

    def test_a_translation_that_lacks_a_category_is_incomplete(self, topic):
        english = translation_of(topic)
        set_categories(english, {SHADE: "Shade"})
        found = [f.field for f in missing_items(english)]
        assert "suggestion_categories" in found


class TestStatus:
    @pytest.fixture
    def row(self, topic):
        return make_suggestion(topic).participation

    @pytest.mark.parametrize(
        ("permission", "allowed"),
        [
            ("analyse_participation", True),
            ("take_decision", True),
            ("moderate_participation", False),
            ("reply_officially", False),
            ("view_consultation", False),
            (None, False),
        ],
    )
    def test_it_is_for_analysts_and_decision_makers(
        self, client, row, permission, allowed
    ):
        user = make_user(permissions=[permission] if permission else [])
        client.force_login(user)
        for name, args in self.addresses(row):
            url = reverse(f"eparticipation_admin:{name}", args=args)
            assert (client.get(url).status_code == 200) == allowed
        if not allowed:
            with pytest.raises(PermissionDenied):
                set_status(row, "under_study", actor=user, now=DURING)

    def addresses(self, row):
        pk = row.consultation_id
        return [
            ("suggestions", [pk]),
            ("suggestions_results", [pk]),
            ("suggestion_status", [pk, row.public_id]),
        ]

    def test_strangers_and_other_departments_see_nothing(self, client, row):
        department = make_vocabulary(Department, "department")
        Consultation.objects.update(department=department)
        user = make_user(permissions=["analyse_participation"])
        StaffScope.objects.create(user=user)
        for name, args in self.addresses(row):
            url = reverse(f"eparticipation_admin:{name}", args=args)
            client.logout()
            assert "login" in client.get(url).url
            client.force_login(user)
            assert client.get(url).status_code != 200

    def post(self, client, row, at=DURING, **data):
        client.force_login(make_user(permissions=["analyse_participation"]))
        url = reverse(
            "eparticipation_admin:suggestion_status",
            args=[row.consultation_id, row.public_id],
        )
        with clock.rehearse(at):
            return client.post(url, data, HTTP_ACCEPT_LANGUAGE="en")

    def test_a_step_is_kept_noted_and_shown(self, client, row):
        reason = {"reason_ar": REASON["ar"], "reason_en": REASON["en"]}
        response = self.post(client, row, status="not_taken_up", **reason)
        assert response.status_code == 302
        step = SuggestionStatus.objects.get()
        assert (step.status, step.reason, step.at) == (
            "not_taken_up",
            REASON,
            DURING,
        )
        event = LedgerEvent.objects.get(kind="suggestion.status")
        assert event.data["participation"] == str(row.public_id)
        assert REASON["ar"] not in str(event.data)
        row.public_suggestion.refresh_from_db()
        assert row.public_suggestion.status == "not_taken_up"

    @pytest.mark.parametrize("reason", [{}, {"reason_ar": REASON["ar"]}])
    def test_what_is_not_taken_up_needs_a_reason_in_every_language(
        self, client, row, reason
    ):
        response = self.post(client, row, status="not_taken_up", **reason)
        assert response.status_code == 200
        assert response.context["form"].errors
        if reason:
            assert REASON["ar"] in response.content.decode()
        assert not SuggestionStatus.objects.exists()

    def test_the_same_step_twice_is_refused(self, client, row):
        self.post(client, row, status="under_study")
        response = self.post(client, row, status="under_study")
        assert response.status_code == 200
        assert SuggestionStatus.objects.count() == 1

    def test_a_closed_topic_settles_it(self, row):
        Consultation.objects.filter(pk=row.consultation_id).update(
            stored_stage=Stored.CLOSED
        )
        row.refresh_from_db()
        boss = make_user(superuser=True)
        with pytest.raises(ValidationError):
            set_status(row, "taken_up", actor=boss, now=CLOSES)

    @pytest.mark.parametrize(
        "change",
        [{"tool": "comment"}, {"state": State.REFUSED}, {"state": State.WITHDRAWN}],
    )
    def test_only_counted_suggestions_have_one(self, row, change):
        Participation.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(ValidationError):
            set_status(row, "taken_up", actor=make_user(superuser=True), now=DURING)

    def test_its_author_is_told_once_a_step(
        self, client, row, django_capture_on_commit_callbacks
    ):
        seal(row, Person(email="sara@citizens.example"), "ar")
        boss = make_user(superuser=True)
        for _number in range(2):
            with (
                contextlib.suppress(ValidationError),
                django_capture_on_commit_callbacks(execute=True),
            ):
                set_status(row, "not_taken_up", reason=REASON, actor=boss, now=DURING)
        assert Notice.objects.filter(kind="suggestion").count() == 1
        (message,) = mail.outbox
        assert REASON["ar"] in message.body
        assert "لم يؤخذ به" in message.body
        assert row.text not in message.body

    def test_the_receipt_tells_the_whole_course(self, client, topic):
        response = suggest(client, topic)
        row = Participation.objects.get()
        boss = make_user(superuser=True)
        set_status(row, "under_study", actor=boss, now=DURING)
        set_status(row, "not_taken_up", reason=REASON, actor=boss, now=DURING)
        html = receipt_page(client, response).content.decode()
        assert "قيد الدراسة" in html
        assert REASON["ar"] in html

    def test_the_desk_shows_them_and_costs_the_same_at_20_and_200(self, client, topic):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(make_user(permissions=["analyse_participation"]))
        url = reverse("eparticipation_admin:suggestions", args=[topic.consultation_id])
        costs = []
        for number in (20, 180):
            for _each in range(number):
                make_participation(
                    topic.consultation,
                    tool="suggestion",
                    title="مقترح",
                    data={"category": SHADE},
                )
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                html = client.get(url, {"status": "received"}).content.decode()
            costs.append(len(captured))
        assert CATEGORIES["ar"][SHADE] in html
        assert costs[0] == costs[1]


class TestFiles:
    def test_the_register_and_the_package_name_category_place_and_status(self, topic):
        data = {"category": SHADE, "place": "=1+1", "latitude": 26.5, "longitude": 43.5}
        row = make_suggestion(topic, data=data).participation
        set_status(row, "under_study", actor=make_user(superuser=True), now=DURING)
        lines = b"".join(csv_lines(rows_of(Participation.objects.all()))).decode()
        assert lines.splitlines()[0].endswith(
            "category,place,latitude,longitude,sources,suggestion_status,files,"
            "title,text"
        )
        assert "الظل والأشجار,'=1+1,26.5,43.5,,under_study" in lines
        (kept,) = participation_rows(topic.consultation)
        assert (kept["category"], kept["latitude"]) == (CATEGORIES["ar"][SHADE], 26.5)

    def test_what_is_not_published_keeps_its_place_to_itself(self, topic):
        make_participation(
            topic.consultation, tool="suggestion", data={"place": "عند بيتي"}
        )
        (kept,) = participation_rows(topic.consultation)
        assert kept["place"] == ""

    def test_what_was_taken_back_is_in_no_file(self, topic):
        make_participation(
            topic.consultation,
            tool="suggestion",
            state=State.WITHDRAWN,
            data={"place": "عند بيتي"},
        )
        lines = b"".join(csv_lines(rows_of(Participation.objects.all()))).decode()
        assert "عند بيتي" not in lines
