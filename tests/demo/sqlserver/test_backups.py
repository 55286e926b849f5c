"""The backups of the demo's SQL Servers, as the collector tells them: as the model's restorable time has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collectors.inside.backups import DatabaseBackups, DatabaseChain, Outcome
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.backups.collector import BackupsInside
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.load import load
from console.demo.scenario.script import Entry, Given
from tests.demo.sqlserver.asking import CUSTOMERS, ORDERS, REPLICA, REPORTING, START, Asked, model, only

BILLING = ResourceId(Safe("billing"))
SERVERS = [machine for machine in MACHINES if machine.engine.startswith("sqlserver")]


async def told(played: Model, about: ResourceId, t: float) -> DatabaseBackups:
    return only(DatabaseBackups, await Asked(BackupsInside, played).at(about, t))


def named(found: DatabaseBackups, name: str) -> DatabaseChain:
    return next(chain for chain in found.chains if chain.database == name)


def time(t: float | None) -> datetime | None:
    return None if t is None else datetime.fromtimestamp(t, UTC)


async def test_every_chain_ends_where_aws_says_that_the_server_can_be_restored() -> None:
    played = model()
    for machine in SERVERS:
        for t in (7.0, 400.0, 7300.0):
            found = await told(played, machine.id, t)
            assert bool(found.chains) == (machine.source is None)
            for chain in found.chains:
                assert chain.log_until == time(played.restorable_until(machine.id, START + t))
                assert (chain.broken, chain.why) == (False, "")
                assert chain.checked is not None
                assert timedelta() < time(START + t) - chain.checked < timedelta(days=8)  # type: ignore[operator]


async def test_nothing_is_wrong_in_a_week_of_play() -> None:
    played = model()
    for hour in range(0, 7 * 24, 5):
        for machine in SERVERS:
            found = await told(played, machine.id, 3600.0 * hour)
            assert not any(chain.why for chain in found.chains)
            assert not any(copy.why for copy in found.copies)
            assert not found.failed_jobs
            assert Outcome.FAILED not in {task.outcome for task in found.tasks}


async def test_a_native_task_is_seen_under_way_and_then_done() -> None:
    midnight = START - START % 86_400
    played = model(start=midnight + 9.9 * 3600)
    during, after = [(await told(played, BILLING, t)).tasks for t in (0, 7200)]
    assert (during[0].outcome, after[0].outcome) == (Outcome.RUNNING, Outcome.DONE)
    assert 0 < (during[0].percent or 0) < 100
    assert during[0].name == after[0].name
    assert len({task.name for task in after}) == len(after) > 30


async def test_reporting_was_restored_and_says_how_long_that_took() -> None:
    (proof, *_) = (await told(model(), REPORTING, 60)).proofs
    assert proof.took_s is not None
    assert 20 * 60 < proof.took_s < 60 * 60
    assert (await told(model(), REPLICA, 60)).proofs == ()


async def test_the_chain_of_one_database_breaks_with_the_next_piece_and_the_others_stay_whole() -> None:
    held = {"database.orders.is_log_chain_broken": Given(1)}
    played = model(Entry(START + 30, ORDERS, held))
    assert not named(await told(played, ORDERS, 40), "orders").broken
    found = await told(played, ORDERS, 30 + 600)
    broken, whole = named(found, "orders"), named(found, "orders_archive")
    assert (broken.broken, whole.broken) == (True, False)
    assert broken.log_until is not None
    assert broken.log_until <= datetime.fromtimestamp(START + 30, UTC)
    later = named(await told(played, ORDERS, 30 + 1200), "orders")
    assert later.log_until == broken.log_until
    tomorrow = named(await told(played, ORDERS, 30 + 86_400), "orders")  # the snapshot of the night mends it
    assert not tomorrow.broken


async def test_a_database_that_is_offline_stops_the_restorable_time_of_all() -> None:
    entries = [
        Entry(START + 1000, CUSTOMERS, {"database.customers.state_desc": Given("OFFLINE")}),
        Entry(START + 2000, CUSTOMERS, {"database.customers.state_desc": Given("EMERGENCY")}),
        Entry(START + 4000, CUSTOMERS, clears=True),
    ]
    played = model(*entries)
    stands = {played.restorable_until(CUSTOMERS, START + t) for t in (1400, 1999, 2001, 3999)}
    (until,) = stands
    assert until is not None
    assert START + 1000 - 300 <= until <= START + 1000
    assert (played.restorable_until(CUSTOMERS, START + 4000) or 0) > until
    found = named(await told(played, CUSTOMERS, 1500), "customers")
    assert (found.state, found.why[:7]) == ("OFFLINE", "OFFLINE")


async def test_what_agent_jobs_are_left_is_counted() -> None:
    held = {"database.msdb.agent_jobs": Given(0)}
    played = model(Entry(START + 30, CUSTOMERS, held))
    assert [(await told(played, CUSTOMERS, t)).jobs for t in (0, 60)] == [4, 0]
    many = model(Entry(START, CUSTOMERS, {"database.msdb.agent_jobs": Given(9)}))
    assert (await told(many, CUSTOMERS, 1)).jobs == 9


async def test_log_chain_broken_shows_a_gap_first_and_then_the_whole_server() -> None:
    there = {machine.id: machine for machine in MACHINES}
    played = Model(1, START, MACHINES, load("log-chain-broken").script(START, there))
    gap = await told(played, BILLING, 700)
    assert (named(gap, "ledger").broken, named(gap, "billing").broken) == (True, False)
    stopped = await told(played, BILLING, 1300)
    assert named(stopped, "billing").why.startswith("OFFLINE")
    assert (played.restorable_until(BILLING, START + 1300) or 0) <= START + 720
    after = await told(played, BILLING, 1700)
    assert [chain.why for chain in after.chains] == ["", ""]
