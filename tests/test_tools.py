"""The scripts behind `make test` fail when they must."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tools import messages, suite

ROOT = Path(__file__).parent.parent
GOOD = suite.Step("good", [[sys.executable, "-c", ""]])
BAD = suite.Step("bad", [[sys.executable, "-c", "raise SystemExit(3)"]])
ABSENT = suite.Step("absent", [["false"]], absent=lambda: "there is no such database")


@pytest.mark.parametrize(
    ("steps", "ci", "code"),
    [
        ([GOOD], "", 0),
        ([GOOD], "true", 0),
        ([BAD], "", 1),
        ([BAD, GOOD], "", 1),
        ([GOOD, ABSENT], "", 0),
        ([GOOD, ABSENT], "false", 0),
        ([GOOD, ABSENT], "true", 1),
        ([ABSENT, BAD], "", 1),
    ],
)
def test_the_run_fails_when_a_step_does(steps, ci, code, monkeypatch):
    monkeypatch.setattr(suite, "STEPS", steps)
    monkeypatch.setenv("CI", ci)
    assert suite.main([]) == code


def test_all_commands_of_a_step_run_even_after_one_failed(tmp_path, monkeypatch):
    trace = tmp_path / "trace"
    write = [sys.executable, "-c", f"open({str(trace)!r}, 'w')"]
    step = suite.Step("both", [*BAD.commands, write])
    monkeypatch.setattr(suite, "STEPS", [step])
    assert suite.main([]) == 1
    assert trace.exists()


def test_the_summary_says_what_did_not_run(monkeypatch, capfd):
    monkeypatch.setattr(suite, "STEPS", [GOOD, ABSENT])
    monkeypatch.delenv("CI", raising=False)
    suite.main([])
    summary = capfd.readouterr().out.partition("Summary")[2]
    assert "did not run: there is no such database" in summary
    assert "passed in" in summary


@pytest.mark.parametrize(
    ("first", "second", "code", "said"),
    [
        (GOOD, BAD, 0, "passed in"),
        (BAD, GOOD, 0, "passed at the second try"),
        (BAD, BAD, 1, "FAILED in"),
    ],
)
def test_a_step_that_may_try_again_says_so(
    first, second, code, said, monkeypatch, capfd
):
    step = suite.Step("journeys", first.commands, again=second.commands)
    monkeypatch.setattr(suite, "STEPS", [step])
    assert suite.main([]) == code
    assert said in capfd.readouterr().out.partition("Summary")[2]


def test_only_what_failed_walks_again(tmp_path):
    """pytest keeps what failed between the two runs of the browser step."""
    (tmp_path / "test_it.py").write_text(
        "import pathlib, pytest\n"
        "pytestmark = pytest.mark.browser\n"
        "def test_good():\n    assert not pathlib.Path('good').exists()\n"
        "    pathlib.Path('good').touch()\n"
        "def test_late():\n    late = pathlib.Path('late')\n"
        "    was = late.exists()\n    late.touch()\n    assert was\n"
    )
    codes = [
        subprocess.run(
            [*command, "-p", "no:django", "-c", os.devnull, "--rootdir", tmp_path],
            cwd=tmp_path,
        ).returncode
        for command in (
            [each for each in suite.BROWSER_TESTS if each != "--no-migrations"],
            [each for each in suite.FAILED_JOURNEYS if each != "--no-migrations"],
        )
    ]
    assert codes == [1, 0]


def test_a_step_that_does_not_exist_is_an_error(capfd):
    assert suite.main(["lnt"]) == 2
    assert "lnt" in capfd.readouterr().err


def test_a_database_that_does_not_listen_is_absent(monkeypatch):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    assert "PGHOST" in suite.no_postgres()


def test_a_browser_that_is_not_there_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(suite, "BROWSERS", ["no-such-browser"])
    assert "apt-get install chromium" in suite.no_browser()


def test_the_build_server_calls_make_test():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"


def plural(*forms):
    return polib.POEntry(
        msgid="%(count)s reply",
        msgid_plural="%(count)s replies",
        msgstr_plural=dict(enumerate(forms)),
    )


FEW = "%(count)s ردود"
COMPLETE = plural("لا ردود", "رد واحد", "ردان", FEW, "%(count)s ردًا", "%(count)s رد")


@pytest.mark.parametrize(
    ("entry", "complete"),
    [
        (polib.POEntry(msgid="Reply", msgstr="رد"), True),
        (polib.POEntry(msgid="Reply", msgstr=""), False),
        (polib.POEntry(msgid="Reply", msgstr="رد", flags=["fuzzy"]), False),
        (COMPLETE, True),
        (plural("لا ردود", "رد واحد", "ردان", FEW, FEW, ""), False),
        (plural("رد", FEW), False),
    ],
)
def test_a_string_is_complete_with_all_its_arabic(entry, complete):
    assert messages.complete(entry) is complete


@pytest.mark.parametrize(
    ("entry", "lost"),
    [
        (polib.POEntry(msgid="Dear %(name)s", msgstr="عزيزي %(name)s"), set()),
        (polib.POEntry(msgid="Dear %(name)s", msgstr="عزيزي"), {"%(name)s"}),
        (polib.POEntry(msgid="Dear", msgstr="عزيزي %(nam)s"), {"%(nam)s"}),
        (COMPLETE, set()),
        (plural("لا", "رد", "ردان", "ردود", FEW, FEW), {"%(count)s"}),
    ],
)
def test_a_lost_placeholder_is_found(entry, lost):
    assert messages.lost_placeholders(entry) == lost


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""f"{_('Topic')}: {topic}\"""", ["_('Topic')"]),
        ("""f"{ngettext('a', 'b', n)}\"""", ["ngettext('a', 'b', n)"]),
        ("""f"{reverse('name')}\"""", []),
        ("""_("Topic: %(topic)s") % {"topic": f"{topic}"}""", []),
    ],
)
def test_a_string_to_translate_inside_an_f_string_is_found(source, found):
    assert messages.hidden(source) == found
