"""A kept file is replaced whole, for its owner alone, and its failure is nobody's end."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from console.kept import KeptFile


def test_what_was_written_is_read_by_the_next_and_only_by_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    KeptFile(path).write([b"one ", b"two"])
    assert KeptFile(path).read() == b"one two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


async def test_a_write_in_a_thread_is_done_when_it_returns(tmp_path: Path) -> None:
    kept = KeptFile(tmp_path / "kept")
    await kept.write_soon([b"soon"])
    assert kept.read() == b"soon"


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    kept = KeptFile(tmp_path / "kept")
    kept.write([b"same"])
    before = kept.path.stat().st_ino
    kept.write([b"same"])
    assert kept.path.stat().st_ino == before
    kept.write([b"other"])
    assert kept.path.stat().st_ino != before


def test_somebody_elses_link_is_not_followed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"theirs")
    (tmp_path / "kept.new").symlink_to(victim)
    with caplog.at_level(logging.WARNING):
        KeptFile(tmp_path / "kept").write([b"ours"])
    assert victim.read_bytes() == b"theirs"
    assert "cannot be kept" in caplog.text


def test_a_folder_that_is_gone_is_logged_and_the_next_write_tries_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    kept = KeptFile(folder / "kept")
    with caplog.at_level(logging.WARNING):
        kept.write([b"words"])
    assert "cannot be kept" in caplog.text
    folder.mkdir()
    kept.write([b"words"])
    assert kept.read() == b"words"
    assert KeptFile(folder / "another").read() is None
