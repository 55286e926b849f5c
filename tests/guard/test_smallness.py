"""The guard is small: it loads nothing that could fail in it, and it starts no thread."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from console.guard import LIVED_WELL, RESTART_AFTER, deaths_counted, restart_delay
from tests.guard.program import ROOT

OURS = ("collectors", "console", "profiles", "widgets")


def test_all_that_the_guard_imports_is_the_standard_library_or_a_few_modules_of_ours() -> None:
    reached, outside = _imports("console.guard")
    assert reached == {
        "collectors.errors",
        *(f"console.{name}" for name in ("forks", "guard", "last_words", "paths", "terminal")),
    }
    assert outside <= sys.stdlib_module_names
    assert not outside & {"asyncio", "threading", "concurrent", "multiprocessing", "subprocess", "logging"}


def test_what_the_guard_has_loaded_is_no_more_than_that() -> None:
    loaded = "import sys; before = set(sys.modules); import console.guard; print(*set(sys.modules) - before)"
    said = subprocess.run([sys.executable, "-S", "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)
    names = set(said.stdout.split())
    assert "console.guard" in names
    assert not names & {"asyncio", "logging", "textual", "console.last_words", "console.paths"}
    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names <= {"console", "collectors"}


@given(st.lists(st.floats(0, 2 * LIVED_WELL), min_size=1, max_size=8))
def test_an_engine_is_started_again_after_1_then_5_then_every_30_seconds(lives: list[float]) -> None:
    deaths = 0
    for lived in lives:
        deaths = deaths_counted(deaths, lived)
    in_a_row = 0
    for lived in reversed(lives):
        in_a_row += 1
        if lived >= LIVED_WELL:
            break
    assert restart_delay(deaths) == [*RESTART_AFTER, *[RESTART_AFTER[-1]] * 8][in_a_row - 1]
    assert RESTART_AFTER == (1.0, 5.0, 30.0)


def _imports(module: str) -> tuple[set[str], set[str]]:
    """Modules of ours that are reached from this one, and the top-level names of all others, wherever imported."""
    reached: set[str] = set()
    outside: set[str] = set()
    left = [module]
    while left:
        name = left.pop()
        if name in reached:
            continue
        reached.add(name)
        for found in _imported(ast.parse(_source(name).read_text())):
            if found.split(".")[0] in OURS:
                left.append(found)
            else:
                outside.add(found.split(".")[0])
    return reached, outside


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            of_ours = {name for name in submodules if node.module.split(".")[0] in OURS and _source(name).exists()}
            names |= of_ours or {node.module}
    return names


def _source(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")
