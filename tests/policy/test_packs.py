"""Packs: what is shipped is complete, and every mistake is named."""

import copy

import pytest

from wagtail_eparticipation.policy import vocabulary
from wagtail_eparticipation.policy.install import (
    PackNotFound,
    available_packs,
    load_pack,
    read_pack,
)
from wagtail_eparticipation.policy.reading import Policy
from wagtail_eparticipation.policy.schema import InvalidPack, check_pack

CLAUSES = [
    "P-1.1",
    "P-1.2",
    "P-2.1",
    "P-2.2",
    "P-3.1",
    "P-4.1",
    "P-4.2",
    "P-4.3",
    "P-5.0",
    "P-5.1.1",
    "P-5.1.2",
    "P-5.1.3",
    "P-5.1.4",
    "P-5.2.1",
    "P-5.3.1",
    "P-5.4.1",
    "P-5.5.1",
    "P-5.6.1",
    "P-5.6.2a",
    "P-5.6.2b",
    "P-5.6.2c",
    "P-5.6.2d",
    "P-5.6.2e",
    "P-5.6.2f",
    "P-6.1",
    "P-6.2.1",
    "P-6.2.2",
    "P-6.2.3",
    "P-6.3.1",
    "P-6.4.1",
    "P-6.5.1",
    "P-7.0.1",
    "P-7.0.2",
    "P-7.1",
    "P-7.2",
    "P-7.3",
    "P-7.4",
    "P-7.5",
    "P-7.6",
    "P-7.7",
    "P-7.8",
    "P-7.9",
    "P-7.10",
    "P-8.1",
    "P-8.2",
]


@pytest.fixture(scope="module")
def qassim():
    return load_pack("qassim")


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def problems(data):
    with pytest.raises(InvalidPack) as caught:
        check_pack(data, "some/pack.toml")
    assert "some/pack.toml" in str(caught.value)
    return caught.value.problems


def test_both_packs_are_shipped():
    assert available_packs() == ["neutral", "qassim"]


def test_qassim_has_every_clause_of_the_policy_once(qassim):
    assert [row["id"] for row in qassim["clauses"]] == CLAUSES


def test_qassim_has_the_ten_rules_and_the_six_breaches_of_rule_four(qassim):
    policy = Policy(qassim)
    assert [rule.clause for rule in policy.rules] == [f"P-7.{n}" for n in range(1, 11)]
    assert [reason.code for reason in policy.rule(4).sub_reasons] == [
        "rule-4.racism",
        "rule-4.sectarianism",
        "rule-4.tribalism",
        "rule-4.defamation",
        "rule-4.mockery",
        "rule-4.belittling",
    ]


def test_sensitive_refusals_need_a_second_person(qassim):
    """Part A: rules 3 and 4, criticism, and treating items as automated."""
    policy = Policy(qassim)
    sensitive = {
        reason.code for reason in policy.reasons_for("moderate") if reason.second_person
    }
    assert {"rule-3", "rule-4", "rule-4.defamation", "rule-9.automated"} <= sensitive
    assert not any(code.split(".")[0] in {"rule-1", "rule-8"} for code in sensitive)
    assert policy.criticism.second_person


def test_language_and_resending_are_never_grounds_for_refusal(qassim):
    """R-7.2a, R-7.5a."""
    policy = Policy(qassim)
    assert not policy.rule("language").may_refuse
    assert not policy.rule("once").may_refuse
    assert policy.rule("courtesy").may_refuse


def test_only_the_security_rules_may_refuse_by_machine(qassim):
    """R-7.0.2c."""
    assert [rule.number for rule in Policy(qassim).rules if rule.security] == [9, 10]


def test_the_neutral_pack_names_no_state_and_no_religion():
    """R-7.3b."""
    written = " ".join(texts(load_pack("neutral"))).lower()
    for word in (
        "qassim",
        "amanah",
        "saudi",
        "kingdom",
        "islam",
        "qur",
        "hadith",
        "riyadh",
    ):
        assert word not in written
    for word in ("القصيم", "الأمانة", "السعودية", "المملكة", "الإسلام", "الآيات"):
        assert word not in written


def test_the_neutral_pack_differs_where_packs_may_differ():
    neutral = Policy(load_pack("neutral"))
    assert len(neutral.rules) == 9
    assert not neutral.has_rule("religious_text")
    assert neutral.rule("links").number == 9
    (hours,) = neutral.office_hours["hours"]
    assert (hours["starts"], hours["ends"]) == ("09:00", "17:00")
    assert hours["weekdays"][0] == "monday"


@pytest.mark.parametrize("slug", ["qassim", "neutral"])
def test_arabic_is_arabic_and_english_is_english(slug):
    pack = load_pack(slug)

    def check(value):
        if isinstance(value, dict):
            if "ar" in value:
                assert any("\u0621" <= letter <= "\u064a" for letter in value["ar"])
                assert not any("\u0621" <= letter <= "\u064a" for letter in value["en"])
            for part in value.values():
                check(part)
        elif isinstance(value, list):
            for part in value:
                check(part)

    check(pack)


@pytest.mark.parametrize("act", vocabulary.ACTS)
@pytest.mark.parametrize("slug", ["qassim", "neutral"])
def test_every_act_has_reasons_whose_clauses_exist(slug, act):
    policy = Policy(load_pack(slug))
    assert policy.reasons_for(act)
    for reason in policy.reasons_for(act):
        assert policy.clause(reason.clause)
        assert policy.reason(reason.code) == reason


def broken(pack, path, value):
    changed = copy.deepcopy(pack)
    place = changed
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["clauses", 0, "text", "ar"], " ", "clauses[0].text.ar: has no text"),
        (["clauses", 1, "id"], "P-1.1", "clauses: “P-1.1” is there more than once"),
        (["clauses", 0, "id"], "one", "clauses[0].id: “one” is no clause id"),
        (
            ["reasons", 2, "clause"],
            "P-9",
            "reasons[2].clause: there is no clause “P-9”",
        ),
        (["reasons", 0, "act"], "vanish", "reasons[0].act: “vanish” is not one of"),
        (["rules", 3, "number"], 7, "rules: numbers must run"),
        (["rules", 0, "severity"], "awful", "rules[0].severity"),
        (["rules", 0, "second_person"], "no", "rules[0].second_person: must be true"),
        (["rules", 0, "message", "en"], None, "rules[0].message.en: has no text"),
        (
            ["rules", 7, "messages", "take_down", "ar"],
            None,
            "rules[7].messages.take_down.ar: has no text",
        ),
        (["rules", 7, "messages", "burn"], {}, "rules[7].messages: “burn” is not one"),
        (["texts", "disclaimer"], None, "texts.disclaimer: is missing"),
        (
            ["texts", "privacy_rights", "en"],
            "Write to us.",
            "texts.privacy_rights.en: does not use %(contact)s",
        ),
        (
            ["texts", "acceptance", "en"],
            "I accept, %(name)s",
            "texts.acceptance.en: uses %(name)s",
        ),
        (
            ["texts", "privacy_rights", "ar"],
            "%(contact)s 50% ",
            "texts.privacy_rights.ar: holds a single %",
        ),
        (["kinds", "service", "minimum_days"], 0, "kinds.service.minimum_days"),
        (
            ["kinds", "service", "accelerated_minimum_days"],
            99,
            "kinds.service.accelerated_minimum_days: exceeds",
        ),
        (["stages", "closing"], None, "stages.closing: is missing"),
        (["states", "lost"], {"ar": "ا", "en": "x"}, "states.lost: is not known"),
        (["periods", "decision_target_weeks"], "12", "periods.decision_target_weeks"),
        (["retention", "cases", "unit"], "moons", "retention.cases.unit: “moons”"),
        (["office_hours", "time_zone"], "Mars/North", "office_hours.time_zone"),
        (["office_hours", "hours", 0, "ends"], "07:00", "ends must be after starts"),
        (["office_hours", "hours", 0, "weekdays"], ["sun"], "“sun” is not one of"),
        (["effective_from"], "soon", "effective_from: must be a date"),
        (["version"], "1 / 2", "version: “1 / 2” does not match"),
        (["levels"], None, "levels: is missing"),
        (["rulez"], [], "rulez: is not a key of a policy pack"),
        (["format"], 2, "format: must be 1"),
    ],
)
def test_each_mistake_in_a_pack_is_named_with_its_key(qassim, path, value, problem):
    assert any(problem in said for said in problems(broken(qassim, path, value)))


def test_an_act_without_any_reason_is_a_mistake(qassim):
    pack = copy.deepcopy(qassim)
    pack["reasons"] = [row for row in pack["reasons"] if row["act"] != "reopen"]
    assert problems(pack) == ["reasons: there is no reason for the act “reopen”"]


def test_all_mistakes_are_told_at_once(qassim):
    pack = copy.deepcopy(qassim)
    pack["clauses"][0]["text"] = {}
    pack["periods"]["decision_target_weeks"] = -1
    assert len(problems(pack)) == 3


def test_a_file_that_is_no_toml_is_named(tmp_path):
    path = tmp_path / "mine" / "pack.toml"
    path.parent.mkdir()
    path.write_text("title = ", encoding="utf-8")
    with pytest.raises(InvalidPack, match="mine/pack.toml"):
        read_pack(path)


def test_a_site_brings_its_own_pack_and_may_replace_a_shipped_one(tmp_path, settings):
    shipped = load_pack("neutral")
    for slug in ("harbour", "neutral"):
        own = copy_of_neutral(tmp_path / slug / "pack.toml", slug)
        assert own.exists()
    settings.WAGTAIL_EPARTICIPATION = {"POLICY_PACK_DIRS": [str(tmp_path)]}
    assert available_packs() == ["harbour", "neutral", "qassim"]
    assert load_pack("harbour")["slug"] == "harbour"
    assert load_pack("neutral")["version"] == "77"
    assert shipped["version"] != "77"


def copy_of_neutral(path, slug):
    from wagtail_eparticipation.policy.install import pack_directories

    source = pack_directories()[-1] / "neutral" / "pack.toml"
    text = source.read_text(encoding="utf-8")
    text = text.replace('slug = "neutral"', f'slug = "{slug}"')
    path.parent.mkdir(parents=True)
    path.write_text(text.replace('version = "1.0"', 'version = "77"'), encoding="utf-8")
    return path


def test_a_pack_must_be_named_like_its_folder(tmp_path):
    path = copy_of_neutral(tmp_path / "harbour" / "pack.toml", "port")
    with pytest.raises(InvalidPack, match="“port” differs from its folder “harbour”"):
        read_pack(path)


def test_an_unknown_pack_is_answered_with_the_known_ones():
    with pytest.raises(PackNotFound, match="neutral, qassim"):
        load_pack("atlantis")
