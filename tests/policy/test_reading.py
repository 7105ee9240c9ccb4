"""A policy as typed values, in either language."""

import pytest
from django.utils.translation import override

from wagtail_eparticipation.policy.install import install_pack, load_pack
from wagtail_eparticipation.policy.models import PolicyVersion
from wagtail_eparticipation.policy.reading import NotInPolicy, Policy, policy_of
from wagtail_eparticipation.policy.retention import retention_words


@pytest.fixture(scope="module")
def policy():
    return Policy(load_pack("qassim"))


@pytest.mark.parametrize(
    ("kind", "least", "accelerated"),
    [("decision", 15, 5), ("regulation", 15, 7), ("service", 7, 3), ("issue", 7, 3)],
)
def test_minimum_periods_by_kind(policy, kind, least, accelerated):
    assert policy.minimum_days(kind) == least
    assert policy.accelerated_minimum_days(kind) == accelerated


def test_texts_speak_the_active_language_or_the_one_asked_for(policy):
    with override("en"):
        assert str(policy.rule(5).one_line).startswith("Take part once")
        assert policy.text("disclaimer").startswith("Participations express")
        assert policy.stage_name("collecting", "ar") == "مفتوح للمشاركة"
    with override("ar"):
        assert policy.stage_name("putting_forward") == "الطرح"
        assert policy.rule(5).one_line.in_language("en").startswith("Take part once")


def test_named_places_are_filled_and_none_may_be_forgotten(policy):
    said = policy.text("privacy_rights", "en", contact="privacy@municipality.example")
    assert "contacting privacy@municipality.example;" in said
    with pytest.raises(KeyError):
        policy.text("privacy_rights", "en")


def test_skips_of_single_stages_share_the_reasons_of_skipping(policy):
    assert policy.reasons_for("skip_collecting") == policy.reasons_for("skip")
    assert policy.reasons_for("skip")


def test_reasons_of_one_act_do_not_serve_another(policy):
    extend = {reason.code for reason in policy.reasons_for("extend")}
    assert "extend.technical_outage" in extend
    assert all(code.startswith("extend.") for code in extend)
    assert policy.reasons_for("smile") == ()


@pytest.mark.parametrize(
    ("ask", "value"),
    [
        ("clause", "P-9.9"),
        ("reason", "extend.boredom"),
        ("rule", 11),
        ("text", "poem"),
        ("minimum_days", "whim"),
        ("stage_name", "limbo"),
    ],
)
def test_what_the_policy_does_not_have_is_named(policy, ask, value):
    with pytest.raises(NotInPolicy, match=str(value)):
        getattr(policy, ask)(value)


@pytest.mark.django_db
def test_a_policy_is_read_once_per_checksum(django_assert_num_queries):
    version, _created = install_pack("qassim")
    again = PolicyVersion.objects.get(pk=version.pk)
    with django_assert_num_queries(0):
        assert policy_of(version) is policy_of(again)
    other, _created = install_pack("neutral")
    assert policy_of(other).slug == "neutral"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("abuse_log", "14 days after: the entry"),
        ("contact_data", "6 months after: announcement of the decision"),
        ("identity", "1 year from the start of the year after: formal closing"),
        ("permanent_package", "kept for good"),
    ],
)
def test_retention_in_words(policy, data, words):
    """AC-S6-D1."""
    assert retention_words(policy.retention[data], "en") == words
