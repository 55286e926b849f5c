"""The shipped scenarios about statements: what a collector tells of them, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.inside.queries import Queries
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.queries.collector import TopQueries
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.load import load
from console.demo.scenario.script import Script
from console.demo.sqlserver.server import ModelServers

START = 1_773_223_200.0
ORDERS = ResourceId(Safe("orders-primary"))


def script(name: str) -> Script:
    return load(name).script(START, {machine.id: machine for machine in MACHINES})


async def told(name: str, seconds: float) -> Queries:
    """Of the minute before."""
    now = START + seconds - 60

    def clock() -> datetime:
        return datetime.fromtimestamp(now, UTC)

    collector = TopQueries(ModelServers(Model(1, START, MACHINES, script(name)), clock), clock)
    async for _ in collector.collect(ORDERS):
        now += 60
    (fact,) = [reading async for reading in collector.collect(ORDERS)]
    assert isinstance(fact, Queries)
    return fact


async def test_a_search_that_came_with_a_release_takes_the_most_until_it_is_taken_back() -> None:
    before, during, after = [await told("bad-query", seconds) for seconds in (80, 300, 570)]
    culprit = during.rows[0]
    assert "UPPER(o.note) LIKE ?" in culprit.text
    assert culprit.cpu_ms > 0.7 * during.cpu_ms
    assert culprit.wait == "CPU"
    for quiet in (before, after):
        assert culprit.hash not in {row.hash for row in quiet.rows}
        assert quiet.cpu_ms < 0.8 * during.cpu_ms


async def test_a_loop_over_rows_is_suspected_while_it_lasts() -> None:
    before, during, after = [await told("n-plus-one", seconds) for seconds in (58, 300, 570)]
    assert (before.suspicions, after.suspicions) == ((), ())
    (suspicion,) = during.suspicions
    assert "dbo.order_items" in suspicion
    assert max(during.rows, key=lambda row: row.executions).executions == pytest.approx(3200, rel=0.02)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ('"statement.a.colour" = 1', "can be set"),
        ('"statement.a.calls" = "many"', "is not a number"),
        ('"statement.a.text" = 7', "is not a text"),
    ],
)
def test_what_is_nothing_of_a_statement_is_refused(setting: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    head = 'name = "mine"\ntitle = "t"\nestate = "resilient-database"\n'
    path.write_text(f'{head}[[at]]\nseconds = 1\nresource = "billing"\nset = {{ {setting} }}\n', encoding="utf-8")
    with pytest.raises(Trouble) as trouble:
        load(str(path)).script(START, {machine.id: machine for machine in MACHINES})
    assert says in trouble.value.line()
