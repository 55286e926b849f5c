"""What people ask by way of a broker: is it one of them, not too much of it, not an old one, and who proves who it is?

A broker is believed in nothing but that it brings something. Whatever is not taken is counted.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.engine.sharing.pace import Pace
from console.mqtt.carrier import Heard
from console.mqtt.signing import Keys
from console.protocol.bodies import Ack, Command, Failure
from console.protocol.codec import decode, read
from console.protocol.message import Message
from console.protocol.refusal import Refused, Tally
from console.protocol.requests import Access, Requests
from console.protocol.topics import parse

A_USER_PER_S, ALL_PER_S = 20.0, 60.0
USERS_KNOWN = 1_000
MOST_UNDER_WAY = 32
CLOCKS_APART_MS = 5 * 60_000  # at most; what is older may be said again by anybody who heard it
PROVED_KEPT = 10_000  # answers to what was signed: more than come while such a message is young enough
SAID_AGAIN_S = 10.0
HERE_S = 90.0  # three times as long as a viewer waits before it says again what it sees

Tell = Callable[[str, Ack], Awaitable[None]]
"""An answer, to a user."""


class Heeding:
    """For the whole of an engine's life, over all its connections. ``now`` is of the monotonic clock."""

    def __init__(
        self,
        people: Keys,
        requests: Requests,
        tally: Tally,
        *,
        clocks: Callable[[], tuple[int, ...]],
        whole: Callable[[float], None],
    ) -> None:
        """``clocks``: what time it is, in ms; the embedded estate has one of its own beside the machine's.

        ``whole``: somebody has just come, and what is kept is to be told once more as of now.
        """
        self._people, self._requests, self._tally = people, requests, tally
        self._clocks, self._whole = clocks, whole
        self._all = Pace(ALL_PER_S, ALL_PER_S)
        self._each: OrderedDict[str, Pace] = OrderedDict()
        self._flooding: dict[str, float] = {}  # users, and when they were told so
        self._proved: OrderedDict[tuple[str, str], asyncio.Task[Ack]] = OrderedDict()
        self._seen: dict[str, float] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def viewers(self, now: float) -> int:
        """Who has lately said what they look at."""
        self._seen = {user: at for user, at in self._seen.items() if now - at < HERE_S}
        return len(self._seen)

    def take(self, heard: Heard, now: float, tell: Tell) -> None:
        """Begins to do what is asked; ``tell`` gets the answer."""
        try:
            self._take(heard, now, tell)
        except Refused as refusal:
            self._tally.count(refusal)

    async def end(self) -> None:
        """The connection is no more, and nobody is told: what was begun is done, and told to whoever asks again."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _take(self, heard: Heard, now: float, tell: Tell) -> None:
        about = parse(heard.topic)
        if about.family != "cmd":
            raise Refused("topic", "This is no request.")
        user = about.rest[0]
        if not self._may(user, now):
            self._say_that_it_is_too_much(heard, user, now, tell)
            raise Refused("flood", "There are too many requests.")
        message = decode(heard.topic, heard.payload, retained=heard.is_retained)
        if message is None or message.kind != "cmd":
            return
        command = read(Command, message)
        if not command.id:
            raise Refused("body", "A request needs an id.")
        try:
            access = self._access(message, user)
        except Refused as refusal:
            self._answer(tell, user, _refused(command, refusal))
            raise
        if len(self._under_way) >= MOST_UNDER_WAY:
            raise Refused("busy", "There are too many requests under way.")
        self._note(command, user, now)
        self._keep(self._asked(command, access, user, now), tell, user)

    def _may(self, user: str, now: float) -> bool:
        """Not more than a person's screens ask; judged before anything is read."""
        pace = self._each.pop(user, None) or Pace(A_USER_PER_S, A_USER_PER_S)
        self._each[user] = pace
        if len(self._each) > USERS_KNOWN:
            self._flooding.pop(self._each.popitem(last=False)[0], None)
        return pace.has_room(now) and self._all.has_room(now)

    def _say_that_it_is_too_much(self, heard: Heard, user: str, now: float, tell: Tell) -> None:
        if now - self._flooding.get(user, -SAID_AGAIN_S) < SAID_AGAIN_S or len(self._under_way) >= MOST_UNDER_WAY:
            return
        self._flooding[user] = now
        message = decode(heard.topic, heard.payload, retained=heard.is_retained)
        if message is not None and message.kind == "cmd":
            refusal = Refused("flood", "Too much is asked.", seen=f"more than {A_USER_PER_S:g} a second")
            self._answer(tell, user, _refused(read(Command, message), refusal))

    def _access(self, message: Message, user: str) -> Access:
        if message.who != user:
            seen = f"{message.who} on {user}'s topic"
            raise Refused("who", "This request is in the name of somebody else.", seen=seen)
        apart_ms = min(abs(clock - message.at) for clock in self._clocks())
        if apart_ms > CLOCKS_APART_MS:
            what, seen = "The request is too old, or a clock is wrong.", f"{apart_ms // 1000} s apart"
            raise Refused("late", what, seen=seen, mend="Set this machine's clock.")
        whose = self._people.whose(message) if self._people else None
        if whose is not None and whose != user:
            raise Refused("signature", "This request is signed by somebody else.", seen=f"{whose} on {user}'s topic")
        return Access.UNPROVED if whose is None else Access.VIEW

    def _note(self, command: Command, user: str, now: float) -> None:
        if command.name != "see":
            return
        if command.args.get("gone"):
            self._seen.pop(user, None)
        elif user in self._seen or len(self._seen) < USERS_KNOWN:
            self._seen[user] = now

    def _asked(self, command: Command, access: Access, user: str, now: float) -> Awaitable[Ack]:
        if command.name == "see" and command.args.get("whole") is True:
            self._whole(now)
            return _told(Ack(id=command.id, ok=True))
        if access is Access.UNPROVED:
            return self._requests.answer(command, access, user)
        # Kept for as long as the signature is good: a flood of others would make `Requests` forget that it was done.
        known = self._proved.get((user, command.id))
        if known is None:
            known = self._proved[user, command.id] = asyncio.create_task(self._requests.answer(command, access, user))
            while len(self._proved) > PROVED_KEPT:
                self._proved.popitem(last=False)
        return asyncio.shield(known)

    def _answer(self, tell: Tell, user: str, ack: Ack) -> None:
        self._keep(_told(ack), tell, user)

    def _keep(self, answer: Awaitable[Ack], tell: Tell, user: str) -> None:
        async def until_told() -> None:
            await tell(user, await answer)

        task = asyncio.create_task(until_told())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _told(ack: Ack) -> Ack:
    return ack


def _refused(command: Command, refusal: Trouble) -> Ack:
    failure = Failure(what=sanitise(refusal.what), seen=sanitise(refusal.seen), mend=sanitise(refusal.mend))
    return Ack(id=command.id, ok=False, error=failure)
