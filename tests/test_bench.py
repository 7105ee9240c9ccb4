"""The list of benches can be trusted."""

from pathlib import Path

import pytest

from bench import loads, registry


def test_two_benches_cannot_share_a_name(monkeypatch):
    monkeypatch.setattr(registry, "BENCHES", [])
    registry.bench("once")(lambda: None)
    with pytest.raises(ValueError, match="once"):
        registry.bench("once")(lambda: None)


def test_every_bench_file_uses_the_registry():
    files = sorted((Path(registry.__file__).parent).glob("bench_*.py"))
    assert files
    assert [f.name for f in files if "\n@bench(" not in f.read_text()] == []


@pytest.mark.parametrize(
    ("value", "promise", "is_kept"),
    [
        (12, {"at_most": 12}, True),
        (13, {"at_most": 12}, False),
        (100, {"at_least": 100}, True),
        (99, {"at_least": 100}, False),
        (5, {}, True),
    ],
)
def test_a_load_says_whether_its_promise_is_kept(value, promise, is_kept):
    figure = loads.Figure("forms", value, hard=True, **promise)
    assert figure.is_kept == is_kept
    assert figure.fails != is_kept
    assert ("MISSED" in str(figure)) != is_kept


def test_time_fails_a_load_at_full_size_alone(monkeypatch):
    figure = loads.Figure("seconds", 61, at_most=60)
    assert not figure.fails
    monkeypatch.setattr(loads, "FULL", True)
    assert figure.fails
