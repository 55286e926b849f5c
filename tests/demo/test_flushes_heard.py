"""A flush that one console makes is true in the emulated CloudWatch and in every other console; and outlives a kill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.wire.connection import Connection
from collectors.safe import Safe
from collectors.threads import Threads
from console.access.role import Role
from console.actions.surroundings import Keys
from console.demo.flushes import Flush, entry
from console.demo.hands import DemoHands
from console.demo.hearing import Hearing
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.redis.caches import ModelCaches
from console.demo.redis.keys import END
from console.demo.reporting import Reports
from console.demo.told import HEADER
from tests.rig.emulated import START, Emulated, emulated

PRIMARY, ORIGIN = ResourceId(Safe("sessions-001")), ResourceId(Safe("orders-primary"))
LONGEST_S = 20.0
WHOLE = ((0, END),)


def model(world: Emulated) -> Model:
    return model_of(world.play.scenario, seed=world.play.seed, size=world.play.size, start=world.play.start)


def now() -> datetime:
    return START + timedelta(seconds=30)


@asynccontextmanager
async def hearing(world: Emulated) -> AsyncIterator[Model]:
    heard = model(world)
    found = Hearing(heard, world.endpoint)
    found.begin()
    try:
        yield heard
    finally:
        await found.end()


async def until(heard: Model, count: int) -> None:
    async with asyncio.timeout(LONGEST_S):
        while True:
            if len(heard.flushes.all) == count:
                return
            await asyncio.sleep(0.001)


async def no_keys(_: tuple[str, ...], __: tuple[str, ...]) -> Keys:
    raise AssertionError("the demo's password is not AWS's")


async def test_a_flush_by_the_way_of_the_gate_is_seen_by_every_console_and_by_cloudwatch() -> None:
    with emulated("admin", speed=0.0) as world:
        own = model(world)
        reports = Reports(own, world.endpoint, now)
        caches = ModelCaches(own, now, reports)
        way = DemoHands(caches, None, reports).way_to_cache("sessions-001")  # type: ignore[arg-type]
        async with hearing(world) as other:
            connection = await Connection.open(way.target, await way.log_in(no_keys), Threads())
            assert await connection.do([("FLUSHALL", "ASYNC")]) == ("OK",)
            await until(other, 1)
            assert other.flushes.all == own.flushes.all
            for each in (own, other):
                assert each.metrics(PRIMARY, START.timestamp() + 31)["CacheHitRate"] == pytest.approx(1.3, abs=1.3)
            await connection.close()
        await caches.end()
        hit, cpu = await asyncio.to_thread(told, world)
    assert hit[0] > 90
    assert min(hit[1:]) < 60
    assert max(cpu[1:]) > cpu[0] + 5


def told(world: Emulated) -> tuple[list[float], list[float]]:
    """By CloudWatch, some minutes later: the minute before and those after."""
    later = START + timedelta(minutes=10)
    client = world.client("cloudwatch")

    def tell(request: object, **_: object) -> None:
        request.headers[HEADER] = str(round(later.timestamp() * 1000))  # type: ignore[attr-defined]

    client.meta.events.register("before-sign", tell)
    asked = (
        ("AWS/ElastiCache", "CacheHitRate", {"CacheClusterId": PRIMARY, "CacheNodeId": "0001"}),
        ("AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": ORIGIN}),
    )
    found = []
    for namespace, name, under in asked:
        points = client.get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": dimension, "Value": value} for dimension, value in under.items()],
            StartTime=START - timedelta(minutes=1),
            EndTime=START + timedelta(minutes=3),
            Period=60,
            Statistics=["Average"],
        )["Datapoints"]
        found.append([point["Average"] for point in sorted(points, key=lambda point: point["Timestamp"])])
    return found[0], found[1]


async def test_a_killed_emulator_has_forgotten_no_flush_and_a_report_waits_for_the_next(tmp_path: Path) -> None:
    with emulated("admin", ledger=tmp_path / "emulator.ledger") as world:
        reports = Reports(model(world), world.endpoint, now)
        supervising = asyncio.create_task(world.emulator.supervise())
        await reports.flushed(PRIMARY, "FLUSHALL", runs=WHOLE)
        world.kill()
        await reports.flushed(ORIGIN, "FREEPROCCACHE", share=0.5, what="shop")
        async with hearing(world) as other:
            await until(other, 2)
            assert {each.operation for each in other.flushes.all} == {"FLUSHALL", "FREEPROCCACHE"}
        supervising.cancel()
        await asyncio.wait([supervising])


async def test_where_nobody_answers_nobody_says_that_it_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.demo.reporting.PATIENCE_S", 0.05)
    with emulated("admin") as world:
        own = model(world)
        reports = Reports(own, world.endpoint, now)
        caches = ModelCaches(own, now, reports)
        way = DemoHands(caches, None, reports).way_to_cache("sessions-001")  # type: ignore[arg-type]
        connection = await Connection.open(way.target, await way.log_in(no_keys), Threads())
        world.emulator.close()
        monkeypatch.setattr(world.emulator, "close", lambda: None)
        with pytest.raises(CannotCollect, match="does not answer"):
            await reports.flushed(PRIMARY, "FLUSHALL", runs=WHOLE)
        with pytest.raises(Exception, match="closed"):
            await connection.do([("FLUSHALL", "ASYNC")])
        await connection.close()
        await caches.end()
    assert not own.flushes.all


@pytest.fixture(scope="module")
def world() -> Iterator[Emulated]:
    with emulated("admin") as found:
        yield found


def test_what_is_no_report_of_an_engine_is_refused(world: Emulated) -> None:
    flush = Flush("a", START.timestamp(), PRIMARY, "FLUSHALL", runs=WHOLE)
    told, at = {HEADER: str(round(START.timestamp() * 1000))}, f"{world.endpoint}/_demo/flushes"
    assert httpx.post(at, json=entry(flush)).status_code == 400  # no page of a browser sends the header
    assert httpx.get(at, headers=told).status_code == 400
    for spoilt in ({"share": 7}, {"runs": [[9, 1]]}, {"at": "x"}, {"runs": None}):
        assert httpx.post(at, json=entry(flush) | spoilt, headers=told).status_code == 400
    assert httpx.post(at, content=b"[]", headers=told).status_code == 400
    assert httpx.post(at, json=entry(flush) | {"about": "nobody"}, headers=told).status_code == 409
    assert [httpx.post(at, json=entry(flush), headers=told).status_code for _ in range(2)] == [200, 200]
    turns = httpx.get(f"{world.endpoint}/_demo/turns?after=0").json()
    assert [each["id"] for each in turns["flushes"]] == ["a"]
    assert turns["after"] == 1


def test_only_the_admin_of_the_demo_may_log_in_to_flush(world: Emulated) -> None:
    """The gate asks IAM for these grants before it opens a line."""
    iam, may = world.client("iam"), {}
    for role in Role:
        said = iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::111122223333:role/dbconsole-{role.word}",
            ActionNames=["elasticache:Connect", "rds-db:connect"],
            ResourceArns=["*"],
        )["EvaluationResults"]
        may[role.word] = {each["EvalDecision"] for each in said}
    assert may == {"viewer": {"implicitDeny"}, "operator": {"implicitDeny"}, "admin": {"allowed"}}


def test_what_may_be_flushed_bears_the_tag(world: Emulated) -> None:
    client = world.client("elasticache")
    for name in ("cluster:sessions-001", "replicationgroup:sessions"):
        arn = f"arn:aws:elasticache:eu-west-1:111122223333:{name}"
        tags = client.list_tags_for_resource(ResourceName=arn)["TagList"]
        assert {"Key": "dbconsole:flushable", "Value": "true"} in tags
