"""Invitations on the consultation's desk: who may, what is shown, what is not."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.participations.inviting import (
    a_list,
    by_invitation,
    code_in,
    csv_of,
    invite,
    make_editor,
    make_invited,
    send_all,
    shop_owners,
    to,
)
from tests.participations.sending import take_part
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.participations.invitation_lists import InvitationList
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import PersonKey

pytestmark = pytest.mark.django_db

SALEM = "salem@people.example"
PEOPLE = csv_of(
    ("سالم", SALEM, "", ""), ("خطأ", "nonsense", "", ""), ("نورة", "", "", "")
)


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def topic(page):
    return by_invitation(page)


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def address(page, name="invitations", *args):
    return reverse(f"eparticipation_admin:{name}", args=[page.consultation_id, *args])


def act(client, page, action, **data):
    return client.post(address(page), {"action": action, **data})


def upload(client, page, content=PEOPLE, name="people.csv"):
    return act(client, page, "upload", **{"list-file": a_list(content, name)})


def mapped(action, **changes):
    return {
        "action": action,
        "column_name": "name",
        "column_email": "email",
        "language": "ar",
        **changes,
    }


def test_a_list_is_looked_at_tried_and_carried_out(client, topic, editor):
    list_url = upload(client, topic)["Location"]
    html = client.get(list_url).content.decode()
    assert SALEM in html and '<option value="email" selected>' in html
    tried = client.post(list_url, mapped("try")).content.decode()
    assert "البريد الإلكتروني غير صحيح" in tried
    assert not Invitation.objects.exists()
    done = client.post(list_url, mapped("invite")).content.decode()
    assert "البريد الإلكتروني غير صحيح" in done
    assert Invitation.objects.count() == 2
    assert not InvitationList.objects.exists()
    # Sent again by the browser's Reload.
    assert client.post(list_url, mapped("invite")).status_code in (302, 404)
    assert Invitation.objects.count() == 2


def test_a_cancelled_list_leaves_nothing(client, topic, editor):
    list_url = upload(client, topic)["Location"]
    client.post(list_url, {"action": "cancel"})
    assert not InvitationList.objects.exists() and not PersonKey.objects.exists()


@pytest.mark.parametrize("name", ["people.exe", "people.xlsx"])
def test_what_is_no_list_is_refused_at_the_field(client, topic, editor, name):
    answer = upload(client, topic, name=name)
    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode()


def test_a_list_that_is_too_large_is_refused(client, topic, editor, monkeypatch):
    from wagtail_eparticipation.participations import invitation_forms

    monkeypatch.setattr(invitation_forms, "FILE_LIMIT", 10)
    assert "w-field__errors" in upload(client, topic).content.decode()


def test_without_a_column_for_anybody_nothing_is_done(client, topic, editor):
    list_url = upload(client, topic)["Location"]
    columns = {"column_name": "", "column_email": ""}
    answer = client.post(list_url, mapped("invite", **columns))
    assert answer.status_code == 200
    assert not Invitation.objects.exists() and InvitationList.objects.exists()


def test_addresses_are_never_listed(client, topic, editor, after_commit):
    invite(topic, PEOPLE, editor)
    send_all(topic, editor, after_commit)
    row = Invitation.objects.get(has_contact=True)
    for name in ("invitations", "invitation_rows"):
        html = client.get(address(topic, name)).content.decode()
        assert SALEM not in html and "سالم" not in html
        assert row.code_hash not in html and row.contact_hash not in html
    assert row.number in client.get(address(topic, "invitation_rows")).content.decode()


def test_sending_and_reminding_by_button(client, topic, editor, after_commit):
    invite(topic, PEOPLE, editor)
    with after_commit():
        act(client, topic, "send")
    assert len(to(SALEM)) == 1
    act(client, topic, "remind")
    assert len(to(SALEM)) == 1
    with clock.rehearse(DURING + timedelta(days=8)), after_commit():
        act(client, topic, "remind")
    assert len(to(SALEM)) == 2


def test_a_groups_code_is_shown_once(client, topic, editor):
    answer = act(
        client,
        topic,
        "group",
        **{
            "group-label": "تجار السوق",
            "group-uses_at_most": "30",
            "group-segment": str(shop_owners().pk),
            "group-language": "ar",
        },
    )
    code = re.search(r'id="group-code">([^<]+)<', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    html = client.get(address(topic)).content.decode()
    assert code not in html and "تجار السوق" in html
    assert take_part(client, topic, invitation=code).status_code == 302


def test_a_group_with_a_wrong_number_is_explained(client, topic, editor):
    data = {"group-label": "تجار", "group-uses_at_most": "0", "group-language": "ar"}
    assert "w-field__errors" in act(client, topic, "group", **data).content.decode()
    assert not Invitation.objects.exists()


def test_letters_come_as_a_file_without_formulas_and_once(client, topic, editor):
    invite(topic, csv_of(("=1+1", "", "", ""), ("نورة", "", "", "")), editor)
    answer = act(client, topic, "letters", format="csv")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=1+1", "نورة"]
    assert rows[0]["address"].endswith("/participate/")
    again = act(client, topic, "letters", format="csv")
    assert again.status_code == 302
    response = take_part(client, topic, invitation=rows[1]["code"])
    assert response.status_code == 302


def test_letters_come_as_a_page_in_each_ones_language(client, topic, editor):
    people = csv_of(("<b>نورة</b>", "", "", "ar"), ("Mary", "", "", "en"))
    invite(topic, people, editor)
    html = act(client, topic, "letters", format="page").content.decode()
    assert "&lt;b&gt;نورة&lt;/b&gt;" in html
    assert 'lang="en" dir="ltr"' in html and "The code of your invitation" in html
    assert 'lang="ar" dir="rtl"' in html and "رمز دعوتكم" in html
    assert "<script" not in html and "style=" not in html


def test_one_is_revoked_by_an_address_that_is_not_shown_again(
    client, topic, editor, after_commit
):
    invite(topic, PEOPLE, editor)
    send_all(topic, editor, after_commit)
    answer = act(client, topic, "revoke", **{"revoke-which": SALEM})
    assert SALEM not in client.get(answer["Location"]).content.decode()
    code = code_in(to(SALEM)[0])
    assert take_part(client, topic, invitation=code).status_code == 422


def test_what_came_back_is_counted(client, topic, editor):
    make_invited(topic, 1)
    number = Invitation.objects.get().number
    act(client, topic, "undelivered", **{"undelivered-which": number.lower()})
    assert Invitation.objects.get().undelivered_at == DURING


@pytest.mark.parametrize("which", ["", "x" * 300, "nobody@people.example", "00000000"])
def test_what_names_nobody_is_explained(client, topic, editor, which):
    make_invited(topic, 1)
    answer = act(client, topic, "revoke", **{"revoke-which": which})
    assert answer.status_code in (200, 302)
    assert Invitation.objects.get().revoked_at is None


def test_an_unknown_act_is_not_found(client, topic, editor):
    list_url = upload(client, topic)["Location"]
    for url in (address(topic), list_url):
        answer = client.post(url, {"action": "anything"}, follow=True)
        assert answer.status_code == 404
    assert InvitationList.objects.exists() and not Invitation.objects.exists()


def test_a_public_topic_says_that_it_needs_none(client, page, editor):
    html = client.get(address(page)).content.decode()
    assert "للجميع" in html and 'name="list-file"' not in html
    desk = client.get(address(page, "desk")).content.decode()
    assert address(page) not in desk


def test_the_desk_leads_to_the_invitations(client, topic, editor):
    assert address(topic) in client.get(address(topic, "desk")).content.decode()


def every_address(topic):
    waiting = InvitationList.objects.get()
    return [
        address(topic),
        address(topic, "invitation_list", waiting.pk),
        address(topic, "invitation_rows"),
        address(topic, "invitation_rows_results"),
        f"{address(topic, 'invitation_rows')}?export=csv",
    ]


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("request_act", True),
        ("moderate_participation", False),
        ("analyse_participation", False),
        ("take_decision", False),
        ("view_identity", False),
        ("close_consultation", False),
        ("view_consultation", False),
        (None, False),
    ],
)
def test_who_may_see_and_do(client, topic, editor, permission, allowed):
    upload(client, topic)
    make_invited(topic, 1)
    addresses = every_address(topic)
    client.force_login(make_user(permissions=[permission] if permission else []))
    for url in addresses:
        assert (client.get(url).status_code == 200) == allowed, url
    if not allowed:
        for action in ("upload", "group", "send", "remind", "letters", "revoke"):
            assert act(client, topic, action).status_code in (302, 403)
        client.post(addresses[1], mapped("invite"))
        client.post(addresses[1], mapped("cancel"))
        assert Invitation.objects.count() == 1 and InvitationList.objects.exists()


def test_anonymous_visitors_are_sent_to_the_sign_in(client, topic, editor):
    upload(client, topic)
    addresses = every_address(topic)
    client.logout()
    for url in addresses:
        assert "login" in client.get(url)["Location"]


def test_another_department_stays_out(client, topic, editor):
    other = Department.objects.create(
        name="إدارة أخرى", locale=topic.locale, contact_email="x@city.example"
    )
    upload(client, topic)
    scope = StaffScope.objects.create(user=editor)
    scope.departments.set([other])
    for url in every_address(topic):
        assert client.get(url).status_code in (302, 403)


def test_a_list_of_another_topic_is_not_found(client, topic, editor):
    from tests.factories_pages import make_consultation_page

    other = by_invitation(make_consultation_page())
    upload(client, other)
    waiting = InvitationList.objects.get()
    url = address(topic, "invitation_list", waiting.pk)
    assert client.get(url, follow=True).status_code == 404


@pytest.mark.parametrize("name", ["invitations", "invitation_rows"])
def test_lists_take_as_many_queries_at_200_rows_as_at_20(client, topic, editor, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    segment = shop_owners()
    counts = []
    for number in (20, 180):
        make_invited(topic, number, segment=segment)
        client.get(address(topic, name))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address(topic, name))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] < 40


def test_the_rows_are_filtered_by_state(client, topic, editor):
    make_invited(topic, 1)
    make_invited(topic, 1, revoked_at=DURING)
    sent, revoked = Invitation.objects.order_by("pk")
    html = client.get(
        f"{address(topic, 'invitation_rows')}?state=revoked"
    ).content.decode()
    assert revoked.number in html and sent.number not in html
