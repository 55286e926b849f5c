"""One command to each primary of the plan: a database of theirs is flushed, or all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from collectors.safe import sanitise
from console.actions.answer import Answer
from console.actions.flushes.expected import on
from console.actions.flushes.logged_in import REPLY_S, Entry, LoggedIn, Primary, refusal
from console.actions.life import State
from console.actions.line import Hear
from console.actions.plan import Plan


class Said(Enum):
    OK = auto()
    REFUSED = auto()
    LOST = auto()  # it was written, and no answer came


@dataclass(frozen=True, slots=True)
class Reply:
    """Of one primary."""

    name: str
    said: Said
    words: str = ""


class AtOnce(LoggedIn):
    def __init__(self, entry: Entry, command: str) -> None:
        """``command``: FLUSHDB ASYNC or FLUSHALL ASYNC."""
        super().__init__(entry)
        self._command = command

    async def send(self, plan: Plan, hear: Hear, stop: asyncio.Event) -> Answer:
        """Until one does not answer OK: those behind it are not asked, which is said."""
        replies: list[Reply] = []
        for primary in self._entry.primaries:
            replies.append(await self._flushed(primary))
            if replies[-1].said is not Said.OK:
                break
        return answered(replies, [primary.expected.name for primary in self._entry.primaries])

    async def _flushed(self, primary: Primary) -> Reply:
        name = primary.expected.name
        try:
            async with asyncio.timeout(REPLY_S):
                (answer,) = await self._connections[primary.expected.shard].each([tuple(self._command.split())])
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody knows what became of it
            return Reply(name, Said.LOST, f"{name}: it was sent, and no answer came ({type(error).__name__}).")
        if isinstance(answer, Exception):
            return Reply(name, Said.REFUSED, refusal(answer, name, self._command))
        return Reply(name, Said.OK)


def answered(replies: Sequence[Reply], names: Sequence[str]) -> Answer:
    """Pure. Rejected only where nothing was executed anywhere; what is done in part is for the proof to tell."""
    last, done = replies[-1], [reply.name for reply in replies if reply.said is Said.OK]
    if last.said is Said.OK:
        return Answer(State.ACCEPTED, sanitise(f"Answered OK {_by(names)}."))
    left = names[len(replies) :]
    asked = f" Not asked: {', '.join(left)}." if left else ""
    if last.said is Said.REFUSED and not done:
        return Answer(State.REJECTED, sanitise(f"{last.words} Nothing was flushed."))
    before = f"Flushed: {', '.join(done)}. " if done else ""
    return Answer(State.UNKNOWN, sanitise(f"{before}{last.words}{asked}"))


def _by(names: Sequence[str]) -> str:
    return f"by {names[0]}" if len(names) == 1 else f"by each of {on(len(names))}"
