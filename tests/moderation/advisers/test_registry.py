"""Who is asked about a text, by which policy, and how a site adds its own."""

import pytest

from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers import registry
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.moderation.advisers.registry import (
    Batch,
    advise,
    register,
    registered,
    unregister,
)
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.policy.reading import policy_of

pytestmark = pytest.mark.django_db

RULES = {
    *("seriousness", "language", "values_and_law", "courtesy", "once"),
    *("religious_text", "sources", "personal_data", "misuse", "links"),
}


@pytest.fixture
def own_list(monkeypatch):
    """A copy of the list that a test may change."""
    monkeypatch.setattr(registry, "_ADVISERS", dict(registry._ADVISERS))


def policy(pack):
    return policy_of(install_pack(pack)[0])


def trees(reading):
    """An adviser of a site's own, as the how-to has it."""
    place = reading.folded.text.find("شجره")
    if place >= 0:
        start, end = reading.folded.span(place, place + 4)
        yield Finding(start, end, reading.field, adviser="trees", rule="sources")


def test_each_of_the_ten_rules_has_an_adviser():
    assert {each.rule for each in registered()} == RULES
    assert {rule.key for rule in policy("qassim").rules} == RULES


def test_a_site_adds_an_adviser_of_its_own(own_list):
    register("trees", rule="sources", look=trees)
    (finding,) = advise({"text": "هذه شجرة"})
    assert (finding.start, finding.end, finding.adviser) == (4, 8, "trees")


def test_a_site_replaces_an_adviser_under_its_name(own_list):
    register("personal_data", rule="personal_data", look=lambda reading: ())
    assert advise({"text": "0550000123"}) == []


def test_a_site_takes_an_adviser_away(own_list):
    unregister("links")
    assert advise({"text": "see example.com now"}) == []
    with pytest.raises(KeyError):
        unregister("links")


def test_a_policy_without_the_rule_does_not_ask_its_adviser():
    text = {"text": "﴿الماء أصل الحياة﴾"}
    assert [each.rule for each in advise(text, policy=policy("qassim"))] == [
        "religious_text"
    ]
    assert advise(text, policy=policy("neutral")) == []


def test_a_sub_code_that_the_policy_does_not_have_is_left_out(own_list):
    def racist(reading):
        yield Finding(0, 1, reading.field, "own", "courtesy", code="racism")

    register("own", rule="courtesy", look=racist)
    codes = [
        [each.code for each in advise({"text": "نص"}, policy=policy(pack))]
        for pack in ("qassim", "neutral")
    ]
    assert codes == [["racism"], [""]]


def test_findings_come_in_reading_order_with_their_field():
    found = advise({"title": "0550000123", "text": "example.com 0550000124"})
    assert [(each.start, each.field) for each in found] == [
        (0, "title"),
        (0, "text"),
        (12, "text"),
    ]


def test_an_empty_field_is_not_read():
    assert advise({"text": "", "title": None}) == []


def test_a_batch_asks_the_database_once(django_assert_num_queries):
    lexicon.refresh()
    lexicon.forget()
    with django_assert_num_queries(1):
        batch = Batch()
        for number in range(50):
            batch.advise({"text": f"نص {number}", "title": "عنوان", "sources": "كتاب"})


def test_one_participation_takes_one_query(django_assert_num_queries):
    lexicon.refresh()
    lexicon.forget()
    with django_assert_num_queries(1):
        advise({"text": "نص", "title": "عنوان", "sources": "كتاب"})
