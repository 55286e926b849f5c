"""An engine that is killed while it acts: nothing is sent twice, and nothing that was sent is lost."""

from __future__ import annotations

from pathlib import Path

from tests.rig.acting.killing import SCRIPTS, Run, Script, killing
from tests.rig.battery import battery

RUNS = 2  # of the first, and one of each other: `./dev bench gate` does 300 of each


async def runs_of(script: Script, folder: Path, count: int, seed: int) -> list[Run]:
    with killing(script, folder, seed) as killed:
        return [await killed.run(number) for number in range(battery(count))]


async def test_killed_at_any_moment_it_was_sent_once_or_not_at_all_and_what_was_sent_is_proved(tmp_path: Path) -> None:
    found = [
        await runs_of(script, tmp_path / script.name, 1 if number else RUNS, seed=number + 1)
        for number, script in enumerate(SCRIPTS)
    ]
    for script, runs in zip(SCRIPTS, found, strict=True):
        assert [(script.name, run.moment, run.last, fault) for run in runs for fault in run.faults] == []
    assert {"done", "abandoned"} <= {run.ended for runs in found for run in runs}, "each was killed at the same moment"
