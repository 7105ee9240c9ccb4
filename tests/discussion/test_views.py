from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import PageViewRestriction

from tests.discussion.makers import make_participation, make_voice
from tests.factories import AFTER, DURING, OPENS, make_user
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.discussion import listing
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import reply_officially, take_back
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import receipt_notes, reply_targets
from wagtail_eparticipation.participations.withdrawal import withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page()


def list_of(page, query=""):
    return f"{page.get_url()}discussion/{query}"


def thread_of(page, voice, query=""):
    return f"{page.get_url()}discussion/{voice.key}/{query}"


def text_of(response):
    return response.content.decode()


def test_the_topics_page_shows_the_newest_voices_and_their_number(client, page):
    voice = make_voice(page.consultation, text="مقاعد مظللة للأسر")
    shown = text_of(client.get(page.get_url()))
    assert "مقاعد مظللة للأسر" in shown
    assert f'id="{voice.anchor}"' in shown
    assert f"participate/comment/?reply_to={voice.key}" in shown


def test_what_a_comment_relies_on_is_shown_with_it_and_goes_with_it(client, page):
    voice = make_voice(page.consultation, data={"sources": "تقرير السلامة 1447"})
    assert "تقرير السلامة 1447" in text_of(client.get(thread_of(page, voice)))
    publishing.take_down(voice.participation, now=DURING)
    assert "تقرير" not in text_of(client.get(thread_of(page, voice)))
    voice.refresh_from_db()
    assert voice.sources == ""


def test_arabic_and_english_readers_see_one_discussion(client, page):
    make_voice(page.consultation, text="مقاعد مظللة")
    make_voice(page.consultation, text="More shade, please", language="en")
    shown = text_of(client.get(list_of(translation_of(page))))
    assert "مقاعد مظللة" in shown and "More shade, please" in shown
    assert 'lang="ar"' in shown


def test_before_the_opening_there_is_no_discussion(client, page):
    with clock.rehearse(OPENS - timedelta(seconds=1)):
        assert client.get(list_of(page)).status_code == 404
        assert "ep-discussion" not in text_of(client.get(page.get_url()))


def test_after_closing_it_can_be_read_and_not_be_replied_to(client, page):
    make_voice(page.consultation)
    with clock.rehearse(AFTER):
        shown = text_of(client.get(list_of(page)))
    assert "ep-post__text" in shown
    assert "reply_to=" not in shown


@pytest.mark.parametrize("stored", [Stored.DRAFT, Stored.APPROVED, Stored.CANCELLED])
def test_an_unseen_topic_has_no_discussion(client, stored):
    page = make_consultation_page(stage=stored)
    assert client.get(list_of(page)).status_code == 404


def test_the_discussion_of_a_private_page_is_private(client, page):
    voice = make_voice(page.consultation)
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    for address in (list_of(page), thread_of(page, voice)):
        response = client.get(address)
        assert response.status_code == 302
        assert "login" in response.url


def test_no_cookie_is_set_and_caches_may_keep_it_until_the_closing(client, page):
    voice = make_voice(page.consultation)
    with clock.rehearse(page.consultation.window.closes_at - timedelta(seconds=40)):
        for address in (list_of(page), thread_of(page, voice)):
            response = client.get(address)
            assert not response.cookies
            assert "max-age=40" in response["Cache-Control"]
            assert "Cookie" not in response.get("Vary", "")


def test_what_people_wrote_cannot_become_markup(client, page):
    make_voice(
        page.consultation,
        text="<script>alert(1)</script><img src=x onerror=alert(1)>",
        public_name="<b>سارة</b>",
        title="<i>عنوان</i>",
    )
    for address in (page.get_url(), list_of(page)):
        shown = text_of(client.get(address))
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>سارة" not in shown and "<i>عنوان" not in shown
        assert "&lt;b&gt;سارة" in shown and "&lt;i&gt;عنوان" in shown


def test_the_pages_of_the_list_lead_to_each_other(client, page, settings):
    settings.WAGTAIL_EPARTICIPATION = {"DISCUSSION_PAGE_SIZE": 2}
    voices = [
        make_voice(page.consultation, now=DURING + timedelta(minutes=n), text=f"ن{n}")
        for n in range(5)
    ]
    first = client.get(list_of(page))
    older = first.context["older_url"]
    assert older.endswith(f"?older={voices[3].key}")
    second = client.get(older)
    assert "ن2" in text_of(second) and "ن4" not in text_of(second)
    back = client.get(second.context["newer_url"])
    assert "ن4" in text_of(back) and "ن2" not in text_of(back)


@pytest.mark.parametrize(
    "tail", ["?older=x", "?newer=" + "0" * 32, "x/", "0" * 32 + "/", "a/b/", "%00/"]
)
def test_a_made_up_address_is_not_found(client, page, tail):
    assert client.get(list_of(page, tail)).status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "٣", "9999999999999"])
def test_a_made_up_place_in_a_thread_breaks_nothing(client, page, after):
    voice = make_voice(page.consultation)
    assert client.get(thread_of(page, voice, f"?after={after}")).status_code == 200


def test_a_voice_of_another_topic_is_not_found_here(client, page):
    assert client.get(thread_of(page, make_voice())).status_code == 404


def test_the_permalink_is_in_the_readers_language(client, page):
    voice = make_voice(page.consultation)
    with translation.override("en"):
        address = voice.get_absolute_url()
    assert address.startswith(translation_of(page).get_url())
    assert address.endswith(f"discussion/{voice.key}/#{voice.anchor}")
    assert client.get(address.partition("#")[0]).status_code == 200


def test_the_switch_leads_to_the_same_thread_in_the_other_language(client, page):
    voice = make_voice(page.consultation)
    shown = text_of(client.get(thread_of(page, voice)))
    assert thread_of(translation_of(page), voice) in shown


def test_a_thread_shows_replies_with_whom_they_answer(client, page):
    root = make_voice(page.consultation, public_name="سارة")
    reply = make_voice(page.consultation, parent=root.participation, public_name="ناصر")
    make_voice(page.consultation, parent=reply.participation, text="وأنا أيضاً")
    shown = text_of(client.get(thread_of(page, root)))
    assert "وأنا أيضاً" in shown
    assert shown.count("<bdi>ناصر</bdi>") == 2


def test_the_name_of_a_removed_voice_is_gone_from_its_answers_too(client, page):
    root = make_voice(page.consultation)
    reply = make_voice(page.consultation, parent=root.participation, public_name="ناصر")
    make_voice(page.consultation, parent=reply.participation)
    publishing.take_down(reply.participation, now=DURING, clause="P-7.4")
    shown = text_of(client.get(thread_of(page, root)))
    assert "ناصر" not in shown
    assert "P-7.4" in shown


def test_a_long_thread_shows_first_replies_and_leads_to_all(client, page):
    root = make_voice(page.consultation)
    for number in range(listing.FIRST_REPLIES + 2):
        make_voice(page.consultation, parent=root.participation, text=f"رد{number}")
    shown = text_of(client.get(list_of(page)))
    assert "رد0" in shown and f"رد{listing.FIRST_REPLIES}" not in shown
    assert f'href="{thread_of(page, root)}">' in shown


@pytest.mark.parametrize("size", [20, 200])
def test_the_list_costs_the_same_with_20_and_with_200_shown(
    client, page, settings, size, django_assert_num_queries
):
    settings.WAGTAIL_EPARTICIPATION = {"DISCUSSION_PAGE_SIZE": size}
    for number in range(size + 5):
        voice = make_voice(page.consultation, now=DURING + timedelta(minutes=number))
        if number % 2:
            make_voice(page.consultation, parent=voice.participation)
    client.get(list_of(page))
    with django_assert_num_queries(8):
        response = client.get(list_of(page))
    assert len(response.context["voices"]) == size


def test_the_section_on_the_page_costs_at_most_three_queries(
    client, page, django_assert_max_num_queries
):
    client.get(page.get_url())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    voice = make_voice(page.consultation)
    make_voice(page.consultation, parent=voice.participation)
    with CaptureQueriesContext(connection) as cost:
        client.get(page.get_url())
    ours = [q for q in cost.captured_queries if "publishedcomment" in q["sql"]]
    assert len(ours) <= 3


def test_withdrawing_takes_a_voice_out_of_public_view_at_once(client, page):
    voice = make_voice(page.consultation, text="نص يُسحب", public_name="سارة")
    withdraw(voice.participation)
    shown = text_of(client.get(list_of(page)))
    assert "نص يُسحب" not in shown and "سارة" not in shown
    page.consultation.refresh_from_db()
    assert page.consultation.published_count == 0


def test_the_form_finds_what_is_replied_to(page):
    voice = make_voice(page.consultation, public_name="سارة")
    target = reply_targets.find(voice.key, page.consultation)
    assert (target.participation_id, target.name) == (voice.participation_id, "سارة")


def test_the_receipt_leads_to_the_published_words(page):
    voice = make_voice(page.consultation)
    notes = receipt_notes.notes_for(voice.participation, "ar")
    assert voice.get_absolute_url() in [note.url for note in notes]


class TestOfficialReplies:
    @pytest.fixture
    def official(self):
        return make_user(
            "fatimah", permissions=["reply_officially", "view_consultation"]
        )

    def address(self, page, to=None):
        address = reverse(
            "eparticipation_admin:official_reply", args=[page.consultation_id]
        )
        return f"{address}?to={to.key}" if to else address

    def test_it_shows_the_office_and_no_persons_name(self, client, page, official):
        department = Department.objects.create(name="إدارة الحدائق", locale=page.locale)
        page.consultation.department = department
        page.consultation.save()
        voice = make_voice(page.consultation)
        client.force_login(official)
        client.post(
            self.address(page, voice), {"language": "ar", "text": "سنزيد المقاعد."}
        )
        reply = PublishedComment.objects.get(is_official=True)
        assert reply.root_id == voice.pk
        assert reply.user_id is None
        shown = text_of(client.get(list_of(page)))
        assert "سنزيد المقاعد." in shown
        assert "إدارة الحدائق" in shown
        assert "ep-post--official" in shown
        assert "fatimah" not in shown

    def test_it_counts_as_a_reply_and_not_as_a_participation(self, page, official):
        voice = make_voice(page.consultation)
        self.reply(page, official, to=voice)
        voice.refresh_from_db()
        assert voice.reply_count == 1
        page.consultation.refresh_from_db()
        assert page.consultation.published_count == 1

    def reply(self, page, official, **fields):
        return reply_officially(
            page.consultation,
            text="شكراً لكم.",
            language="ar",
            actor=official,
            **fields,
        )

    def test_the_ledger_knows_of_it_without_its_words(self, page, official):
        reply = self.reply(page, official)
        event = LedgerEvent.objects.get(kind="communication.reply")
        assert event.actor == f"user:{official.pk}"
        assert event.data["comment"] == reply.key
        assert "شكراً" not in str(event.data)

    def test_a_citizen_may_answer_an_official_reply(self, page, official):
        voice = make_voice(page.consultation)
        reply = self.reply(page, official, to=voice)
        target = reply_targets.find(reply.key, page.consultation)
        assert target.participation_id == voice.participation_id
        answer = make_voice(
            page.consultation,
            parent=voice.participation,
            data={"reply_to": target.key},
        )
        assert (answer.root_id, answer.reply_to_id) == (voice.pk, reply.pk)

    def test_a_statement_of_its_own_takes_no_replies(self, client, page, official):
        statement = self.reply(page, official)
        assert reply_targets.find(statement.key, page.consultation) is None
        assert "reply_to=" not in text_of(client.get(list_of(page)))

    def test_taken_back_it_leaves_a_tombstone(self, client, page, official):
        statement = self.reply(page, official)
        take_back(statement, actor=official)
        shown = text_of(client.get(list_of(page)))
        assert "شكراً لكم" not in shown
        assert "ep-post--removed" in shown

    @pytest.mark.parametrize("stored", [Stored.CLOSED, Stored.ARCHIVED])
    def test_after_the_formal_closing_nothing_is_added(
        self, client, page, official, stored
    ):
        type(page.consultation).objects.update(stored_stage=stored)
        client.force_login(official)
        response = client.post(
            self.address(page), {"language": "ar", "text": "متأخر جداً"}
        )
        assert response.status_code == 200
        assert "متأخر جداً" in text_of(response)
        assert not PublishedComment.objects.exists()

    @pytest.mark.parametrize("text", ["", "  \u202e ", "ن" * 10_001])
    def test_an_empty_or_endless_reply_is_not_published(
        self, client, page, official, text
    ):
        client.force_login(official)
        response = client.post(self.address(page), {"language": "ar", "text": text})
        assert response.status_code == 200
        assert not PublishedComment.objects.exists()

    @pytest.mark.parametrize(
        "permissions", [None, [], ["moderate_participation"], ["take_decision"]]
    )
    def test_nobody_else_speaks_for_the_municipality(self, client, page, permissions):
        if permissions is not None:
            client.force_login(make_user(permissions=permissions))
        for send in (client.get, client.post):
            response = send(self.address(page), {"language": "ar", "text": "نص"})
            assert response.status_code in (302, 403)
        assert not PublishedComment.objects.exists()


def test_a_comment_tool_that_says_no_sends_it_to_quarantine(page):
    from django_comments.signals import comment_will_be_posted

    from wagtail_eparticipation.participations.models import Participation, State
    from wagtail_eparticipation.signals import participation_received

    def refuse(sender, comment, request, **kwargs):
        return False if "اربح" in comment.comment else None

    def broken(sender, comment, request, **kwargs):
        raise RuntimeError("needs a request")

    comment_will_be_posted.connect(refuse, weak=False)
    comment_will_be_posted.connect(broken, weak=False)
    try:
        for text, state in (("اربح الآن", State.QUARANTINED), ("ظل", State.RECEIVED)):
            item = make_participation(page.consultation, text=text)
            participation_received.send(
                sender=Participation,
                participation=item,
                receipt_code="",
                now=DURING,
            )
            item.refresh_from_db()
            assert item.state == state
    finally:
        comment_will_be_posted.disconnect(refuse)
        comment_will_be_posted.disconnect(broken)
