"""The example site, loaded into a folder of its own as `make demo` would."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

#: Loading the example is slow: one process does it for all of these.
pytestmark = pytest.mark.example

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example_site"

#: Forms may set the token against forgery; everything else sets no cookie.
FORMS = ("/participate/", "/answer/", "/receipt/")


class Example:
    """The site's command line, with a database and files of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "example_site.settings",
            "EXAMPLE_VAR": str(folder),
            "PYTHONPATH": f"{EXAMPLE}{os.pathsep}{ROOT}",
            "PORT": "8000",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *command: str) -> str:
        return self.run(str(EXAMPLE / "manage.py"), *command)

    def ask(self, expression: str):
        """The value of an expression in the site's own process."""
        code = f"import json\nprint(json.dumps({expression}))"
        return json.loads(self.manage("shell", "--verbosity", "0", "-c", code))


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    made = Example(tmp_path_factory.mktemp("example"))
    made.manage("migrate", "--verbosity", "0")
    made.said = made.manage("load_example")
    return made


@pytest.fixture(scope="session")
def visited(example):
    out = example.run(str(Path(__file__).parent / "crawl.py"), "/ar/", "/en/")
    return [json.loads(line) for line in out.splitlines()]


def test_it_tells_addresses_and_accounts(example):
    assert "http://localhost:8000/ar/participation/" in example.said
    assert "http://localhost:8000/en/participation/" in example.said
    for name in ("editor", "reviewer", "moderator", "decider", "records", "privacy"):
        assert name in example.said


def test_a_topic_stands_in_every_stage(example):
    stages = example.ask("[str(c.stage()) for c in Consultation.objects.all()]")
    assert set(stages) == {
        "draft",
        "forthcoming",
        "collecting",
        "analysing",
        "announced",
        "archived",
        "withdrawn",
    }


def test_many_people_took_part_in_both_languages(example):
    languages = example.ask(
        "list(Participation.objects.values_list('language', flat=True))"
    )
    assert len(languages) >= 150
    assert languages.count("ar") >= 90
    assert languages.count("en") >= 30


def test_the_articles_of_the_draft_have_comments_in_both_languages(example):
    counts = example.ask(
        "sorted(a.count for a in apps.get_model('wagtail_eparticipation',"
        " 'ArticleCount').objects.all())"
    )
    assert len(counts) == 8
    assert max(counts) >= 3
    languages = example.ask(
        "sorted(set(Participation.objects.exclude(article='')"
        ".values_list('language', flat=True)))"
    )
    assert languages == ["ar", "en"]


def test_polls_have_votes_and_suggestions_supports_and_a_status(example):
    votes = example.ask("Participation.objects.filter(tool='poll').count()")
    assert votes == 104
    listed = example.ask(
        "[[s.category != '', s.support_count, s.status] for s in"
        " apps.get_model('wagtail_eparticipation', 'PublicSuggestion').objects"
        ".filter(support_count__gt=0).order_by('support_count')]"
    )
    assert listed == [
        [True, 17, "received"],
        [True, 21, "under_study"],
        [True, 26, "received"],
        [True, 34, "taken_up"],
    ]


@pytest.mark.parametrize(
    ("language", "heading"), [("ar", "تسجيل الدخول"), ("en", "Sign in")]
)
def test_participants_can_sign_in(example, language, heading):
    example.manage("check", "--database", "default", "--fail-level", "WARNING")
    client = "__import__('django.test.client').test.client.Client()"
    address = f"/{language}/accounts/login/?next=/{language}/"
    html = example.ask(f"{client}.get('{address}').content.decode()")
    assert heading in html and f'value="/{language}/"' in html
    entered = {"username": "editor", "password": "demo"}
    answer = f"{client}.post('{address}', {entered})"
    assert example.ask(f"{answer}.headers['Location']") == f"/{language}/"
    refused = f"{client}.post('{address}', {entered | {'password': 'x'}})"
    assert "data-ep-error-summary" in example.ask(f"{refused}.content.decode()")


def test_loading_again_keeps_what_is_there(example):
    counts = (
        "[m.objects.count() for m in"
        " (Consultation, Participation, LedgerEvent, SurveyResponse, Act)]"
    )
    before = example.ask(counts)
    example.manage("load_example")
    assert example.ask(counts) == before


def test_every_ledger_verifies(example):
    lines = example.manage("eparticipation_verify_ledger").split("\n")
    assert len([line for line in lines if line.endswith(" ok")]) == 9


def test_the_archive_verifies(example):
    packages = list((example.folder / "media").rglob("*.zip"))
    assert len(packages) == 1
    assert "ok" in example.manage("eparticipation_verify_archive", str(packages[0]))


def test_every_public_page_answers(visited):
    assert len(visited) > 60
    wrong = [page for page in visited if page["status"] not in (200, 302)]
    assert wrong == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_topic_but_the_draft_is_reached(visited, language):
    topics = re.compile(rf"/{language}/participation/([\w-]+)/$")
    found = {m[1] for page in visited if (m := topics.match(page["address"]))}
    assert {
        "al-sidra-park",
        "market-stalls",
        "shaded-footpaths",
        "waste-collection-times",
        "playgrounds-for-every-child",
        "wadi-road-footbridge",
        "old-market-street",
        "street-works-rules",
    } <= found
    assert "evening-parking" not in found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_decisions_surveys_reports_and_the_archive_are_reached(visited, language):
    found = {page["address"] for page in visited}
    for rest in (
        "al-sidra-park/decision/",
        "al-sidra-park/report/",
        "al-sidra-park/archive/package/",
        "market-stalls/decision/",
        "waste-collection-times/survey/",
        "street-works-rules/draft/",
    ):
        assert f"/{language}/participation/{rest}" in found


def test_no_public_page_sets_a_cookie(visited):
    setting = [
        page["address"]
        for page in visited
        if page["cookies"] and not any(form in page["address"] for form in FORMS)
    ]
    assert setting == []


def test_public_pages_come_under_a_strict_policy(visited):
    for page in visited:
        assert "default-src 'none'" in page["policy"], page["address"]
        assert "unsafe-inline" not in page["policy"], page["address"]
