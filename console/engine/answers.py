"""What the engine does with a request. Authority is not judged here: what acts will pass the gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.schedule.schedule import Schedule
from console.engine.together.together import NAMES, Together
from console.protocol.bodies import Command
from console.protocol.requests import Access, Said

FAILOVER = "failover."
ACTS = ("act.", "approve", "audit")  # what such requests begin with
APPROVE = "approve"
MOST_IDS = 500  # in one request: no terminal has more rows
Summon = Callable[[ResourceId], Awaitable[None]]
Act = Callable[[Command], Awaitable[Said | None]]
Failover = Callable[[Command, str], Awaitable[Said | None]]
Inquire = Callable[[ResourceId, str, Mapping[str, object]], Awaitable[Said]]


class Answers:
    """Answers `see`, `refresh`, `pause`, `ghosts` and `inquire`; other names come with what they ask for."""

    def __init__(
        self,
        see: Callable[[Sequence[str]], None],
        schedule: Schedule,
        summon: Summon | None = None,
        recollect: Summon | None = None,
        inquire: Inquire | None = None,
        *,
        act: Act | None = None,
        failover: Failover | None = None,
        together: Together | None = None,
        retry: Callable[[ResourceId | None], object] = lambda _: None,
    ) -> None:
        """``act``: where anything may be done at all; ``failover``: of those that are watched; ``together``: people.

        ``summon``: the ghosts that cost money; ``recollect``: those that this engine remembers itself.

        ``retry``: a database's login that was refused is tried again, of one or of all.
        """
        self._act, self._failover, self._together = act, failover, together
        self._retry = retry
        self._see = see
        self._summon, self._recollect = summon, recollect
        self._inquire = inquire
        self._schedule = schedule

    async def __call__(self, command: Command, access: Access, user: str) -> Said | None:
        if command.name.startswith(FAILOVER) and self._failover is not None:
            return await self._failover(command, user)
        if self._together is not None and command.name in NAMES:
            await self._together.answer(command, access, user)
            return None
        if self._together is not None and command.name == "see":
            self._together.see(command, access, user)
            if command.args.get("gone"):
                return None
        if command.name.startswith(ACTS):
            return await self._done(command, access)
        return await self._told(command)

    async def _done(self, command: Command, access: Access) -> Said | None:
        """An approval carries its own proof and comes by any path; all else only from who has control."""
        if access is not Access.CONTROL and command.name != APPROVE:
            raise Trouble(f"A viewer may not send `{command.name}`.", mend="Use the console of the user who runs it.")
        if self._act is None:
            mend = "Start a console without --read-only, on a machine where its audit can be kept."
            raise Trouble("Nothing is done from here: this engine only reads.", seen=sanitise(command.name), mend=mend)
        return await self._act(command)

    async def _told(self, command: Command) -> Said | None:
        match command.name:
            case "see":
                ids = _ids(command)
                self._see(ids)
                for about in ids:
                    self._schedule.attend(about)
            case "refresh" if "ids" in command.args:
                for about in _ids(command):
                    self._retry(ResourceId(about))
                    self._schedule.hasten(target=about)
            case "refresh":
                self._retry(None)
                self._schedule.hasten()
            case "pause":
                self._pause(command.args)
            case "ghosts" if self._recollect is not None and command.args.get("of") == "waits":
                await self._recollect(_id(command))
            case "ghosts" if self._summon is not None:
                await self._summon(_id(command))
            case "inquire" if self._inquire is not None:
                return await self._inquire(_id(command), str(command.args.get("question")), _args(command))
            case name:
                raise Trouble(f"This engine has no {name!r}.", mend="Update the engine, or use what `?` lists.")
        return None

    def _pause(self, args: Mapping[str, object]) -> None:
        match args:
            case {"all": True, "paused": bool(paused)}:
                self._schedule.pause_all(paused)
            case {"name": str(name), "target": str(target), "paused": bool(paused)}:
                self._schedule.pause(name, target, paused)
            case _:
                raise Trouble("`pause` takes a name, a target and whether it is paused; or all, and whether.")


def _id(command: Command) -> ResourceId:
    match command.args:
        case {"id": str(name)}:
            return ResourceId(sanitise(name))
    raise Trouble(f"`{command.name}` takes the id of a resource.")


def _args(command: Command) -> Mapping[str, object]:
    found = command.args.get("args")
    return found if isinstance(found, dict) else {}


def _ids(command: Command) -> list[Safe]:
    ids = command.args.get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_IDS or not all(isinstance(i, str) for i in ids):
        raise Trouble(f"`{command.name}` takes a list of resource ids.", seen=str(type(ids).__name__))
    return [sanitise(i) for i in ids]
