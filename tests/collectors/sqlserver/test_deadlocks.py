"""Each deadlock is told once, however often the files are read and wherever a pass ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.readings import Happened, Reading, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers
from collectors.sqlserver.deadlocks import ON_RDS, Deadlocks

ORDERS = ResourceId(Safe("orders-primary"))
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
STARTED = datetime(2026, 3, 1)  # as a driver gives it


def report(session: int, ago_s: float) -> str:
    stamp = (NOW - timedelta(seconds=ago_s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        f'<event name="xml_deadlock_report" timestamp="{stamp}"><deadlock>'
        '<victim-list><victimProcess id="a"/></victim-list>'
        f'<process-list><process id="a" spid="{session}"/></process-list></deadlock></event>'
    )


class Files(Server, Servers):
    """A node's own log files, read from behind a place as the server's function reads them."""

    def __init__(self) -> None:
        self.node, self.edition, self.counted = "EC2AMAZ-1", "Standard Edition (64-bit)", 7
        self.files: dict[str, list[tuple[int, str | None]]] = {"a.xel": []}
        self.asked: list[tuple[object, ...]] = []

    def of(self, about: ResourceId) -> Server:
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        if question.name == "deadlock_source":
            names = ("node", "started", "now_utc", "edition", "is_rds", "deadlocks")
            return (Rows(names, ((self.node, STARTED, NOW.replace(tzinfo=None), self.edition, 1, self.counted),)),)
        self.asked.append(arguments)
        _, file, offset = arguments
        if file and file not in self.files:
            raise CannotCollect("The statement failed.", seen="25718: the log file name is invalid")
        behind = [
            (name, at, text)
            for name in sorted(self.files)
            for at, text in self.files[name]
            if not file or (name, at) > (file, offset)
        ]
        rows = [row for row in behind if row[2] is not None or row is behind[-1]]
        return (Rows(("file_name", "file_offset", "event_data"), tuple(rows)),)


@pytest.fixture
def server() -> Files:
    return Files()


@pytest.fixture
def collector(server: Files) -> Deadlocks:
    return Deadlocks(server, lambda: NOW)


async def told(passed: AsyncIterator[Reading]) -> list[str]:
    found = [reading async for reading in passed]
    assert all(isinstance(reading, Happened) for reading in found)
    return [reading.text for reading in found if isinstance(reading, Happened)]


async def test_each_is_told_once_and_the_next_question_begins_behind_it(server: Files, collector: Deadlocks) -> None:
    server.files["a.xel"] = [(10, report(51, 300)), (20, None), (30, report(52, 200)), (40, None)]
    assert len(await told(collector.collect(ORDERS))) == 2
    server.files["a.xel"].append((50, report(53, 10)))
    assert await told(collector.collect(ORDERS)) == ["deadlock: session 53 was ended"]
    assert await told(collector.collect(ORDERS)) == []
    assert server.asked == [(ON_RDS, "", 0), (ON_RDS, "a.xel", 40), (ON_RDS, "a.xel", 50)]


async def test_in_the_first_pass_only_the_last_hour_is_news(server: Files, collector: Deadlocks) -> None:
    server.files["a.xel"] = [(10, report(51, 4_000)), (20, report(52, 3_500))]
    assert await told(collector.collect(ORDERS)) == ["deadlock: session 52 was ended"]


async def test_a_file_that_is_gone_is_not_asked_for_again_and_nothing_is_told_twice(
    server: Files, collector: Deadlocks
) -> None:
    server.files["a.xel"] = [(10, report(51, 300))]
    await told(collector.collect(ORDERS))
    server.files = {"b.xel": [(5, report(51, 300)), (10, report(52, 20))]}
    with pytest.raises(CannotCollect):
        await told(collector.collect(ORDERS))
    assert await told(collector.collect(ORDERS)) == ["deadlock: session 52 was ended"]
    assert server.asked[-1] == (ON_RDS, "", 0)


async def test_a_pass_that_ends_in_the_middle_leaves_the_rest_to_the_next(server: Files, collector: Deadlocks) -> None:
    server.files["a.xel"] = [(10, report(51, 300)), (20, report(52, 200)), (30, report(53, 100))]
    passed = collector.collect(ORDERS)
    await anext(passed)
    await anext(passed)
    await passed.aclose()  # type: ignore[attr-defined]
    assert await told(collector.collect(ORDERS)) == ["deadlock: session 52 was ended", "deadlock: session 53 was ended"]


async def test_another_node_has_files_of_its_own(server: Files, collector: Deadlocks) -> None:
    server.files["a.xel"] = [(10, report(51, 300))]
    await told(collector.collect(ORDERS))
    server.node, server.files = "EC2AMAZ-2", {"z.xel": [(1, report(61, 30))]}
    assert await told(collector.collect(ORDERS)) == ["deadlock: session 61 was ended"]
    assert server.asked[-1] == (ON_RDS, "", 0)


@pytest.mark.parametrize("edition", ["Web Edition (64-bit)", "Express Edition (64-bit)"])
async def test_where_rds_has_no_events_the_counter_says_how_many_and_why_no_more(
    server: Files, collector: Deadlocks, edition: str
) -> None:
    server.edition = edition
    assert await told(collector.collect(ORDERS)) == []
    server.counted += 2
    (text,) = await told(collector.collect(ORDERS))
    assert text.startswith("2 deadlocks since the last look")
    assert edition in text
    assert await told(collector.collect(ORDERS)) == []
    assert server.asked == []
