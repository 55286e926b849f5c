"""Is anything sent twice, or lost? Engines that are killed, consoles that race, answers that never come.

Run all of it with `./dev bench gate`; the tests do a few of each. Exit status 1 when there is any fault, or when
tracking takes longer to resume than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from tests.rig.acting.console import Console
from tests.rig.acting.killing import RESUMES_WITHIN_S, SCRIPTS, SPEED, Run, Script, killing
from tests.rig.acting.losing import CALLS, FAILOVERS, Lost, lost
from tests.rig.acting.racing import Round, racing
from tests.rig.aws_proxy import AwsProxy
from tests.rig.emulated import emulated

OF_A_DAY = 25  # runs in one world: before the night, in which AWS backs up by itself
AT_ONCE = 2
LATER = timedelta(minutes=20)


async def kills(script: Script, count: int, seed: int) -> list[Run]:
    """In worlds of their own, two at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def day(number: int, runs: int) -> list[Run]:
        async with free:
            with tempfile.TemporaryDirectory() as folder, killing(script, Path(folder), seed + number) as killed:
                found = [await killed.run(each) for each in range(runs)]
            print(f"  {script.name}: {runs} more, {sum(len(run.faults) for run in found)} faults", flush=True)
            return found

    a_day = script.a_day
    days = [min(a_day, count - begun) for begun in range(0, count, a_day)]
    return [run for found in await asyncio.gather(*(day(n, runs) for n, runs in enumerate(days))) for run in found]


async def races(count: int, seed: int) -> list[Round]:
    found = []
    for begun in range(0, count, OF_A_DAY):
        with tempfile.TemporaryDirectory() as folder:
            async with racing(Path(folder), seed + begun) as race:
                found += [await race.round(each) for each in range(min(OF_A_DAY, count - begun))]
        print(f"  races: {len(found)}, {sum(len(each.faults) for each in found)} faults", flush=True)
    return found


async def losses(laps: int) -> list[Lost]:
    found = []
    for _ in range(laps):
        found += await lap()
        print(f"  lost answers: {len(found)}, {sum(len(each.faults) for each in found)} faults", flush=True)
    return found


async def lap() -> list[Lost]:
    """Each call once in a world of its own, as one is promoted once: snapshots, and twenty minutes later failovers."""
    found, last = list[Lost](), list[Lost]()
    with ExitStack() as stack:
        world = stack.enter_context(emulated("admin", speed=SPEED))
        proxy = stack.enter_context(AwsProxy(world.endpoint))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        console = Console(Path(folder), world.joined(proxy.url))
        stack.callback(console.kill)
        for calls in (CALLS, FAILOVERS):
            await asyncio.to_thread(console.start)
            async with console.joined() as person:
                for each in last:
                    await person.op(each.op.id, "done")
                    await person.did("act.acknowledge", op=each.op.id)
                last = [await lost(person, proxy, call) for call in calls]
                found += last
            await asyncio.to_thread(console.kill)
            console.later(LATER)
    return found


def told_of_kills(script: Script, runs: Sequence[Run]) -> list[str]:
    faults = [f"{script.name}, {run.moment}, {run.last or 'nothing'}: {fault}" for run in runs for fault in run.faults]
    resumed = sorted(run.resumed_s for run in runs if run.resumed_s is not None)
    slow = [f"{script.name}: tracking resumed after {s:.1f} s" for s in resumed if s >= RESUMES_WITHIN_S]
    print(f"{len(runs)} kills of an engine while it did a {script.name}:")
    print(f"  by the last record on disk: {_counted(run.last or 'nothing' for run in runs)}")
    print(f"  what became of it: {_counted(run.ended or 'never confirmed' for run in runs)}")
    print(f"  requests at AWS: {_counted(str(len(run.sent)) for run in runs)}")
    if resumed:
        print(f"  tracking resumed after {statistics.median(resumed):.2f} s in the middle, {resumed[-1]:.2f} s at most")
    return faults + slow


def told_of_races(rounds: Sequence[Round]) -> list[str]:
    apart = [each.apart_s * 1000 for each in rounds]
    print(f"{len(rounds)} races of two consoles, {statistics.median(apart):.0f} ms apart, {max(apart):.0f} ms at most:")
    print(f"  requests at AWS: {_counted(str(each.sent) for each in rounds)}")
    return [f"race for {each.about}: {fault}" for each in rounds for fault in each.faults]


def told_of_losses(found: Sequence[Lost]) -> list[str]:
    print(f"{len(found)} answers that were lost behind AWS:")
    print(f"  requests at AWS: {_counted(str(len(each.sent)) for each in found)}")
    print(f"  looks until it was proved: {_counted(str(each.looks) for each in found)}")
    return [f"{each.call.sends}: {fault}" for each in found for fault in each.faults]


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common())


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    begun, faults = time.monotonic(), list[str]()
    for script in SCRIPTS:
        faults += (
            told_of_kills(script, asyncio.run(kills(script, options.kills, options.seed))) if options.kills else []
        )
    faults += told_of_races(asyncio.run(races(options.races, options.seed))) if options.races else []
    faults += told_of_losses(asyncio.run(losses(options.losses))) if options.losses else []
    print(f"{(time.monotonic() - begun) / 60:.0f} min; " + ("; ".join(faults) if faults else "no faults"))
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench gate", description="The gate's battery, whole.")
    parser.add_argument("--kills", type=int, default=300, help="of an engine, for each action that is killed")
    parser.add_argument("--races", type=int, default=100, help="of two consoles")
    parser.add_argument("--losses", type=int, default=20, help="laps, in each of which each call's answer is lost")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
