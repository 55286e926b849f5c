"""The collectors screen: how each does, what would mend it, and the keys that pause one or all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied
from collectors.job import Job
from collectors.readings import Reading
from tests.rig.stage import Seen, screen


class Broken(Collector[str]):
    name = "broken"
    every = timedelta(minutes=1)

    def __init__(self, error: Exception) -> None:
        self._error = error

    def collect(self, target: str) -> AsyncIterator[Reading]:
        raise self._error


async def fail(seen: Seen, error: Exception, times: int = 1) -> None:
    """A collector that ends with this error, and the screen after it."""
    schedule = seen.engine.core.schedule
    schedule.add(Broken(error), "orders-primary")
    for _ in range(times):
        await asyncio.create_task(schedule.one_pass(Job("broken", "orders-primary")))
    seen.engine.say()
    await seen.until(lambda text: "broken" in text)


async def test_each_collector_is_there_with_its_target_state_and_times(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("c")
        text = await seen.until(lambda text: "COLLECTOR" in text)
        assert "LAST OK" in text
        await seen.press("G")
        await seen.until(lambda text: "waits" in text)
        line = next(line for line in seen.lines if line.strip().startswith("waits") and "customers" in line)
        assert "ok" in line
        await seen.press("escape")
        await seen.until(lambda text: "RESOURCE" in text)


async def test_of_a_large_estate_the_last_line_counts_those_that_are_not_named(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("c")
        await seen.until(lambda text: "COLLECTOR" in text)
        collector, schedule = Broken(CannotCollect("No.")), seen.engine.core.schedule
        for n in range(700):
            schedule.add(collector, f"db-{n}")
        seen.engine.say()
        await seen.until(lambda text: "/401" in text)
        await seen.press("G")
        text = await seen.until(lambda text: " more: " in text)
        assert "and 395 more: 395 pending; named where somebody looks at their target" in text
        await seen.press("p")
        await seen.until_still()
        assert not any(each.health.paused for each in schedule._runs.values())


async def test_what_fails_comes_first_with_its_error_and_its_remedy(tmp_path: Path) -> None:
    async with screen(tmp_path, (140, 40)) as seen:
        await seen.press("c")
        await seen.until(lambda text: "COLLECTOR" in text)
        await fail(seen, CannotCollect("The source is on fire.", seen="503", mend="Put it out."))
        await seen.press("g")
        text = await seen.until(lambda text: "The source is on fire. (503) Put it out." in text)
        assert text.index("broken") < text.index("backups")


async def test_a_denied_one_names_the_permission_that_is_missing(tmp_path: Path) -> None:
    async with screen(tmp_path, (140, 40)) as seen:
        await seen.press("c")
        await seen.until(lambda text: "COLLECTOR" in text)
        await fail(seen, Denied("It may not ask.", grant="rds:DescribeEvents", mend="Allow it."))
        await seen.press("g")
        await seen.until(lambda text: "The missing permission is rds:DescribeEvents. Allow it." in text)


async def test_an_open_breaker_is_told_with_the_time_of_the_next_try(tmp_path: Path) -> None:
    async with screen(tmp_path, (140, 40)) as seen:
        await seen.press("c")
        await seen.until(lambda text: "COLLECTOR" in text)
        await fail(seen, ValueError("no"), times=3)
        await seen.press("g")
        await seen.until(lambda text: "the breaker is open, the next try is" in text)


@pytest.mark.parametrize(("key", "sign"), [("p", "paused"), ("P", "COLLECTORS PAUSED")])
async def test_p_pauses_one_and_shift_p_all_and_the_same_key_lets_them_go_on(
    key: str, sign: str, tmp_path: Path
) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("c")
        await seen.until(lambda text: "COLLECTOR" in text)
        schedule = seen.engine.core.schedule
        for paused in (True, False):
            await seen.press(key)
            await seen.until(lambda text, p=paused: ("paused" if p else "goes on") in seen.lines[-1])  # type: ignore[misc]
            assert schedule.paused_all is (paused and key == "P")
            assert any(health.paused for health in schedule.health.values()) is (paused and key == "p")
            seen.engine.say()
            await seen.until(lambda _, p=paused: any(sign in line for line in seen.lines[:-1]) is p)  # type: ignore[misc]


async def test_ctrl_r_asks_everything_again(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("ctrl+r")
        await seen.until(lambda text: "Everything is asked again." in text)
