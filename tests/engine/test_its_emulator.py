"""The emulated AWS of an engine: what was done in it outlives the engine, and two engines may have one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
from botocore.exceptions import ClientError

from console.protocol.mirror import Mirror
from console.specs import EngineSpec
from tests.engine.engines import Engines
from tests.rig.aws_proxy import AwsProxy
from tests.rig.emulated import emulated, role_arn


def has_endpoint(mirror: Mirror) -> bool:
    return mirror.meta is not None and mirror.meta.endpoint is not None


async def endpoint(engines: Engines) -> str:
    meta = (await engines.mirror_until(has_endpoint)).meta
    assert meta is not None
    return str(meta.endpoint)


def rds(where: str, role: str = "") -> Any:
    keys = ("AKIADEMO", "demo", None)
    if role:
        sts = boto3.client("sts", "eu-west-1", None, True, None, where, *keys)
        given = sts.assume_role(RoleArn=role_arn(role), RoleSessionName="test")["Credentials"]
        keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        sts.close()
    return boto3.client("rds", "eu-west-1", None, True, None, where, *keys)


def asked(client: Any, ask: Callable[[Any], Any]) -> Any:
    try:
        return ask(client)
    finally:
        client.close()


def take(where: str) -> None:
    made = {"DBSnapshotIdentifier": "begun", "DBInstanceIdentifier": "billing"}
    asked(rds(where, "dbconsole-operator"), lambda client: client.create_db_snapshot(**made))


def is_there(where: str) -> bool:
    try:
        asked(rds(where), lambda client: client.describe_db_snapshots(DBSnapshotIdentifier="begun"))
    except ClientError:
        return False
    return True


async def after_a_kill(engines: Engines, spec: EngineSpec) -> bool:
    """Whether the next engine's AWS knows of the snapshot that was begun in the first's."""
    engine = engines.start()
    await asyncio.to_thread(take, await endpoint(engines))
    engine.kill()
    engine.wait()
    for path in engines.spec.sockets.iterdir():
        path.unlink()
    engines.start(spec)
    return await asyncio.to_thread(is_there, await endpoint(engines))


async def test_a_snapshot_that_was_begun_is_there_for_the_next_engine_of_the_run(engines: Engines) -> None:
    assert await after_a_kill(engines, engines.spec)


async def test_another_run_begins_with_the_estate_as_it_is_played(engines: Engines) -> None:
    assert not await after_a_kill(engines, replace(engines.spec, run="two"))


async def test_an_engine_that_joins_asks_the_emulator_that_is_there(engines: Engines) -> None:
    with emulated("viewer", speed=30.0) as world, AwsProxy(world.endpoint) as proxy:
        engines.start(replace(engines.spec, play=world.joined(proxy.url)))
        assert await endpoint(engines) == proxy.url
        await asyncio.to_thread(proxy.wait_for, "DescribeDBInstances", answered=True)
        mirror = await engines.mirror_until(lambda mirror: len(mirror.resources) >= 12)
        assert len(mirror.resources) == 12
        assert proxy.mutations() == []
        assert not (engines.spec.state or engines.spec.sockets).joinpath("emulator.ledger").exists()
