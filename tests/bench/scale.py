"""What does a larger estate cost? The demo with 10, 100 and 1,000 resources, one after the other.

Run it with `./dev bench scale`. Exit status 1 when a target is missed. Half of the
resources are SQL Servers, which are looked into: those on the screen every few seconds, the rest by turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from console import __version__
from console.protocol.client import Client
from console.protocol.sockets import connect
from console.protocol.status import Status
from tests.bench.keystrokes import timed
from tests.rig.terminal import Terminal, wait_until

ROOT = Path(__file__).parents[2]
VALUE = re.compile(r"\d%")
KEYS = 40
ROUNDS = 8  # of filter, order, group and drill
START = "2026-03-02T10:00:00Z"  # a Monday at ten


@dataclass(frozen=True, slots=True)
class Figures:
    size: int
    resources: int
    frame_s: float
    first_values_s: float  # every visible row has its processor's value, or a sign that it has none
    engine_cpu_percent: float  # of a core, over the steady window
    screen_cpu_percent: float
    emulator_cpu_percent: float
    engine_pss_mib: float
    screen_pss_mib: float
    requests_per_min: float
    metrics_per_min: float
    key_p50_ms: float
    key_p95_ms: float
    filter_p95_ms: float
    sort_p95_ms: float
    group_p95_ms: float
    open_p95_ms: float  # the first drill of a session, which builds the screen
    drill_p95_ms: float


@dataclass(frozen=True, slots=True)
class Target:
    what: str
    limit: float


TARGETS = (
    Target("first_values_s", 3.0),
    Target("engine_cpu_percent", 25.0),
    *(Target(f"{kind}_p95_ms", 60.0) for kind in ("key", "filter", "sort", "group", "drill")),
)
MEMORY_MIB = 250.0  # of engine and screen together


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    measured = [measure(size, options.settle, options.window) for size in options.sizes]
    for field in asdict(measured[0]):
        print(f"{field:24}" + "".join(f"{getattr(each, field):>12.4g}" for each in measured))
    over = [(target, each) for each in measured for target in TARGETS if getattr(each, target.what) > target.limit]
    missed = [f"{target.what} of {each.size}: over {target.limit:g}" for target, each in over]
    missed += [f"memory of {m.size}" for m in measured if m.engine_pss_mib + m.screen_pss_mib > MEMORY_MIB]
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(each) for each in measured], indent=1))
    return 1 if missed else 0


def measure(size: int, settle_s: float, window_s: float) -> Figures:
    with tempfile.TemporaryDirectory() as base:
        kinds = ("CONFIG", "STATE", "CACHE", "RUNTIME")
        env: dict[str, str | None] = {f"DBCONSOLE_{kind}_DIR": f"{base}/{kind.lower()}" for kind in kinds}
        env |= {"PYTHONDONTWRITEBYTECODE": None, "LANG": "C.UTF-8"}
        command = [sys.executable, "-P", "-m", "console", "demo", "--size", str(size), "--start", START]
        began = time.monotonic()
        with Terminal(command, env=env, cwd=ROOT) as terminal:
            terminal.wait_for("RESOURCE", 30)
            frame = time.monotonic() - began
            wait_until(lambda: _rows_have_values(terminal.text()), terminal.text, 120)
            first = time.monotonic() - began
            time.sleep(settle_s)
            keys = sorted(_key(terminal, n) for n in range(KEYS))
            strokes = timed(terminal, ROUNDS)
            socket = next(Path(f"{base}/runtime").glob("*/view.sock"))
            before, cpu_before = asyncio.run(_status(socket)), _cpu(terminal)
            time.sleep(window_s)
            after, cpu_after = asyncio.run(_status(socket)), _cpu(terminal)
            cost = (after[0].cost, before[0].cost)
            return Figures(
                size=size,
                resources=after[1],
                frame_s=frame,
                first_values_s=first,
                **{f"{role}_cpu_percent": 100 * (cpu_after[role] - cpu_before[role]) / window_s for role in cpu_after},
                engine_pss_mib=_pss_mib(terminal.pid("engine")),
                screen_pss_mib=_pss_mib(terminal.pid("screen")),
                requests_per_min=60 * (cost[0].requests - cost[1].requests) / window_s,
                metrics_per_min=60 * (cost[0].metrics - cost[1].metrics) / window_s,
                key_p50_ms=1000 * statistics.median(keys),
                key_p95_ms=_p95_ms(keys),
                **{f"{kind}_p95_ms": _p95_ms(seconds) for kind, seconds in strokes.items()},
            )


def _p95_ms(rising: Sequence[float]) -> float:
    return 1000 * rising[int(0.95 * len(rising))]


def _rows_have_values(text: str) -> bool:
    """Whether no visible row still waits for its first sample."""
    lines = text.split("\n")
    header = next((n for n, line in enumerate(lines) if "RESOURCE" in line), None)
    rows = [line for line in lines[(header or 0) + 1 :] if re.search(r" \d+[smhd]$", line.rstrip())]
    return bool(rows) and bool(VALUE.search(text)) and not any("…" in row for row in rows)


def _key(terminal: Terminal, n: int) -> float:
    """Seconds from a key to the bytes of its paint: the cursor moves."""
    before = len(terminal.output)
    began = time.monotonic()
    terminal.press("down" if n % 12 < 6 else "up")  # within the shortest of them
    wait_until(lambda: len(terminal.output) > before, "a paint", 10)
    took = time.monotonic() - began
    time.sleep(0.15)
    return took


def _cpu(terminal: Terminal) -> dict[str, float]:
    """Seconds of CPU so far, by role."""
    ticks = os.sysconf("SC_CLK_TCK")
    pids = {role: terminal.pid(role) for role in ("engine", "screen")}
    pids["emulator"] = next(p.pid for p in terminal.processes() if p.name.startswith("dbc-emul"))
    found = {}
    for role, pid in pids.items():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found[role] = (int(fields[11]) + int(fields[12])) / ticks
    return found


def _pss_mib(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))) / 1024


async def _status(socket: Path) -> tuple[Status, int]:
    async with Client(await connect(socket), "once", __version__) as client:
        assert client.mirror.status is not None
        return client.mirror.status, len(client.mirror.resources)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench scale", description="The demo with more and more resources.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--settle", type=float, default=90, help="seconds until its history is there")
    parser.add_argument("--window", type=float, default=120, help="seconds that are measured")
    parser.add_argument("--json", metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
