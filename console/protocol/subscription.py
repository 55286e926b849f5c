"""What does one client get next? The present, at whatever pace it takes it, and in bounded memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.protocol.bodies import Lost
from console.protocol.codec import Refused, encode
from console.protocol.message import Message
from console.protocol.retained import Retained
from console.protocol.ring import Item, Ring
from console.protocol.scribe import plain
from console.protocol.topics import LOST, READY, ROOT, parse

BATCH_BYTES = 32 * 1024  # small: until a batch is sent, what is in it grows old
EVENTS_AT_ONCE = 50


@dataclass(slots=True)
class Missed:
    """What slow clients did not get; the present came instead."""

    ticks: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Ticked:
    """A tick on its way: the message, its payload, and the topics of the resources it touches."""

    message: Message
    payload: bytes
    touched: tuple[str, ...]


class Subscription:
    """Made by the hub for each client; only the hub calls `mark`, `unmark`, `tick` and `wake`.

    It holds no messages but one tick: a set of changed state topics, whose present is looked up when it is sent, and
    a position among the events. What it sends is such that a mirror sees no gap: a tick that follows dropped ones
    gets the ``prev`` that this client knows, and goes out after the resources that the dropped ones touched.
    """

    def __init__(
        self,
        retained: Retained,
        ring: Ring,
        wants: Sequence[str],
        missed: Missed,
        aside: Callable[[str, str, Mapping[str, Any]], Item],
    ) -> None:
        self._retained = retained
        self._ring = ring
        self._wants = tuple(wants)
        self._missed = missed
        self._aside = aside
        self._changed = dict.fromkeys(text for text in retained.topics() if self._wanted(text))  # an ordered set
        self._joining = set(self._changed)
        self._held: set[str] = set()  # what this client has and would have to be told of the deletion of
        self._ready = False
        self._tick: Ticked | None = None
        self._knows = retained.last_tick
        self._position = ring.recent()
        self._answers: deque[Item] = deque()
        self._latest: dict[str, bytes] = {}
        self._something = asyncio.Event()

    @property
    def pending(self) -> int:
        """How many things are kept for this client."""
        return len(self._changed) + len(self._answers) + len(self._latest) + (self._tick is not None)

    async def next(self) -> list[Item]:
        """Wait for something, then the next batch of (topic, payload)."""
        while True:
            batch = self._take()
            if batch:
                return batch
            self._something.clear()
            await self._something.wait()

    def answer(self, text: str, payload: bytes) -> None:
        """Something for this client alone."""
        self._answers.append((text, payload))
        self._something.set()

    def latest(self, text: str, payload: bytes) -> None:
        """Something for this client that takes the place of what it has not been sent yet."""
        self._latest[text] = payload
        self._something.set()

    def again(self, families: Collection[str]) -> None:
        """These once more, as they are now: somebody further down has heard none of it."""
        for text in self._retained.topics():
            if parse(text).family in families:
                self.mark(text)

    def wake(self) -> None:
        self._something.set()

    def mark(self, text: str) -> None:
        """A state topic has changed."""
        if self._wanted(text):
            self._changed.setdefault(text)
            self._something.set()

    def unmark(self, text: str) -> None:
        """A state topic was deleted. A client that never had it is not told: the set stays bounded by what exists."""
        self._joining.discard(text)
        if text in self._held:
            self.mark(text)
        else:
            self._changed.pop(text, None)
            self._something.set()

    def tick(self, ticked: Ticked) -> None:
        """At most one waits. A second means that this client is slow: it gets the resources whole instead."""
        if not self._wanted(f"{ROOT}/-/tick"):
            self._mark_all(ticked.touched)
        elif self._tick is None:
            self._tick = ticked
        else:
            self._mark_all((*self._tick.touched, *ticked.touched))
            self._missed.ticks += 2
            self._tick = None
        self._something.set()

    def _mark_all(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.mark(text)

    def _wanted(self, text: str) -> bool:
        _, _, _, path = text.split("/", 3)
        return not self._wants or path == "meta" or any(f"{path}/".startswith(f"{want}/") for want in self._wants)

    def _take(self) -> list[Item]:
        batch = [*self._answers, *self._latest.items()]
        self._answers.clear()
        self._latest.clear()
        if self._ready:
            batch += self._events()
        room = BATCH_BYTES
        while self._changed and room > 0 and (self._joining or self._ready):
            text, payload = self._next_state()
            batch.append((text, payload))
            room -= len(payload)
        if not self._joining and not self._ready:
            batch.append(self._aside(READY, "ready", {}))
            self._ready = True
        elif self._ready and not self._changed and self._tick:
            batch += self._next_tick(self._tick)
        return batch

    def _next_state(self) -> Item:
        text = next(iter(self._changed))
        del self._changed[text]
        self._joining.discard(text)
        payload = self._retained.payload(text)
        if payload:
            self._held.add(text)
        else:
            self._held.discard(text)
        return text, payload

    def _next_tick(self, ticked: Ticked) -> list[Item]:
        self._tick = None
        message, payload = ticked.message, ticked.payload
        if message.body["prev"] != self._knows:
            try:
                payload = encode(_after(self._knows, message))
            except Refused:  # at the limit, and one digit too many: whole resources do as well
                self._mark_all(ticked.touched)
                return []
        self._knows = message.seq
        return [(message.topic, payload)]

    def _events(self) -> list[Item]:
        if not self._wanted(f"{ROOT}/-/event"):
            return []
        lost, items = self._ring.since(self._position, EVENTS_AT_ONCE)
        self._position += lost + len(items)
        if lost:
            self._missed.events += lost
            items.insert(0, self._aside(LOST, "lost", plain(Lost(n=lost))))
        return items


def _after(prev: int, tick: Message) -> Message:
    return replace(tick, body={**tick.body, "prev": prev}, kid=None, sig=None)
