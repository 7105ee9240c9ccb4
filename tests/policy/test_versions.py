"""Installed versions are fixed; the one in force is found by day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.policy.test_packs import copy_of_neutral
from wagtail_eparticipation.policy.install import (
    NoPolicy,
    PackChanged,
    checksum_of,
    current_version,
    install_pack,
    load_pack,
)
from wagtail_eparticipation.policy.models import PolicyIsFixed, PolicyVersion

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 12, 9, tzinfo=UTC)


def store(pack="qassim", version="1", since=date(2026, 1, 1)):
    content = {**load_pack("qassim"), "slug": pack, "version": version}
    return PolicyVersion.objects.create(
        pack=pack,
        version=version,
        effective_from=since,
        content=content,
        checksum=checksum_of(content),
    )


def test_installing_twice_installs_once():
    first, created = install_pack("qassim")
    again, created_again = install_pack("qassim")
    assert (created, created_again) == (True, False)
    assert first == again
    assert first.checksum == checksum_of(load_pack("qassim"))
    assert first.effective_from == date(2026, 1, 1)


def test_what_is_stored_reads_back_with_the_same_checksum():
    version, _created = install_pack("qassim")
    stored = PolicyVersion.objects.get(pk=version.pk)
    assert checksum_of(stored.content) == stored.checksum


def test_the_order_of_keys_does_not_change_the_checksum():
    assert checksum_of({"a": 1, "b": {"c": "é"}}) == checksum_of(
        {"b": {"c": "é"}, "a": 1}
    )
    assert checksum_of({"a": 1}) != checksum_of({"a": 2})


def test_changed_content_needs_a_new_version_number(tmp_path, settings):
    settings.WAGTAIL_EPARTICIPATION = {"POLICY_PACK_DIRS": [str(tmp_path)]}
    path = copy_of_neutral(tmp_path / "harbour" / "pack.toml", "harbour")
    installed, _created = install_pack("harbour")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("minimum_days = 15", "minimum_days = 30", 1), "utf-8")
    with pytest.raises(PackChanged, match="new version number"):
        install_pack("harbour")
    installed.refresh_from_db()
    assert installed.content["kinds"]["decision"]["minimum_days"] == 15


def test_a_new_version_leaves_the_old_one_as_it_was(tmp_path, settings):
    """R-2.1a."""
    settings.WAGTAIL_EPARTICIPATION = {"POLICY_PACK_DIRS": [str(tmp_path)]}
    path = copy_of_neutral(tmp_path / "harbour" / "pack.toml", "harbour")
    old, _created = install_pack("harbour")
    text = path.read_text(encoding="utf-8").replace('version = "77"', 'version = "78"')
    path.write_text(text.replace("minimum_days = 15", "minimum_days = 30", 1), "utf-8")
    new, created = install_pack("harbour")
    assert created
    assert new.pk != old.pk
    old.refresh_from_db()
    assert old.content["kinds"]["decision"]["minimum_days"] == 15


def test_versions_can_neither_be_changed_nor_deleted():
    version = store()
    version.version = "2"
    with pytest.raises(PolicyIsFixed):
        version.save()
    with pytest.raises(PolicyIsFixed):
        version.delete()
    with pytest.raises(PolicyIsFixed):
        PolicyVersion.objects.update(version="2")
    with pytest.raises(PolicyIsFixed):
        PolicyVersion.objects.filter(pk=version.pk).delete()
    assert PolicyVersion.objects.get().version == "1"


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        # The day begins in Riyadh three hours before it begins in UTC.
        (datetime(2026, 5, 31, 20, 59, 59, tzinfo=UTC), "1"),
        (datetime(2026, 5, 31, 21, 0, tzinfo=UTC), "2"),
        (datetime(2030, 1, 1, tzinfo=UTC), "2"),
    ],
)
def test_the_version_in_force_changes_with_the_municipality_s_day(moment, version):
    store(version="1")
    store(version="2", since=date(2026, 6, 1))
    assert current_version(moment).version == version


def test_before_any_version_there_is_no_policy():
    store(since=date(2026, 6, 1))
    with pytest.raises(NoPolicy, match="eparticipation_setup"):
        current_version(NOW)
    with pytest.raises(NoPolicy):
        current_version(NOW + timedelta(days=365), "neutral")


def test_the_pack_of_the_setting_goes_before_others(settings):
    store("qassim")
    store("neutral", since=date(2026, 3, 1))
    assert current_version(NOW).pack == "neutral"
    assert current_version(NOW, "neutral").pack == "neutral"
    settings.WAGTAIL_EPARTICIPATION = {"POLICY_PACK": "qassim"}
    assert current_version(NOW).pack == "qassim"


def test_a_site_with_only_another_pack_uses_that_one():
    store("harbour")
    assert current_version(NOW).pack == "harbour"
