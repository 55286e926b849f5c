"""Is what docs/looks.md says so? `UPDATE_SNAPSHOTS=1` writes its table of keys anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

from textual.keys import key_to_character

import console.screen.app  # noqa: F401 - with it every screen and widget is there
from console.looks.file import parse
from console.screen import keymap
from console.screen.bindings import all_bound
from tests.guard.program import ROOT
from widgets.themes import THEMES

PAGE = ROOT / "docs" / "looks.md"
TABLE = re.compile(r"(?<=<!-- keys -->\n).*(?=<!-- /keys -->)", re.DOTALL)


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def written(key: str) -> str:
    sign = key_to_character(key)
    return sign if sign and sign not in ", |`" else key


def table() -> str:
    """Every id once, with all the keys that it has anywhere."""
    keys: dict[str, dict[str, None]] = {}
    what: dict[str, str] = {}
    for bound in all_bound():
        if bound.id:
            keys.setdefault(bound.id, {}).update(dict.fromkeys(map(written, bound.keys)))
            what.setdefault(bound.id, bound.what)
    lines = [f"| `{name}` | {' '.join(f'`{key}`' for key in keys[name])} | {what[name]} |" for name in sorted(keys)]
    return "\n".join(["| id | keys | what |", "|---|---|---|", *lines, ""])


def test_its_example_is_a_file_that_is_read() -> None:
    said = parse(example(), "console.toml", keymap.faults)
    assert said.theme == "high-contrast"
    assert said.keys["app.freeze"] == "f5"


def test_its_example_leaves_out_nothing_that_may_be_said() -> None:
    said = parse(example(), "console.toml", keymap.faults)
    assert said.model_fields_set == set(type(said).model_fields)
    assert said.board.model_fields_set == set(type(said.board).model_fields)


def test_every_theme_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for theme in THEMES.values():
        assert f"| `{theme.name}` | {theme.what} |" in page


def test_every_id_stands_in_its_table_with_its_keys() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        page = TABLE.sub(lambda _: table(), page)
        Path(PAGE).write_text(page, encoding="utf-8")
    found = TABLE.search(page)
    assert found
    assert found[0] == table()


def test_whatever_a_key_does_can_be_given_another_one() -> None:
    of_textual = {"Quit", "Focus Next", "Focus Previous", "Copy selected text"}
    assert {bound.what for bound in all_bound() if not bound.id} <= of_textual


def test_an_id_means_one_thing() -> None:
    meanings: dict[str, set[str]] = {}
    for bound in all_bound():
        meanings.setdefault(bound.id, set()).add(bound.what)
    assert [name for name, said in meanings.items() if name and len(said) > 1] == []
