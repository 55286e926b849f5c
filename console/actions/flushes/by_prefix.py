"""Keys with a prefix are looked for and deleted, a few at a time, so that nobody else waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.redis.wire.connection import Connection
from collectors.safe import sanitise
from console.actions.answer import Answer
from console.actions.flushes.logged_in import REPLY_S, Entry, LoggedIn, Primary, refusal
from console.actions.flushes.pace import BATCH, Pace
from console.actions.flushes.pattern import begins_with
from console.actions.life import State
from console.actions.line import Hear, Heard
from console.actions.plan import Plan

TELLS_EVERY_S = 0.5
MOST = 2 * BATCH  # in one journey: SCAN finds a few more than it was asked for
SLACK_S = 0.25  # that a late batch may make up for
FIRST = b"0"  # SCAN's cursor, before and after a whole round


@dataclass(frozen=True, slots=True)
class Prefix:
    """``estimate``: of the keys that there are."""

    begins: str
    estimate: int
    is_cluster: bool  # there each key is deleted by a command of its own: no command may be of two slots


@dataclass(slots=True)
class Count:
    """How far it came."""

    deleted: int = 0
    gone: int = 0  # that somebody else had deleted meanwhile
    moved: int = 0  # to another shard
    may_have: bool = False  # a batch was written of which nobody has told

    @property
    def has_changed(self) -> bool:
        return self.may_have or self.deleted > 0


class _Ended(Exception):  # noqa: N818 - the way out of a loop within loops
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class ByPrefix(LoggedIn):
    def __init__(
        self,
        entry: Entry,
        prefix: Prefix,
        ended: Callable[[str], None],
        *,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``ended``: is told in words how it ended, where it did not come to its end."""
        super().__init__(entry)
        self._prefix, self._ended, self._clock = prefix, ended, clock
        self._pace = pace or Pace()
        self._count, self._told_at, self._due = Count(), 0.0, 0.0

    async def send(self, plan: Plan, hear: Hear, stop: asyncio.Event) -> Answer:
        began = self._told_at = self._due = self._clock()
        try:
            for primary in self._entry.primaries:
                await self._through(primary, hear, stop, began)
        except _Ended as end:
            return self._stopped(end.words)
        count, took = self._count, self._clock() - began
        per_s = f", {count.deleted / took:,.0f}/s" if took > 1 else ""
        said = f"{count.deleted:,} keys were deleted in {took:.0f} s{per_s}.{self._strays()}"
        return Answer(State.ACCEPTED, sanitise(said))

    def _stopped(self, words: str) -> Answer:
        count = self._count
        if not count.has_changed:
            return Answer(State.REJECTED, sanitise(f"{words} Nothing was deleted."))
        far = f"{count.deleted:,} of about {self._prefix.estimate:,} were deleted; the rest stand."
        said = f"{words} {far}{self._strays()}"
        self._ended(said)
        return Answer(State.UNKNOWN, sanitise(said))

    def _strays(self) -> str:
        moved = f" {self._count.moved:,} moved to another shard meanwhile, and stand." if self._count.moved else ""
        return f"{moved} {self._count.gone:,} had gone by themselves." if self._count.gone else moved

    async def _through(self, primary: Primary, hear: Hear, stop: asyncio.Event, began: float) -> None:
        """Of one primary: a whole round of SCAN, in which each key that is there from its begin to its end is seen."""
        connection, name = self._connections[primary.expected.shard], primary.expected.name
        look = ("MATCH", begins_with(self._prefix.begins), "COUNT", str(BATCH))
        cursor, keys, is_first = FIRST, list[bytes](), True
        while is_first or keys or cursor != FIRST:
            if stop.is_set():
                raise _Ended("It was stopped.")
            batch, keys = keys[:MOST], keys[MOST:]
            looks = not keys and (is_first or cursor != FIRST)
            commands = [*self._unlink(batch), *([("SCAN", cursor, *look)] if looks else ())]
            at = self._clock()
            answers = await self._journey(connection, name, commands, deletes=bool(batch))
            self._pace = self._pace.after(self._clock() - at)
            if looks:
                cursor, found = self._found(answers.pop(), name)
                keys, is_first = [*keys, *found], False
            self._note(batch, answers, name)
            await self._tell(hear, began)
            await self._wait(stop, len(batch), BATCH if looks else 0)

    def _unlink(self, batch: Sequence[bytes]) -> list[tuple[str | bytes, ...]]:
        if not batch:
            return []
        return [("UNLINK", key) for key in batch] if self._prefix.is_cluster else [("UNLINK", *batch)]

    async def _journey(self, connection: Connection, name: str, commands: Sequence[Any], *, deletes: bool) -> list[Any]:
        try:
            async with asyncio.timeout(REPLY_S):
                return await connection.each(commands)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is said what it means
            self._count.may_have |= deletes
            raise _Ended(f"The connection to {name} was lost ({type(error).__name__}).") from None

    def _found(self, answer: Any, name: str) -> tuple[bytes, list[bytes]]:
        match answer:
            case Exception():
                raise _Ended(refusal(answer, name, "SCAN"))
            case [bytes(cursor), list(keys)]:
                return cursor, keys
        raise _Ended(f"{name} replied to SCAN in a form that is not understood.")

    def _note(self, batch: Sequence[bytes], answers: Sequence[Any], name: str) -> None:
        if not batch:
            return
        done = sum(answer for answer in answers if isinstance(answer, int))
        errors = [answer for answer in answers if isinstance(answer, Exception)]
        moved = [error for error in errors if type(error).__name__ in ("MovedError", "AskError", "TryAgainError")]
        self._count.deleted += done
        self._count.moved += len(moved)
        if other := next((error for error in errors if error not in moved), None):
            raise _Ended(refusal(other, name, "UNLINK"))
        self._count.gone += len(batch) - len(moved) - done

    async def _tell(self, hear: Hear, began: float) -> None:
        now = self._clock()
        if now - self._told_at < TELLS_EVERY_S:
            return
        self._told_at, deleted, estimate = now, self._count.deleted, self._prefix.estimate
        percent = min(99.0, 100 * deleted / estimate) if estimate else None
        said = f"{deleted:,} of about {estimate:,} keys are deleted, {deleted / (now - began):,.0f}/s."
        await hear(Heard(percent, sanitise(said)))

    async def _wait(self, stop: asyncio.Event, deleted: int, looked_at: int) -> None:
        """Until the next batch is due; a person who wants no more of it is not kept waiting."""
        now = self._clock()
        self._due = max(self._due, now - SLACK_S) + self._pace.seconds(deleted, looked_at)
        try:
            async with asyncio.timeout(max(0.0, self._due - now)):
                await stop.wait()
        except TimeoutError:
            return
