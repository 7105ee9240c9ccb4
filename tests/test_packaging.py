"""What goes to the package index, read from the files that decide it."""

import re
import runpy
from pathlib import Path

import pytest
import setuptools

import wagtail_eparticipation
from wagtail_eparticipation.conf import DEFAULTS

from .wheel.installation import FreshSite, installation_blocks, readme_blocks

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "wagtail_eparticipation"


@pytest.fixture
def metadata(monkeypatch):
    monkeypatch.chdir(ROOT)
    captured = {}
    monkeypatch.setattr(setuptools, "setup", captured.update)
    runpy.run_path(str(ROOT / "setup.py"))
    return captured


def name_of(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower()


def test_the_version_is_the_packages_own(metadata):
    assert metadata["version"] == wagtail_eparticipation.__version__


def test_everything_the_core_imports_is_required(metadata):
    assert {name_of(line) for line in metadata["install_requires"]} == {
        "wagtail",
        "django",
        "wagtail-localize",
        "django-comments-xtd",
        "bleach",
        "django-tasks",
        "hijridate",
        "cryptography",
        "icalendar",
    }


def test_nothing_but_the_comments_package_has_an_upper_bound(metadata):
    lines = [*metadata["install_requires"], *metadata["extras_require"]["all"]]
    assert [line for line in lines if "<" in line or "==" in line or "~" in line] == [
        "django-comments-xtd>=2.10.13,<3"
    ]


def test_the_extra_all_holds_every_extra(metadata):
    extras = metadata["extras_require"]
    assert set(extras) == {
        *("pdf", "xlsx", "pii", "analysis", "saudi", "altcha"),
        *("attachments", "postgres", "mysql", "redis", "all"),
    }
    assert set(extras["all"]) == {line for lines in extras.values() for line in lines}


def test_every_extra_is_explained(metadata):
    page = (ROOT / "docs" / "how-to" / "installation.md").read_text(encoding="utf-8")
    assert set(metadata["extras_require"]) <= set(re.findall(r"\| `(\w+)` \|", page))


def test_every_folder_with_code_is_a_package(metadata):
    folders = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for file in PACKAGE.rglob("*.py")
        if "__pycache__" not in file.parts
    }
    assert folders == set(metadata["packages"])


def test_the_manifest_names_what_is_there():
    for line in (ROOT / "MANIFEST.in").read_text().splitlines():
        command, _space, names = line.partition(" ")
        if command in ("include", "graft"):
            assert all((ROOT / name).exists() for name in names.split()), line


def test_every_setting_is_documented_with_its_default():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    assert list(sections) == list(DEFAULTS)
    for name, value in DEFAULTS.items():
        shown = f'"{value}"' if isinstance(value, str) else repr(value)
        assert f"Default: `{shown}`" in sections[name], name


def test_readme_names_what_a_newcomer_types():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make demo", "make demo-reset", "make test", "make bench"):
        assert command in readme


def test_every_target_that_readme_names_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", readme)):
        if re.search(rf"^```sh\n(?:.*\n)*?make {target}|`make {target}", readme, re.M):
            assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_installation_asks_for_the_lines_of_a_host():
    text = "".join(block.body for block in readme_blocks())
    for line in (
        '"wagtail_eparticipation",',
        '"django_comments_xtd",',
        '"django_comments",',
        '"django.contrib.sites",',
        'path("eparticipation/", include("wagtail_eparticipation.urls"))',
        "python manage.py migrate",
        "python manage.py eparticipation_setup --policy qassim",
    ):
        assert line in text


def test_a_block_that_belongs_nowhere_is_an_error():
    readme = "# x\n\n## Installation\n\n```python\nSITE_ID = 1\n```\n\n## Next\n"
    with pytest.raises(ValueError, match="SITE_ID"):
        installation_blocks(readme)


def test_a_block_goes_to_the_end_of_its_file(tmp_path):
    (tmp_path / "mysite").mkdir()
    target = tmp_path / "mysite" / "urls.py"
    target.write_text("first = 1\n")
    readme = (
        '\n## Installation\n\n```python title="mysite/urls.py"\nlast = 2\n```\n'
        '\n## Later\n\n```python title="mysite/urls.py"\nlast = 3\n```\n'
    )
    (block,) = installation_blocks(readme)
    FreshSite(tmp_path, tmp_path).apply(block)
    assert target.read_text() == "first = 1\n\n\nlast = 2\n"
