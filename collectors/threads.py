"""Where do calls that block run? In daemon threads of our own: one that hangs is left behind and replaced."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import contextvars
import itertools
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from collectors.errors import CannotCollect

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(order=True, slots=True)
class _Work:
    """One call. What is not given to it changes under the pool's lock alone."""

    rank: int
    number: int
    target: str = field(compare=False)
    run: Callable[[], Any] = field(compare=False)
    answer: asyncio.Future[Any] = field(compare=False)
    begun: bool = field(default=False, compare=False)
    finished: bool = field(default=False, compare=False)
    given_up: bool = field(default=False, compare=False)


class Threads:
    """At most ``size`` that anybody waits for, made when needed; none holds up the interpreter's end.

    One target is served by half of them at the most: where it hangs, the rest go on.
    Whoever waits may be cancelled: the thread that is under way is then left behind, what it finds is thrown away, and
    it no longer counts. A target with ``abandoned_per_target`` such threads is refused until one of them returns.
    """

    def __init__(self, size: int = 16, *, abandoned_per_target: int = 4) -> None:
        self._size = size
        self._share = max(1, size // 2)  # for one target
        self._most_abandoned = abandoned_per_target
        self._changed = threading.Condition()
        self._waiting: list[_Work] = []
        self._numbers = itertools.count()
        self._threads = 0  # that are not left behind
        self._idle = 0
        self._busy: Counter[str] = Counter()  # threads by target, without those that are left behind
        self._abandoned: Counter[str] = Counter()

    async def call(self, target: str, work: Callable[[], T], *, rank: int = 1) -> T:
        """What ``work`` returns or raises, run in the caller's context. Of what waits, the least rank goes first."""
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        asked = _Work(rank, next(self._numbers), target, lambda: context.run(work), loop.create_future())
        with self._changed:
            hanging = self._abandoned[target]
            if hanging >= self._most_abandoned:
                mend = "They are dropped when they return; until then nothing more is sent there."
                raise CannotCollect(f"{hanging} calls to {target} still hang.", mend=mend)
            bisect.insort(self._waiting, asked)
            self._serve()
        try:
            found: T = await asked.answer
        except asyncio.CancelledError:
            self._give_up(asked)
            raise
        return found

    @property
    def abandoned(self) -> dict[str, int]:
        """How many threads hang, by target."""
        with self._changed:
            return {target: count for target, count in self._abandoned.items() if count}

    def _serve(self) -> None:
        """A thread for what waits: an idle one, or another where there may be one."""
        if self._idle >= len(self._waiting) or self._threads >= self._size:
            self._changed.notify()
            return
        self._threads += 1
        try:
            threading.Thread(target=self._work, name="collect", daemon=True).start()
        except RuntimeError as error:  # the machine has no more; the next call tries again
            self._threads -= 1
            log.warning("no thread for what waits: %s", error)

    def _give_up(self, work: _Work) -> None:
        with self._changed:
            work.given_up = True
            if not work.begun:
                self._waiting = [each for each in self._waiting if each is not work]
                return
            if work.finished:
                return
            self._abandoned[work.target] += 1
            self._busy[work.target] -= 1
            self._threads -= 1
            if self._waiting:
                self._serve()

    def _next(self) -> _Work | None:
        """What may be begun now, in order; None where whoever waits waits for a target that has its share."""
        for place, work in enumerate(self._waiting):
            if self._busy[work.target] < self._share:
                return self._waiting.pop(place)
        return None

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while (work := self._next()) is None:
                    self._changed.wait()
                self._idle -= 1
                self._busy[work.target] += 1
                work.begun = True
            found, error = _outcome(work.run)
            with self._changed:
                if work.given_up:
                    self._abandoned[work.target] -= 1
                    return  # another has its place
                work.finished = True
                self._busy[work.target] -= 1
                self._changed.notify()  # of this target another may be begun
            _tell(work.answer, found, error)
            del work, found, error  # an idle thread holds on to nothing


def _outcome(run: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return run(), None
    except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
        return None, error


def _tell(answer: asyncio.Future[Any], found: Any, error: BaseException | None) -> None:
    def tell() -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
        answer.get_loop().call_soon_threadsafe(tell)
