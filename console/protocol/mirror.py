"""What does the engine show now, as far as this side has heard? Messages are folded in whatever order they come."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TypeVar

from collectors.readings import Inside
from console.protocol.bodies import Event, Ghosts, Hist, Lost, Tick
from console.protocol.body import Body
from console.protocol.codec import read
from console.protocol.failover import Failover
from console.protocol.flush import Flush
from console.protocol.inside import PARTS
from console.protocol.message import Message
from console.protocol.meta import Meta
from console.protocol.op import Offers, Op
from console.protocol.res import Res
from console.protocol.resources import Resources
from console.protocol.ring import FIRST_TOLD
from console.protocol.status import Status
from console.protocol.together import Incident, Lead, Note, Presence, Relay
from console.protocol.topics import RELAY, Topic, parse
from console.series import Series

T = TypeVar("T")

EARLY_KEPT = 2_000
POINTS_KEPT, SPAN_MS = 2_000, 3 * 3_600_000  # of each series: what a chart may show

_BODIES: Mapping[str, type[Body]] = {  # state that is kept here
    "meta": Meta,
    "status": Status,
    "presence": Presence,
    "offers": Offers,
    "op": Op,
    "failover": Failover,
    "flush": Flush,
    "incident": Incident,
    "lead": Lead,
    "note": Note,
    "res": Res,
    "hist": Hist,
    "ghost": Ghosts,
    **PARTS,
}
_KEPT_AS = ("status", "offers", "incident", "lead")  # one of each
# fmt: off
_KEPT_IN = {
    "ghost": "ghosts", "presence": "presence", "op": "ops", "failover": "failovers", "flush": "flushes", "note": "notes"
}  # by the name that follows the family
# fmt: on
_OF_A_RESOURCE = ("res", "hist", "ghost", *PARTS)


class Mirror:
    """The client's fold. `apply` raises `Refused` for a body that is none, and is then as it was before."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._resources = Resources()
        self._hist: dict[str, dict[str, Series]] = {}
        self.ghosts: dict[str, Ghosts] = {}  # by id
        self.inside: dict[str, dict[str, Inside]] = {part: {} for part in PARTS}  # by part and id
        self.presence: dict[str, Presence] = {}  # by user
        self.offers: Offers | None = None  # what may be done; None: nobody has said
        self.ops: dict[str, Op] = {}  # what was begun, by id
        self.failovers: dict[str, Failover] = {}  # by id
        self.flushes: dict[str, Flush] = {}  # the time after each, by the id of its operation
        self.incident: Incident | None = None  # that is open, or was last
        self.lead: Lead | None = None
        self.notes: dict[str, Note] = {}  # by id, a ULID: in their order
        self.relay: Relay | None = None  # None: the engine is the publisher itself
        self._events: deque[tuple[str, int, Event]] = deque(maxlen=FIRST_TOLD)  # with the epoch and seq of each
        self._order: dict[str, int] = {}  # by state topic: the seq of its last message, or of its deletion
        self._early: dict[str, Message] = {}  # state of an epoch whose meta has yet to come
        self._meta_seq = 0
        self._newest = 0  # seq of the newest message of this epoch
        self._at: int | None = None
        self._said = 0.0  # when that was
        self._came = 0.0  # when something new came last
        self._any_meta = True
        self.epoch = ""
        self.meta: Meta | None = None
        self.status: Status | None = None
        self.lost_events = 0  # the hub has thrown away so many before they could be sent

    @property
    def resources(self) -> Mapping[str, Res]:
        """By id, with current values. Never changed, only replaced."""
        return self._resources.shown

    @property
    def hist(self) -> Mapping[str, Mapping[str, Series]]:
        """By id and name of the value; these grow."""
        return self._hist

    @property
    def events(self) -> tuple[Event, ...]:
        """The last ones, in the order they came."""
        return tuple(event for _, _, event in self._events)

    def now_ms(self, monotonic: float) -> int | None:
        """The publisher's time; None before it has spoken. ``monotonic`` is of the clock the mirror was made with."""
        if self._at is None:
            return None
        speed = self.meta.speed if self.meta else 1.0
        return self._at + int((monotonic - self._said) * 1000 * speed)

    def age(self, monotonic: float) -> float | None:
        """Seconds since something new came."""
        return None if self._at is None else max(0.0, monotonic - self._came)

    def rejoin(self) -> None:
        """The next meta is of whoever is joined now, even if its clock is behind the last one's."""
        self._any_meta = True

    def apply(self, topic: str, message: Message | None) -> set[str]:
        """Fold one message in (None: a deletion); the topics of state that is now otherwise."""
        about = parse(topic)
        if message is None:
            return self._delete(topic, about)
        if message.kind != about.family:
            return set()  # of a later version
        if topic == RELAY:
            self._hear_relay(read(Relay, message))
            return {topic}
        if about.family == "meta" and self._wins(message, read(Meta, message)):
            return self._begin(message)
        if message.epoch != self.epoch:
            self._keep_early(topic, about, message)
            return set()
        changed = self._fold_state(about, message) if about.is_state else self._fold_live(about, message)
        self._hear(message, is_live=about.is_live)
        return changed

    def _hear_relay(self, relay: Relay) -> None:
        """What was believed for want of better is forgotten when a signature comes."""
        if relay.trust == "verified" and self.relay is not None and self.relay.trust == "unverified":
            self.__dict__.update(Mirror(self._monotonic).__dict__)
        self.relay = relay

    def _wins(self, message: Message, meta: Meta) -> bool:
        """Whether another epoch begins here."""
        any_meta, self._any_meta = self._any_meta, False
        ours = (self.meta.started if self.meta else -1, self.epoch)
        return message.epoch != self.epoch and (any_meta or (meta.started, message.epoch) > ours)

    def _begin(self, message: Message) -> set[str]:
        """The last picture stays, as stale, where the new engine has that resource too."""
        self.epoch = message.epoch
        self._newest, self._at, self.status, self.presence = 0, None, None, {}
        self.offers, self.ops, self.failovers, self.flushes = None, {}, {}, {}
        self.incident, self.lead, self.notes = None, None, {}
        self._order.clear()
        self._resources.forget_epoch()
        early = sorted((m for m in self._early.values() if m.epoch == self.epoch), key=lambda m: m.seq)
        self._early = {t: m for t, m in self._early.items() if m.epoch > self.epoch}
        changed = set()
        for one in (message, *early):
            changed |= self._fold_state(parse(one.topic), one)
            self._hear(one)
        return changed

    def _keep_early(self, topic: str, about: Topic, message: Message) -> None:
        kept = self._early.get(topic)
        newer = kept is None or (message.epoch, message.seq) > (kept.epoch, kept.seq)
        if about.family in _BODIES and about.family != "meta" and message.epoch > self.epoch and newer:
            read(_BODIES[about.family], message)
            if len(self._early) < EARLY_KEPT or kept is not None:
                self._early[topic] = message

    def _hear(self, message: Message, *, is_live: bool = False) -> None:
        """A state may have been said long before it came: time goes on from it, and never back to it."""
        if message.seq <= self._newest:
            return
        now = self._monotonic()
        known = self.now_ms(now)
        self._newest, self._came = message.seq, now
        if is_live or known is None or message.at > known:
            self._at, self._said = message.at, now

    def _fold_state(self, about: Topic, message: Message) -> set[str]:
        if about.family not in _BODIES or message.seq <= self._order.get(message.topic, -1):
            return set()
        if about.family in _OF_A_RESOURCE and self._is_dropped(about.rest[0], message.seq):
            return set()
        changed = {message.topic}
        match about.family:
            case "meta":
                self.meta = read(Meta, message)
                changed |= self._drop_unnamed(self.meta, message.seq)
            case one if one in _KEPT_AS:
                setattr(self, one, read(_BODIES[one], message))
            case one if one in _KEPT_IN:
                kept = getattr(self, _KEPT_IN[one])
                setattr(self, _KEPT_IN[one], kept | {about.rest[0]: read(_BODIES[one], message)})
            case _:
                self._fold_resource(about, message)
        self._order[message.topic] = message.seq
        return changed

    def _fold_resource(self, about: Topic, message: Message) -> None:
        name = about.rest[0]
        match about.family:
            case "res":
                res = read(Res, message)
                self._resources.put(name, message.topic, res, message.seq)
                for value_name, value in res.values.items():
                    if value.s in {"fresh", "none"}:
                        self._extend(name, value_name, value.t, value.v)
            case "hist":
                self._merge(name, read(Hist, message))
            case part:
                of_part = self.inside[part] | {name: read(PARTS[part], message).fact}
                self.inside = self.inside | {part: of_part}

    def _fold_live(self, about: Topic, message: Message) -> set[str]:
        match about.family:
            case "tick":
                tick = read(Tick, message)
                for resource, changes in tick.res.items():
                    known = self.resources.get(resource)
                    for name, (v, t) in changes.items():
                        if known is not None and name in known.values:
                            self._extend(resource, name, t, v)
                return self._resources.tick(tick, message.seq)
            case "event":
                event = read(Event, message)
                if self._is_news(message, event):
                    self._events.append((message.epoch, message.seq, event))
                    return {message.topic}
            case "lost":
                self.lost_events += read(Lost, message).n
        return set()

    def _is_news(self, message: Message, event: Event) -> bool:
        """A client that joins again is told again; so is one that joins an engine that was started again."""
        return not any(
            seq == message.seq if epoch == message.epoch else known == event for epoch, seq, known in self._events
        )

    def _delete(self, topic: str, about: Topic) -> set[str]:
        """An empty payload has no seq: it outdates all that was heard before it."""
        self._early.pop(topic, None)
        if about.family not in _BODIES:
            return set()
        self._order[topic] = self._newest
        match about.family:
            case one if one in ("meta", *_KEPT_AS) and getattr(self, one) is not None:
                setattr(self, one, None)
            case "res":
                return self._resources.drop(about.rest)
            case "hist" if self._hist.pop(about.rest[0], None) is not None:
                pass
            case part if part in PARTS and about.rest[0] in self.inside[part]:
                self.inside = self.inside | {part: _without(self.inside[part], about.rest[0])}
            case one if about.rest and about.rest[0] in getattr(self, _KEPT_IN.get(one, ""), ()):
                setattr(self, _KEPT_IN[one], _without(getattr(self, _KEPT_IN[one]), about.rest[0]))
            case _:
                return set()
        return {topic}

    def _is_dropped(self, resource: str, seq: int) -> bool:
        """Whether a newer meta no longer names it; one that came after the meta has yet to be named."""
        return self.meta is not None and resource not in self.meta.names and seq < self._meta_seq

    def _drop_unnamed(self, meta: Meta, seq: int) -> set[str]:
        self._meta_seq = seq
        gone = [r for r in self._resources.ids(lambda topic: self._order.get(topic, -1) < seq) if r not in meta.names]
        changed = self._resources.drop(gone)
        self._hist = {r: series for r, series in self._hist.items() if r in meta.names or r in self.resources}
        self.ghosts = {r: ghosts for r, ghosts in self.ghosts.items() if r in meta.names}
        self.inside = {part: {r: f for r, f in facts.items() if r in meta.names} for part, facts in self.inside.items()}
        self._order = {t: last for t, last in self._order.items() if last > seq or _is_named(parse(t), meta)}
        return changed

    def _merge(self, resource: str, hist: Hist) -> None:
        for name, points in hist.series.items():
            for t, v in zip(points.t, points.v, strict=False):
                self._extend(resource, name, t, v)

    def _extend(self, resource: str, name: str, t: int, v: float | None) -> None:
        series = self._hist.setdefault(resource, {})
        if name not in series:
            series[name] = Series(POINTS_KEPT, SPAN_MS)
        series[name].put(t, v)


def _is_named(about: Topic, meta: Meta) -> bool:
    return about.family not in _OF_A_RESOURCE or about.rest[0] in meta.names


def _without(kept: dict[str, T], key: str) -> dict[str, T]:
    return {name: each for name, each in kept.items() if name != key}
