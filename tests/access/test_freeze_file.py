"""The file beside the profile: absent it freezes nothing; unreadable, malformed or another's it is not known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.access.freeze import Said, State, judge
from console.access.freeze_file import of_file
from tests.access.by_hand import NOON

FROZEN = '[[freezes]]\nname = "now"\nfrom = 2026-11-21T00:00:00Z\nuntil = 2026-11-22T00:00:00Z\n'


def said(path: Path) -> Said:
    return of_file(path, NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "freeze.toml"


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text)
    path.chmod(mode)


def test_one_that_is_not_there_freezes_nothing(path: Path) -> None:
    assert said(path).state is State.OPEN
    assert said(path.parent / "nowhere" / "freeze.toml").state is State.OPEN


def test_what_stands_in_it_holds(path: Path) -> None:
    write(path, FROZEN)
    told = said(path)
    assert (told.state, told.name, told.source) == (State.FROZEN, "now", f"the file {path}")
    write(path, "passive = true\n")
    assert judge([said(path)]).is_passive
    write(path, "")
    assert said(path).state is State.OPEN


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("passive", "is not TOML"),
        ("passive = 1\n", "passive is not a yes or no"),
        ('[[freezes]]\nname = "x"\n', ":1: freezes#1.from is missing"),
        ("[access]\npassive = true\n", "access is not a key that is known here"),
    ],
)
def test_one_that_is_malformed_is_not_known_and_says_where(path: Path, text: str, seen: str) -> None:
    write(path, text)
    told = said(path)
    assert told.state is State.UNKNOWN
    assert seen in told.seen


def test_one_that_others_could_have_written_is_not_known(path: Path) -> None:
    write(path, "", 0o620)
    assert said(path).state is State.UNKNOWN
    assert f"Run `chmod go-w {path}`." in said(path).seen


def test_bytes_that_are_no_text_are_not_known(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    assert said(path).state is State.UNKNOWN


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path, 0o600)
    assert said(path).state is State.UNKNOWN
