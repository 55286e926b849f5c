"""Can text that was not sanitised reach the terminal? Not by any road that these two checks can see."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKERS = {
    *("Segment", "Strip", "Text", "Content", "Style", "Segments", "Markdown", "Syntax", "Panel", "Rule"),
    *("Static", "Label", "Button", "Input", "TextArea", "DataTable", "RichLog", "Log", "Header", "Footer"),
}
SAYERS = {"notify", "panic", "bell", "copy_to_clipboard", "from_markup", "set_title"}
TITLES = {"title", "sub_title", "border_title", "border_subtitle", "tooltip"}
ALLOWED = {
    ("widgets/draw.py", "Segment"): "the one place where text becomes cells",
    ("widgets/draw.py", "Strip"): "the one place where text becomes cells",
    ("widgets/draw.py", "Style"): "the one place where tones become styles",
    ("console/screen/habits.py", "copy_to_clipboard"): "the one place where what was sanitised goes to the clipboard",
}


def uses(source: str) -> Iterator[tuple[int, str]]:
    """Where something is made that draws text, or something is said past our widgets."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
            if called in MAKERS or called in SAYERS or owner in MAKERS:
                yield node.lineno, owner if owner in MAKERS else called
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES:
                    yield node.lineno, target.attr


def made_without_sanitising(source: str) -> Iterator[int]:
    """Where text is called safe although nothing made it so: only words written here may be."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Safe", "cast"}:
            first = node.args[0] if node.args else ast.Constant("")
            words_of_ours = isinstance(first, ast.Constant) and first.value != "Safe"
            if not words_of_ours and not (ast.unparse(node.func) == "cast" and _name(first) != "Safe"):
                yield node.lineno


def _name(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def test_only_the_drawing_module_makes_what_is_drawn() -> None:
    found = [
        f"{path}:{line} {name}"
        for path, source in sources("widgets", "console/screen")
        for line, name in uses(source)
        if (path, name) not in ALLOWED
    ]
    assert found == []


def test_nothing_allowed_has_become_needless() -> None:
    used = {(path, name) for path, source in sources("widgets", "console/screen") for _, name in uses(source)}
    assert set(ALLOWED) <= used


def test_the_screen_gives_the_widgets_what_was_sanitised_or_words_of_our_own() -> None:
    found = [
        f"{path}:{line}"
        for path, source in sources("console/screen")
        for line in made_without_sanitising(source)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)",
        "textual.widgets.Label(name)",
        "self.notify(name)",
        "Text.from_markup(name)",
        "yield Segment(name)",
        "self.border_title = name",
    ],
)
def test_the_check_sees_each_road(source: str) -> None:
    assert list(uses(source))


@pytest.mark.parametrize("source", ["Safe(name)", "Safe(f'{name}')", "cast('Safe', name)", "cast(Safe, name)"])
def test_the_check_sees_text_that_is_only_called_safe(source: str) -> None:
    assert list(made_without_sanitising(source))
    assert not list(made_without_sanitising("Safe('our own words')"))


WRONG = """
from widgets.bar import Bar
from widgets.chart import ChartData
from widgets.draw import cut
from widgets.keys import KeyEntry
from widgets.prompt import Prompt
from widgets.table import Cell, Column, Row, Table
from widgets.tone import Tone

raw: str = input()
Cell(raw)
Row(raw, ())
Column("key", raw, 3)
Table([], empty=raw)
Bar().show([(raw, Tone.PLAIN)])
ChartData(raw, raw, (), 0, 1)
KeyEntry(raw, raw)
Prompt(raw)
cut(raw, 3, raw)
"""


def test_the_type_checker_refuses_text_that_was_not_sanitised(tmp_path: Path) -> None:
    program = tmp_path / "wrong.py"
    program.write_text(WRONG)
    cache = ROOT / ".mypy_cache"
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    checked = subprocess.run(
        [*command, str(program)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=110
    )
    refused = {int(line.split(":")[1]) for line in checked.stdout.splitlines() if "Safe" in line}
    first = WRONG.splitlines().index("Cell(raw)") + 1
    assert refused == set(range(first, first + 9)), checked.stdout + checked.stderr
