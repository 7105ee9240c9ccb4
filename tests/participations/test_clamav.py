"""Asking ClamAV, against a stand-in that speaks its protocol over real sockets."""

import socket

import pytest

from tests.participations.scanners import LIMIT, MARK, clamd
from wagtail_eparticipation.participations.clamav import (
    CLEAN,
    INFECTED,
    PIECE,
    UNAVAILABLE,
    ClamAV,
)


@pytest.mark.parametrize("local", [True, False])
def test_a_clean_file_is_clean_whole(tmp_path, local):
    data = b"picture" * PIECE
    with clamd(tmp_path / "clamd.sock" if local else None) as (options, server):
        server.mode = ""
        data = data[: LIMIT - 1]
        assert ClamAV(**options).scan(data).state == CLEAN
        assert server.seen == [data]


def test_what_is_found_is_named(tmp_path):
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        verdict = ClamAV(**options).scan(b"x" * 100 + MARK)
    assert (verdict.state, verdict.detail) == (INFECTED, "Test.Malware-1")


@pytest.mark.parametrize("mode", ["hangs", "closes", "fails", "babbles"])
def test_a_scanner_in_trouble_finds_nothing_clean(tmp_path, mode):
    with clamd(tmp_path / "clamd.sock", mode) as (options, _server):
        verdict = ClamAV(**options, timeout=0.3).scan(b"x")
    assert verdict.state == UNAVAILABLE


def test_a_file_above_the_scanners_own_limit_is_not_clean(tmp_path):
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        assert ClamAV(**options).scan(b"x" * 3 * LIMIT).state == UNAVAILABLE


def test_a_scanner_that_is_not_there_is_not_clean(tmp_path):
    assert ClamAV(socket=str(tmp_path / "none.sock")).scan(b"x").state == UNAVAILABLE
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert ClamAV(host="127.0.0.1", port=port).scan(b"x").state == UNAVAILABLE


def test_one_can_ask_whether_it_is_there(tmp_path):
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        assert ClamAV(**options).is_there()
    assert not ClamAV(**options).is_there()


@pytest.mark.parametrize(
    "options",
    [{}, {"socket": "/a", "host": "b"}, {"host": "b", "timeout": 0}],
)
def test_options_that_name_no_one_place_are_refused(options):
    with pytest.raises(ValueError, match="socket|timeout"):
        ClamAV(**options)
