"""What a moderator sees of the flags: by rule, the words marked, escaped, in part."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import DURING, make_user
from tests.moderation import small_advisers
from tests.moderation.makers import make_moderator, make_topic, make_waiting
from tests.moderation.small_advisers import INSULT, MOBILE, NUMBER
from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation import flags, flags_shown
from wagtail_eparticipation.moderation.advisers.reference_text import compare
from wagtail_eparticipation.moderation.detail_words import differences_in, words_for
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def advisers(monkeypatch):
    small_advisers.use(monkeypatch)


def flagged_item(text, **fields):
    item = make_waiting(make_topic(), text=text, **fields)
    flags.refresh(item)
    return item


def shown(item):
    policy = policy_for(item.consultation, DURING)
    return flags_shown.flagged(item, policy)


def review(client, item, user=None):
    client.force_login(user or make_moderator(superuser=True))
    url = reverse("eparticipation_admin:moderation_review", args=[item.public_id])
    with clock.rehearse(DURING):
        return client.get(url)


def test_flags_stand_by_rule_in_the_policys_order():
    found = shown(flagged_item(f"{MOBILE} {INSULT}"))
    assert [each.rule for each in found] == ["courtesy", "personal_data"]
    assert found[0].clause == "P-7.4"
    assert found[1].shown[0].quote.words == NUMBER


def test_the_review_page_marks_the_words_and_says_what_is_to_be_hidden(client):
    html = review(client, flagged_item(MOBILE)).content.decode()
    assert f"<mark>{NUMBER}</mark>" in html
    assert 'id="flags-title"' in html


def test_a_page_without_flags_says_nothing_of_them(client):
    html = review(client, flagged_item("بلا شيء")).content.decode()
    assert 'id="flags-title"' not in html


def test_what_stands_around_the_words_is_escaped(client):
    item = flagged_item(f"<script>alert(1)</script> {NUMBER}")
    html = review(client, item).content.decode()
    assert "<script>alert(1)" not in html


def test_who_may_not_moderate_the_topic_sees_nothing(client):
    item = flagged_item(MOBILE)
    response = review(client, item, make_user())
    assert NUMBER not in response.content.decode()
    assert response.status_code in (302, 403)


def test_of_many_places_some_are_shown_and_the_others_counted():
    (found,) = shown(flagged_item(" ".join([NUMBER] * 120)))
    assert len(found.shown) == flags_shown.SHOWN
    assert found.more == 120 - flags_shown.SHOWN


def test_a_place_that_the_words_do_not_reach_any_more_is_quoted_by_nothing():
    item = flagged_item(f"{'كلمة ' * 20}{NUMBER}")
    item.text = "قصير"
    item.save()
    (found,) = shown(item)
    assert found.shown[0].quote is None


def test_nothing_is_quoted_once_its_author_took_it_back():
    item = flagged_item(MOBILE)
    item.state = State.WITHDRAWN
    item.save()
    (found,) = shown(item)
    assert found.shown[0].quote is None


def test_a_flag_of_a_rule_that_the_policy_does_not_have_comes_last_by_its_key():
    item = flagged_item(MOBILE)
    row = flags.of(item)[0]
    row.pk, row.rule, row.code = None, "house_rule", "x"
    row.save(force_insert=True)
    assert [each.line for each in shown(item)][-1] == "house_rule"


@pytest.mark.parametrize("times", [1, 60])
def test_the_flags_of_an_item_are_one_query(django_assert_num_queries, times):
    item = flagged_item(" ".join([NUMBER] * times))
    policy = policy_for(item.consultation, DURING)
    with django_assert_num_queries(1):
        flags_shown.flagged(item, policy)


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("phone", "رقم هاتف"),
        ("matches 2:255", "يوافق النص المرجعي، 2:255"),
        ("differs 2:255", "يخالف النص المرجعي، 2:255"),
        ("not found", "غير موجود في النص المرجعي"),
        ("campaign 12", "أرسله غيره أيضاً، وعددهم 12"),
        ("a site's own", "a site's own"),
        ("", ""),
    ],
)
def test_a_detail_is_said_in_the_moderators_language(detail, shown):
    with translation.override("ar"):
        assert words_for(detail) == shown


def test_what_a_quotation_has_other_than_the_reference_text_is_shown(
    settings,
):
    reference = Path(__file__).parent / "advisers" / "reference.txt"
    settings.WAGTAIL_EPARTICIPATION = {"REFERENCE_TEXT": str(reference)}
    line = reference.read_text(encoding="utf-8").splitlines()[2]
    verse = line.split("|")[2].split()
    changed = " ".join([*verse[:2], "كلمة", *verse[3:]])
    verdict = compare(f"﴿{changed}﴾")
    assert verdict.kind == "differs"
    found = differences_in(str(verdict), f"﴿{changed}﴾")
    assert any("كلمة" in each.quoted and verse[2] in each.reference for each in found)
    assert differences_in("matches 1:1", changed) == ()
