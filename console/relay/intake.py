"""Which of the messages that a broker brings may be believed, and in which order? What is not taken is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from collectors.safe import Safe, sanitise
from console.mqtt.carrier import Heard
from console.mqtt.signing import Keys
from console.protocol.bodies import Ack
from console.protocol.codec import decode, read
from console.protocol.message import Message
from console.protocol.meta import Meta
from console.protocol.refusal import Refused
from console.protocol.status import Status
from console.protocol.topics import STATE, Topic, parse
from console.relay.bounds import Bounds, Pace

GONE = "gone"  # the kind of a message about topics that are no more: an empty payload cannot be signed
EPOCH = "epoch"
PAST = "past"  # and of one with events of before, for whoever has just come
WILLS_KNOWN = 100


@dataclass(frozen=True, slots=True)
class Taken:
    message: Message
    about: Topic
    begins: bool = False  # another epoch: what was told before is an earlier engine's
    again: bool = False  # it is known already, and still so


@dataclass(frozen=True, slots=True)
class Gone:
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """The publisher has left, or the broker says so in its name."""


Result = Taken | Gone | Away | Ack | None


class Intake:
    """One estate's messages. Nothing is raised: `refused` says how many were not taken, by reason.

    * Once anything was heard that a known key has signed, only what is signed so is taken; what was taken before is to
      be forgotten then, and `generation` is another number. Without a key nothing is ever verified.
    * Of several engines the one that started last is heard; per topic only what is newer than the last.
    * A deletion says nothing about who deletes: once verified, only those count that were said to be gone before.
    """

    def __init__(self, estate: str, user: str, keys: Keys) -> None:
        self._estate, self._user, self._keys = estate, user, keys
        self.refused: Counter[str] = Counter()
        self.is_verified = False
        self.signer = Safe("")
        self.generation = 0
        self._wills: dict[tuple[str | None, int], None] = {}
        self._pace = Pace()
        self._forget()

    def _forget(self) -> None:
        self.epoch = ""
        self.speed = 1.0
        self._started = -1
        self._is_succeeded = False
        self._seen: dict[str, int] = {}  # the seq of the last message of each topic
        self._gone: dict[str, None] = {}
        self._bounds = Bounds()

    def take(self, heard: Heard, now: float) -> Result:
        """What is to be done about it; ``now`` is of the monotonic clock."""
        try:
            return self._take(heard, now)
        except Refused as refusal:
            if refusal.reason != EPOCH or not heard.is_retained:  # a broker keeps what an earlier engine left behind
                self.refused[refusal.reason] += 1
            return None

    def _take(self, heard: Heard, now: float) -> Result:
        message = decode(heard.topic, heard.payload, retained=heard.is_retained)
        about = parse(heard.topic)
        if about.estate != self._estate:
            raise Refused("estate", "This is of another estate.")
        if message is None:
            return self._deleted(heard.topic)
        if about.family not in STATE and about.family not in ("tick", "event", "ack"):
            return None  # of a later version, or nothing that is for a viewer
        self._prove(message, now)
        if about.family == "ack":
            return read(Ack, message) if about.rest[0] == self._user else None
        if about.family == "status" and not read(Status, message).online:
            return self._left(message)
        return self._told(message, about, len(heard.payload))

    def _told(self, message: Message, about: Topic, size: int) -> Result:
        begins = self._place(message, about)
        if about.family == "event" and message.kind == GONE:
            return self._said_to_be_gone(message)
        if message.kind not in (about.family, PAST):
            return None
        return Taken(message, about, begins=begins, again=self._is_again(message, about, size))

    def _prove(self, message: Message, now: float) -> None:
        """Raises for what nobody who is known has said, once somebody has."""
        may_be_proved = message.sig is not None and bool(self._keys)
        if self.is_verified and not may_be_proved:
            raise Refused("unsigned", "This is not signed.")
        if not self._pace.has_room(now):  # before the signature, which costs more than all the rest
            raise Refused("flood", "More comes than any publisher says.")
        if may_be_proved and self._keys.whose(message) is not None:
            self._believe(message)
        elif self.is_verified:
            raise Refused("signature", "This is signed by nobody who is known.")

    def _believe(self, message: Message) -> None:
        self.signer = sanitise(message.kid or "")
        if not self.is_verified:
            self.is_verified = True
            self.generation += 1
            self._forget()

    def _place(self, message: Message, about: Topic) -> bool:
        """Whether another epoch begins with it; raises for what is of an earlier one, or of one nobody has told of."""
        is_ours = message.epoch == self.epoch and not self._is_succeeded
        if about.family != "meta":
            if not is_ours:
                # Only a newer engine signs a newer epoch, whatever is still repeated of the older.
                self._is_succeeded |= self.is_verified and bool(self.epoch) and message.epoch > self.epoch
                raise Refused(EPOCH, "This is of another start of the engine.")
            return False
        meta = read(Meta, message)
        begins = message.epoch != self.epoch
        if begins and (meta.started, message.epoch) <= (self._started, self.epoch):
            raise Refused(EPOCH, "This is of an earlier start of the engine.")
        if not begins and not is_ours:
            raise Refused(EPOCH, "This is of an earlier start of the engine.")
        if begins:
            self._forget()
            self.epoch = message.epoch
        self._started, self.speed = meta.started, meta.speed
        return begins

    def _is_again(self, message: Message, about: Topic, size: int) -> bool:
        last = self._seen.get(message.topic)
        if last is not None and (message.seq < last or (message.seq == last and not about.is_state)):
            raise Refused("replayed", "This was said before.")
        if about.is_state:
            self._bounds.hold(message.topic, size)
        self._seen[message.topic] = message.seq
        self._gone.pop(message.topic, None)
        return message.seq == last

    def _left(self, message: Message) -> Away:
        """A will was written before what it follows, so its seq says nothing: each counts once."""
        if self.epoch and message.epoch != self.epoch:
            raise Refused(EPOCH, "This is of another start of the engine.")
        known = (message.sig or message.epoch, message.at)
        if known in self._wills:
            raise Refused("replayed", "This was said before.")
        self._wills[known] = None
        if len(self._wills) > WILLS_KNOWN:
            del self._wills[next(iter(self._wills))]
        return Away()

    def _said_to_be_gone(self, message: Message) -> Gone:
        if message.seq <= self._seen.get(message.topic, -1):
            raise Refused("replayed", "This was said before.")
        named = message.body.get("topics")
        topics = tuple(each for each in named if self._is_ours(each)) if isinstance(named, list) else ()
        self._seen[message.topic] = message.seq
        for each in topics:
            self._drop(each)
            self._seen[each], self._gone[each] = message.seq, None
        self._forget_oldest_gone()
        return Gone(topics)

    def _is_ours(self, text: object) -> bool:
        try:
            about = parse(text) if isinstance(text, str) else None
        except Refused:
            return False
        return about is not None and about.is_state and about.estate == self._estate

    def _deleted(self, text: str) -> Gone | None:
        if not self.is_verified:
            self._drop(text)
            return Gone((text,))
        if text in self._gone:
            return None  # as it was said
        raise Refused("deletion", "Nobody has said that this is gone.")

    def _drop(self, text: str) -> None:
        self._seen.pop(text, None)
        self._bounds.release(text)

    def _forget_oldest_gone(self) -> None:
        while len(self._gone) > Bounds.MOST_TOPICS:
            oldest = next(iter(self._gone))
            del self._gone[oldest]
            self._seen.pop(oldest, None)
