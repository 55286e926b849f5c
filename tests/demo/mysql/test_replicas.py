"""The demo's MySQL and MariaDB servers tell the collector what the model and a scenario say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.errors import Denied, Trouble
from collectors.inside.replication import Link, LinkState, Replication
from collectors.mysql.collector import ReplicationOfMySql
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.mysql.server import ModelMySqlServers
from console.demo.scenario.entries import entry
from console.demo.scenario.file import At
from console.demo.scenario.script import Script

START = datetime(2026, 3, 11, 10, tzinfo=UTC)
BASE = next(machine for machine in MACHINES if machine.kind == "instance")


def _id(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def _machine(name: str, engine: str, version: str, source: str = "") -> Any:
    role, commits, follows = ("replica", 0.0, _id(source)) if source else ("primary", BASE.commits, None)
    return replace(BASE, id=_id(name), engine=engine, version=version, role=role, commits=commits, source=follows,
                   app=name.partition("-")[0])  # fmt: skip


THERE = (
    _machine("shop", "mysql", "8.0.40"),
    _machine("shop-replica-1", "mysql", "8.0.40", "shop"),
    _machine("archive", "mariadb", "10.11.8"),
    _machine("archive-replica-1", "mariadb", "10.11.8", "archive"),
)
PAIRS = [("shop", "shop-replica-1"), ("archive", "archive-replica-1")]
BY_ID = {machine.id: machine for machine in THERE}


class Play:
    def __init__(self, *happens: dict[str, Any]) -> None:
        ats = [At.model_validate(each) for each in happens]
        script = Script(entry(n, at, START.timestamp(), BY_ID, "a test") for n, at in enumerate(ats, 1))
        self.now = START
        model = Model(7, START.timestamp(), THERE, script)
        self.collector = ReplicationOfMySql(ModelMySqlServers(model, lambda: self.now), lambda: self.now)

    async def look(self, name: str) -> list[Reading]:
        return [reading async for reading in self.collector.collect(_id(name))]

    async def until(self, seconds: float, source: str, replica: str) -> tuple[Link, ReplicaLag]:
        """A refresh each five seconds; what the last one told."""
        while self.now < START + timedelta(seconds=seconds):
            self.now += timedelta(seconds=5)
            await self.look(source)
            replication, lag = await self.look(replica)
        assert isinstance(replication, Replication)
        assert isinstance(lag, ReplicaLag)
        (link,) = replication.upstream
        return link, lag


@pytest.mark.parametrize(("source", "replica"), PAIRS)
async def test_all_is_well_for_as_long_as_nothing_happens(source: str, replica: str) -> None:
    play = Play()
    for seconds in range(5, 600, 5):
        link, lag = await play.until(seconds, source, replica)
        assert link.state in (LinkState.IN_STEP, LinkState.BEHIND)
        assert lag.lag is None or lag.lag < timedelta(minutes=5)
        assert (link.source, link.copy) in ((source, replica), (f"{source}.example.internal:3306", replica))
    (told,) = await play.look(source)
    assert isinstance(told, Replication)
    assert [each.copy for each in told.downstream] == [replica]
    assert (told.role, told.notes) == ("primary", ())


@pytest.mark.parametrize(("source", "replica"), PAIRS)
async def test_threads_that_a_scenario_stops_are_told(source: str, replica: str) -> None:
    play = Play(
        {"seconds": 60.0, "resource": replica, "set": {"mysql.Replica_SQL_Running": "No"}},
        {"seconds": 120.0, "resource": replica, "clear": True},
        {"seconds": 180.0, "resource": replica, "set": {
            "mysql.Replica_IO_Running": "Connecting", "mysql.Last_IO_Errno": 2003,
            "mysql.Last_IO_Error": "error connecting to source: refused"}},
    )  # fmt: skip
    link, lag = await play.until(90, source, replica)
    assert (link.state, link.unapplied.bytes != 0) == (LinkState.PAUSED, True)
    assert lag.lag
    assert lag.lag >= timedelta(seconds=20)
    link, _ = await play.until(150, source, replica)
    assert link.state in (LinkState.IN_STEP, LinkState.BEHIND)
    link, lag = await play.until(240, source, replica)
    assert (link.state, lag.lag) == (LinkState.BROKEN, None)
    assert "2003: error connecting" in link.why
    assert (link.lag.seconds or 0) >= 50


async def test_a_lag_and_its_workers_are_as_a_scenario_sets_them() -> None:
    play = Play({"seconds": 10.0, "resource": "shop-replica-1", "set": {
        "mysql.Seconds_Behind_Source": 300, "mysql.busy_workers": 3,
        "mysql.applying_transaction_age_s": 240}})  # fmt: skip
    link, lag = await play.until(60, "shop", "shop-replica-1")
    assert link.state == LinkState.BEHIND
    assert lag.lag
    assert lag.lag.total_seconds() == pytest.approx(300, abs=10)
    assert dict(link.more)[Safe("workers busy")] == "3 of 4"
    assert dict(link.more)[Safe("applying for")] == "240.0 s"


async def test_a_missing_grant_is_met_as_a_client_would() -> None:
    play = Play({"seconds": 0.0, "resource": "shop-replica-1", "fault": "access-denied"})
    play.now += timedelta(seconds=5)
    with pytest.raises(Denied) as denied:
        await play.look("shop-replica-1")
    assert denied.value.grant == "REPLICATION CLIENT"


@pytest.mark.parametrize(
    ("resource", "name", "value", "says"),
    [
        ("shop", "mysql.Last_IO_Errno", 1, "is no replica of a MySQL"),
        ("archive-replica-1", "mysql.applying_transaction_age_s", 1, "is no MySQL server"),
        ("shop-replica-1", "mysql.Threads_running", 1, "what reads mysql.Threads_running comes later"),
        ("shop-replica-1", "mysql.Replica_IO_Running", "Perhaps", "must be one of Yes, No, Connecting"),
        ("shop-replica-1", "mysql.Last_IO_Error", 3, "is no text"),
        ("shop-replica-1", "mysql.busy_workers", "two", "is not a number"),
    ],
)
def test_what_nobody_would_see_cannot_be_set(resource: str, name: str, value: object, says: str) -> None:
    with pytest.raises(Trouble, match=says):
        Play({"seconds": 0.0, "resource": resource, "set": {name: value}})
