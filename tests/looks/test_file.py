"""A looks file that is wrong says where, what was found, what is allowed and what was meant, in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import console.screen.app  # noqa: F401 - with it every screen and widget is there
from console.looks.file import WrongLooks, parse, read
from console.looks.model import LooksFile
from console.screen import keymap
from profiles.wrong import WrongProfile


def said(text: str) -> LooksFile:
    return parse(text, "console.toml", keymap.faults)


def refusal(text: str) -> str:
    with pytest.raises(WrongProfile) as caught:
        said(text)
    return str(caught.value)


def test_an_empty_file_wishes_nothing() -> None:
    assert said("") == LooksFile()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "drak"', ("console.toml:1: theme", "'drak'", "Did you mean dark?")),
        ('\nthem = "dark"', ("console.toml:2: them is not a key", "Did you mean theme?")),
        ("color = 15", ("console.toml:1: color", "Allowed: auto, never, 8, 16, 256, true.")),
        ('symbols = "unicode"', ("console.toml:1: symbols", "auto, braille, block, ascii")),
        ('times = "Mars/Olympus"', ("console.toml:1: times is no time zone", "'Mars/Olympus'", "utc, local")),
        ("mouse = 1", ("console.toml:1: mouse is not a yes or no", '"auto"')),
        ("[board]\nrows = [['waits', 'cloudwach']]", ("console.toml:2: board.rows#1#2", "Did you mean cloudwatch?")),
        ('[overview]\ncolumns = ["name", "cpus"]', ("console.toml:2: overview.columns#2", "Did you mean cpu?")),
        ('[overview]\ncolumns = ["name", "cpu", "name"]', ("overview.columns#3 is there twice", "'name'")),
        ("[overview]\ncolumns = []", ("console.toml:2: overview.columns is empty",)),
        ('[keys]\n"app.hlep" = "f1"', ("console.toml:2: keys.'app.hlep'", "Did you mean app.help?", "docs/looks.md")),
        ('[keys]\napp.help = "F1"', ("console.toml:2: keys.'app.help' is no key", "'F1'", "Did you mean f1?")),
        ("[keys]\napp.help = 1", ("console.toml:2: keys.'app.help' is not text",)),
        ("[keys]\napp.help = 'f1'\napp.help = 'f2'", ("console.toml:3: is not TOML",)),
        ("theme = ", ("console.toml:1: is not TOML",)),
    ],
)
def test_a_fault_names_its_place_and_what_would_mend_it(text: str, words: tuple[str, ...]) -> None:
    line = refusal(text)
    assert "\n" not in line
    for word in words:
        assert word in line, line


def test_a_number_of_colours_may_be_a_number() -> None:
    assert said("color = 256").asked().color == "256"


def test_an_id_needs_no_quotes() -> None:
    assert said('[keys]\napp.help = "f1"').keys == said('[keys]\n"app.help" = "f1"').keys == {"app.help": "f1"}


def test_a_file_with_two_faults_says_the_first_and_how_many_more(tmp_path: Path) -> None:
    file = tmp_path / "console.toml"
    file.write_text('theme = "drak"\ncolor = 15\n')
    with pytest.raises(WrongLooks) as caught:
        read(file, keymap.faults)
    line = caught.value.line()
    assert line.startswith(f"{file}:1: theme")
    assert line.endswith("1 more in this file.")
    assert caught.value.exit_code == 3


def test_a_folder_or_a_pipe_of_that_name_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(WrongLooks, match="is not a file"):
            read(path, keymap.faults)


def test_what_a_file_says_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "console.toml"
    file.write_text('theme = "\\u001b[2Jdark"\n')
    with pytest.raises(WrongLooks) as caught:
        read(file, keymap.faults)
    assert "\x1b" not in caught.value.line()


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        words = str(said(text))
    except WrongProfile as wrong:
        words = str(wrong)
    assert words
