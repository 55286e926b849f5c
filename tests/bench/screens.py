"""What does each screen cost on a line? Bytes to open it, for a key, idle and live; and how it feels on a slow one.

Run it with `./dev bench screens`. The bytes are counted on an engine that stands still; ``live`` is a demo at its own
pace. Through 64 kbit/s and 400 ms, where the demo's time nearly stands, each key is timed to the first byte that comes
back and to the last; a viewer is measured there as well. Exit status 1 when a budget is missed; times have none.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.rig.counted import CountedApp, cost, cost_of_nothing, sent_since
from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.screens import SCREENS, SIZES, Shown
from tests.rig.stage import screen
from tests.rig.terminal import Terminal
from tests.whole.running import console, listening

OPENED, KEY = 12_000, 1_500  # bytes, at 120x40
JUDGED = (120, 40)
NAMES = {"j": "down", "k": "up", "tab": "next", "plus": "zoom", "backspace": "erase", "a": "letter"}
AS_TYPED = {"plus": "+", "slash": "/", "question_mark": "?"}
VIEWED, LIVE_S = (10, 100), 20  # resources; seconds
BITS_PER_S, ROUND_TRIP_MS = 64_000, 400
AGE = 30  # bytes: an age in the header turns each second, and is no answer
PATIENCE_S = 6.0
QUIET_S = 1.2  # after which a slow line has brought all that it would


@dataclass(frozen=True, slots=True)
class Row:
    shown: str
    size: tuple[int, int]
    opened: int
    typed: dict[str, int]
    nothing: int
    idle: int  # over ten seconds: its ages turn

    @property
    def missed(self) -> list[str]:
        if self.size != JUDGED:
            return []
        over = [f"{self.shown}: {key} {cost} bytes" for key, cost in self.typed.items() if cost > KEY]
        over += [f"{self.shown}: opened {self.opened} bytes"] if self.opened > OPENED else []
        return over + ([f"{self.shown}: {self.nothing} bytes for nothing"] if self.nothing else [])


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    wanted = [each for each in SCREENS if not options.screens or each.name in options.screens]
    rows = [asyncio.run(measure(shown, size)) for shown in wanted for size in SIZES if options.still]
    if rows:
        report(rows)
    if options.live:
        print(f"\n{'bytes a minute, live':24}" + "".join(f"{_x(size):>9}" for size in SIZES))
        columns = [live(wanted, size, options.live) for size in SIZES]
        for shown in wanted:
            print(f"{shown.name:24}" + "".join(f"{column[shown.name]:9}" for column in columns))
    if options.slow:
        print(
            f"\nthrough {BITS_PER_S // 1000} kbit/s and {ROUND_TRIP_MS} ms, 120x40; ms to the first and the last byte"
        )
        slow(wanted)
        for resources in VIEWED:
            viewed(resources)
    missed = [words for row in rows for words in row.missed]
    print("\nmissed: " + "; ".join(missed) if missed else "\nall budgets met")
    return int(bool(missed))


async def measure(shown: Shown, size: tuple[int, int]) -> Row:
    with tempfile.TemporaryDirectory(prefix="dbc-") as folder:
        async with screen(Path(folder), size, make=CountedApp) as seen:
            await seen.until_still()
            opened = await cost(seen, *shown.keys) if shown.keys else sent_since(seen)
            typed = {NAMES.get(key, key): await cost(seen, key) for key in shown.typed}
            nothing = await cost_of_nothing(seen)
            sent_since(seen)
            await seen.pilot.pause(10)
            return Row(shown.name, size, opened, typed, nothing, sent_since(seen))


def report(rows: Sequence[Row]) -> None:
    keys = list(dict.fromkeys(key for row in rows for key in row.typed))
    print(f"{'bytes':24}{'size':>9}{'opened':>9}" + "".join(f"{key:>8}" for key in keys) + f"{'nothing':>9}{'10 s':>7}")
    for row in rows:
        typed = "".join(f"{row.typed.get(key, '–'):>8}" for key in keys)
        print(f"{row.shown:24}{_x(row.size):>9}{row.opened:9}{typed}{row.nothing:9}{row.idle:7}")


def live(wanted: Sequence[Shown], size: tuple[int, int], window_s: float) -> dict[str, int]:
    """Bytes a minute on each screen of a demo, one after the other."""
    found = {}
    with (
        tempfile.TemporaryDirectory(prefix="dbc-") as folder,
        Terminal([*COMMAND, "demo"], env=environment(Path(folder)), cwd=ROOT, size=size) as terminal,
    ):
        terminal.wait_for("sessions-002", 30)
        for shown in wanted:
            _type(terminal, shown.keys)
            time.sleep(5)
            before = len(terminal.output)
            time.sleep(window_s)
            found[shown.name] = round((len(terminal.output) - before) * 60 / window_s)
            _home(terminal)
    return found


def slow(wanted: Sequence[Shown]) -> None:
    line = [sys.executable, str(ROOT / "tests/rig/slow_line.py"), str(BITS_PER_S), str(ROUND_TRIP_MS)]
    with tempfile.TemporaryDirectory(prefix="dbc-") as folder:
        env = environment(Path(folder))
        began = time.monotonic()
        with Terminal([*line, *COMMAND, "demo", "--speed", "0.1"], env=env, cwd=ROOT) as terminal:
            terminal.wait_for("sessions-002", 60)
            print(f"{'all rows after the start':24}{1000 * (time.monotonic() - began):9.0f}")
            time.sleep(15)
            for shown in wanted:
                words = [_timed(terminal, "opened", shown.keys)] if shown.keys else []
                words += [_timed(terminal, NAMES.get(key, key), (key,)) for key in shown.typed]
                print(f"{shown.name:24}" + "".join(words))
                _home(terminal)


def viewed(resources: int) -> None:
    """A viewer beyond the slow line, on the socket of a demo: until its rows are there, for a key, and live."""
    line = [sys.executable, str(ROOT / "tests/rig/slow_line.py"), str(BITS_PER_S), str(ROUND_TRIP_MS)]
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        folder = Path(name)
        with console(folder, "demo", "--size", str(resources)) as first:
            socket = listening(folder)
            first.wait_for("billing")
            time.sleep(15)
            began = time.monotonic()
            with Terminal([*line, *COMMAND, "view", str(socket)], env=environment(folder), cwd=ROOT) as viewer:
                viewer.wait_for("billing", 60)
                rows_s, rows_bytes = time.monotonic() - began, len(viewer.output)
                time.sleep(5)
                before = len(viewer.output)
                time.sleep(LIVE_S)
                live_per_s = (len(viewer.output) - before) / LIVE_S
                keys = [_timed(viewer, NAMES.get(key, key), (key,)) for key in ("j", "k", "2", "1", "3", "1")]
        told = f"rows after {rows_s:.1f} s, {rows_bytes} B; live {live_per_s:.0f} B/s"
        print(f"view of {resources}: {told}{''.join(keys)}")


def _timed(terminal: Terminal, name: str, keys: Sequence[str]) -> str:
    """How long the last of these keys took to be answered: to its first byte, and to its last."""
    _type(terminal, keys[:-1])
    _until_quiet(terminal)
    before, began = len(terminal.output), time.monotonic()
    _type(terminal, keys[-1:])
    while len(terminal.output) - before < AGE:
        if time.monotonic() - began > QUIET_S:
            return f"  {name} –"
        time.sleep(0.005)
    first = time.monotonic() - began
    last = max(first, _until_quiet(terminal) - began)
    return f"  {name} {1000 * first:.0f}/{1000 * last:.0f} ({len(terminal.output) - before} B)"


def _until_quiet(terminal: Terminal) -> float:
    """When the last byte of a frame came: a single age that turns is none, and some screens are never quiet."""
    size, last, end = len(terminal.output), time.monotonic(), time.monotonic() + PATIENCE_S
    while time.monotonic() - last < QUIET_S and time.monotonic() < end:
        time.sleep(0.02)
        if len(terminal.output) - size > AGE:
            last = time.monotonic()
            size = len(terminal.output)
    return last


def _home(terminal: Terminal) -> None:
    """To the whole overview, from wherever."""
    for _ in range(2):
        terminal.press("esc")
        _until_quiet(terminal)
    terminal.press("1")
    _until_quiet(terminal)


def _type(terminal: Terminal, keys: Sequence[str]) -> None:
    terminal.press(*(AS_TYPED.get(key, key) for key in keys))


def _x(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench screens", description="What each screen costs on a line.")
    parser.add_argument("--screens", nargs="+", metavar="NAME", help="only these")
    parser.add_argument("--still", action=argparse.BooleanOptionalAction, default=True, help="the counted bytes")
    parser.add_argument(
        "--live", type=float, default=20, metavar="S", help="live seconds on each (default 20; 0: none)"
    )
    parser.add_argument("--slow", action=argparse.BooleanOptionalAction, default=True, help="through a slow line too")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
