from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from collectors.errors import CannotCollect
from collectors.inside.replication import DEAD, LinkState
from tests.collectors.redis.looking import Looking, Seen, looking
from tests.rig.redis_pair import Copy, RedisServer, redis_copies

Servers = tuple[RedisServer, tuple[Copy, ...]]
State = LinkState
NAMES = ("one", "two", "three")
BACKLOG = 1024 * 1024  # as servers have it by themselves
KEYS = 1500
PING = len(b"*1\r\n$4\r\nPING\r\n")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with redis_copies(tmp_path_factory.mktemp("redis"), len(NAMES)) as made:
        yield made


@asynccontextmanager
async def stage(servers: Servers) -> AsyncIterator[Looking]:
    """Everything is in step, and was looked at twice."""
    primary, copies = servers
    ports = dict(zip(NAMES, (copy.server.port for copy in copies), strict=True))
    async with looking({"primary": primary.port, **ports}) as made:
        await until(made, lambda seen: all(up(seen, name) is State.IN_STEP for name in NAMES))
        await until(made, lambda seen: all(down(seen, name) is State.IN_STEP for name in NAMES))
        yield made


def up(seen: dict[str, Seen], name: str) -> LinkState:
    return seen[name].up.state


def down(seen: dict[str, Seen], name: str) -> LinkState | None:
    assert seen["primary"].replication is not None
    return next((link.state for link in seen["primary"].replication.downstream if link.copy == name), None)


async def until(made: Looking, is_so: Callable[[dict[str, Seen]], bool], *names: str, pause_s: float = 0.1) -> int:
    """How many refreshes it took. On the way a number stands only where the link lives."""
    began, looks = time.monotonic(), 0
    while True:
        seen = await made.look(*names)
        looks += 1
        for each in seen.values():
            sound(each)
        if is_so(seen):
            return looks
        if time.monotonic() - began > 60:
            raise AssertionError(f"it is not so after {looks} refreshes: {seen}")
        await asyncio.sleep(pause_s)  # the servers count in seconds, and send no event


def sound(seen: Seen) -> None:
    """No dead link has a distance of nothing, and only one that lives has a number in its series."""
    if seen.replication is not None:
        for link in (*seen.replication.upstream, *seen.replication.downstream):
            assert not (link.state in DEAD and link.lag.seconds == 0), link
            assert link.state not in DEAD or link.lag.at_least or link.lag.seconds is None, link
    if seen.lag is not None and seen.lag.state not in (State.IN_STEP.value, State.BEHIND.value):
        assert seen.lag.lag is None, seen.lag
    if seen.lag is not None and seen.lag.state == State.IN_STEP.value:
        assert seen.lag.lag == timedelta(0)


async def test_a_pair_that_is_well_is_in_step_at_both_ends_and_each_knows_the_other(servers: Servers) -> None:
    async with stage(servers) as made:
        seen = made.seen
        assert seen["primary"].replication is not None
        assert seen["primary"].replication.role == "primary"
        assert seen["primary"].lag is None
        assert {link.copy for link in seen["primary"].replication.downstream} == set(NAMES)
        for name in NAMES:
            assert (seen[name].up.source, seen[name].up.copy) == ("primary", name)
            lag = seen[name].lag
            assert lag is not None
            assert (lag.source, lag.lag, lag.state, lag.direct) == ("primary", timedelta(0), "in step", True)


async def test_a_replica_is_known_by_the_address_that_answered(servers: Servers) -> None:
    """A primary lists addresses, and the inventory has names."""
    primary, (one, *_) = servers
    async with looking({"primary": primary.port, "one": one.server.port}, host="localhost") as made:
        await made.look()
        seen = await made.look()
        assert down(seen, "one") is State.IN_STEP
        assert seen["one"].up.source == "primary"


async def test_a_primary_that_only_pings_is_in_step_with_its_replicas_whenever_it_is_looked_at(
    servers: Servers,
) -> None:
    """Pings come less often than acknowledgements, as they do where nobody sets their period."""
    primary, _ = servers
    async with stage(servers) as made:
        primary.say("CONFIG", "SET", "repl-ping-replica-period", 3)
        try:
            first = primary.told()["master_repl_offset"]
            while primary.told()["master_repl_offset"] < first + 3 * PING:
                seen = await made.look("primary")
                assert [down(seen, name) for name in NAMES] == [State.IN_STEP] * len(NAMES)
        finally:
            primary.say("CONFIG", "SET", "repl-ping-replica-period", 10)


async def test_a_link_that_is_cut_is_broken_at_both_ends_in_the_next_refresh(servers: Servers) -> None:
    primary, (one, *_) = servers
    async with stage(servers) as made:
        one.line.cut()
        try:
            looks = await until(
                made, lambda seen: (up(seen, "one"), down(seen, "one")) == (State.BROKEN, State.BROKEN), pause_s=0.5
            )
            assert looks <= 2
            assert up(made.seen, "two") is down(made.seen, "two") is State.IN_STEP
            primary.write(20_000, 2 * BACKLOG // 20_000)
            seen = await made.look()
            assert "greater than the backlog" in seen["one"].up.why
            assert "greater than the backlog" in seen["primary"].down("one").why
            assert (seen["one"].up.unsent.bytes or 0) > BACKLOG
        finally:
            one.line.mend()
        await until(made, lambda seen: up(seen, "one") is down(seen, "one") is State.IN_STEP)


async def test_a_copy_that_is_made_anew_is_seeding_and_has_no_lag(servers: Servers) -> None:
    primary, (one, *_) = servers
    primary.write(10, KEYS)
    async with stage(servers) as made:
        primary.say("CONFIG", "SET", "rdb-key-save-delay", 1000)  # microseconds for each key
        one.server.say("CONFIG", "SET", "key-load-delay", 500)
        try:
            one.line.cut()
            primary.write(20_000, 2 * BACKLOG // 20_000)
            one.line.mend()
            await until(made, lambda seen: up(seen, "one") is down(seen, "one") is State.SEEDING)
            assert made.seen["one"].lag is not None
            assert made.seen["one"].lag.lag is None
            told = set()

            def is_done(seen: dict[str, Seen]) -> bool:
                told.add(seen["one"].up.told)
                return up(seen, "one") is State.IN_STEP

            await until(made, is_done, "one")
            assert {"loading", "sync in progress"} & told
        finally:
            primary.say("CONFIG", "SET", "rdb-key-save-delay", 0)
            one.server.say("CONFIG", "SET", "key-load-delay", 0)
            one.line.mend()


async def test_what_is_written_and_does_not_arrive_is_behind_and_grows(servers: Servers) -> None:
    primary, (one, *_) = servers
    async with stage(servers) as made:
        one.line.stall()
        try:
            primary.write(20_000, 10)
            await until(made, lambda seen: up(seen, "one") is down(seen, "one") is State.BEHIND)
            first = made.seen["one"].up.lag
            assert (first.bytes or 0) >= 200_000
            assert (made.seen["one"].up.unsent.bytes or 0) >= 200_000
            await asyncio.sleep(0.5)
            seen = await made.look()
            assert (seen["one"].up.lag.seconds or 0) >= (first.seconds or 0) + 0.4
            assert up(seen, "two") is State.IN_STEP
        finally:
            one.line.mend()
        await until(made, lambda seen: up(seen, "one") is down(seen, "one") is State.IN_STEP)


async def test_under_load_a_copy_that_sleeps_is_behind_as_its_primary_tells(servers: Servers) -> None:
    primary, (_, two, _) = servers
    async with stage(servers) as made:
        asleep = asyncio.create_task(asyncio.to_thread(two.server.say, "DEBUG", "SLEEP", 1.5))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(primary.write, 10_000, 500)
        await until(made, lambda seen: down(seen, "two") is State.BEHIND, "primary")
        link = made.seen["primary"].down("two")
        assert (link.lag.bytes or 0) >= 5_000_000
        assert (link.lag.seconds or 0) > 0
        await asleep
        await until(made, lambda seen: up(seen, "two") is down(seen, "two") is State.IN_STEP)


async def test_a_replica_that_is_promoted_has_no_lag_any_more_and_its_link_is_broken(servers: Servers) -> None:
    _, (_, _, three) = servers
    async with stage(servers) as made:
        before = made.seen["three"].replication
        three.server.say("REPLICAOF", "NO", "ONE")
        try:
            looks = await until(made, lambda seen: down(seen, "three") is State.BROKEN, pause_s=0.5)
            assert looks <= 2
            seen = made.seen
            now = seen["three"].replication
            assert before is not None
            assert now is not None
            assert (now.role, now.upstream, now.role_changes) == ("primary", (), (before.role_changes or 0) + 1)
            lag = seen["three"].lag
            assert lag is not None, "what was told of it as a copy is true no more"
            assert (lag.lag, lag.source, lag.follows) == (None, None, False)
        finally:
            three.server.say("REPLICAOF", "127.0.0.1", three.line.port)
        await until(made, lambda seen: up(seen, "three") is down(seen, "three") is State.IN_STEP, pause_s=0.3)
        assert now is not None
        assert made.seen["three"].replication is not None
        assert made.seen["three"].replication.role_changes == (now.role_changes or 0) + 1


async def test_half_open_and_frozen_links_fall_silent_and_an_idle_one_stays_in_step(servers: Servers) -> None:
    """One long silence for all three: a primary that has nothing to say speaks each ten seconds."""
    _, (one, two, _) = servers
    async with stage(servers) as made:
        one.line.stall()
        two.server.freeze()
        try:
            await until(
                made,
                lambda seen: (
                    _is_idle(seen) and up(seen, "one") is down(seen, "one") is down(seen, "two") is State.SILENT
                ),
                *("primary", "one", "three"),
            )
            assert (made.seen["one"].up.lag.seconds or 0) > 10
            assert made.seen["one"].up.lag.at_least
            frozen = (await made.look("two"))["two"]
            assert isinstance(frozen.trouble, CannotCollect)
            assert "did not answer" in frozen.trouble.what or "lets nobody in" in frozen.trouble.what
            assert frozen.took_s < 10
            assert frozen.up.state is State.UNKNOWN
            assert frozen.lag is not None
            assert frozen.lag.lag is None
        finally:
            two.server.thaw()
            one.line.mend()
        await until(made, lambda seen: all(up(seen, name) is down(seen, name) is State.IN_STEP for name in NAMES))


def _is_idle(seen: dict[str, Seen]) -> bool:
    """Asked at each refresh: an idle link is in step all the time, and nothing of it grows."""
    for link in (seen["three"].up, seen["primary"].down("three")):
        assert link.state is State.IN_STEP
        assert (link.lag.seconds, link.lag.bytes) == (0, 0)
    return True
