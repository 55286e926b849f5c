"""What was taken from a broker, told on to the screens here, such that nothing stale looks fresh."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from collectors.safe import Safe
from console.protocol.bodies import Event, Tick
from console.protocol.codec import read
from console.protocol.hub import Hub
from console.protocol.message import Message
from console.protocol.res import Res
from console.protocol.resources import Resources
from console.protocol.scribe import plain
from console.relay.intake import PAST, Taken

QUIET_S = 3.0  # after the last topic that was told again; a publisher tells more than one a second while it does
MOST_EVENTS = 1_000
PATIENCE_S = 90.0  # with an engine that was started again: it has yet to collect what it tells


class Retelling:
    """Makes a hub's messages of one publisher's. They are numbered anew, in the order in which they were believed.

    A tick that was missed, or may have been, makes what it could have been about stale, until the whole resource comes
    or the next tick shows that nothing was missed. `take` raises `Refused` for a body that is none.
    """

    def __init__(self, hub: Hub, new_epoch: Callable[[], str]) -> None:
        self._hub = hub
        self._new_epoch = new_epoch
        self._epoch = ""
        self._seq = 0
        self._at = 0
        self._last_tick = 0
        self._resources = Resources()
        self._whole: dict[str, tuple[Safe, Message]] = {}  # each resource's name and last message, by topic
        self._heard: dict[int, None] = {}  # events, by seq
        self._topics: set[str] = set()
        self._untold: set[str] = set()  # from before, and not told again yet
        self._quiet_s = QUIET_S
        self._told_at = 0.0

    def __len__(self) -> int:
        """How many topics of state there are."""
        return len(self._topics)

    def take(self, taken: Taken, now: float) -> None:
        message, about = taken.message, taken.about
        if taken.begins:
            self._begin(now)
        if message.topic in self._untold:
            self._untold.discard(message.topic)
            self._told_at = now
        if taken.again:
            return
        if about.family == "tick":
            self._tick(message)
        elif about.family == "event":
            self._events(message)
        elif about.family == "res":
            self._take_whole(about.rest[0], message)
        else:
            self._say(message, message.body)
        if about.is_state:
            self._topics.add(message.topic)

    def gone(self, topics: tuple[str, ...]) -> None:
        for text in topics:
            self._drop(text)

    def doubt(self) -> None:
        """The connection is lost: nobody knows what is said meanwhile."""
        self._resources.doubt()
        self._retell(self._whole)

    def expect_all(self, now: float) -> None:
        """There is a connection again, by which all that there is will be told."""
        self._expect(now, QUIET_S)

    def sweep(self, now: float) -> None:
        """What is not told again is no more. To be called only while the publisher is heard."""
        if self._untold and now - self._told_at >= self._quiet_s:
            self.gone(tuple(self._untold))

    def _begin(self, now: float) -> None:
        """The last picture stays, as stale, for as long as a new engine takes."""
        self._epoch, self._last_tick = self._new_epoch(), 0
        self._resources = Resources()
        self._heard.clear()
        self._whole.clear()
        self._expect(now, PATIENCE_S)

    def _expect(self, now: float, quiet_s: float) -> None:
        self._untold = set(self._topics)
        self._told_at, self._quiet_s = now, quiet_s

    def _events(self, message: Message) -> None:
        """One that happens, or those of before that are not known yet."""
        if message.kind != PAST:
            self._tell_event(message.seq, message)
            return
        match message.body.get("events"):
            case list(events):
                for each in events[:MOST_EVENTS]:
                    self._tell_past(message, each)

    def _tell_past(self, message: Message, told: object) -> None:
        match told:
            case [int(seq), dict(body)] if seq not in self._heard:
                self._tell_event(seq, replace(message, kind=Safe("event"), body=body))

    def _tell_event(self, seq: int, message: Message) -> None:
        read(Event, message)
        self._heard[seq] = None
        if len(self._heard) > MOST_EVENTS:
            del self._heard[next(iter(self._heard))]
        self._say(message, message.body)

    def _take_whole(self, name: Safe, message: Message) -> None:
        self._resources.put(name, message.topic, read(Res, message), message.seq)
        self._whole[message.topic] = name, message
        self._retell([message.topic])

    def _tick(self, message: Message) -> None:
        tick = read(Tick, message)
        before = self._trusted()
        self._resources.tick(tick, message.seq)
        after = self._trusted()
        self._retell([text for text, (name, _) in self._whole.items() if name in before ^ after])
        known = {name: values for name, values in tick.res.items() if name in before & after}
        self._say(message, plain(Tick(prev=self._last_tick, res=known)))
        self._last_tick = self._seq

    def _trusted(self) -> frozenset[Safe]:
        return frozenset(name for name, _ in self._whole.values() if self._resources.is_trusted(name))

    def _retell(self, topics: Iterable[str]) -> None:
        """Each of these resources as it is to be seen now."""
        for text in topics:
            name, message = self._whole[text]
            self._say(message, plain(self._resources.shown[name]))

    def _say(self, message: Message, body: Mapping[str, Any]) -> None:
        self._at = max(self._at, message.at)
        told = replace(message, body=body, at=self._at, epoch=self._epoch, seq=self._seq + 1, kid=None, sig=None)
        self._hub.publish(told)
        self._seq += 1

    def _drop(self, text: str) -> None:
        self._topics.discard(text)
        self._untold.discard(text)
        if text in self._whole:
            self._resources.drop([self._whole.pop(text)[0]])
        self._hub.delete(text)
