"""Heads are told where whoever changes the trail may not reach, and are found again there."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from console.audit.anchors import FileAnchor, Head, SyslogAnchor, default_anchors, default_file, heads, known

HEAD = Head("2026-11-21T00:24:52.113Z", "2026-11-21/h-u-01M7ZZ0000000000000000000A.jsonl", 41, "ab" * 32)


def test_a_file_has_a_line_for_each_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    for _ in range(2):
        FileAnchor(path).tell(HEAD)
    assert path.read_text() == f"{HEAD.line()}\n" * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert known(path) == {HEAD.file: {41: {HEAD.h}}}


def test_nobody_s_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        FileAnchor(tmp_path / "link").tell(HEAD)
    assert not (tmp_path / "elsewhere").exists()


def test_the_journal_is_told_in_a_line_that_is_found_again(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.bind(str(tmp_path / "log"))
        SyslogAnchor(tmp_path / "log").tell(HEAD)
        told = journal.recv(4096).decode()
    assert told.startswith("<85>dbconsole[")
    noise = ["", "kernel: x", "dbconsole-audit-anchor {", "dbconsole-audit-anchor []", told[:-5]]
    assert list(heads([*noise, f"Nov 21 00:24:52 bastion {told}\n"])) == [HEAD]


def test_a_journal_that_hangs_keeps_nobody(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.bind(str(tmp_path / "log"))
        with pytest.raises(TimeoutError):
            tell_for_ever(SyslogAnchor(tmp_path / "log"))  # nobody reads


def tell_for_ever(anchor: SyslogAnchor) -> None:
    for _ in range(10_000):
        anchor.tell(HEAD)


def test_a_machine_without_a_journal_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SyslogAnchor(tmp_path / "log").tell(HEAD)


def test_two_heads_for_one_record_are_both_known(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    FileAnchor(path).tell(HEAD)
    FileAnchor(path).tell(Head(HEAD.ts, HEAD.file, 41, "cd" * 32))
    assert known(path)[HEAD.file][41] == {"ab" * 32, "cd" * 32}


def test_the_demo_s_anchors_are_the_demo_s(tmp_path: Path) -> None:
    assert default_file(tmp_path / "audit") == tmp_path / "audit-anchors.jsonl"
    assert default_file(tmp_path / "audit-demo") == tmp_path / "audit-demo-anchors.jsonl"
    assert [anchor.name for anchor in default_anchors(tmp_path / "audit")] == ["file", "syslog"]
