"""What is common to all who knock: the name, the password, and the end of waiting."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect
from collectors.knock.endpoint import AtEndpoint
from collectors.knock.heard import Heard
from collectors.knock.judgement import Judged
from collectors.knock.knock import Door, Knock, Knocker
from collectors.knock.lacking import Lacking
from collectors.knock.several import GRACE_S, Several
from collectors.safe import Safe
from tests.collectors.knock.knocking import Given, now, threads, until_knocked

OPENED = Heard(Door.OPEN, may_log_in=True)


class Scripted(AtEndpoint):
    """Finds what it is told to find, or waits for ever; remembers with what it went in."""

    def __init__(self, host: str = "127.0.0.1", *found: Judged | None, secret: Secret | None = None) -> None:
        super().__init__(host, 1433, secret or Given("ro", "x"), threads(), now, patience_s=0.3)
        self.found = list(found) or [OPENED]
        self.went_in: list[tuple[Credentials, tuple[str, ...]]] = []

    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        self.went_in.append((credentials, tuple(addresses)))
        await asyncio.sleep(0)
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if found is None:
            await asyncio.Event().wait()
        assert found is not None
        return found


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Of any name, in this process."""

    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


async def test_a_name_that_stands_for_another_address_is_seen_to(monkeypatch: pytest.MonkeyPatch) -> None:
    knocker = Scripted("db.example")
    resolving(monkeypatch, "10.0.1.5")
    assert (await knocker.knock()).address == "10.0.1.5"
    resolving(monkeypatch, "10.0.2.7")
    assert (await knocker.knock()).address == "10.0.2.7"
    assert [addresses for _, addresses in knocker.went_in] == [("10.0.1.5",), ("10.0.2.7",)]


async def test_who_took_the_connection_counts_more_than_what_the_name_stood_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving(monkeypatch, "10.0.1.5", "10.0.2.7")
    knocker = Scripted("db.example", OPENED, Heard(Door.OPEN, address=Safe("10.0.2.7")))
    assert (await knocker.knock()).address == "10.0.1.5, 10.0.2.7"
    assert (await knocker.knock()).address == "10.0.2.7"


async def test_a_name_that_is_no_name_is_dark() -> None:
    knock = await Scripted("no-such-name.invalid").knock()
    assert (knock.door, knock.address, knock.may_log_in) == (Door.DARK, "", None)
    assert "no-such-name.invalid" in knock.said


async def test_a_resolver_that_hangs_is_dark_and_asked_no_more_until_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go, asked = threading.Event(), []

    def hangs(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        go.wait(20)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.1.5", port))]

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    knocker = Scripted("db.example")
    began = time.monotonic()
    doors = [(await knocker.knock()).door for _ in range(4)]
    assert time.monotonic() - began < 1.0
    assert (doors, len(asked)) == ([Door.DARK] * 4, 1)
    go.set()
    await until_knocked(knocker, lambda each: each.door is Door.OPEN)


async def test_whoever_says_nothing_in_time_is_dark_by_the_time_that_was_promised() -> None:
    began = time.monotonic()
    knock = await Scripted("127.0.0.1", None).knock()
    assert time.monotonic() - began < 0.6
    assert (knock.door, knock.said, knock.address) == (Door.DARK, "no answer within 0.3 s", "127.0.0.1")
    assert (knock.ended - knock.began).total_seconds() >= 0.3


async def test_the_secret_is_read_once_and_after_a_refusal_seldom() -> None:
    secret = Given("ro", "old")
    refused = Heard(Door.RECOVERING, Safe("no"), may_log_in=False)
    knocker = Scripted("127.0.0.1", refused, secret=secret)
    await knocker.knock()
    secret.says = Credentials("ro", "new")
    for _ in range(20):
        await knocker.knock()
    assert secret.reads == 1, "each reading may be a request to AWS"
    knocker._held._look_at = 0.0  # as a quarter of a minute later
    for _ in range(20):
        await knocker.knock()
    assert (secret.reads, knocker.went_in[-1][0].password) == (2, "new")


class Hanging(Secret):
    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def read(self) -> Credentials:
        await self.go.wait()
        return Credentials("ro", "x")


async def test_a_secret_that_is_not_read_in_time_is_no_outage() -> None:
    secret = Hanging()
    knocker = Scripted(secret=secret)
    began = time.monotonic()
    with pytest.raises(CannotCollect, match="not been read"):
        await knocker.knock()
    assert time.monotonic() - began < 0.6
    secret.go.set()
    assert (await knocker.knock()).door is Door.OPEN


class Missing(Given):
    async def read(self) -> Credentials:
        self.reads += 1
        raise CannotCollect("The environment has no DBC_PASSWORD, or it is empty.", mend="Set it.")


async def test_a_secret_that_is_not_there_is_said_and_not_looked_for_at_each_knock() -> None:
    secret = Missing()
    knocker = Scripted(secret=secret)
    for _ in range(5):
        with pytest.raises(CannotCollect, match="DBC_PASSWORD"):
            await knocker.knock()
    assert secret.reads == 1


async def test_a_trouble_of_our_own_is_raised_and_nobody_is_called_dark() -> None:
    with pytest.raises(CannotCollect, match="no driver"):
        await Scripted("127.0.0.1", CannotCollect("There is no driver.")).knock()


async def test_of_a_shards_nodes_the_most_open_door_counts_and_a_dead_node_holds_nobody_up() -> None:
    read_only, dead = Scripted("127.0.0.2", Heard(Door.READ_ONLY)), Scripted("127.0.0.3", None)
    opened = Scripted("127.0.0.4")
    both = Several([dead, read_only, opened])
    assert both.endpoint == "127.0.0.3:1433, 127.0.0.2:1433, 127.0.0.4:1433"
    assert (await both.knock()).address == "127.0.0.4"
    dead.patience_s = 5.0
    began = time.monotonic()
    assert (await Several([dead, read_only]).knock()).door is Door.READ_ONLY
    assert time.monotonic() - began < GRACE_S + 0.5


async def test_of_a_shards_nodes_one_that_cannot_be_asked_hides_no_other() -> None:
    lacking = Lacking("127.0.0.2:6379", CannotCollect("The profile has no login for it."))
    assert (await Several([lacking, Scripted()]).knock()).door is Door.OPEN
    with pytest.raises(CannotCollect, match="no login"):
        await Several([lacking, lacking]).knock()


async def test_whoever_gives_up_knocking_at_several_gives_up_each() -> None:
    gone: list[str] = []

    class Waiting(Knocker):
        endpoint = Safe("a:1")

        async def knock(self) -> Knock:
            try:
                await asyncio.Event().wait()
            finally:
                gone.append(self.endpoint)
            raise AssertionError

    waiting: Sequence[Knocker] = [Waiting(), Waiting()]
    knocking = asyncio.ensure_future(Several(waiting).knock())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    knocking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await knocking
    assert gone == ["a:1", "a:1"]
