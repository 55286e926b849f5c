"""The demo's PostgreSQLs, through the collector of real ones: what the model says of lag is what is collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collectors.clock import SteppedClock
from collectors.errors import CannotCollect, Trouble
from collectors.inside.replication import DEAD, Link, LinkState, Replication
from collectors.job import Job
from collectors.postgres.lag import Lag
from collectors.readings import Described, Reading, ReplicaLag, ResourceId
from collectors.safe import Safe
from console.demo import databases
from console.demo.inventory import MACHINES, Machine
from console.demo.model import Model
from console.demo.postgres.server import ModelPostgresServers
from console.demo.scenario.entries import entry
from console.demo.scenario.file import At
from console.demo.scenario.script import Script
from console.engine.core import Core, Identity
from console.specs import Play
from profiles.model import Profile

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
REFRESH = timedelta(seconds=5)


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


LEDGER, FIRST, SECOND = named("ledger"), named("ledger-replica-1"), named("ledger-replica-2")
_PRIMARY = replace(
    MACHINES[0], id=LEDGER, engine="postgres", version="16.6", app="ledger", commits=520, standby_az="eu-west-1b"
)
_COPY = replace(_PRIMARY, role="replica", commits=0, standby_az=None, retention_days=0)
LEDGERS: tuple[Machine, ...] = (
    _PRIMARY,
    replace(_COPY, id=FIRST, source=LEDGER),
    replace(_COPY, id=SECOND, source=FIRST),
)


class Stage:
    """A model under a script, and the collector that asks it, each five seconds."""

    def __init__(self, *said: dict[str, object]) -> None:
        there = {machine.id: machine for machine in LEDGERS}
        start = NOON.timestamp()
        entries = [entry(n, At.model_validate(each), start, there, "here.toml") for n, each in enumerate(said, 1)]
        self.model = Model(1, start, LEDGERS, Script(entries))
        self.now = NOON
        self._lag = Lag(ModelPostgresServers(self.model, lambda: self.now), lambda: self.now)

    async def look(self, about: ResourceId) -> tuple[Replication, ReplicaLag | None]:
        found: list[Reading] = [reading async for reading in self._lag.collect(about)]
        (told,) = (each for each in found if isinstance(each, Replication))
        return told, next((each for each in found if isinstance(each, ReplicaLag)), None)

    async def until(self, seconds: float, *abouts: ResourceId) -> None:
        """Passes over all, up to then."""
        while self.now < NOON + timedelta(seconds=seconds):
            for about in abouts:
                await self.look(about)
            self.now += REFRESH


def upstream(told: Replication) -> Link:
    (link,) = told.upstream
    return link


async def test_all_three_agree_and_lag_is_the_models() -> None:
    stage = Stage()
    top, none = await stage.look(LEDGER)
    middle, lag = await stage.look(FIRST)
    low, low_lag = await stage.look(SECOND)
    assert (top.role, middle.role, low.role, none) == ("primary", "both", "replica", None)
    assert lag is not None
    assert low_lag is not None
    assert (lag.source, low_lag.source) == (LEDGER, FIRST)
    assert lag.lag is not None
    modelled = stage.model.lag(FIRST, NOON.timestamp())
    assert modelled is not None
    assert abs(lag.lag.total_seconds() - modelled) < 0.1
    (down,) = top.downstream
    assert (down.copy, down.source, down.state) == (FIRST, LEDGER, upstream(middle).state)
    assert upstream(middle).lag.bytes is not None
    assert abs((down.lag.bytes or 0) - (upstream(middle).lag.bytes or 0)) < 1_000_000
    assert [(slot.name, slot.active, slot.state) for slot in top.slots] == [("ledger_replica_1", True, "reserved")]


async def test_the_log_only_grows() -> None:
    stage = Stage()
    before = -1
    for _ in range(20):
        (link,) = (await stage.look(FIRST))[0].upstream
        assert link.state in (LinkState.IN_STEP, LinkState.BEHIND)
        (down,) = (await stage.look(LEDGER))[0].downstream
        assert (down.unsent.bytes or 0) >= 0
        assert (stage.now.timestamp()) > before
        before = int(stage.now.timestamp())
        stage.now += REFRESH


@pytest.mark.parametrize("status", ["none", "waiting"])
async def test_without_a_receiver_the_link_is_broken_at_both_ends_within_two_refreshes(status: str) -> None:
    stage = Stage({"seconds": 60, "resource": "ledger-replica-1", "set": {"postgres.wal_receiver_status": status}})
    await stage.until(70, LEDGER, FIRST, SECOND)
    told, lag = await stage.look(FIRST)
    assert lag is not None
    assert (upstream(told).state, lag.lag, upstream(told).lag.at_least) == (LinkState.BROKEN, None, True)
    (down,) = (await stage.look(LEDGER))[0].downstream
    assert down.state in DEAD
    await stage.until(120, LEDGER, FIRST, SECOND)
    top = (await stage.look(LEDGER))[0]
    (slot,) = top.slots
    assert not slot.active
    assert (slot.kept or 0) > 50_000_000
    assert upstream((await stage.look(SECOND))[0]).state is not LinkState.BROKEN


async def test_a_source_from_which_nothing_comes_makes_the_link_silent() -> None:
    setting = {"postgres.last_msg_receipt_time": "@now"}
    stage = Stage({"seconds": 60, "resource": "ledger-replica-1", "set": setting})
    await stage.until(60 + 25, LEDGER, FIRST)
    told, lag = await stage.look(FIRST)
    assert lag is not None
    assert (upstream(told).state, lag.lag) == (LinkState.SILENT, None)
    assert (upstream(told).lag.seconds or 0) >= 20
    await stage.until(60 + 40, LEDGER, FIRST)
    (down,) = (await stage.look(LEDGER))[0].downstream
    assert down.state is LinkState.BROKEN


async def test_positions_and_slots_are_as_a_scenario_sets_them() -> None:
    stage = Stage(
        {"seconds": 0, "resource": "ledger", "set": {
            "postgres.current_lsn": "16/B374D848",
            "postgres.slot.forgotten.active": False,
            "postgres.slot.forgotten.retained_bytes": 9e9,
            "postgres.slot.forgotten.wal_status": "unreserved",
        }},
        {"seconds": 0, "resource": "ledger-replica-1", "set": {
            "postgres.receive_lsn": "16/B374D800",
            "postgres.replay_lsn": "16/B3740000",
            "postgres.last_xact_replay_timestamp": "@now-10m",
        }},
    )  # fmt: skip
    told, lag = await stage.look(FIRST)
    assert lag is not None
    assert lag.lag == timedelta(minutes=10)
    assert upstream(told).unapplied.bytes == 0xD800
    (down,) = (await stage.look(LEDGER))[0].downstream
    assert (down.unsent.bytes, down.lag.bytes) == (0x48, 0xD848)
    (slot,) = (each for each in (await stage.look(LEDGER))[0].slots if each.name == "forgotten")
    assert (slot.active, slot.kept, slot.state) == (False, 9_000_000_000, "unreserved")


async def test_a_source_that_sends_to_nobody_misses_those_that_there_were() -> None:
    stage = Stage({"seconds": 60, "resource": "ledger", "set": {"postgres.streaming_replicas": 0}})
    await stage.until(65, LEDGER)
    (down,) = (await stage.look(LEDGER))[0].downstream
    assert (down.copy, down.state) == (FIRST, LinkState.BROKEN)


async def test_while_it_fails_over_nobody_is_served_and_links_are_broken() -> None:
    stage = Stage({"seconds": 60, "resource": "ledger", "cause": "failover"})
    await stage.until(60, LEDGER, FIRST)
    stage.now += REFRESH
    with pytest.raises(CannotCollect):
        await stage.look(LEDGER)
    told, lag = await stage.look(FIRST)
    assert lag is not None
    assert (upstream(told).state, lag.lag) == (LinkState.BROKEN, None)
    stage.now += timedelta(seconds=90)
    told, lag = await stage.look(FIRST)
    assert upstream(told).state in (LinkState.IN_STEP, LinkState.BEHIND)


@pytest.mark.parametrize(
    ("resource", "key", "value", "words"),
    [
        ("ledger", "postgres.replay_lsn", "0/1", "follows nobody"),
        ("ledger-replica-1", "postgres.current_lsn", "0/1", "follows ledger"),
        ("ledger-replica-1", "postgres.replay_lsn", "here", "no position"),
        ("ledger-replica-1", "postgres.replay_lsn", 5, "no position"),
        ("ledger-replica-1", "postgres.last_msg_receipt_time", "x", "no time"),
        ("ledger", "postgres.slot.a.active", "yes", "neither true nor false"),
        ("ledger", "postgres.streaming_replicas", "two", "not a number"),
        ("ledger", "postgres.n_dead_tup", 5, "no collector yet"),
    ],
)
def test_what_cannot_be_is_refused(resource: str, key: str, value: object, words: str) -> None:
    with pytest.raises(Trouble, match=words):
        Stage({"seconds": 1, "resource": resource, "set": {key: value}})


async def test_an_engine_of_the_demo_asks_each_of_them_by_its_own_collector() -> None:
    core = Core(Identity("demo", "demo"), SteppedClock(NOON))
    play = Play("database-architect", 1, None, NOON, 0.0, 1.0)
    found = databases.DemoDatabases(core, play, Profile.model_validate({"name": "demo"}))
    await found.begin()
    asked = {job.target for job in core.schedule.jobs() if job.collector == "replica-lag"}
    assert {LEDGER, FIRST, SECOND} <= asked
    assert "profiles" not in asked
    nothing = Safe("")
    for about in (LEDGER, FIRST):
        core.estate.fold(Described(about, NOON, nothing, nothing, nothing, nothing, nothing, nothing, nothing))
        await core.schedule.one_pass(Job("replica-lag", about))
        assert isinstance(core.estate.resources[about].inside[Replication.part], Replication)
    assert {LEDGER, FIRST} <= set(found.loads)
    await found.end()
