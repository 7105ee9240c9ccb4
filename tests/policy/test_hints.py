"""What a pack says about a rule before somebody sends."""

import pytest

from wagtail_eparticipation.policy.install import load_pack
from wagtail_eparticipation.policy.reading import Policy
from wagtail_eparticipation.policy.schema import InvalidPack, check_pack


@pytest.mark.parametrize("slug", ["qassim", "neutral"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_rule_of_the_shipped_packs_has_words_of_its_own(slug, language):
    for rule in Policy(load_pack(slug)).rules:
        said = rule.hint_about().in_language(language)
        assert said
        assert said != rule.one_line.in_language(language)


def test_a_sub_code_has_its_own_words_where_the_pack_gives_them():
    rule = Policy(load_pack("qassim")).rule("personal_data")
    assert "advertising" in rule.hint_about("marketing").in_language("en")
    assert rule.hint_about("personal_data") == rule.hint_about()


def test_a_rule_without_a_hint_says_its_one_line():
    content = load_pack("qassim")
    del content["rules"][0]["hint"]
    rule = Policy(content).rules[0]
    assert rule.hint_about("off_topic") == rule.one_line


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda rule: rule.update(hint="text"), r"rules\[3\]\.hint"),
        (lambda rule: rule.update(hint={"ar": "نص"}), r"rules\[3\]\.hint\.en"),
        (
            lambda rule: rule["sub_codes"][1].update(hint={"ar": "", "en": "x"}),
            r"rules\[3\]\.sub_codes\[1\]\.hint\.ar",
        ),
    ],
)
def test_a_hint_that_lacks_a_language_is_named_by_its_key(change, key):
    content = load_pack("qassim")
    change(content["rules"][3])
    with pytest.raises(InvalidPack, match=key):
        check_pack(content, "pack.toml")
