"""The analysis in the admin: who may, what is shown, how much it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.analysis.makers import answered, make_participation, make_theme
from tests.factories import AFTER, make_consultation, make_user
from wagtail_eparticipation.analysis import listing
from wagtail_eparticipation.analysis.models import SetAside, Theme, ThemeAssignment
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.participations.models import Channel, State

pytestmark = pytest.mark.django_db

ANALYST = "analyse_participation"


@pytest.fixture(autouse=True)
def analysing():
    with rehearse(AFTER):
        yield


@pytest.fixture
def analyst(client):
    user = make_user(permissions=[ANALYST])
    client.force_login(user)
    return user


def address(name, consultation, *args):
    return reverse(f"eparticipation_admin:{name}", args=[consultation.pk, *args])


@pytest.mark.parametrize(
    ("permission", "overview", "sort", "change"),
    [
        (ANALYST, 200, 200, 302),
        ("take_decision", 200, 200, 302),
        ("moderate_participation", 302, 302, 302),
        ("reply_officially", 302, 302, 302),
        (None, 302, 302, 302),
    ],
)
def test_who_may_see_the_analysis(client, permission, overview, sort, change):
    consultation = make_consultation()
    theme = make_theme(consultation)
    participation = make_participation(consultation)
    client.force_login(make_user(permissions=[permission] if permission else []))
    assert client.get(address("analysis", consultation)).status_code == overview
    assert client.get(address("analysis_sort", consultation)).status_code == sort
    data = {"action": "assign", "theme": theme.pk, "participations": participation.pk}
    response = client.post(address("analysis_sort", consultation), data)
    assert response.status_code == change
    assert ThemeAssignment.objects.exists() == (permission == ANALYST)


@pytest.mark.parametrize("name", ["analysis", "analysis_sort", "theme_add"])
def test_a_visitor_is_sent_to_the_login(client, name):
    response = client.get(address(name, make_consultation()))
    assert response.status_code == 302
    assert "login" in response["Location"]


@pytest.mark.parametrize("permission", ["take_decision", "moderate_participation"])
def test_only_analysts_write_themes(client, permission):
    consultation = make_consultation()
    client.force_login(make_user(permissions=[permission]))
    client.post(address("theme_add", consultation), theme_data())
    assert not Theme.objects.exists()


def theme_data(**fields):
    return {
        "titles_ar": "الظل",
        "titles_en": "Shade",
        "parent": "",
        "description_ar": "",
        "description_en": "",
        "disposition": "",
        "reason_ar": "",
        "reason_en": "",
        "order": "",
        **fields,
    }


def test_a_theme_is_added_and_then_given_its_answer(client, analyst):
    consultation = make_consultation()
    response = client.post(address("theme_add", consultation), theme_data())
    assert response.status_code == 302, response.context["form"].errors
    theme = Theme.objects.get()
    assert theme.titles == {"ar": "الظل", "en": "Shade"}
    data = theme_data(
        disposition="taken_up", reason_ar="لأنه مطلوب", reason_en="Needed"
    )
    client.post(address("theme_edit", consultation, theme.pk), data)
    theme.refresh_from_db()
    assert theme.disposition == "taken_up"
    assert theme.reason == {"ar": "لأنه مطلوب", "en": "Needed"}
    assert consultation.ledger_events.filter(kind="theme_saved").count() == 2


def test_a_title_missing_in_a_language_is_asked_for_and_nothing_is_lost(
    client, analyst
):
    url = address("theme_add", make_consultation())
    response = client.post(url, theme_data(titles_en="", description_ar="قال الناس"))
    assert response.status_code == 200
    assert "English" in str(response.context["form"].errors["titles"])
    assert "قال الناس" in response.content.decode()


def test_a_part_of_a_part_is_refused(client, analyst):
    consultation = make_consultation()
    part = make_theme(consultation, parent=make_theme(consultation))
    url = address("theme_add", consultation)
    assert client.post(url, theme_data(parent=part.pk)).status_code == 200
    assert Theme.objects.count() == 2


@pytest.mark.parametrize("duty", [ANALYST, "take_decision"])
def test_after_the_decision_only_who_decides_rewords_what_was_there(client, duty):
    client.force_login(make_user(permissions=[duty]))
    consultation = make_consultation(stored="decided")
    theme = answered(consultation)
    url = address("theme_edit", consultation, theme.pk)
    data = theme_data(disposition="not_taken_up", reason_ar="سبب", reason_en="Reworded")
    answer = client.post(url, data)
    theme.refresh_from_db()
    assert theme.disposition == "taken_up"
    if duty == ANALYST:
        assert answer.status_code == 200
        assert "Reworded" in answer.content.decode()
        assert theme.reason["en"] != "Reworded"
    else:
        assert answer.status_code == 302
        assert theme.reason["en"] == "Reworded"


def test_after_the_decision_an_analyst_adds_a_missing_language(client, analyst):
    consultation = make_consultation(stored="decided")
    theme = answered(consultation)
    Theme.objects.filter(pk=theme.pk).update(reason={"ar": theme.reason["ar"]})
    url = address("theme_edit", consultation, theme.pk)
    texts = {f"titles_{code}": text for code, text in theme.titles.items()}
    data = theme_data(reason_ar=theme.reason["ar"], reason_en="Added", **texts)
    assert client.post(url, data).status_code == 302
    theme.refresh_from_db()
    assert theme.reason["en"] == "Added"


@pytest.mark.parametrize("field", ["description_en", "order"])
def test_after_the_decision_an_analyst_changes_nothing_that_was_there(
    client, analyst, field
):
    consultation = make_consultation(stored="decided")
    theme = answered(consultation, description={"en": "They asked for shade."})
    data = theme_data(reason_ar=theme.reason["ar"], reason_en=theme.reason["en"])
    data |= {f"titles_{code}": text for code, text in theme.titles.items()}
    data |= {"description_en": "They asked for shade.", "order": theme.order}
    data[field] = "7"
    url = address("theme_edit", consultation, theme.pk)
    assert client.post(url, data).status_code == 200
    before = (theme.description, theme.order)
    theme.refresh_from_db()
    assert (theme.description, theme.order) == before


def test_after_the_announcement_no_change_is_offered(client, analyst):
    consultation = make_consultation(stored="announced")
    theme = answered(consultation)
    html = client.get(address("analysis", consultation)).content.decode()
    assert address("theme_edit", consultation, theme.pk) not in html
    assert address("theme_delete", consultation, theme.pk) not in html


def test_after_the_announcement_nothing_about_a_theme_changes(client, analyst):
    consultation = make_consultation(stored="announced")
    theme = answered(consultation)
    url = address("theme_edit", consultation, theme.pk)
    response = client.post(url, theme_data(disposition="taken_up", reason_en="New"))
    assert response.status_code == 200
    theme.refresh_from_db()
    assert theme.reason["en"] != "New"


def test_a_theme_in_use_is_not_deleted(client, analyst):
    consultation = make_consultation()
    used, empty = make_theme(consultation), make_theme(consultation)
    participation = make_participation(consultation)
    ThemeAssignment.objects.create(theme=used, participation=participation, at=AFTER)
    for theme in (used, empty):
        client.post(address("theme_delete", consultation, theme.pk))
    assert list(Theme.objects.all()) == [used]


def test_all_that_match_the_filter_can_be_put_to_a_theme_at_once(client, analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    for _n in range(60):
        make_participation(consultation, language="en")
    make_participation(consultation, language="ar")
    url = address("analysis_sort", consultation) + "?language=en"
    response = client.post(
        url, {"action": "assign", "theme": theme.pk, "everything": "1"}
    )
    assert response.status_code == 302
    assert theme.assignments.count() == 60


def test_ticked_ones_are_set_aside_with_the_number_of_the_one_that_was_read(
    client, analyst
):
    consultation = make_consultation()
    read, same = (make_participation(consultation) for _n in range(2))
    data = {
        "action": "set_aside",
        "participations": [same.pk],
        "ground": "repetition",
        "representative": read.number.lower(),
    }
    client.post(address("analysis_sort", consultation), data)
    assert SetAside.objects.get().representative == read


@pytest.mark.parametrize(
    "data",
    [
        {"action": "assign"},
        {"action": "assign", "theme": "999999"},
        {"action": "set_aside"},
        {"action": "set_aside", "ground": "repetition"},
        {"action": "set_aside", "ground": "repetition", "representative": "nobody"},
        {"action": "set_aside", "ground": "repetition", "representative": "00000000"},
        {"action": "set_aside", "ground": "volume", "sample_size": "-1"},
        {"action": "set_aside", "ground": "volume", "sample_size": "9" * 20},
        {"action": "assign", "theme": "9" * 23},
        {"action": "burn"},
        {},
    ],
)
def test_an_incomplete_order_is_explained_and_keeps_the_ticks(client, analyst, data):
    consultation = make_consultation()
    pk = make_participation(consultation).pk
    url = address("analysis_sort", consultation)
    response = client.post(url, {"participations": [pk], **data})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["participations"][0].ticked


@pytest.mark.parametrize("ids", [["x"], ["1e9"], [""], [], ["9" * 23]])
def test_ids_that_are_none_are_refused(client, analyst, ids):
    consultation = make_consultation()
    theme = make_theme(consultation)
    data = {"action": "assign", "theme": theme.pk, "participations": ids}
    response = client.post(address("analysis_sort", consultation), data)
    assert response.context["form"].errors


def test_the_filters_cut_the_register():
    consultation = make_consultation()
    whole = make_theme(consultation)
    part = make_theme(consultation, parent=whole)
    themed = make_participation(consultation)
    aside = make_participation(consultation, language="en")
    left = make_participation(consultation, channel=Channel.COUNTER)
    poll = make_participation(consultation, text="")
    make_participation(consultation, state=State.REFUSED)
    ThemeAssignment.objects.create(theme=part, participation=themed, at=AFTER)
    SetAside.objects.create(
        participation=aside, ground="repetition", representative=themed, at=AFTER
    )

    def found(**filters):
        return set(listing.matching(consultation, filters))

    assert found() == {themed, aside, left, poll}
    assert found(theme="open") == {left}
    assert found(theme="none") == {aside, left, poll}
    assert found(theme="aside") == {aside}
    assert found(theme=str(whole.pk)) == found(theme=str(part.pk)) == {themed}
    assert found(language="en") == {aside}
    assert found(channel="counter") == {left}


@pytest.mark.parametrize("query", ["theme=x", "language=xx", "after=-", "channel=%00"])
def test_a_filter_that_does_not_exist_is_ignored(client, analyst, query):
    consultation = make_consultation()
    make_participation(consultation)
    response = client.get(address("analysis_sort", consultation) + f"?{query}")
    assert len(response.context["participations"]) == 1


def test_pages_follow_each_other_without_gap_or_double(client, analyst):
    consultation = make_consultation()
    made = [make_participation(consultation).pk for _n in range(120)]
    seen, query = [], ""
    for _page in range(3):
        url = address("analysis_sort", consultation) + f"?{query}"
        context = client.get(url).context
        seen += [p.pk for p in context["participations"]]
        query = context["next_query"]
    assert seen == made
    assert query == ""


@pytest.mark.parametrize("name", ["analysis", "analysis_sort"])
def test_queries_do_not_grow_with_the_rows(client, analyst, name):
    def grow(consultation, rows):
        for number in range(rows):
            theme = answered(consultation)
            participation = make_participation(consultation)
            if number % 2:
                ThemeAssignment.objects.create(
                    theme=theme, participation=participation, at=AFTER
                )

    counts = []
    consultation = make_consultation()
    for rows in (20, 180):
        grow(consultation, rows)
        client.get(address(name, consultation))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(name, consultation))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_what_a_citizen_wrote_is_escaped(client, analyst):
    consultation = make_consultation()
    make_participation(consultation, text="<script>alert(1)</script>")
    content = client.get(address("analysis_sort", consultation)).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_the_form_and_the_question_before_deleting_are_shown(client, analyst):
    consultation = make_consultation()
    theme = answered(consultation)
    for name, args in (
        ("theme_add", []),
        ("theme_edit", [theme.pk]),
        ("theme_delete", [theme.pk]),
    ):
        response = client.get(address(name, consultation, *args))
        assert response.status_code == 200
    assert "الظل" in response.content.decode()


@pytest.mark.parametrize("query", ["after", "theme"])
def test_a_key_that_no_database_holds_breaks_no_list(client, analyst, query):
    consultation = make_consultation()
    url = address("analysis_sort", consultation) + f"?{query}={'9' * 23}"
    assert client.get(url).status_code == 200


def test_a_title_of_thousands_of_characters_is_no_title(client, analyst):
    consultation = make_consultation()
    data = {"titles_ar": "ظ" * 5000, "titles_en": "Shade", "order": "1"}
    response = client.post(address("theme_add", consultation), data)
    assert response.context["form"].errors["titles"]
    assert not Theme.objects.exists()
