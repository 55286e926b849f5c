"""The collector over a border that answers rows: the wrong form is said, baselines go over the program's end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.inside.waits import Mark, Waits
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers
from collectors.sqlserver.waits.collector import GOOD_FOR, WaitStats
from collectors.sqlserver.waits.judged import Judge

ORDERS = ResourceId(Safe("orders-primary"))
START = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
NODE = ("node", "started", "ticks_ms", "cores")
COUNTED = ("wait_type", "tasks", "ms", "signal_ms")
WAITING = ("wait_type", "tasks", "ms", "longest_ms")


class Telling(Server, Servers):
    """A server whose log waits gain 500 ms each second."""

    def __init__(self) -> None:
        self.at_s = 1000
        self.answer: tuple[Rows, ...] | None = None

    def of(self, about: ResourceId) -> Server:
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        if self.answer is not None:
            return self.answer
        node = ("A\x1b[31m", datetime(2026, 3, 1), self.at_s * 1000, 4)
        log = ("WRITELOG", 10 * self.at_s, 500 * self.at_s, 50 * self.at_s)
        again = ("WRITELOG", 0, 0, 0)  # some builds have a type in several rows
        return (Rows(NODE, (node,)), Rows(COUNTED, (log, again)), Rows(WAITING, (("LCK_M_X", 1, 9000, 9000),)))

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at_s - 1000)


async def collected(collector: WaitStats) -> list[Waits]:
    return [reading async for reading in collector.collect(ORDERS) if isinstance(reading, Waits)]


async def test_rates_come_with_the_second_sample_by_the_servers_own_clock() -> None:
    server = Telling()
    collector = WaitStats(server, server.now)
    (first,) = await collected(collector)
    assert (first.mark, first.interval_s, first.node) == (Mark.FIRST, None, "A\u241b[31m")
    assert [row.type for row in first.rows] == ["LCK_M_X"]  # who waits is told at once
    assert await collected(collector) == []  # no time has passed there
    server.at_s += 122
    (waits,) = await collected(collector)
    assert (waits.interval_s, waits.counted[0].type) == (122.0, "WRITELOG")
    row = waits.counted[0]
    assert (row.ms_per_s, row.tasks_per_s, row.average_ms, row.signal_percent) == (500.0, 10.0, 50.0, 10.0)
    assert "log" in waits.meaning
    assert waits.per_core == pytest.approx(waits.ms_per_s / 4)


async def test_baselines_go_over_the_programs_end_as_plain_data_while_they_are_young() -> None:
    server = Telling()
    first = WaitStats(server, server.now)
    await collected(first)
    kept = json.loads(json.dumps(first.remembered()))
    server.at_s += 60
    second = WaitStats(server, server.now)
    second.recall(kept)
    (waits,) = await collected(second)
    assert (waits.mark, waits.interval_s) == (Mark.NONE, 60.0)
    third = WaitStats(server, lambda: START + GOOD_FOR + timedelta(seconds=1))
    third.recall(kept)
    assert [each.mark for each in await collected(third)] == [Mark.FIRST]
    rubbishes: tuple[object, ...] = (None, {"x": 1}, [], {"orders-primary": ["now", {}]})
    for rubbish in rubbishes:
        third.recall(rubbish)


async def test_what_a_person_calls_benign_is() -> None:
    server = Telling()
    collector = WaitStats(server, server.now, Judge(benign=("WRITE*",)))
    await collected(collector)
    server.at_s += 5
    (waits,) = await collected(collector)
    assert {row.type: row.benign for row in waits.rows} == {"LCK_M_X": False, "WRITELOG": True}


@pytest.mark.parametrize(
    "answer",
    [
        (),
        (Rows(NODE), Rows(COUNTED), Rows(WAITING)),
        (Rows(NODE, (("A", "never", 1, 4),)), Rows(COUNTED), Rows(WAITING)),
        (Rows(NODE, (("A", START, 1, 4),)), Rows(COUNTED, (("X", -1, 0, 0),)), Rows(WAITING)),
    ],
)
async def test_an_answer_of_another_form_is_an_error_that_says_so(answer: tuple[Rows, ...]) -> None:
    server = Telling()
    server.answer = answer
    with pytest.raises(CannotCollect):
        await collected(WaitStats(server, server.now))
