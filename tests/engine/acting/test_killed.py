"""An engine that is killed while it acts: nothing is sent twice, and nothing that was sent is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.rig.acting.killing import RESUMES_WITHIN_S, SCRIPTS, Run, Script, killing
from tests.rig.battery import battery

AT_ONCE = 2
RUNS = 4  # of the first, and half as many of each other: `./dev bench gate` does 300 of each


async def runs_of(script: Script, folder: Path, free: asyncio.Semaphore) -> list[Run]:
    async with free:
        with killing(script, folder, seed=1) as killed:
            return [await killed.run(number) for number in range(battery(RUNS if script is SCRIPTS[0] else RUNS // 2))]


async def test_killed_at_any_moment_it_was_sent_once_or_not_at_all_and_what_was_sent_is_proved(tmp_path: Path) -> None:
    free = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(runs_of(script, tmp_path / script.name, free) for script in SCRIPTS))
    for script, runs in zip(SCRIPTS, found, strict=True):
        assert [(script.name, run.moment, run.last, fault) for run in runs for fault in run.faults] == []
        assert all(run.resumed_s is None or run.resumed_s < RESUMES_WITHIN_S for run in runs)
    assert {"done", "abandoned"} <= {run.ended for runs in found for run in runs}, "each was killed at the same moment"
