"""Where messages meet: keeps the last one of each state topic and passes on the live ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from console.protocol.bodies import Tick
from console.protocol.body import Body
from console.protocol.codec import Refused, Tally, encode, read
from console.protocol.fit import encode_fitting
from console.protocol.message import Message
from console.protocol.res import Res
from console.protocol.retained import Retained
from console.protocol.ring import Item, Ring
from console.protocol.scribe import plain
from console.protocol.subscription import Missed, Subscription, Ticked
from console.protocol.topics import RELAY, parse

_LOOKED_INTO: Mapping[str, type[Body]] = {"res": Res, "tick": Tick}  # whose bodies folding relies on


@dataclass(frozen=True, slots=True)
class Figures:
    """How the hub does."""

    clients: int
    topics: int  # of state
    pending: int  # things kept for clients, all together
    dropped_ticks: int  # for slow clients, who got whole resources instead
    lost_events: int  # by slow clients, who were told how many
    refused: Mapping[str, int]  # by reason


class Hub:
    """One publisher's messages, for any number of clients. Nobody waits for a slow one.

    `publish` raises `Refused` for a message that cannot travel; nothing is changed by it then.
    """

    def __init__(self) -> None:
        self.tally = Tally()
        self._retained = Retained(self.tally)
        self._ring = Ring()
        self._missed = Missed()
        self._clients: set[Subscription] = set()
        self._last: Message | None = None
        self._relay: Item | None = None

    def publish(self, message: Message) -> None:
        about = parse(message.topic)
        if about.family in _LOOKED_INTO:
            read(_LOOKED_INTO[about.family], message)
        if about.is_state:
            self._retained.keep(about, message, encode_fitting(message))
            for client in self._clients:
                client.mark(message.topic)
        elif about.family == "tick":
            payload = encode(message)
            ticked = Ticked(message, payload, self._retained.fold(message))
            for client in self._clients:
                client.tick(ticked)
        elif about.family == "event":
            self._ring.add(message.topic, encode_fitting(message))
            for client in self._clients:
                client.wake()
        else:
            raise Refused("topic", "This is not for everyone.", seen=message.topic)
        self._last = message

    def relayed(self, body: Body) -> None:
        """How this engine hears the one that it relays: to every screen now, and to whoever joins later."""
        self._relay = self.aside(RELAY, "relay", plain(body))
        for client in self._clients:
            client.latest(*self._relay)

    def delete(self, topic: str) -> None:
        """The topic is no more; who has it is told."""
        self._retained.drop(topic)
        for client in self._clients:
            client.unmark(topic)

    @contextmanager
    def attach(self, wants: Sequence[str] = ()) -> Iterator[Subscription]:
        """A client, for as long as it lasts. ``wants``: paths after the estate, such as `res`; empty means all."""
        client = Subscription(self._retained, self._ring, wants, self._missed, self.aside)
        self._clients.add(client)
        if self._relay is not None:
            client.latest(*self._relay)
        try:
            yield client
        finally:
            self._clients.discard(client)

    def aside(self, topic: str, kind: str, body: Mapping[str, Any]) -> Item:
        """A message to one client. It takes no seq, as the others would miss it: it carries the last one's."""
        last = self._last
        at, epoch, seq = (last.at, last.epoch, last.seq) if last else (0, "", 0)
        return topic, encode(Message(topic, kind, at, epoch, seq, "engine", body))

    def recent(self, most: int) -> list[Item]:
        """The last events, the oldest first."""
        return self._ring.since(self._ring.end - most, most)[1]

    def holds(self, topic: str) -> bool:
        """Whether there is a last word on it."""
        return topic in self._retained

    @property
    def figures(self) -> Figures:
        return Figures(
            clients=len(self._clients),
            topics=len(self._retained),
            pending=sum(client.pending for client in self._clients),
            dropped_ticks=self._missed.ticks,
            lost_events=self._missed.events,
            refused=self.tally.by_reason,
        )
