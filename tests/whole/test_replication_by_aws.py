"""The estate of many engines, played: each link breaks in its own way, AWS's own words tell it, and it heals."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.clock import SteppedClock
from collectors.inside.replication import Link, LinkState, ReplicationByAws
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console import profiles
from console.engine.core import Core, Identity
from console.engine.outside import outside
from console.estate.resource import Resource
from console.play import play
from console.profile_errors import shipped
from console.specs import AwsOptions, Play

START = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
LAG = Safe("replica.lag_s")
ARCHITECT, RESILIENT = "database-architect", "resilient-database"
LATE = '[[at]]\nseconds = 120\nresource = "profiles"\nset = { "cloudwatch.ReplicationLatency" = 9000 }\n'
TROUBLES = """
[[at]]
seconds = 300
resource = "ledger-replica-1"
set = { "api.StatusInfos" = [
  { StatusType = "read replication", Status = "error", Normal = false, Message = "the slot is gone" },
] }
[[at]]
seconds = 300
resource = "ledger-replica-2"
cause = "replica-behind"
[[at]]
seconds = 300
resource = "shop-replica-1"
set = { "cloudwatch.ReplicaLag" = -1 }
[[at]]
seconds = 300
resource = "archive-replica-1"
set = { "cloudwatch.ReplicaLag" = nan }
[[at]]
seconds = 300
resource = "profiles"
set = { "cloudwatch.ConsumedWriteCapacityUnits" = 0, "cloudwatch.ReplicationLatency" = nan }
"""
HEALED = "".join(
    f'[[at]]\nseconds = 960\nresource = "{name}"\nclear = true\n'
    for name in ("ledger-replica-1", "ledger-replica-2", "shop-replica-1", "archive-replica-1", "profiles")
)


@dataclass
class Played:
    core: Core

    def fact(self, name: str) -> ReplicationByAws:
        found = self._resource(name).inside[ReplicationByAws.part]
        assert isinstance(found, ReplicationByAws)
        return found

    def upstream(self, name: str) -> Link:
        (link,) = self.fact(name).upstream
        return link

    def lag(self, name: str) -> float | None:
        return self._resource(name).latest[LAG].value

    def _resource(self, name: str) -> Resource:
        return self.core.estate.resources[ResourceId(sanitise(name))]


async def played(folder: Path, text: str, seconds: int, estate: str = ARCHITECT) -> Played:
    path = folder / "links.toml"
    path.write_text(f'name = "links"\nestate = "{estate}"\n{text}', encoding="utf-8")
    clock, profile = SteppedClock(START), shipped(estate)
    core = Core(Identity(profile.name, "demo"), clock, profiles.limits(profile))
    demo = Play(str(path), 1, None, START, time.monotonic(), 0.0)
    async with outside(core, profile, demo, AwsOptions()):
        running = asyncio.create_task(core.schedule.run())
        await clock.sleep_until(START + timedelta(seconds=seconds))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return Played(core)


async def test_a_lag_that_aws_alone_tells_is_fresh_and_judged_as_any(tmp_path: Path) -> None:
    path = tmp_path / "links.toml"
    path.write_text(f'name = "links"\nestate = "{ARCHITECT}"\n{LATE}', encoding="utf-8")
    demo = Play(str(path), 1, None, START, time.monotonic(), 1.0)
    told = (await play(shipped(ARCHITECT), demo, timedelta(seconds=500), None)).mirror.resources
    value = told["profiles"].values[LAG]
    assert (value.v, value.s, value.b) == (9.0, "fresh", "warning")


async def test_an_ordinary_day_links_everything(tmp_path: Path) -> None:
    moment = await played(tmp_path, "", 320)
    links = {
        name: moment.upstream(name) for name in ("ledger-replica-1", "ledger-replica-2", "shop-replica-1", "hot-002")
    }
    assert {name: link.source for name, link in links.items()} == {
        "ledger-replica-1": "ledger",
        "ledger-replica-2": "ledger-replica-1",
        "shop-replica-1": "shop",
        "hot-002": "hot-001",
    }
    assert {link.state for link in links.values()} <= {LinkState.IN_STEP, LinkState.BEHIND}
    assert all((link.lag.seconds or 9) < 5 for link in links.values())
    assert {link.copy for link in moment.fact("ledger").downstream} == {"ledger-replica-1", "ledger standby"}
    (there,) = moment.fact("profiles").downstream
    assert (there.copy, there.state) == ("profiles@eu-central-1", LinkState.IN_STEP)


async def test_the_readers_of_the_other_estate_are_told_by_aws_alone(tmp_path: Path) -> None:
    moment = await played(tmp_path, "", 320, RESILIENT)
    link = moment.upstream("catalogue-2")
    assert (link.source, link.state, link.lag.fine, link.unsent.seconds) == (
        "catalogue-1",
        LinkState.IN_STEP,
        True,
        0.0,
    )
    assert moment.lag("catalogue-2") == pytest.approx(link.lag.seconds)
    assert moment.upstream("orders-replica-1").source == "orders-primary"


async def test_each_link_breaks_in_its_own_way(tmp_path: Path) -> None:
    moment = await played(tmp_path, TROUBLES, 940)
    broken, stopped = moment.upstream("ledger-replica-1"), moment.upstream("shop-replica-1")
    assert (broken.state, broken.why, broken.told) == (LinkState.BROKEN, "the slot is gone", "error")
    assert broken.lag.at_least
    assert 600 < (broken.lag.seconds or 0) < 900
    assert stopped.state is LinkState.BROKEN
    assert stopped.lag.at_least
    assert 600 < (stopped.lag.seconds or 0) < 900
    behind, silent = moment.upstream("ledger-replica-2"), moment.upstream("archive-replica-1")
    assert behind.state is LinkState.BEHIND
    assert (behind.lag.seconds or 0) > 200
    assert (silent.state, silent.lag.is_known) == (LinkState.UNKNOWN, False)
    (idle,) = moment.fact("profiles").downstream
    assert (idle.state, idle.lag.is_known) == (LinkState.IN_STEP, False)
    assert moment.lag("profiles") is None


async def test_and_heals(tmp_path: Path) -> None:
    moment = await played(tmp_path, TROUBLES + HEALED, 1400)
    for name in ("ledger-replica-1", "ledger-replica-2", "shop-replica-1", "archive-replica-1"):
        link = moment.upstream(name)
        assert link.state in (LinkState.IN_STEP, LinkState.BEHIND), name
        assert not link.lag.at_least
        assert (link.lag.seconds or 9) < 5
    assert (moment.lag("profiles") or 9) < 5


async def test_a_denied_cloudwatch_is_no_answer_and_names_the_grant(tmp_path: Path) -> None:
    moment = await played(tmp_path, '[[at]]\nseconds = 0\nfault = "access-denied"\ncollector = "cloudwatch"\n', 130)
    link = moment.upstream("shop-replica-1")
    assert (link.state, link.lag.is_known) == (LinkState.UNKNOWN, False)
    assert "cloudwatch:GetMetricData" in link.why
