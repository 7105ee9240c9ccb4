"""Reads README's installation section and applies it, word for word, to a site.

A fenced block says in its info string which file it belongs to, or that it is typed
into a shell: ```` ```python title="mysite/urls.py" ````.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_FENCE = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """One fenced block; ``title`` is a file of the site, or ``shell``."""

    language: str
    title: str
    body: str


def installation_blocks(readme: str) -> list[Block]:
    """The blocks of the section ``## Installation``, in order.

    Raises ``ValueError`` for a block that does not say where it belongs.
    """
    _before, found, rest = readme.partition("\n## Installation\n")
    if not found:
        raise ValueError("README.md has no section '## Installation'")
    section = rest.split("\n## ")[0]
    blocks = [Block(**match.groupdict()) for match in _FENCE.finditer(section)]
    unplaced = [block.body for block in blocks if not block.title]
    if unplaced:
        raise ValueError(f'This block of README.md lacks title="…": {unplaced[0]!r}')
    return blocks


def readme_blocks() -> list[Block]:
    return installation_blocks((ROOT / "README.md").read_text(encoding="utf-8"))


def environment(venv: Path) -> dict[str, str]:
    """What a person has who activated ``venv``, and nothing that points to the clone.

    A ``PYTHONPATH`` with the clone's metadata would make pip take the package for
    installed.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTHON", "PYTEST_", "TEST_"))
    }
    path = f"{venv / 'bin'}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(venv)}


@dataclass(frozen=True)
class FreshSite:
    """A site of ``wagtail start`` in an environment of its own."""

    path: Path
    venv: Path

    def run(self, *command: str, shell: bool = False, stdin: str | None = None) -> str:
        """Run a command in the site's folder; its output, or ``AssertionError``."""
        done = subprocess.run(
            command[0] if shell else command,
            shell=shell,
            cwd=self.path,
            env=environment(self.venv),
            input=stdin,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    def apply(self, block: Block) -> str:
        """Type a shell block, or put a file's block at the end of that file."""
        if block.title == "shell":
            lines = block.body.strip().splitlines()
            return "".join(self.run(line, shell=True) for line in lines)
        target = self.path / block.title
        assert target.is_file(), f"README.md names {block.title}, which is not there"
        with target.open("a", encoding="utf-8") as file:
            file.write("\n\n" + block.body)
        return ""
