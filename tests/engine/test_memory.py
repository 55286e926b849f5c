"""What an engine knew is there after its death, as old as it is; what is not its own is left alone."""

from __future__ import annotations

import zlib
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from collectors.clock import SteppedClock
from collectors.readings import Gone, ResourceId, Severity
from collectors.safe import Safe
from console.engine.core import Core, Identity
from console.engine.memory import AT_ONCE, Memory
from console.estate.course import Courses
from console.estate.estate import Estate
from console.estate.levels import Limit, Limits
from console.estate.times import from_ms
from console.triage.finding import Finding, Sight
from tests.estate.builders import CPU, ORDERS, START_MS, at, backup, described, metric, waits

BEHIND = Finding(Safe("replica-lag"), Severity.WARNING, Safe("It is behind."), (Safe("12 s"),), Safe("Look."))
HEAD = orjson.dumps({"format": 2, "run": "run-1"}) + b"\n"


def frame(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def lived() -> Estate:
    estate = Estate()
    for reading in (described(), *(metric(60 * n, 40.0 + n) for n in range(30)), waits(0, WRITELOG=9.0), backup(0)):
        estate.fold(reading)
    return estate


def recalled(folder: Path, run: str = "run-1") -> Estate:
    estate = Estate()
    Memory(folder, run, Courses(Limits())).recall(estate)
    return estate


def test_an_engine_that_died_goes_on_with_all_it_knew_at_the_times_it_knew_it(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1", Courses(Limits())).keep_all(lived())
    resource = recalled(tmp_path).resources[ORDERS]
    assert resource.latest[CPU].value == 69.0
    assert resource.latest[CPU].t == START_MS + 29 * 60_000
    assert len(resource.series[CPU]) == 30
    assert resource.latest[Safe("wait.WRITELOG")].group == "Tran Log IO"
    assert resource.backup is not None


def test_another_start_of_the_console_begins_anew(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1", Courses(Limits())).keep_all(lived())
    assert not recalled(tmp_path, "run-2").resources


def test_an_engine_without_a_past_has_none(tmp_path: Path) -> None:
    assert not recalled(tmp_path).resources


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not ours",
        b"{}\n",
        HEAD[:-1] + b"1",
        HEAD + b"\0\0",
        HEAD + frame(b"not zlib"),
        HEAD + frame(zlib.compress(b"{")),
        HEAD + frame(zlib.compress(orjson.dumps({"name": "a", "res": 7, "hist": {}}))),
        HEAD + frame(zlib.compress(b"0" * (2 << 20))),
        orjson.dumps({"format": 1, "run": "run-1"}) + b"\n",
    ],
)
def test_a_memory_that_is_broken_or_of_another_format_costs_the_past_and_nothing_else(
    raw: bytes, tmp_path: Path
) -> None:
    (tmp_path / "estate.kept").write_bytes(raw)
    assert not recalled(tmp_path).resources
    Memory(tmp_path, "run-1", Courses(Limits())).keep_all(lived())
    assert recalled(tmp_path).resources


async def test_a_large_estate_is_written_in_turns_until_all_of_it_is_there(tmp_path: Path) -> None:
    estate, memory = Estate(), Memory(tmp_path, "run-1", Courses(Limits()))
    names = [ResourceId(Safe(f"orders-{n:03}")) for n in range(2 * AT_ONCE + 1)]
    for name in names:
        estate.fold(described(about=name))
        estate.fold(metric(0, 1.0, about=name))
    for _ in range(3):
        await memory.keep(estate)
    assert set(recalled(tmp_path).resources) == set(names)
    estate.fold(Gone(names[0], at(60)))
    estate.fold(metric(60, 2.0, about=names[1]))
    await memory.keep(estate)
    kept = recalled(tmp_path).resources
    assert names[0] not in kept
    assert kept[names[1]].latest[CPU].value == 2.0


def test_a_place_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path: Path) -> None:
    Memory(tmp_path / "missing", "run-1", Courses(Limits())).keep_all(lived())
    assert not (tmp_path / "missing").exists()


def test_what_is_kept_is_for_its_user_alone(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1", Courses(Limits())).keep_all(lived())
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_since_when_it_is_grave_outlives_the_engine(tmp_path: Path) -> None:
    limits = Limits([Limit(CPU, Severity.HIGH, 60.0, above=True)])
    before, after = Courses(limits), Courses(limits)
    estate = lived()
    before.judge(estate.resources[ORDERS], START_MS)
    Memory(tmp_path, "run-1", before).keep_all(estate)
    Memory(tmp_path, "run-1", after).recall(Estate())
    assert after.standing(ORDERS) == before.standing(ORDERS)
    assert not list(after.turns(START_MS))


@pytest.mark.parametrize(("away_s", "stands"), [(5.0, True), (3600.0, False)])
def test_a_finding_of_a_moment_ago_stands_on_and_one_of_long_ago_is_history(
    away_s: float, stands: bool, tmp_path: Path
) -> None:
    """An engine that comes back has not looked yet, and must not say that what it cannot see now is well."""
    estate = lived()
    estate.resources[ORDERS].findings = (Sight(BEHIND, at(300), stands=True),)
    Memory(tmp_path, "run-1", Courses(Limits())).keep_all(estate)
    back = from_ms(estate.resources[ORDERS].seen) + timedelta(seconds=away_s)
    core = Core(Identity("shop", "live"), SteppedClock(back))
    Memory(tmp_path, "run-1", Courses(Limits())).recall(core.estate)
    core.recalled()
    core.schedule._take(backup(0))
    told = [(sight.finding, sight.since, sight.is_open) for sight in core.estate.resources[ORDERS].findings]
    assert told == ([(BEHIND, at(300), True)] if stands else [])
