"""The copies of the demo's SQL Servers, as the collector tells them: as the model has it, and as a scenario does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from collectors.inside.replication import Link, LinkState, Replication
from collectors.readings import ReplicaLag, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.replication.collector import ReplicaDistance
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.causes import FAILOVER_S
from console.demo.scenario.load import load
from console.demo.scenario.script import Entry, Given, Ramp
from tests.demo.sqlserver.asking import CUSTOMERS, ORDERS, REPLICA, REPORTING, START, Asked, model


def sets(t: float, about: ResourceId = REPLICA, **values: Any) -> Entry:
    settings = {f"replica.{name}": Given(value) for name, value in values.items()}
    return Entry(START + t, about, settings)


async def link(asked: Asked, about: ResourceId, copy: str, t: float) -> Link:
    await asked.at(REPLICA, t)  # by which its name is known
    (found, *_) = await asked.at(about, t)
    assert isinstance(found, Replication)
    return next(each for each in (*found.downstream, *found.upstream) if each.copy == copy)


async def lag(asked: Asked, t: float) -> ReplicaLag:
    _, found = await asked.at(REPLICA, t)
    assert isinstance(found, ReplicaLag)
    return found


async def test_every_primary_has_its_standby_and_orders_has_two_replicas() -> None:
    asked = Asked(ReplicaDistance, model())
    copies = {}
    for machine in (m for m in MACHINES if m.engine.startswith("sqlserver")):
        (found, *_) = await asked.at(machine.id, 60)
        assert isinstance(found, Replication)
        copies[machine.id] = [each.mode for each in found.downstream]
        assert found.role == ("replica" if machine.source else "primary")
    standby, replica = "synchronous commit", "asynchronous commit"
    assert sorted(copies[ORDERS]) == [replica, replica, standby]
    assert (copies[CUSTOMERS], copies[REPORTING], copies[REPLICA]) == ([standby], [], [])


@pytest.mark.parametrize("t", [10.0, 777.0, 3600.0])
async def test_both_ends_and_cloudwatch_agree_about_the_lag(t: float) -> None:
    played = model()
    asked = Asked(ReplicaDistance, played)
    behind = played.lag(REPLICA, START + t)
    assert behind is not None
    primary = await link(asked, ORDERS, REPLICA, t)
    own = await lag(asked, t)
    assert own.lag is not None
    assert primary.lag.seconds == pytest.approx(behind, abs=0.01)
    assert own.lag.total_seconds() == pytest.approx(behind, abs=0.01)
    assert (own.source, own.state) == (ORDERS, "behind")
    assert played.metrics(REPLICA, START + t)["ReplicaLag"] == pytest.approx(behind, abs=0.01)


async def test_a_database_that_nobody_writes_to_is_in_step_however_far_the_other_is_behind() -> None:
    asked = Asked(ReplicaDistance, model(sets(10, secondary_lag_seconds=900)))
    found = await link(asked, ORDERS, REPLICA, 60)
    assert found.lag.seconds == pytest.approx(900)
    assert [(part.name, part.state, part.lag.seconds) for part in found.parts][1:] == [
        ("orders_archive", LinkState.IN_STEP, 0.0),
    ]  # fmt: skip


async def test_what_is_suspended_grows_by_a_second_each_second_and_its_queue_with_it() -> None:
    played = model(sets(30, is_suspended=1))
    asked = Asked(ReplicaDistance, played)
    first, later = [await link(asked, ORDERS, REPLICA, t) for t in (60, 120)]
    assert first.state is later.state is LinkState.PAUSED
    assert later.why == "suspend from user"
    assert first.unsent.bytes is not None
    assert later.unsent.bytes is not None
    assert later.unsent.bytes > 1.5 * first.unsent.bytes
    assert (later.unsent.seconds or 0) - (first.unsent.seconds or 0) == pytest.approx(60, abs=0.1)
    own = await lag(asked, 120)
    assert own.state == "paused"
    assert own.lag is not None
    assert own.lag.total_seconds() == pytest.approx(played.lag(REPLICA, START + 120), abs=0.01)


async def test_a_link_that_is_cut_has_no_lag_at_either_end() -> None:
    asked = Asked(ReplicaDistance, model(sets(30, connected_state_desc="DISCONNECTED")))
    await link(asked, ORDERS, REPLICA, 29)
    for t in (31, 90):
        own = await lag(asked, t)
        assert (own.lag, own.state) == (None, "broken")
        found = await link(asked, ORDERS, REPLICA, t)
        assert (found.state, found.lag.at_least) == (LinkState.BROKEN, True)
        assert found.lag.seconds == pytest.approx(t - 29, abs=1.1)
        assert "not active" in found.why


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [
        ("log_send_queue_size", 4096, lambda part: part.unsent.bytes == 4096 * 1024),
        ("redo_queue_size", 300, lambda part: part.unapplied.bytes == 300 * 1024),
        ("redo_rate", 0, lambda part: part.unapplied.seconds is None),
        ("secondary_lag_seconds", 77, lambda part: part.lag.seconds == pytest.approx(77)),
        ("synchronization_state_desc", "REVERTING", lambda part: part.state is LinkState.SEEDING),
    ],
)
async def test_each_observable_of_a_copy_is_seen(name: str, value: Any, seen: Any) -> None:
    found = await link(Asked(ReplicaDistance, model(sets(10, **{name: value}))), ORDERS, REPLICA, 20)
    assert seen(found.parts[0]), found.parts[0]


async def test_a_rate_that_is_set_is_told() -> None:
    found = await link(Asked(ReplicaDistance, model(sets(10, log_send_rate=12))), ORDERS, REPLICA, 20)
    assert next(said for name, said in found.more if name == "send").startswith("24 KB/s")  # of two databases


async def test_after_a_failover_the_standby_is_the_other_node_and_catches_up() -> None:
    asked = Asked(ReplicaDistance, model(Entry(START + 60, CUSTOMERS, cause="failover")))
    before = await link(asked, CUSTOMERS, "Multi-AZ standby", 30)
    soon = await link(asked, CUSTOMERS, "Multi-AZ standby", 60 + FAILOVER_S + 5)
    after = await link(asked, CUSTOMERS, "Multi-AZ standby", 60 + FAILOVER_S + 40)
    assert (before.state, soon.state, after.state) == (LinkState.IN_STEP, LinkState.BEHIND, LinkState.IN_STEP)
    assert dict(before.more)[Safe("node")] != dict(after.more)[Safe("node")]


async def test_where_a_scenario_says_how_mirroring_does_the_standby_is_a_mirror() -> None:
    held = {"database.customers.mirroring_state": Given(1)}
    asked = Asked(ReplicaDistance, model(Entry(START + 30, CUSTOMERS, held)))
    (found,) = await asked.at(CUSTOMERS, 40)
    assert isinstance(found, Replication)
    (one,) = found.downstream
    assert (one.state, one.copy, found.role_changes) == (LinkState.BROKEN, "Multi-AZ standby", 1)
    assert (Safe("by"), Safe("mirroring")) in one.more


async def test_standby_suspended_shows_what_a_failover_would_lose() -> None:
    there = {machine.id: machine for machine in MACHINES}
    asked = Asked(ReplicaDistance, Model(1, START, MACHINES, load("standby-suspended").script(START, there)))
    seen = {t: await link(asked, CUSTOMERS, "Multi-AZ standby", t) for t in (20, 60, 300, 630, 900)}
    assert [found.state for found in seen.values()] == [
        LinkState.IN_STEP, LinkState.PAUSED, LinkState.PAUSED, LinkState.BEHIND, LinkState.IN_STEP,
    ]  # fmt: skip
    assert seen[300].unsent.seconds == pytest.approx(270)
    assert seen[300].why == "suspend from redo"
    assert (seen[300].unsent.bytes or 0) > 100 * 1024**2


async def test_a_lag_that_falls_behind_is_told_as_it_grows() -> None:
    held = {"replica.secondary_lag_seconds": Ramp(600, 600, 0)}
    asked = Asked(ReplicaDistance, model(Entry(START, REPLICA, held)))
    found = [(await lag(asked, t)).lag for t in (100, 200)]
    assert found == [timedelta(seconds=100), timedelta(seconds=200)]
