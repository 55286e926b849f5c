"""Which symbols and colours the surroundings allow, and whether the mouse is dear."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.environment import colours, over_ssh, symbols


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "en_US.UTF-8", "TERM": "xterm-256color"}, "braille"),
        ({"LANG": "C.utf8"}, "braille"),
        ({"LANG": "C"}, "ascii"),
        ({}, "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "braille"),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "block"),
        ({"LANG": "en_US.ISO-8859-1"}, "ascii"),
    ],
)
def test_the_locale_decides_the_symbols(environ: dict[str, str], expected: str) -> None:
    assert symbols("auto", environ) == expected


def test_symbols_that_are_asked_for_win() -> None:
    assert symbols("ascii", {"LANG": "en_US.UTF-8"}) == "ascii"
    assert symbols("braille", {"LANG": "C"}) == "braille"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm"}, "8"),
        ({"TERM": "linux"}, "8"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
        ({"TERM": "never-heard-of"}, "8"),
        ({"TERM": "never-heard-of-256color"}, "256"),
        ({"TERM": "never-heard-of-direct"}, "true"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
        ({"TERM": "tmux-256color", "COLORTERM": "24bit", "TMUX": "/tmp/tmux-0/default,1,0"}, "true"),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor", "STY": "1.pts"}, "256"),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, "none"),
        ({"TERM": "../../etc/passwd"}, "8"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
    ],
)
def test_the_terminal_is_told_no_more_colours_than_it_is_known_to_have(environ: dict[str, str], expected: str) -> None:
    assert colours("auto", environ) == expected


def test_colours_that_are_asked_for_are_drawn_whatever_the_surroundings_say() -> None:
    assert colours("never", {"TERM": "xterm-256color"}) == "none"
    assert colours("16", {"TERM": "vt100", "NO_COLOR": "1"}) == "16"


@pytest.mark.parametrize(("number", "expected"), [(-1, "none"), (8, "8"), (16, "16"), (88, "16"), (1 << 24, "true")])
@pytest.mark.parametrize("layout", [(0o432, "h"), (0o1036, "i")], ids=["16 bits", "32 bits"])
def test_a_description_of_ones_own_is_believed(
    layout: tuple[int, str], number: int, expected: str, tmp_path: Path
) -> None:
    magic, size = layout
    if number >= 1 << 15 and size == "h":
        pytest.skip("no such number fits there")
    names = b"odd|an odd terminal\0"
    numbers = struct.pack(f"<14{size}", *[-1] * 13, number)
    blank = b"\0" * ((len(names) + 1) % 2)
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "odd").write_bytes(
        struct.pack("<6h", magic, len(names), 1, 14, 0, 0) + names + b"\0" + blank + numbers
    )
    assert colours("auto", {"TERM": "odd", "TERMINFO": str(tmp_path)}) == expected


@given(st.binary(max_size=200))
def test_a_broken_description_is_none(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "o").mkdir()
        (Path(folder) / "o" / "odd").write_bytes(raw)
        assert colours("auto", {"TERM": "odd", "TERMINFO": folder}) in ("none", "8", "16", "256", "true")


def test_a_connection_from_afar_is_known() -> None:
    assert over_ssh({"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"})
    assert over_ssh({"SSH_TTY": "/dev/pts/0"})
    assert not over_ssh({"TERM": "xterm", "SSH_AUTH_SOCK": "/tmp/agent"})
