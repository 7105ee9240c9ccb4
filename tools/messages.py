"""Keeps the Arabic catalogue complete.

``update [FILE.po …]`` collects the package's strings, takes over the translations of
the named files where the catalogue lacks them, and compiles it. ``check`` changes
nothing and fails when a string has no Arabic, is fuzzy, is no longer used, loses a
placeholder, stands in an f-string where it is not collected, or when the compiled file
does not say what the catalogue says.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "wagtail_eparticipation"
CATALOGUE = Path("locale/ar/LC_MESSAGES/django.po")
PLURALS = (
    "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 && n%100<=99 ? 4 : 5;"
)
TRANSLATORS = re.compile(r"_|(n|p|np)?gettext(_lazy)?")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%(?:[sd])|\{\w*\}")


def collected() -> polib.POFile:
    """The package's strings as of now, with the committed translations merged in."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / PACKAGE.name
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        command = [sys.executable, "-m", "django", "makemessages", "--locale", "ar"]
        options = ["--no-obsolete", "--no-wrap", "--add-location", "file"]
        subprocess.run(
            [*command, *options, "--verbosity", "0"],
            cwd=copy,
            env=environment,
            check=True,
        )
        return polib.pofile(str(copy / CATALOGUE), wrapwidth=0)


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def complete(entry: polib.POEntry) -> bool:
    if "fuzzy" in getattr(entry, "flags", ()):
        return False
    if entry.msgid_plural:
        texts = list(entry.msgstr_plural.values())
        return len(texts) == 6 and all(texts)
    return bool(entry.msgstr)


def lost_placeholders(entry: polib.POEntry) -> set[str]:
    """Placeholders of the original that no Arabic form, or only some, may leave out.

    Forms for none, one and two may say the number in words; the others may not.
    """
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if not entry.msgid_plural:
        return wanted ^ set(PLACEHOLDER.findall(entry.msgstr))
    lost = set()
    for form, text in entry.msgstr_plural.items():
        present = set(PLACEHOLDER.findall(text))
        lost |= present - wanted
        if int(form) >= 3:
            lost |= wanted - present
    return lost


def hidden(source: str) -> list[str]:
    """Strings to translate inside f-strings: they are never collected."""
    calls = (
        call
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    )
    found = [ast.unparse(call) for call in calls if TRANSLATORS.fullmatch(call.func.id)]
    return found + renamed(source)


def renamed(source: str) -> list[str]:
    """Translators under names by which nothing is collected."""
    return [
        f"{name.name} as {name.asname}"
        for line in ast.walk(ast.parse(source))
        if isinstance(line, ast.ImportFrom)
        and line.module == "django.utils.translation"
        for name in line.names
        if TRANSLATORS.fullmatch(name.name)
        and name.asname
        and not TRANSLATORS.fullmatch(name.asname)
    ]


def said(catalogue: polib.POFile | polib.MOFile) -> dict:
    return {
        key(entry): entry.msgstr or sorted(entry.msgstr_plural.items())
        for entry in catalogue
        if complete(entry) and not entry.obsolete
    }


def update(sources: list[str]) -> int:
    target = PACKAGE / CATALOGUE
    target.parent.mkdir(parents=True, exist_ok=True)
    catalogue = collected()
    catalogue.header = "Arabic texts of wagtail-eparticipation."
    catalogue.metadata_is_fuzzy = False
    catalogue.metadata.update(
        {
            "Project-Id-Version": "wagtail-eparticipation",
            "Report-Msgid-Bugs-To": "",
            "Last-Translator": "",
            "Language-Team": "",
            "Language": "ar",
            "Plural-Forms": PLURALS,
        }
    )
    catalogue.metadata.pop("PO-Revision-Date", None)
    catalogue.metadata.pop("POT-Creation-Date", None)
    offered = {}
    for source in sources:
        for entry in polib.pofile(source):
            offered.setdefault(key(entry), entry)
    for entry in catalogue:
        offer = offered.get(key(entry))
        if offer is None or complete(entry):
            continue
        if bool(offer.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr = offer.msgstr
            entry.msgstr_plural = dict(offer.msgstr_plural)
            if entry.fuzzy:
                entry.flags.remove("fuzzy")
    for entry in filter(complete, catalogue):
        # What a string was before helps nobody any more; half of it is no catalogue.
        entry.previous_msgid = entry.previous_msgid_plural = None
        entry.previous_msgctxt = None
    catalogue.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgctxt or ""))
    catalogue.save(str(target))
    catalogue.save_as_mofile(str(target.with_suffix(".mo")))
    missing = [entry for entry in catalogue if not complete(entry)]
    for entry in missing:
        print(f"no Arabic yet: {entry.msgid!r}")
    print(f"{len(catalogue)} strings, {len(missing)} without Arabic")
    return 0


def check() -> int:
    target = PACKAGE / CATALOGUE
    if not target.is_file():
        print(f"{target.relative_to(ROOT)} does not exist: make messages")
        return 1
    committed = polib.pofile(str(target), wrapwidth=0)
    by_key = {key(entry): entry for entry in committed if not entry.obsolete}
    now = {key(entry) for entry in collected()}
    problems = [
        f"not collected (make messages): {msgid!r}" for _c, msgid in now - set(by_key)
    ]
    problems += [f"no longer used: {msgid!r}" for _c, msgid in set(by_key) - now]
    for entry in by_key.values():
        if not complete(entry):
            problems.append(f"no complete Arabic: {entry.msgid!r}")
        elif lost_placeholders(entry):
            names = ", ".join(sorted(lost_placeholders(entry)))
            problems.append(f"placeholders differ ({names}): {entry.msgid!r}")
    for path in sorted(PACKAGE.rglob("*.py")):
        problems += [
            f"in an f-string, not collected: {call} ({path.relative_to(ROOT)})"
            for call in hidden(path.read_text(encoding="utf-8"))
        ]
    # msgfmt checks the syntax and the formats as gettext understands them.
    strict = subprocess.run(
        ["msgfmt", "--check", "-o", os.devnull, str(target)],
        capture_output=True,
        text=True,
    )
    if strict.returncode:
        problems.append(strict.stderr.strip())
    compiled = target.with_suffix(".mo")
    if not compiled.is_file() or said(polib.mofile(str(compiled))) != said(committed):
        problems.append(f"{compiled.name} is out of date: make messages")
    print("\n".join(sorted(problems)) or f"{len(by_key)} strings, all in Arabic")
    return int(bool(problems))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["update"]:
        sys.exit(update(arguments[1:]))
    if arguments == ["check"]:
        sys.exit(check())
    sys.exit(__doc__)
