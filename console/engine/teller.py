"""How does something reach whoever listens? As a message of this epoch, on the hub; each event once."""

from __future__ import annotations

from collectors.readings import Happened
from console.engine.chronicle import Chronicle
from console.estate.course import Turn
from console.estate.news import SOURCE
from console.estate.times import to_ms
from console.protocol.bodies import Event, Tick
from console.protocol.body import Body
from console.protocol.codec import Refused
from console.protocol.hub import Hub
from console.protocol.scribe import Scribe
from console.protocol.topics import topic


class Teller:
    """One estate's voice."""

    def __init__(self, estate: str, hub: Hub, scribe: Scribe, chronicle: Chronicle | None = None) -> None:
        self._estate, self._hub, self._scribe = estate, hub, scribe
        self._chronicle = chronicle or Chronicle()

    def state(self, *path: str, body: Body | None) -> None:
        """The last word on a topic; None: it is no more."""
        if body is None:
            self._hub.delete(topic(self._estate, *path))
            return
        try:
            self._hub.publish(self._scribe.write(*path, body=body))
        except Refused as refusal:  # too large to travel: the last one stays, and the count tells
            self._hub.tally.count(refusal)

    def tick(self, body: Tick) -> int:
        """Its seq; raises `Refused` where it is too large."""
        message = self._scribe.write("tick", body=body)
        self._hub.publish(message)
        return message.seq

    def happened(self, told: Happened) -> None:
        self._event(Event(resource=told.about, text=told.text, severity=told.severity, source=told.source,
                          t=to_ms(told.observed)))  # fmt: skip

    def turned(self, turn: Turn) -> None:
        self._event(Event(resource=turn.about, text=turn.text, severity=turn.severity, source=SOURCE, t=turn.t))

    def told(self, event: Event) -> None:
        """What people say and do."""
        self._event(event)

    def recall_events(self) -> None:
        """What was told before this engine began, for whoever joins."""
        for event in self._chronicle.recall():
            self._hub.publish(self._scribe.write("event", body=event))

    def _event(self, event: Event) -> None:
        if self._chronicle.add(event):
            self._hub.publish(self._scribe.write("event", body=event))
