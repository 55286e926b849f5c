"""Incidents for eyes that have not seen them: does each play, and is its answer, and nothing worse, on the screen?

Whoever tries sees only the demo of it, `./dev demo tests/whole/trials/one.toml --speed 5`, and is asked: which is worst
and why; since when; what changed before? The answer stands beside it in `one.answer`.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.rig import dbconsole
from tests.rig.battery import some
from tests.rig.terminal import wait_until
from tests.whole.running import console, rows

TRIALS = sorted((Path(__file__).parent / "trials").glob("*.toml"))
CRITICAL = re.compile(r"^ *([a-z][a-z0-9-]*) .*\bCRIT", re.MULTILINE)


def critical(text: str) -> set[str]:
    """The resources that are; the header counts them."""
    return set(CRITICAL.findall(text.partition("\n")[2]))


@pytest.mark.parametrize("trial", TRIALS, ids=lambda path: path.stem)
def test_it_plays_to_its_end(trial: Path, folder: Path) -> None:
    last = max(each["seconds"] for each in tomllib.loads(trial.read_text(encoding="utf-8"))["at"])
    length = ("--seconds", str(last + 120))  # after which nothing new befalls anybody
    done = dbconsole.run("demo", str(trial), "--check", "--json", *length, env=dbconsole.environment(folder))
    assert done.returncode == 0, done.stderr
    assert {each["state"] for each in json.loads(done.stdout)["collectors"]} == {"ok"}


@pytest.mark.parametrize("trial", some(TRIALS, 2), ids=lambda path: path.stem)
def test_its_answer_and_nothing_worse_is_on_the_screen(trial: Path, folder: Path) -> None:
    right = tomllib.loads(trial.with_suffix(".answer").read_text(encoding="utf-8"))
    with console(folder, "demo", str(trial), "--speed", "60", size=(200, 50)) as terminal:
        wait_until(lambda: critical(terminal.text()), terminal.text, 60)
        assert critical(terminal.text()) == {right["worst"]}
        wait_until(lambda: rows(terminal.text())[0] == right["worst"], terminal.text, 20)
        terminal.press("g", "enter")
        terminal.wait_for("VALUE")
        terminal.wait_for(right["changed"][:30])
