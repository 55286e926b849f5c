"""Messages as an engine would say them, short enough to read in a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.bodies import Event, Hist, Points, Tick
from console.protocol.hub import Hub
from console.protocol.message import Message
from console.protocol.meta import Meta
from console.protocol.mirror import Mirror
from console.protocol.res import Res, Value
from console.protocol.scribe import Scribe
from console.protocol.status import Status

ESTATE = "shop"
EPOCH = "01J00000000000000000000000"
VERSION = "0.1.0"

Values = Mapping[str, tuple[float | None, int]]
Shown = dict[str, dict[str, tuple[float | None, int]]]


def res(values: Values) -> Res:
    told = {Safe(name): Value(v=v, t=t, s="none" if v is None else "fresh") for name, (v, t) in values.items()}
    return Res(
        kind=Safe("instance"),
        engine=Safe("postgres"),
        role=Safe("primary"),
        status=Safe("available"),
        az=Safe("eu-west-1a"),
        region=Safe("eu-west-1"),
        account=Safe("111122223333"),
        values=told,
        seen=max((t for _, t in values.values()), default=0),
    )


def meta(names: Iterable[str] = (), *, started: int = 1_000, version: str = VERSION, speed: float = 1.0) -> Meta:
    return Meta(
        schema_version=1,
        started=started,
        version=Safe(version),
        estate=Safe(ESTATE),
        mode="demo",
        speed=speed,
        names={Safe(name): Safe(name.title()) for name in names},
    )


def tick(prev: int, changes: Mapping[str, Values]) -> Tick:
    return Tick(prev=prev, res={Safe(r): {Safe(n): v for n, v in values.items()} for r, values in changes.items()})


def event(text: str) -> Event:
    return Event(text=Safe(text), severity=Severity.INFO, source=Safe("rds"), t=5)


def hist(series: Mapping[str, Iterable[tuple[int, float | None]]]) -> Hist:
    columns = {Safe(name): tuple(zip(*points, strict=True)) for name, points in series.items()}
    return Hist(series={name: Points(t=t, v=v) for name, (t, v) in columns.items()})


class Publisher:
    """An engine reduced to what it says: each call makes the next message, and publishes it where there is a hub."""

    def __init__(self, hub: Hub | None = None, *, epoch: str = EPOCH, started: int = 1_000) -> None:
        self.hub = hub
        self.started = started
        self.last_tick = 0
        self._clock: Iterator[int] = count(10_000, 1_000)
        self.scribe = Scribe(ESTATE, "engine", epoch, lambda: next(self._clock))

    def meta(self, *names: str, version: str = VERSION) -> Message:
        return self._say(self.scribe.write("meta", body=meta(names, started=self.started, version=version)))

    def status(self) -> Message:
        return self._say(self.scribe.write("status", body=Status(online=True)))

    def res(self, resource: str, values: Values) -> Message:
        return self._say(self.scribe.write("res", resource, body=res(values)))

    def tick(self, changes: Mapping[str, Values]) -> Message:
        message = self.scribe.write("tick", body=tick(self.last_tick, changes))
        self.last_tick = message.seq
        return self._say(message)

    def event(self, text: str) -> Message:
        return self._say(self.scribe.write("event", body=event(text)))

    def hist(self, resource: str, series: Mapping[str, Iterable[tuple[int, float | None]]]) -> Message:
        return self._say(self.scribe.write("hist", resource, body=hist(series)))

    def _say(self, message: Message) -> Message:
        if self.hub is not None:
            self.hub.publish(message)
        return message


def shown(mirror: Mirror) -> Shown:
    """What a screen would draw as current."""
    return {
        str(resource): {str(name): (value.v, value.t) for name, value in told.values.items() if value.s != "stale"}
        for resource, told in mirror.resources.items()
    }
