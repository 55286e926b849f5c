"""A window that is dragged about for a while: the screen is right at its end, and the terminal is given back."""

from __future__ import annotations

import random
from pathlib import Path

from tests.rig.terminal import Terminal, wait_until
from tests.whole.running import demo, rows

SHOWN = 12  # rows of the demo
SIZES = ((20, 5), (1, 1), (80, 24), (79, 20), (120, 40), (200, 50), (10, 40), (200, 3))


def storm(terminal: Terminal, seed: int, count: int) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        terminal.resize(*rng.choice(SIZES))
        if rng.random() < 0.2:
            terminal.press(rng.choice(("j", "k", "l", "z", "G")))


def settled(terminal: Terminal) -> list[str]:
    """The rows of the screen, once it is as high as the terminal and whole."""
    terminal.wait_for("q:Quit")
    wait_until(lambda: len(rows(terminal.text())) == SHOWN, terminal.text)
    return rows(terminal.text())


def test_after_a_storm_of_resizes_the_screen_is_whole(folder: Path) -> None:
    with demo(folder, "--start", "2026-03-11T10:00:00Z") as terminal:
        storm(terminal, 1, 300)
        terminal.resize(100, 30)
        terminal.wait_for("sessions-002")
        assert len(settled(terminal)) == 12
        before = settled(terminal)
        mark = len(terminal.output)
        terminal.press("ctrl+l")
        terminal.wait_for_output(b"RESOURCE", after=mark)
        assert settled(terminal) == before
        terminal.press("q")
        assert terminal.status() == 0
        terminal.wait_until_alone()
        assert not terminal.left_on()
        assert terminal.line_modes() == terminal.modes_before


def test_a_storm_that_ends_in_the_middle_of_leaving_still_gives_the_terminal_back(folder: Path) -> None:
    with demo(folder) as terminal:
        storm(terminal, 2, 50)
        terminal.press("q")
        storm(terminal, 3, 20)
        terminal.status()
        terminal.wait_until_alone()
        assert not terminal.left_on()
        assert terminal.line_modes() == terminal.modes_before
