"""The emulator as a process: its socket, its time, its end, and what it lacks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from console.demo.emulator import launch
from console.demo.emulator.launch import Emulator
from console.demo.emulator.now import Now
from console.demo.emulator.requests_form import Environ, Start
from console.demo.told import HEADER
from console.specs import Play
from tests.demo.emulator.emulating import ESTATE, START, Emulating, code, emulating

PARENT = """
import sys, time
from datetime import datetime, UTC
from console.demo.emulator.launch import Emulator
from console.specs import Play
emulator = Emulator(Play("resilient-database", 1, 12, datetime.now(UTC), time.monotonic(), 1.0))
print(emulator.pid, emulator.endpoint, flush=True)
time.sleep(600)
"""


@pytest.fixture
def world() -> Iterator[Emulating]:
    with emulating() as served:
        yield served


def described(world: Emulating) -> Any:
    return world.client("rds").describe_db_instances()["DBInstances"]


def until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_who_connects_before_anybody_answers_waits(world: Emulating) -> None:
    assert len(described(world)) == 8


async def test_killed_it_comes_back_on_the_same_socket_with_the_same_answers(
    world: Emulating, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "PAUSES_S", (0.01,))
    before, endpoint, pid = described(world), world.emulator.endpoint, world.emulator.pid
    supervising = asyncio.create_task(world.emulator.supervise())
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(until, lambda: world.emulator.pid != pid)
    fresh = boto3.session.Session("AKIADEMO", "demo", region_name="eu-west-1").client("rds", endpoint_url=endpoint)
    after = await asyncio.to_thread(fresh.describe_db_instances)
    assert after["DBInstances"] == before
    fresh.close()
    supervising.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await supervising


async def test_what_was_done_to_the_estate_dies_with_it(world: Emulating, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "PAUSES_S", (0.01,))
    before = described(world)
    world.client("rds").reboot_db_instance(DBInstanceIdentifier="billing")
    assert described(world) != before
    supervising = asyncio.create_task(world.emulator.supervise())
    pid = world.emulator.pid
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(until, lambda: world.emulator.pid != pid)
    world.client("rds").close()  # connections that were open went with it
    assert await asyncio.to_thread(described, world) == before
    supervising.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await supervising


def test_a_killed_parent_takes_it_along() -> None:
    with subprocess.Popen([sys.executable, "-P", "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, endpoint = parent.stdout.readline().split()
        connection = HTTPConnection(endpoint.removeprefix("http://"))
        connection.request("GET", "/_demo/requests")
        assert connection.getresponse().status == 200
        connection.close()
        assert lives(int(pid))
        parent.kill()
    until(lambda: not lives(int(pid)))


def test_closing_ends_it(world: Emulating) -> None:
    described(world)
    other = Emulator(world.play)
    pid = other.pid
    assert lives(pid)
    other.close()
    assert not lives(pid)


def test_why_it_ended_is_in_its_log(world: Emulating, tmp_path: Path) -> None:
    log_file = tmp_path / "emulator.log"
    broken = Emulator(replace(world.play, scenario="no-such-estate"), log_file)
    try:
        until(lambda: b"There is no such estate" in log_file.read_bytes())
    finally:
        broken.close()


def test_each_request_is_answered_for_the_time_that_it_tells(world: Emulating) -> None:
    def restorable() -> Any:
        return next(each["LatestRestorableTime"] for each in described(world) if "LatestRestorableTime" in each)

    first = restorable()
    world.now += timedelta(hours=2)
    assert restorable() == first + timedelta(hours=2)
    world.now -= timedelta(hours=2)
    assert restorable() == first


def test_who_tells_no_time_is_answered_for_the_latest(world: Emulating) -> None:
    world.now += timedelta(days=1)
    as_told = described(world)
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    plain = boto3.session.Session("AKIADEMO", "demo", region_name="eu-west-1").client(
        "rds", endpoint_url=world.emulator.endpoint, config=config
    )
    assert plain.describe_db_instances()["DBInstances"] == as_told
    plain.close()


def heard(clock: Now, *told: str | None) -> list[tuple[float, float]]:
    """What time it is for requests that tell it, or tell none; and the latest."""
    seen: list[tuple[float, float]] = []

    def app(environ: Environ, start: Start) -> list[bytes]:
        seen.append((clock(), clock.latest()))
        return []

    name = "HTTP_" + HEADER.upper().replace("-", "_")
    for each in told:
        clock.wrap(app)({} if each is None else {name: each}, print)
    return seen


def test_a_clock_runs_at_its_speed_and_never_before_what_was_told() -> None:
    clock = Now(1000.0, time.monotonic() - 10, 60.0)
    assert 1600 <= clock() < 5000
    assert heard(clock, "50000000", "2000000", None) == [(50_000, 50_000), (2000, 50_000), (50_000, 50_000)]


@pytest.mark.parametrize("told", ["-1", "soon", "1e9", "٣", "9" * 30, ""])
def test_a_time_that_is_none_is_not_taken(told: str) -> None:
    assert heard(Now(1000.0, time.monotonic(), 0.0), told) == [(1000.0, 1000.0)]


def test_what_moto_knows_moto_answers(world: Emulating) -> None:
    assert world.client("ec2").describe_regions(RegionNames=["eu-west-1"])["Regions"][0]["RegionName"] == "eu-west-1"
    assert world.client("rds").describe_db_subnet_groups()["DBSubnetGroups"] == []


@pytest.mark.parametrize(
    ("service", "operation", "asked"),
    [
        ("rds", "describe_certificates", {}),
        ("rds", "switchover_read_replica", {"DBInstanceIdentifier": "billing"}),
        ("dynamodb", "describe_global_table", {"GlobalTableName": "carts"}),
        ("elasticache", "describe_service_updates", {}),
        ("cloudwatch", "describe_alarm_history", {}),
        ("backup", "list_backup_plans", {}),
        ("pi", "get_resource_metrics", {
            "ServiceType": "RDS", "Identifier": "db-A", "MetricQueries": [{"Metric": "db.load.avg"}],
            "StartTime": START, "EndTime": START,
        }),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_an_error_of_aws(lacking: Emulating, service: str, operation: str, asked: Any) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(lacking.client(service), operation)(**asked)
    assert code(caught.value) == "InvalidAction"


@pytest.fixture(scope="module")
def lacking() -> Iterator[Emulating]:
    with emulating() as served:
        yield served


def test_a_thousand_machines_page_by_page() -> None:
    with emulating(ESTATE, 1000) as world:
        pages = list(world.client("rds").get_paginator("describe_db_instances").paginate())
        names = [each["DBInstanceIdentifier"] for page in pages for each in page["DBInstances"]]
        wanted = sorted(m.id for m in world.model.machines.values() if m.kind == "instance")
        assert names == wanted
        assert [len(page["DBInstances"]) for page in pages[:-1]] == [100] * (len(pages) - 1)
        small = world.client("rds").get_paginator("describe_db_instances").paginate(PaginationConfig={"PageSize": 37})
        assert [each["DBInstanceIdentifier"] for page in small for each in page["DBInstances"]] == wanted
        caches = world.client("elasticache").get_paginator("describe_cache_clusters").paginate()
        assert sum(len(page["CacheClusters"]) for page in caches) == sum(
            m.kind == "cache" for m in world.model.machines.values()
        )


def test_a_play_is_told_as_it_is() -> None:
    play = Play(ESTATE, 7, 12, START, 12.5, 60.0)
    told = launch._told(play, 5, 6)
    from console.demo.emulator.spec import EmulatorSpec  # noqa: PLC0415 - pydantic is not for the engine's start

    spec = EmulatorSpec.model_validate(told)
    assert (spec.scenario, spec.seed, spec.size, spec.start, spec.anchor, spec.speed) == (
        ESTATE, 7, 12, START, 12.5, 60.0,
    )  # fmt: skip
