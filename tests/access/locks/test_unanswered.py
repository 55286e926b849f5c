"""A service that does not answer, refuses, or holds what is no lock: never a yes."""

from __future__ import annotations

import socket
from typing import Any
from uuid import uuid4

import pytest

from collectors.threads import Threads
from console.access.locks.border import ClusterLock, NoLock
from console.access.locks.dynamodb import DynamoLock
from console.access.locks.ssm import SsmLock
from tests.access.by_hand import StandingClock
from tests.access.locks.holding import held, holder
from tests.collectors.aws.asked import HOME, Moto


def lock(service: str, client: Any, table: str = "locks", path: str = "/dbconsole/locks") -> ClusterLock:
    if service == "ssm":
        return SsmLock(client, path, HOME, StandingClock(), Threads(2))
    return DynamoLock(client, table, HOME, StandingClock(), Threads(2))


def names(ssm: Any, path: str) -> list[str]:
    return [each["Name"] for each in ssm.get_parameters_by_path(Path=path)["Parameters"]]


@pytest.mark.parametrize("service", ["ssm", "dynamodb"])
async def test_a_service_that_is_not_there_is_told_in_our_words(service: str, key: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        client = Moto(endpoint).client(service)
        with pytest.raises(NoLock) as told:
            await lock(service, client).take(key, holder("a"))
    assert told.value.what == "The lock of this cluster cannot be asked for."
    assert "was not answered" in told.value.seen


async def test_a_table_that_is_not_there_names_the_grant_and_the_profiles_key(dynamodb: Any, key: str) -> None:
    with pytest.raises(NoLock) as told:
        await lock("dynamodb", dynamodb, table="nobodys").take(key, holder("a"))
    assert "dynamodb:UpdateItem" in told.value.mend
    assert "[access.lock]" in told.value.mend
    assert "ResourceNotFoundException" in told.value.seen


@pytest.mark.parametrize(
    "item", [{}, {"op": {"S": "a"}}, {"fence": {"S": "x"}, "op": {"S": "a"}, "expires_at": {"N": "9999999999999"}}]
)
async def test_an_item_that_is_no_lock_is_not_taken(dynamodb: Any, key: str, item: dict[str, Any]) -> None:
    dynamodb.put_item(TableName="locks", Item={"pk": {"S": key}, "expires_at": {"N": "99999999999999"}, **item})
    with pytest.raises(NoLock, match="cannot be read"):
        await lock("dynamodb", dynamodb).take(key, holder("b"))


async def test_a_parameter_that_is_no_lock_is_not_taken(ssm: Any, key: str) -> None:
    path = f"/dbconsole/{uuid4()}"
    console = lock("ssm", ssm, path=path)
    held(await console.take(key, holder("a")))
    (name,) = names(ssm, path)
    ssm.put_parameter(Name=name, Value="mine", Overwrite=True)
    for op in ("a", "b"):
        with pytest.raises(NoLock, match="cannot be read"):
            await console.take(key, holder(op))


@pytest.mark.parametrize("service", ["ssm", "dynamodb"])
async def test_a_lock_that_somebody_deleted_is_not_held(service: str, request: pytest.FixtureRequest, key: str) -> None:
    client = request.getfixturevalue(service)
    path = f"/dbconsole/{uuid4()}"
    console = lock(service, client, path=path)
    ours = held(await console.take(key, holder("a")))
    if service == "ssm":
        client.delete_parameters(Names=names(client, path))
    else:
        client.delete_item(TableName="locks", Key={"pk": {"S": key}})
    assert not await console.still_held(ours)
    await console.give_back(ours)
    held(await console.take(key, holder("b")))


async def test_what_each_sends_is_what_it_says_it_needs(moto: Moto, key: str) -> None:
    for service in ("ssm", "dynamodb"):
        sent: set[str] = set()
        client = moto.client(service)
        client.meta.events.register("before-call", lambda model, sent=sent, **_: sent.add(model.name))
        console = lock(service, client)
        ours = held(await console.take(key, holder("a")))
        assert await console.still_held(ours)
        await console.give_back(ours)
        assert {f"{service}:{name}" for name in sent} == set(console.grants)
