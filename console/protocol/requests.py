"""What may be asked over which path, and what became of it? Each request is done once, however often it comes."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import Enum

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.protocol.bodies import Ack, Command, Failure

log = logging.getLogger(__name__)

KEPT = 1_000  # answers, for whoever asks again after a lost link

_FROM_ANYWHERE = frozenset({"see", "note", "lead", "incident", "approve"})
_FROM_CONTROL = _FROM_ANYWHERE | {
    *("refresh", "pause", "ghosts", "inquire", "silence", "alert.ack", "audit"),
    *("act.plan", "act.confirm", "act.abort", "act.acknowledge", "act.adopt", "act.unlock", "act.here"),
    *("failover.tick", "failover.acknowledge", "failover.formers"),
}


class Access(Enum):
    """The path a request came by, and the names that may come that way. What acts is judged by the gate besides.

    ``VIEW``: the view socket, whose file proves the user, or a broker, where a signature does. ``UNPROVED``: a broker
    that says who it was, and nothing else does; an approval carries its own proof.
    """

    CONTROL = _FROM_CONTROL
    VIEW = _FROM_ANYWHERE
    UNPROVED = frozenset({"see", "note", "approve"})


Said = tuple[tuple[Safe, ...], ...]
"""Rows, the titles of their columns first."""
Handler = Callable[[Command, Access, str], Awaitable[Said | None]]
"""Does what is asked; (command, access, user). Raises `Trouble` where it cannot be done; may have rows to say."""


class Requests:
    """One for the whole engine: a request that is sent again over a new link is known by its id."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._answers: OrderedDict[tuple[str, str], asyncio.Task[Ack]] = OrderedDict()

    async def answer(self, command: Command, access: Access, user: str) -> Ack:
        """The answer. Who asked may go away meanwhile: what was begun is finished."""
        if command.name not in access.value:
            return _failed(command, _not_allowed(command, access))
        key = (user, command.id)
        task = self._answers.get(key)
        if task is None:
            task = self._answers[key] = asyncio.create_task(self._do(command, access, user))
            self._forget_oldest()
        return await asyncio.shield(task)

    async def _do(self, command: Command, access: Access, user: str) -> Ack:
        try:
            said = await self._handler(command, access, user)
        except Trouble as trouble:
            return _failed(command, trouble)
        except Exception as error:
            log.exception("request %s of %s", command.name, user)
            mend = "The engine's log says more."
            return _failed(command, Trouble(f"The engine failed at `{command.name}`.", seen=repr(error), mend=mend))
        return Ack(id=command.id, ok=True, rows=said or ())

    def _forget_oldest(self) -> None:
        for key in list(self._answers)[: max(0, len(self._answers) - KEPT)]:
            if self._answers[key].done():
                del self._answers[key]


def _failed(command: Command, trouble: Trouble) -> Ack:
    failure = Failure(what=sanitise(trouble.what), seen=sanitise(trouble.seen), mend=sanitise(trouble.mend))
    return Ack(id=command.id, ok=False, error=failure)


def _not_allowed(command: Command, access: Access) -> Trouble:
    if access is Access.UNPROVED and command.name in Access.VIEW.value:
        mend = "Sign what you send: the profile's [share] people name your key, and `--identity` the file it is in."
        return Trouble(f"Nobody proves who asks for `{command.name}`.", seen="it came unsigned by a broker", mend=mend)
    if command.name in Access.CONTROL.value:
        mend = "Use the console of the user who runs the engine."
        return Trouble(f"A viewer may not send `{command.name}`.", seen="it came by another socket", mend=mend)
    known = ", ".join(sorted(access.value))
    return Trouble("There is no such request.", seen=ascii(command.name[:80]), mend=f"There are: {known}.")
