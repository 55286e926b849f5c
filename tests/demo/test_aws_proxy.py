"""The proxy that other tests believe: what it writes down, and what it makes go wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from console.demo import joining
from tests.rig.aws_proxy import AwsProxy, Fate
from tests.rig.emulated import Emulated, emulated


@pytest.fixture(scope="module")
def world() -> Iterator[Emulated]:
    with emulated(speed=1000.0) as served:
        yield served


@pytest.fixture
def proxy(world: Emulated) -> Iterator[AwsProxy]:
    with AwsProxy(world.endpoint) as between:
        yield between


def take(client: Any, name: str, of: str = "reporting") -> Any:
    return client.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=of)


def manual(world: Emulated) -> set[str]:
    told = world.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return {each["DBSnapshotIdentifier"] for each in told}


def idle(world: Emulated, name: str = "reporting") -> None:
    """At its speed a snapshot is over within half a second."""
    deadline = time.monotonic() + 10
    rds = world.client("rds")
    while rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["DBInstanceStatus"] != "available":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_each_request_is_written_down_as_it_came(world: Emulated, proxy: AwsProxy) -> None:
    idle(world)
    rds = world.client("rds", "dbconsole-operator", at=proxy.url)
    rds.describe_db_instances()
    take(rds, "seen")
    world.client("dynamodb", "dbconsole-operator", at=proxy.url).create_backup(TableName="carts", BackupName="seen")
    assert proxy.counted() == {"rds:CreateDBSnapshot": 1, "dynamodb:CreateBackup": 1}
    (sent,) = proxy.mutations("CreateDBSnapshot")
    assert (sent.said["DBSnapshotIdentifier"], sent.status, sent.fate) == ("seen", 200, Fate.PASSED)
    assert sent.key.startswith("ASIA")
    assert sent.token
    assert b"seen" in sent.answer
    assert [each.operation for each in proxy.requests("rds:*")] == ["DescribeDBInstances", "CreateDBSnapshot"]
    assert [each.said["BackupName"] for each in proxy.mutations("dynamodb:*")] == ["seen"]
    assert [each.name for each in proxy.requests("*AssumeRole")] == []  # it went to the emulator itself
    proxy.forget()
    assert proxy.requests() == []


def test_through_it_an_emulator_is_joined(world: Emulated, proxy: AwsProxy) -> None:
    assert joining.play(joining.document(proxy.url), proxy.url) == world.joined(proxy.url)


@pytest.mark.parametrize("fate", [Fate.DROPPED, Fate.UNANSWERED, Fate.SWALLOWED])
def test_an_answer_that_never_comes(world: Emulated, proxy: AwsProxy, fate: Fate) -> None:
    idle(world)
    rds = world.client("rds", "dbconsole-operator", at=proxy.url, patience=1.0)
    proxy.let(fate, "Create*", times=1)
    name = f"never-{fate}"
    with pytest.raises((ConnectionClosedError, ReadTimeoutError)):
        take(rds, name)
    went_on = fate is not Fate.DROPPED
    (sent,) = proxy.mutations()
    assert (sent.fate, sent.status) == (fate, 200 if went_on else None)
    assert (name in manual(world)) == went_on
    idle(world)
    take(rds, f"{name}-again")  # once was all
    assert len(proxy.mutations()) == 2


@pytest.mark.parametrize(("fate", "spelt"), [(Fate.UNAVAILABLE, "ServiceUnavailable"), (Fate.THROTTLED, "Throttling")])
@pytest.mark.parametrize("service", ["rds", "dynamodb"])
def test_an_error_that_aws_never_said(world: Emulated, proxy: AwsProxy, service: str, fate: Fate, spelt: str) -> None:
    client = world.client(service, at=proxy.url)
    proxy.let(fate)
    with pytest.raises(ClientError) as caught:
        client.describe_db_instances() if service == "rds" else client.list_tables()
    assert caught.value.response["Error"]["Code"] == spelt
    assert [each.status for each in proxy.requests()] == [None]
    proxy.mend()
    client.describe_db_instances() if service == "rds" else client.list_tables()


def test_an_answer_of_another_account(world: Emulated, proxy: AwsProxy) -> None:
    proxy.let(Fate.WRONG_ACCOUNT, "sts:GetCallerIdentity")
    assert world.client("sts", at=proxy.url).get_caller_identity()["Account"] == "999900001111"


@pytest.mark.parametrize("fate", [Fate.DELAYED, Fate.LATE])
def test_what_comes_late(world: Emulated, proxy: AwsProxy, fate: Fate) -> None:
    proxy.let(fate, "DescribeDBInstances", seconds=0.3)
    begun = time.monotonic()
    assert world.client("rds", at=proxy.url).describe_db_instances()["DBInstances"]
    assert time.monotonic() - begun >= 0.3


def test_one_waits_for_what_another_thread_sends(world: Emulated, proxy: AwsProxy) -> None:
    client = world.client("dynamodb", at=proxy.url)
    threads = [threading.Thread(target=client.list_tables) for _ in range(8)]
    for thread in threads:
        thread.start()
    found = proxy.wait_for("ListTables", 8, answered=True)
    assert [each.status for each in found] == [200] * 8
    for thread in threads:
        thread.join()
    with pytest.raises(AssertionError, match="no 9 of ListTables"):
        proxy.wait_for("ListTables", 9, seconds=0.05)
