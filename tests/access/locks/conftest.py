"""The three locks, each on a service or folder of its own, and a clock that the tests set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from collectors.threads import Threads
from console.access.locks.border import ClusterLock
from console.access.locks.dynamodb import DynamoLock
from console.access.locks.file_lock import FileLock
from console.access.locks.ssm import SsmLock
from tests.access.by_hand import StandingClock
from tests.access.locks.atomic_moto import atomic_moto
from tests.collectors.aws.asked import HOME, Moto

Make = Callable[[], ClusterLock]


@pytest.fixture(scope="session")
def moto() -> Iterator[Moto]:
    with atomic_moto() as moto:
        yield moto


@pytest.fixture(scope="session")
def dynamodb(moto: Moto) -> Any:
    client = moto.client("dynamodb")
    client.create_table(
        TableName="locks",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture(scope="session")
def ssm(moto: Moto) -> Any:
    return moto.client("ssm")


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def key() -> str:
    return f"arn:aws:rds:eu-west-1:111122223333:cluster:orders-{uuid4()}"


@pytest.fixture(params=["file", "dynamodb", "ssm"])
def make(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Make:
    """A lock of a console of its own: nothing is shared but the service and the clock."""
    if request.param == "file":
        return lambda: FileLock(tmp_path / "locks", clock, Threads(2))
    client = request.getfixturevalue(request.param)
    if request.param == "dynamodb":
        return lambda: DynamoLock(client, "locks", HOME, clock, Threads(2))
    return lambda: SsmLock(client, "/dbconsole/locks", HOME, clock, Threads(2))
