"""Comments on one article: which, what one thinks of it, and what becomes of both."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.discussion.makers import make_participation, make_voice
from tests.factories import CLOSES, DURING, make_consultation, make_user
from tests.factories_pages import (
    article_key,
    every_channel,
    make_consultation_page,
    translation_of,
)
from tests.participations.sending import (
    ask,
    code_on,
    fill,
    receipt_page,
    send,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.request_versions import freeze
from wagtail_eparticipation.participations.door import Submission, new_key, submit
from wagtail_eparticipation.participations.importing import ImportRow, import_rows
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.receipt_views import receipt_address

pytestmark = pytest.mark.django_db

FIRST, SECOND = article_key(1), article_key(2)
LOST = "لم تعد المادة التي كُتب عنها في المسودة"


@pytest.fixture
def page():
    return make_consultation_page(articles=2, channels=every_channel())


def ask_about(client, page, key, tool="comment"):
    return ask(client, page, f"participate/{tool}/?article={key}")


def write(client, page, key=FIRST, **changes):
    token = token_of(ask_about(client, page, key))
    return send(client, page, fill(token, article=key, **changes))


def remove_articles(page):
    content = page.consultation.request_versions.get().content
    for language in content:
        del content[language]["articles"]
    freeze(page.consultation, content, now=DURING, published=True)


# The form


def test_the_form_says_which_article_it_is_about_and_asks_for_an_opinion(client, page):
    html = ask_about(client, page, SECOND).content.decode()
    assert "المادة 2: مواقف السوق 2" in html
    assert f'name="article" value="{SECOND}"' in html
    assert html.count('name="opinion"') == 4
    assert f"{page.get_url()}draft/#article-{SECOND}" in html


def test_the_other_languages_form_is_about_the_same_article(client, page):
    html = ask_about(client, page, FIRST).content.decode()
    english = translation_of(page).get_url()
    assert f"{english}participate/comment/?article={FIRST}" in html
    shown = ask_about(client, translation_of(page), FIRST).content.decode()
    assert "Article 1: Market parking 1" in shown


def test_a_comment_on_the_whole_topic_is_asked_for_no_opinion(client, page):
    html = ask(client, page).content.decode()
    assert 'name="opinion"' not in html
    assert 'name="article" value' not in html.replace('value=""', "")


@pytest.mark.parametrize(
    "key", ["x", "0" * 400, "%00", "'--", "<b>", article_key(9), "١٢٣"]
)
def test_a_made_up_article_is_told_and_the_form_is_about_the_topic(client, page, key):
    response = ask_about(client, page, key)
    html = response.content.decode()
    assert response.status_code == 200
    assert "هذه المادة ليست في المسودة" in html
    assert 'name="opinion"' not in html


def test_a_suggestion_is_about_the_whole_topic(client, page):
    response = ask_about(client, page, FIRST, tool="suggestion")
    html = response.content.decode()
    assert response.status_code == 200
    assert "هذه المادة ليست" not in html and 'name="opinion"' not in html


# Sending


@pytest.mark.parametrize("opinion", ["agree", "agree_with_changes", "disagree", ""])
def test_article_and_opinion_are_kept_with_the_comment(client, page, opinion):
    assert write(client, page, opinion=opinion).status_code == 302
    row = Participation.objects.get()
    assert row.article == FIRST
    assert row.data.get("opinion", "") == opinion


def test_an_opinion_that_is_none_is_refused_and_the_text_is_kept(client, page):
    response = write(client, page, opinion="hate", text="نص طويل كُتب بعناية")
    assert response.status_code == 422
    assert "نص طويل كُتب بعناية" in response.content.decode()
    assert f'name="article" value="{FIRST}"' in response.content.decode()
    assert not Participation.objects.exists()


def test_a_lost_article_is_told_the_text_kept_and_sent_on_as_a_comment(client, page):
    token = token_of(ask_about(client, page, FIRST))
    remove_articles(page)
    data = fill(token, article=FIRST, opinion="agree", text="نص طويل كُتب بعناية")
    response = send(client, page, data)
    html = response.content.decode()
    assert response.status_code == 422
    assert LOST in html and "نص طويل كُتب بعناية" in html
    again = fill(token_of(response), article="", opinion="agree")
    assert send(client, page, again).status_code == 302
    row = Participation.objects.get()
    assert (row.article, row.data) == ("", {})


def test_an_article_of_another_topic_is_none_here(client, page):
    other = make_consultation_page()
    token = token_of(ask(client, other))
    response = send(client, other, fill(token, article=FIRST))
    assert response.status_code == 422
    assert LOST in response.content.decode()


def test_a_mistake_keeps_article_and_opinion(client, page):
    response = write(client, page, opinion="disagree", accept="")
    html = response.content.decode()
    assert f'name="article" value="{FIRST}"' in html
    assert re.search(r'value="disagree"[^>]*checked', html)


def test_the_article_goes_along_into_the_other_language(client, page):
    response = write(client, page, opinion="disagree", other_language="1")
    html = response.content.decode()
    assert f'name="article" value="{FIRST}"' in html
    assert re.search(r'value="disagree"[^>]*checked', html)


def test_an_opinion_without_an_article_is_not_kept(client, page):
    token = token_of(ask(client, page))
    send(client, page, fill(token, opinion="agree"))
    assert Participation.objects.get().data == {}


def test_the_same_form_about_another_article_is_not_swallowed(client, page):
    token = token_of(ask_about(client, page, FIRST))
    send(client, page, fill(token, article=FIRST))
    response = send(client, page, fill(token, article=SECOND))
    assert response.status_code == 409
    assert Participation.objects.get().article == FIRST


def test_a_reply_is_about_its_parents_article_and_states_no_opinion(client, page):
    voice = make_voice(page.consultation, article=SECOND)
    tail = f"participate/comment/?reply_to={voice.key}&article={FIRST}"
    response = ask(client, page, tail)
    assert 'name="opinion"' not in response.content.decode()
    data = fill(
        token_of(response), reply_to=voice.key, article=FIRST, opinion="disagree"
    )
    assert send(client, page, data).status_code == 302
    reply = Participation.objects.get(parent=voice.participation)
    assert reply.article == SECOND
    assert "opinion" not in reply.data


def test_the_door_gives_a_reply_its_parents_article():
    consultation = make_consultation()
    parent = make_participation(consultation, article=FIRST)
    with clock.rehearse(DURING):
        reply = submit(
            consultation,
            Submission(
                tool="comment",
                language="ar",
                text="رد",
                article=SECOND,
                parent=parent,
                idempotency_key=new_key(),
            ),
        ).participation
    assert reply.article == FIRST


# Afterwards


def test_the_receipt_names_article_and_opinion(client, page):
    shown = receipt_page(client, write(client, page, opinion="agree_with_changes"))
    html = shown.content.decode()
    assert "المادة 1: مواقف السوق 1" in html and "موافقة مع تعديلات" in html
    code = code_on(shown)
    with clock.rehearse(DURING):
        english = client.get(receipt_address(code, "en")).content.decode()
    assert "Article 1: Market parking 1" in english
    assert "Agree, with changes" in english


def test_who_changes_the_comment_may_change_the_opinion_not_the_article(client, page):
    code = code_on(receipt_page(client, write(client, page, opinion="agree")))
    with clock.rehearse(DURING):
        url = f"{receipt_address(code, 'ar')}change/"
        html = client.get(url).content.decode()
        assert re.search(r'value="agree"[^>]*checked', html)
        data = {
            "text": "نص معدّل",
            "opinion": "disagree",
            "article": SECOND,
            "language": "ar",
            "publication": "without_name",
        }
        assert client.post(url, data).status_code == 302
    row = Participation.objects.get()
    assert (row.text, row.article) == ("نص معدّل", FIRST)
    assert row.data == {"opinion": "disagree"}
    assert row.revisions.get().data == {"opinion": "agree"}


def test_an_opinion_stays_when_its_article_is_gone(client, page):
    code = code_on(receipt_page(client, write(client, page, opinion="agree")))
    remove_articles(page)
    with clock.rehearse(DURING):
        url = f"{receipt_address(code, 'ar')}change/"
        assert 'name="opinion"' not in client.get(url).content.decode()
        data = {"text": "معدّل", "language": "ar", "publication": "without_name"}
        client.post(url, data)
    row = Participation.objects.get()
    assert (row.text, row.data) == ("معدّل", {"opinion": "agree"})


def test_the_register_is_cut_by_article(client, page):
    on_first = make_participation(page.consultation, article=FIRST)
    on_second = make_participation(page.consultation, article=SECOND)
    client.force_login(make_user(permissions=["moderate_participation"]))
    url = reverse("eparticipation_admin:register")
    shown = client.get(url, {"article": FIRST}).content.decode()
    assert on_first.number in shown and on_second.number not in shown
    assert client.get(url, {"article": "\x00" * 9}).status_code == 200


def test_the_exported_register_names_article_and_opinion_by_their_codes(client, page):
    data = {"opinion": "agree"}
    make_participation(page.consultation, article=FIRST, data=data)
    make_participation(
        page.consultation, article=FIRST, data=data, state=State.WITHDRAWN
    )
    client.force_login(make_user(permissions=["moderate_participation"]))
    response = client.get(reverse("eparticipation_admin:register_export"))
    text = b"".join(response.streaming_content).decode()
    assert text.count(f"{FIRST},agree,") == 1


@pytest.mark.parametrize(
    "name", ["المادة 1", "Article 1", FIRST, "المادة 1: مواقف السوق 1"]
)
def test_an_import_names_articles_by_number_in_any_language(page, name):
    row = ImportRow(text="نص", made_at=DURING, source_id="1", article=name)
    with clock.rehearse(DURING):
        report = import_rows(
            page.consultation,
            [row],
            channel="paper",
            actor=make_user(superuser=True),
            batch="b",
        )
    assert report.imported == 1
    assert Participation.objects.get().article == FIRST


def test_an_import_refuses_rows_about_an_unknown_article(page):
    rows = [
        ImportRow(text="نص", made_at=DURING, source_id="1", article="المادة 99"),
        ImportRow(text="نص", made_at=DURING, source_id="2"),
    ]
    with clock.rehearse(DURING):
        report = import_rows(
            page.consultation,
            rows,
            channel="paper",
            actor=make_user(superuser=True),
            batch="b",
        )
    assert (report.imported, report.failed) == (1, 1)
    assert "المادة 99" not in report.errors[0][1]


def test_what_comes_late_keeps_its_article_in_the_late_box(client, page):
    tail = f"participate/comment/?article={FIRST}"
    token = token_of(ask(client, page, tail, at=CLOSES - timedelta(hours=1)))
    send(client, page, fill(token, article=FIRST), at=CLOSES)
    row = Participation.objects.get()
    assert (row.state, row.article) == (State.LATE, FIRST)
