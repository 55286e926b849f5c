"""How thrifty is the console over a slow line? The demo beside a plain Textual dashboard, as ratios within one run.

Run it with `./dev bench`. Exit status 1 when a target is missed; the figures are printed either way. `--json FILE`
keeps both measurements whole.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FRAME = "RESOURCE"  # the table's header: the frame is painted
VALUES = r"orders-primary.*\d%"  # the first values in it


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of ours, held against the floor's (or against itself, where ``ratio`` is False)."""

    what: str
    path: str
    limit: float
    ratio: bool = True
    at_least: bool = False


TARGETS = (
    Target("cells changed a minute", "steady.repaint.changed_cells_per_min", 3000, ratio=False, at_least=True),
    Target("start-up bytes", "startup.bytes", 0.5),
    Target("steady bytes", "steady.bytes_per_s", 0.35),
    Target("sent over the least, styled", "steady.repaint.sent_over_least_styled", 2, ratio=False),
    Target("CPU of the whole tree", "steady.cpu_s_per_min", 2),
    Target("frame painted", "startup.useful_ms", 1.5),
    Target("key paint, median", "keys.paint_ms.median", 3),
)


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as base:
        env = {f"DBCONSOLE_{kind}_DIR": f"{base}/{kind.lower()}" for kind in ("CONFIG", "STATE", "CACHE", "RUNTIME")}
        console = [sys.executable, "-P", "-m", "console", "demo", "--start", "2026-03-02T10:00:00Z"]
        console += ["--speed", str(options.speed)]
        values = measure(console, VALUES, options, env, only="startup")
        floor = measure([sys.executable, str(HERE / "floor.py")], "0\\.\\d{6}", options, {"FLOOR_RATE": "0.1"})
        ours = measure(console, FRAME, options, env)
    ours["startup"]["bytes"] = values["startup"]["bytes"]  # with the first values, as the floor has them at once
    missed = report(ours, floor)
    print(f"{'first values':32} {_at(values, 'startup.useful_ms'):>10.4g} ms after the start")
    if options.json:
        Path(options.json).write_text(json.dumps({"ours": ours, "floor": floor}, indent=1), encoding="utf-8")
    return int(missed)


def measure(
    command: Sequence[str],
    useful: str,
    options: argparse.Namespace,
    env: Mapping[str, str],
    only: str = "startup,steady,keys",
) -> dict[str, Any]:
    """One measurement by the meter: 120x40, 256 colours, terminal queries answered, medians over the runs."""
    meter = [sys.executable, str(HERE / "tty_meter.py"), "--size", "120x40", "--answer", "all", "--useful", useful]
    meter += ["--only", only, "--runs", str(options.runs), "--window", str(options.window), "--keys", "down,up"]
    around = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run([*meter, "--", *command], env=around, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def report(ours: Mapping[str, Any], floor: Mapping[str, Any]) -> bool:
    """Print a line for each target; whether one was missed."""
    missed = False
    print(f"{'':32} {'console':>10} {'floor':>10} {'ratio':>7}  target")
    for target in TARGETS:
        our, their = _at(ours, target.path), _at(floor, target.path)
        held = our / their if target.ratio else our
        met = held >= target.limit if target.at_least else held <= target.limit
        missed |= not met
        sign = ">=" if target.at_least else "<="
        verdict = "met" if met else "MISSED"
        print(f"{target.what:32} {our:>10.4g} {their:>10.4g} {our / their:>7.2f}  {sign} {target.limit:g} {verdict}")
    return missed


def _at(result: Mapping[str, Any], path: str) -> float:
    value: Any = result
    for name in path.split("."):
        value = value[name]
    return float(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", type=float, default=60, help="of the demo (default 60)")
    parser.add_argument("--runs", type=int, default=3, help="medians over so many (default 3)")
    parser.add_argument("--window", type=float, default=12, metavar="S", help="steady seconds (default 12)")
    parser.add_argument("--json", metavar="FILE", help="keep both measurements")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
