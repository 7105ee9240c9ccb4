"""What users install: the built wheel, in a fresh site, by the README's own words."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .installation import ROOT, FreshSite, environment, readme_blocks

pytestmark = pytest.mark.wheel
PAGE_TYPES = ["ConsultationIndexPage", "ConsultationPage", "SurveyPage", "DecisionPage"]


def call(*command, **options):
    done = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """Built from what git would ship, so that nothing left lying about gets in."""
    source = tmp_path_factory.mktemp("source")
    names = call("git", "ls-files", "--cached", "-z", cwd=ROOT).split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    target = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--wheel", "-o", str(target), str(source))
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def site(wheel, tmp_path_factory) -> FreshSite:
    """The wheel in an empty environment, and all of README's installation applied."""
    folder = tmp_path_factory.mktemp("fresh")
    venv = folder / "venv"
    call(sys.executable, "-m", "venv", str(venv))
    own = environment(venv)
    call(str(venv / "bin" / "pip"), "install", "--quiet", str(wheel), env=own)
    call(str(venv / "bin" / "wagtail"), "start", "mysite", cwd=folder, env=own)
    fresh = FreshSite(folder / "mysite", venv)
    for block in readme_blocks():
        fresh.apply(block)
    return fresh


@pytest.mark.parametrize(
    "pattern",
    [
        r"templates/wagtail_eparticipation/.+\.html",
        r"static/wagtail_eparticipation/.+\.css",
        r"locale/ar/LC_MESSAGES/django\.mo",
        r"policy/packs/qassim.*",
        r"policy/packs/neutral.*",
        r"archive/.*fonts/.+\.(ttf|otf)",
        r"archive/.*fonts/.*(OFL|LICEN[CS]E).*",
        r"migrations/0001_\w+\.py",
        r"management/commands/eparticipation_setup\.py",
    ],
)
def test_the_wheel_carries(pattern, wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(
        re.fullmatch(f"wagtail_eparticipation/{pattern}", name) for name in names
    )


def test_the_wheel_carries_every_file_of_the_package(wheel):
    listed = call("git", "ls-files", "-z", "wagtail_eparticipation", cwd=ROOT)
    expected = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "wagtail_eparticipation"
    }


def test_the_site_uses_the_installed_wheel_and_not_the_clone(site):
    where = site.run(
        "python", "-c", "import wagtail_eparticipation as w; print(w.__file__)"
    )
    assert Path(where.strip()).is_relative_to(site.venv)


def test_nothing_in_the_environment_conflicts(site):
    assert "No broken requirements found" in site.run("pip", "check")


def test_the_checks_find_nothing_missing(site):
    output = site.run("python", "manage.py", "check", "--database", "default")
    assert "wagtail_eparticipation." not in output


def test_the_newest_wagtail_finds_nothing_of_ours_out_of_date(site):
    output = site.run("python", "-W", "always", "manage.py", "check")
    ours = [line for line in output.splitlines() if "RemovedInWagtail" in line]
    assert not [line for line in ours if "Calendar" in line or "Policy" in line]


def test_the_migrations_are_complete_on_the_newest_wagtail(site):
    site.run("python", "manage.py", "makemigrations", "--check", "--dry-run")


def test_setting_up_twice_changes_nothing(site):
    setup = ["python", "manage.py", "eparticipation_setup", "--policy", "qassim"]
    count = (
        "from django.contrib.auth.models import Group as G; "
        "from wagtail.models import Task as T, Workflow as W; "
        "print('counts', *(model.objects.count() for model in (G, T, W)))"
    )
    before = site.run("python", "manage.py", "shell", "-c", count)
    site.run(*setup)
    after = site.run("python", "manage.py", "shell", "-c", count)
    assert re.findall("counts.*", before) == re.findall("counts.*", after)


def test_every_page_type_is_made_and_served(site):
    script = (Path(__file__).parent / "serve_pages.py").read_text(encoding="utf-8")
    script = f"CLONE = {str(ROOT)!r}\n{script}"
    output = site.run("python", "manage.py", "shell", "-c", script)
    served = re.findall(r"^served (\w+) (\d+)", output, re.MULTILINE)
    assert {page_type for page_type, _status in served} == set(PAGE_TYPES), output
    assert {status for _page_type, status in served} == {"200"}, output


def test_static_files_are_collected(site):
    site.run("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    assert list((site.path / "static").glob("wagtail_eparticipation/css/*.css"))
