"""Everybody has read before anybody writes: the worst that can happen where a lock is taken over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from collectors.threads import Threads
from console.access.locks.border import ClusterLock, Held, Taken
from console.access.locks.dynamodb import DynamoLock
from console.access.locks.ssm import SsmLock
from tests.access.by_hand import StandingClock
from tests.access.locks.atomic_moto import Together
from tests.access.locks.holding import HOUR, held, holder, taken
from tests.collectors.aws.asked import HOME
from tests.rig.battery import battery

WRITES = ("put_parameter", "update_item")


def locks(service: str, client: Any, takers: int, clock: StandingClock) -> list[ClusterLock]:
    """As of so many consoles, whose first writes wait for each other."""
    together = Together(client, takers, WRITES)
    if service == "ssm":
        return [SsmLock(together, "/dbconsole/locks", HOME, clock, Threads(2)) for _ in range(takers)]
    return [DynamoLock(together, "locks", HOME, clock, Threads(2)) for _ in range(takers)]


async def all_take(consoles: list[ClusterLock], key: str, clock: StandingClock, name: str) -> tuple[Held, list[Taken]]:
    asked = [lock.take(key, holder(f"{name}-{n}", since=clock)) for n, lock in enumerate(consoles)]
    answers = await asyncio.gather(*asked)
    (winner,) = (answer for answer in answers if isinstance(answer, Held))
    return winner, [answer for answer in answers if isinstance(answer, Taken)]


@pytest.fixture(params=["ssm", "dynamodb"])
def service(request: pytest.FixtureRequest) -> tuple[str, Any]:
    return request.param, request.getfixturevalue(request.param)


@pytest.mark.parametrize("takers", [2, 5])
@pytest.mark.parametrize("state", ["never taken", "time is up", "given back"])
async def test_one_has_it_and_the_others_name_that_one(
    service: tuple[str, Any], takers: int, state: str, key: str, clock: StandingClock
) -> None:
    (alone,) = locks(*service, 1, clock)
    for round_ in range(battery(2)):
        fence = 0
        if state != "never taken" or round_:
            before = held(await alone.take(key, holder(f"before-{round_}", since=clock)))
            fence = before.fence
            if state == "given back":
                await alone.give_back(before)
            else:
                clock.go_on(2 * HOUR)
        winner, losers = await all_take(locks(*service, takers, clock), key, clock, f"{round_}")
        assert {lost.by.op for lost in losers} == {winner.holder.op}
        assert winner.fence > fence
        assert await alone.still_held(winner)
        assert taken(await alone.take(key, holder("late", since=clock))).by == winner.holder
        await alone.give_back(winner)
        assert not await alone.still_held(winner)


class Dies:
    """A console's client whose answers to writes are lost after they were done, and it with them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put_parameter(self, **parameters: Any) -> Any:
        self._client.put_parameter(**parameters)
        raise SystemExit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class Late:
    """A client that lets another do something between its reading and its first writing."""

    def __init__(self, client: Any, meanwhile: Any) -> None:
        self._client = client
        self._meanwhile = meanwhile

    def put_parameter(self, **parameters: Any) -> Any:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self._client.put_parameter(**parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


async def test_whoever_overwrote_and_died_neither_has_the_lock_nor_takes_it_from_whom_has(
    ssm: Any, key: str, clock: StandingClock
) -> None:
    def console(client: Any) -> SsmLock:
        return SsmLock(client, "/dbconsole/locks", HOME, clock, Threads(4))

    held(await console(ssm).take(key, holder("old", since=clock)))
    clock.go_on(2 * HOUR)
    won: list[Held] = []
    asks = holder("quick", "alice", clock)
    late = Late(Dies(ssm), lambda: won.append(held(console(ssm)._take(key, asks))))
    with pytest.raises(SystemExit):
        await console(late).take(key, holder("late", "bob", clock))
    assert await console(ssm).still_held(won[0])
    assert taken(await console(ssm).take(key, holder("third", since=clock))).by == asks
    assert taken(await console(ssm).take(key, holder("late", "bob", clock))).by == asks  # not even by its own name
    clock.go_on(HOUR + timedelta(seconds=1))
    assert held(await console(ssm).take(key, holder("late", "bob", clock))).fence > won[0].fence
