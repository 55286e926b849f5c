"""Through 64 kbit/s and 400 ms: does each screen open, is each key answered, and does the line keep up?

How long it takes hangs on the machine and is only told, by `./dev bench screens`; here bytes are judged.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.rig import slow_line
from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.screens import PANES_BY_KEY
from tests.rig.slow_line import Line
from tests.rig.terminal import Terminal, wait_until
from tests.whole.running import ROWS, SHOWN, console, listening, rows

BITS_PER_S = 64_000
ROUND_TRIP_S = 0.4
OPENED = 12_000  # bytes, with what changes meanwhile
CLOCK = re.compile(r"\d\d:\d\d:\d\d")


@contextmanager
def slow(folder: Path, *arguments: str) -> Iterator[Terminal]:
    line = [sys.executable, str(Path(slow_line.__file__)), str(BITS_PER_S), str(1000 * ROUND_TRIP_S)]
    with Terminal([*line, *COMMAND, *arguments], env=environment(folder), cwd=ROOT) as terminal:
        shows_all_rows(terminal)
        yield terminal


@contextmanager
def slow_demo(folder: Path, *arguments: str) -> Iterator[Terminal]:
    with slow(folder, "demo", *arguments) as terminal:
        yield terminal


def shows_all_rows(terminal: Terminal) -> None:
    wait_until(lambda: len(rows(terminal.text())) >= ROWS, lambda: f"the rows in\n{terminal.text()}", 60)


def clock_of(terminal: Terminal) -> list[str]:
    return CLOCK.findall(terminal.text().splitlines()[0])


def headings(terminal: Terminal) -> str:
    """The second line, without what moves: each screen has another."""
    return re.sub(r"\d", "0", terminal.text().splitlines()[1])


def test_each_screen_opens_and_comes_back(folder: Path) -> None:
    with slow_demo(folder) as terminal:
        overview = headings(terminal)
        for shown in PANES_BY_KEY:
            before = len(terminal.output)
            terminal.press(*shown.keys)
            wait_until(lambda: headings(terminal) != overview, f"{shown.name} to open", 20)
            assert len(terminal.output) - before < OPENED, shown.name
            terminal.press("1")
            wait_until(lambda: headings(terminal) == overview, f"the overview after {shown.name}", 20)
            shows_all_rows(terminal)
        terminal.press("q")
        assert terminal.status(30) == 0


def test_keys_are_answered_while_the_picture_moves_sixty_times_as_fast(folder: Path) -> None:
    with slow_demo(folder, "--speed", "60") as terminal:
        for name in rows(terminal.text())[1:4]:
            terminal.press("j")
            terminal.wait_for(f"{name} · ")
        terminal.press("g")
        terminal.wait_for(f"{SHOWN} · ")


def test_what_is_live_leaves_the_line_to_the_keys(folder: Path) -> None:
    with slow_demo(folder) as terminal:
        sent = len(terminal.output)
        began = time.monotonic()
        seen = set[str]()
        while len(seen) < 12:
            terminal.wait_for_change()
            seen |= set(CLOCK.findall(terminal.text().splitlines()[0]))
        share = 8 * (len(terminal.output) - sent) / (time.monotonic() - began) / BITS_PER_S
        assert share < 0.5, f"{share:.0%} of the line"


def test_a_viewer_of_a_hundred_resources_is_painted_for_few_bytes_and_falls_not_behind(folder: Path) -> None:
    with console(folder, "demo", "--size", "100") as first, slow(folder, "view", str(listening(folder))) as viewer:
        assert len(viewer.output) < OPENED
        for name in rows(viewer.text())[1:4]:
            viewer.press("j")
            viewer.wait_for(f"{name} · ")
        clocks = [partial(clock_of, each) for each in (first, viewer)]
        wait_until(lambda: clocks[0]() == clocks[1](), "the viewer shows the present, and no backlog")


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 3000)), max_size=8))
def test_what_goes_in_comes_out_whole_in_order_and_no_faster_than_the_line(given_: list[tuple[float, int]]) -> None:
    line, now, put = Line(BITS_PER_S, ROUND_TRIP_S / 2), 0.0, b""
    for wait, size in given_:
        now += wait
        put += bytes(n % 251 for n in range(size))
        line.put(put[len(put) - size :], now)
    first = next((sum(wait for wait, _ in given_[: n + 1]) for n, (_, size) in enumerate(given_) if size), 0.0)
    came, times = b"", [first]
    while (at := line.next_at) is not None:
        came += line.arrived(at)
        times.append(at)
        assert len(came) <= (at - first - ROUND_TRIP_S / 2) * BITS_PER_S / 8 + 1
    assert came == put
    assert all(before < after for before, after in pairwise(times))
