"""What does a broker get of what a subscription brings? The same messages, signed, and how each is to be kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.mqtt.carrier import Will
from console.mqtt.signing import Signer
from console.protocol.bodies import Ack
from console.protocol.body import Body
from console.protocol.codec import decode, encode
from console.protocol.message import Message
from console.protocol.refusal import Refused, Tally
from console.protocol.ring import Item
from console.protocol.scribe import Scribe
from console.protocol.status import Status
from console.protocol.topics import Topic, parse, topic

GONE = "gone"  # the kind of an event that names topics which are no more: an empty payload cannot be signed
PAST = "past"  # of one that holds the last events, for whoever has just come: no broker keeps them
PAST_BYTES = 48 * 1024  # of them, before they are deflated
PRESENCE_S = 90  # after which a broker of MQTT 5 forgets who said nothing more
TOPICS_IN_ONE = 200


@dataclass(frozen=True, slots=True)
class Out:
    """One publish."""

    topic: str
    payload: bytes
    retain: bool = False
    assured: bool = True
    expires_s: int | None = None
    event: int | None = None  # the seq of one


class Voice:
    """One engine's, for the whole of its life. What it makes is to be published in that order."""

    def __init__(self, estate: str, scribe: Scribe, signer: Signer | None, tally: Tally) -> None:
        self._estate, self._scribe, self._signer, self._tally = estate, scribe, signer, tally
        self._told = -1  # the seq of the newest event that the broker has: a subscription begins with old ones

    def says(self, items: Iterable[Item]) -> list[Out]:
        """What a subscription has brought at once. What cannot travel is counted."""
        out: list[Out] = []
        gone: list[str] = []
        for text, payload in items:
            about = parse(text)
            if not about.estate:
                continue  # of the link
            if not payload:
                gone.append(text)
                continue
            message = decode(text, payload)
            if message is not None and (about.family != "event" or message.seq > self._told):
                out += self._out(about, message)
        return out + self.deletes(gone)

    def deletes(self, texts: list[str]) -> list[Out]:
        """These are no more: said as an event of our own first, as nobody can see who has deleted a topic."""
        out: list[Out] = []
        for first in range(0, len(texts), TOPICS_IN_ONE):
            some = texts[first : first + TOPICS_IN_ONE]
            out += self._say(("event",), GONE, {"topics": some})
            out += [Out(text, b"", retain=True) for text in some]
        return out

    def past(self, items: Iterable[Item]) -> list[Out]:
        """The last events, as many as fit, the oldest first."""
        told: list[dict[str, object]] = []
        room = PAST_BYTES
        for text, payload in reversed(list(items)):
            message = decode(text, payload)
            room -= len(encode(message)) if message else 0
            if message is None or room < 0:
                break
            told.insert(0, {"at": message.at, "seq": message.seq, "body": message.body})
        return self._say(("event",), PAST, {"events": told}) if told else []

    def answers(self, user: str, ack: Ack) -> list[Out]:
        return self._say(("ack", user), "ack", ack)

    def leaves(self) -> Out:
        """What is said at the end: by ourselves, or by the broker in our name."""
        told = self._signed(self._scribe.write("status", body=Status(online=False)))
        return Out(told.topic, encode(told), retain=True)

    def will(self) -> Will:
        last = self.leaves()
        return Will(last.topic, last.payload)

    def _say(self, path: tuple[str, ...], kind: str, body: Body | dict[str, object]) -> list[Out]:
        text = topic(self._estate, *path)
        return self._out(parse(text), self._scribe.say(text, kind, body))

    def _out(self, about: Topic, message: Message) -> list[Out]:
        try:
            payload = encode(self._signed(message))
        except Refused as refusal:
            self._tally.count(refusal)
            return []
        expires_s = PRESENCE_S if about.family == "presence" else None
        event = message.seq if message.kind == "event" else None
        return [Out(message.topic, payload, about.is_state, about.family != "tick", expires_s, event)]

    def was_told(self, out: Out) -> None:
        """The broker has it."""
        if out.event is not None:
            self._told = max(self._told, out.event)

    def _signed(self, message: Message) -> Message:
        return message if self._signer is None else self._signer.sign(message)
