"""The demo fails over behind an engine: what is told of it agrees with the emulator's own account of each door."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from collectors.clock import PacedClock
from collectors.readings import ResourceId
from collectors.safe import Safe
from console import profiles
from console.engine.core import Core, Identity
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.past import REMEMBERED_FOR, Past, Sources
from console.engine.failovers.surroundings import Surroundings
from console.engine.outside import Outside
from console.estate.times import to_ms
from console.play import play
from console.profile_errors import shipped
from console.protocol.failover import Failover
from console.protocol.op import Op, StateWord
from console.specs import AwsOptions, Play
from tests.rig.emulated import START, Emulated, emulated

ORDERS = ResourceId(Safe("orders-primary"))
CATALOGUE = ResourceId(Safe("catalogue"))
SESSIONS, REPLICA = ResourceId(Safe("sessions-001")), ResourceId(Safe("orders-replica-1"))
SLOW, QUICKLY, FAST = 3.0, 10.0, 30.0  # by the first times can be measured; by the last minutes pass
QUICK = {"dark_s": 6, "recovery_s": 6, "read_only_s": 3, "swap_s": 6, "standby_sync_s": 9}
LONGEST_S = 40.0


@dataclass
class Watched:
    """An engine without sockets in front of an emulated AWS, whose API a test asks as anybody might."""

    world: Emulated
    core: Core
    failovers: Failovers
    past: Past

    async def told(self, holds: Callable[[Failover], bool], what: str) -> Failover:
        found: list[Failover] = []
        try:
            async with asyncio.timeout(LONGEST_S):
                while not (fits := [each for each in found if holds(each)]):
                    await asyncio.sleep(0.05)
                    found = [one.body() for one in self.failovers.ones]
                return fits[0]
        except TimeoutError:
            raise AssertionError(f"never: {what}; {[each.model_dump() for each in found]}") from None

    def found(self, about: ResourceId) -> set[str]:
        """What stands of it, as triage shows it."""
        return {sight.finding.id for sight in self.core.estate.resources[about].findings if sight.is_open}

    def op(self, state: StateWord, action: str, about: ResourceId, **more: object) -> None:
        now = to_ms(self.core.clock.now())
        words = {"id": Safe("01JDB7QZ8S0000000000000000"), "action": Safe(action), "title": Safe("Fail over")}
        sent = None if state == "intent" else now
        told = Op(**words, resource=about, state=state, by=Safe("ann"), role="operator", began=now, sent=sent)
        self.failovers.op_is(told.model_copy(update=more))

    async def asked(self, service: str, operation: str, **asked: Any) -> None:
        client = self.world.client(service, "dbconsole-admin")
        await asyncio.to_thread(getattr(client, operation), **asked)

    async def truth(self) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.world.endpoint}/_demo/doors", timeout=10)
        found: dict[str, Any] = answer.json()["turns"][-1]
        return found


@asynccontextmanager
async def watched(folder: Path, speed: float = QUICKLY, **ways: object) -> AsyncIterator[Watched]:
    """``ways``: of each failover, as a scenario sets them."""
    sets = ", ".join(f'"failover.{name}" = {_toml(value)}' for name, value in {**QUICK, **ways}.items())
    scenario = folder / "quick.toml"
    abouts = (ORDERS, CATALOGUE, SESSIONS, REPLICA)
    each = (f'[[at]]\nseconds = 0\nresource = "{about}"\nset = {{ {sets} }}\n' for about in abouts)
    head = 'name = "quick"\ntitle = "Failovers are quick"\nestate = "resilient-database"\nlasts_seconds = 3600\n'
    scenario.write_text(head + "\n" + "\n".join(each))
    with emulated("admin", scenario=str(scenario), speed=speed) as world:
        play, profile = world.play, shipped("resilient-database")
        clock = PacedClock(play.start, play.speed, play.anchor)
        core = Core(Identity(profile.name, "demo", speed), clock, promises=profiles.promises(profile))
        outside = Outside(core, profile, play=play, aws=AwsOptions(), folder=None, lasting=False)
        around = Surroundings(core, outside.databases, outside.aws.place_of, speed, folder, "one")
        failovers = Failovers(around)
        tasks = [asyncio.create_task(work) for work in (outside.live(), core.schedule.run(), failovers.live())]
        try:
            async with asyncio.timeout(LONGEST_S):
                await core.schedule.first_passes()
            assert {ORDERS, CATALOGUE} <= core.estate.resources.keys()
            known, reader = outside.aws.known, outside.sessions.reader
            sources = Sources(known, reader, lambda: core.estate.resources, clock.now)
            yield Watched(world, core, failovers, Past(failovers, sources))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await failovers.end()
            await outside.end()
            outside.close()


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


async def sent(here: Watched, action: str, about: ResourceId) -> None:
    """As an operation of ours, up to the request."""
    here.op("intent", action, about)
    await here.told(lambda f: f.probe.knocks > 3, "knocks while it counts down")
    here.op("sent", action, about)


async def test_an_outage_is_as_long_as_the_emulator_has_it(tmp_path: Path) -> None:
    async with watched(tmp_path, SLOW) as here:
        await sent(here, "fail-over.instance", ORDERS)
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier=ORDERS, ForceFailover=True)
        told, truth = await here.told(lambda f: f.up is not None, "up"), await here.truth()
        assert told.down is not None
        assert told.up is not None
        assert abs(told.down - truth["dark_from"]) <= 500
        assert abs(told.up - truth["open_from"]) <= 500


async def test_an_instance_that_is_failed_over_ends_with_every_step_that_is_watched(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        await sent(here, "fail-over.instance", ORDERS)
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier=ORDERS, ForceFailover=True)
        done = await here.told(lambda f: f.phase == "done", "done")
        states = {str(step.name): step.state for step in done.steps}
        assert states == {**dict.fromkeys(states, "done"), "redirect": "under-way"}
        assert {str(p.name) for p in done.proofs if p.state == "proved"} >= {"status", "event", "login", "writes"}
        assert done.moved is not None


async def test_one_that_somebody_else_asked_for_is_seen_and_ends(tmp_path: Path) -> None:
    async with watched(tmp_path, dark_s=20) as here:
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier=ORDERS, ForceFailover=True)
        begun = await here.told(lambda f: f.resource == ORDERS, "a run of it")
        assert not begun.planned
        done = await here.told(lambda f: f.phase == "done", "done")
        assert (done.id, len(here.failovers.ones)) == (begun.id, 1)


async def test_a_cluster_whose_events_are_missing_ends_by_what_is_listed_and_answers(tmp_path: Path) -> None:
    async with watched(tmp_path, events="missing") as here:
        await sent(here, "fail-over.cluster", CATALOGUE)
        await here.asked("rds", "failover_db_cluster", DBClusterIdentifier=CATALOGUE)
        done = await here.told(lambda f: f.phase == "done", "done")
        assert {str(p.name): p.state for p in done.proofs}["event"] == "missing"
        assert done.before != done.after


async def test_a_shard_ends_when_its_nodes_are_there_again_though_its_primary_is_another(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        await sent(here, "fail-over.cache", SESSIONS)
        await here.asked("elasticache", "test_failover", ReplicationGroupId="sessions", NodeGroupId="0001")
        done = await here.told(lambda f: f.phase == "done", "done")
        assert "sessions-001" in done.before
        assert "sessions-002" in done.after
        assert done.up is not None
        assert {str(p.name): p.state for p in done.proofs}["roles"] == "proved"


async def test_a_promotion_is_done_when_the_replica_stands_alone_and_may_be_written(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        await sent(here, "promote.instance", REPLICA)
        await here.asked("rds", "promote_read_replica", DBInstanceIdentifier=REPLICA, BackupRetentionPeriod=7)
        done = await here.told(lambda f: f.phase == "done", "done")
        assert done.kind == "promotion"
        assert "follows orders-primary" in done.before
        assert "follows" not in done.after
        assert {str(s.name): s.state for s in done.steps if s.ticked_by_person} == dict.fromkeys(
            ("repoint", "redirect", "restore"), "under-way"
        )


async def test_one_that_never_ends_is_overdue_and_whoever_looks_at_the_resource_sees_it(tmp_path: Path) -> None:
    async with watched(tmp_path, FAST, never_ends=True) as here:
        await sent(here, "fail-over.instance", ORDERS)
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier=ORDERS, ForceFailover=True)
        told = await here.told(lambda f: bool(f.overdue), "overdue")
        assert (told.phase, told.up, told.objective_s) == ("recovering", None, 120)
        assert told.overdue[0].startswith("Nobody is let in for ")
        findings = {"failover-in-progress", "failover-overdue"}
        await here.told(lambda _: findings <= here.found(ORDERS), "both findings")


async def test_who_asked_for_a_former_one_is_known_from_cloudtrail_once_it_tells(tmp_path: Path) -> None:
    async with watched(tmp_path, FAST) as here:
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier=ORDERS, ForceFailover=True)
        await here.asked("rds", "reboot_db_instance", DBInstanceIdentifier="customers")
        await here.told(lambda f: f.phase == "done", "done")
        async with asyncio.timeout(LONGEST_S):
            while "CloudTrail" not in (rows := await here.past.rows(ORDERS))[1][4]:
                await here.core.clock.sleep_until(here.core.clock.now() + REMEMBERED_FOR)
        assert rows[1][2] == "rig", "as whom they asked"
        assert len(rows) == 2, "all tell of one"
        assert rows[1][3].endswith(" s")


async def test_a_play_that_is_looked_at_once_has_the_failover_by_what_aws_tells() -> None:
    demo = Play("failover-and-back", 1, 12, START, time.monotonic(), 1.0)
    moment = await play(shipped("resilient-database"), demo, timedelta(seconds=330), None)
    (found,) = (each for each in moment.mirror.resources[ORDERS].findings if each.id == "failover-in-progress")
    assert found.cleared is not None
    (told,) = moment.mirror.failovers.values()
    assert told.outcome == "It is done: nobody could knock; AWS tells of 73 s from its first word to its last."
