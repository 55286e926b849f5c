"""Calls that block: in threads of our own, which may hang without harm to anybody else."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial

import pytest

from collectors.errors import CannotCollect
from collectors.job import Job, running
from collectors.threads import Threads


class Hang:
    """Work that hangs until it is let go, and says when it has begun."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> str:
        self.began.set()
        assert self.go.wait(20)
        return "late"


def _note(order: list[str], name: str) -> str:
    order.append(name)
    return name


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - threads set no event of this loop
            await asyncio.sleep(0.005)


async def abandoned(threads: Threads, target: str) -> Hang:
    """A call that hangs and that nobody waits for any more."""
    hang = Hang()
    call = asyncio.create_task(threads.call(target, hang))
    await until(hang.began.is_set)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    return hang


async def test_a_call_brings_its_result_or_its_error() -> None:
    threads = Threads()
    assert await threads.call("rds", lambda: 6 * 7) == 42
    with pytest.raises(ZeroDivisionError):
        await threads.call("rds", lambda: 1 / 0)


async def test_the_work_knows_for_whom_it_is_done() -> None:
    running.set(Job("cloudwatch", "eu-west-1"))
    assert await Threads().call("rds", running.get) == Job("cloudwatch", "eu-west-1")


async def test_there_is_no_thread_before_there_is_work_and_no_more_than_were_allowed() -> None:
    before = threading.active_count()
    threads = Threads(3)
    assert threading.active_count() == before
    hangs = [Hang() for _ in range(6)]
    calls = [asyncio.create_task(threads.call(f"t{n}", hang)) for n, hang in enumerate(hangs)]
    await until(lambda: sum(hang.began.is_set() for hang in hangs) == 3)
    assert threading.active_count() == before + 3
    for hang in hangs:
        hang.go.set()
    assert await asyncio.gather(*calls) == ["late"] * 6


async def test_a_thread_that_hangs_is_left_behind_and_another_takes_its_place() -> None:
    threads = Threads(1)
    hang = await abandoned(threads, "rds")
    assert await threads.call("sts", lambda: "still answers") == "still answers"
    assert threads.abandoned == {"rds": 1}
    hang.go.set()
    await until(lambda: not threads.abandoned)
    assert await threads.call("rds", lambda: "well again") == "well again"


async def test_a_target_that_hangs_too_often_is_refused_until_a_call_returns() -> None:
    threads = Threads(2, abandoned_per_target=2)
    hangs = [await abandoned(threads, "rds") for _ in range(2)]
    with pytest.raises(CannotCollect, match="2 calls to rds still hang"):
        await threads.call("rds", lambda: None)
    assert await threads.call("elasticache", lambda: 1) == 1
    hangs[0].go.set()
    await until(lambda: threads.abandoned == {"rds": 1})
    assert await threads.call("rds", lambda: 2) == 2
    hangs[1].go.set()


async def test_a_target_that_hangs_leaves_threads_to_others() -> None:
    threads = Threads(4)
    hangs = [Hang() for _ in range(6)]
    calls = [asyncio.create_task(threads.call("rds", hang)) for hang in hangs]
    await until(lambda: sum(hang.began.is_set() for hang in hangs) == 2)
    assert await asyncio.gather(*(threads.call("sts", lambda: 1) for _ in range(8))) == [1] * 8
    assert sum(hang.began.is_set() for hang in hangs) == 2
    for hang in hangs:
        hang.go.set()
    assert await asyncio.gather(*calls) == ["late"] * 6


async def test_work_that_is_given_up_before_it_began_is_never_done() -> None:
    threads = Threads(1)
    hang, done = Hang(), threading.Event()
    first = asyncio.create_task(threads.call("rds", hang))
    await until(hang.began.is_set)
    second = asyncio.create_task(threads.call("rds", done.set))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    hang.go.set()
    await first
    assert await threads.call("rds", done.is_set) is False
    assert not threads.abandoned


async def test_the_least_rank_goes_first_then_who_came_first() -> None:
    threads, order = Threads(1), list[str]()
    hang = Hang()
    calls = [asyncio.create_task(threads.call("rds", hang))]
    await until(hang.began.is_set)
    for name, rank in (("a", 1), ("b", 1), ("c", 0)):
        calls.append(asyncio.create_task(threads.call("rds", partial(_note, order, name), rank=rank)))
        await asyncio.sleep(0)
    hang.go.set()
    await asyncio.gather(*calls)
    assert order == ["c", "a", "b"]


async def test_cancelling_a_call_that_has_just_ended_leaves_no_thread_counted() -> None:
    threads = Threads(2)
    for _ in range(200):
        call = asyncio.create_task(threads.call("rds", lambda: None))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    await until(lambda: not threads.abandoned)
    assert await asyncio.gather(*(threads.call("rds", lambda: 1) for _ in range(8))) == [1] * 8


def test_a_hung_call_does_not_hold_up_the_end_of_the_program() -> None:
    code = """
import asyncio, threading
from collectors.threads import Threads
async def main():
    call = asyncio.create_task(Threads().call("rds", threading.Event().wait))
    await asyncio.sleep(0.05)
    call.cancel()
asyncio.run(main())
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=20, check=False).returncode == 0


async def test_each_call_has_the_context_of_its_own_caller() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")
    threads = Threads(2)

    async def ask(who: str) -> str:
        name.set(who)
        return await threads.call("rds", name.get)

    assert set(await asyncio.gather(ask("one"), ask("two"))) == {"one", "two"}
