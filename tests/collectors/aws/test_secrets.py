"""One secret may be read while it is read for, and nothing else of its service ever."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from collectors.aws.guard import NotAllowed, for_secret
from collectors.aws.keys import Keys
from collectors.aws.secrets import secret_value
from collectors.errors import CannotCollect
from tests.collectors.aws.answering import KEYS, Answer, Server, near, reading

KIND = "application/x-amz-json-1.1"


def holding(text: str) -> Answer:
    return Answer(orjson.dumps({"SecretString": text}), kind=KIND)


async def test_the_secret_that_is_named_is_read(server: Server) -> None:
    server.script.append(holding("hunter2"))
    with reading() as (sessions, _):
        assert await secret_value(sessions.reader(near(server)), "orders") == "hunter2"
    assert orjson.loads(server.came[0].body) == {"SecretId": "orders"}


async def test_with_keys_that_were_given_for_it_no_others_are_used_and_they_are_forgotten(server: Server) -> None:
    server.script.append(holding("hunter2"))
    given, place = Keys("ASIAIOSFODNN7EXAMPLE", "s", "of the role"), near(server)
    with reading() as (sessions, _):
        with sessions.keyed(place, given) as reader:
            assert await secret_value(reader, "orders") == "hunter2"
        assert (await sessions.keys(place.account)).key_id == KEYS[0]
    assert server.came[0].key_id == given.key_id
    assert server.came[0].headers["x-amz-security-token"] == "of the role"


async def test_no_other_is_and_none_afterwards(server: Server) -> None:
    server.usual = lambda _: holding("hunter2")
    with reading() as (sessions, _):
        reader = sessions.reader(near(server))

        async def refused(operation: str, **parameters: Any) -> None:
            with pytest.raises(NotAllowed, match=f"secretsmanager:{operation} is not on the list"):
                await reader.call("secretsmanager", operation, **parameters)

        await refused("GetSecretValue", SecretId="orders")
        with for_secret("orders"):
            await refused("GetSecretValue", SecretId="payments")
            await refused("BatchGetSecretValue", SecretIdList=["orders"])
            await refused("PutSecretValue", SecretId="orders", SecretString="x")
            await refused("DeleteSecret", SecretId="orders")
            await refused("ListSecrets")
        await refused("GetSecretValue", SecretId="orders")
        assert server.came == []


async def test_whoever_asks_at_the_same_time_may_not(server: Server) -> None:
    server.usual = lambda _: holding("hunter2")
    with reading() as (sessions, _):
        reader = sessions.reader(near(server))
        within, over = asyncio.Event(), asyncio.Event()

        async def reads() -> None:
            with for_secret("orders"):
                within.set()
                await over.wait()

        reads_it = asyncio.ensure_future(reads())
        await within.wait()
        with pytest.raises(NotAllowed):
            await reader.call("secretsmanager", "GetSecretValue", SecretId="orders")
        over.set()
        await reads_it
        assert server.came == []


async def test_a_request_that_was_built_elsewhere_is_looked_into(server: Server) -> None:
    """What goes past the parameters meets the guard once more, as a request."""
    with reading() as (sessions, _):
        client = sessions.client(near(server), "secretsmanager")
        client.meta.events.register(
            "before-parameter-build.secretsmanager.GetSecretValue",
            lambda params, **_: params.update(SecretId="payments"),
        )
        with for_secret("orders"), pytest.raises(NotAllowed):
            client.get_secret_value(SecretId="orders")
        assert server.came == []


async def test_one_without_text_is_told(server: Server) -> None:
    server.script.append(Answer(orjson.dumps({"SecretBinary": "eA=="}), kind=KIND))
    with reading() as (sessions, _), pytest.raises(CannotCollect, match="The secret orders has no text"):
        await secret_value(sessions.reader(near(server)), "orders")
