"""The list of benches can be trusted."""

from pathlib import Path

import pytest

from bench import registry


def test_two_benches_cannot_share_a_name(monkeypatch):
    monkeypatch.setattr(registry, "BENCHES", [])
    registry.bench("once")(lambda: None)
    with pytest.raises(ValueError, match="once"):
        registry.bench("once")(lambda: None)


def test_every_bench_file_uses_the_registry():
    files = sorted((Path(registry.__file__).parent).glob("bench_*.py"))
    assert files
    assert [f.name for f in files if "\n@bench(" not in f.read_text()] == []
