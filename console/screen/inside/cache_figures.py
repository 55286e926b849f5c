"""What is known of a node of a cache, by itself or by CloudWatch, and which of it is beyond its bound? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from collectors.inside.cache import CacheUse
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.picture import Picture
from console.screen.values import TONES, Signs
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res, Value

KIND = "cache"
MOST_CPU, MOST_MEMORY, LEAST_HITS = 80.0, 85.0, 70.0  # percent
FULL = 95.0
LEAST_ASKED = 1.0  # keys a second; the share of fewer that were found says nothing
MARK = Safe("*")  # behind what CloudWatch tells
HITS, MEMORY, OPERATIONS = Safe("redis.hit_percent"), Safe("redis.memory_percent"), Safe("redis.operations")
EVICTIONS, LAG = Safe("redis.evictions"), Safe("replica.lag_s")
_AWS = "cloudwatch."
ENGINE_CPU, HOST_CPU = sanitise(f"{_AWS}EngineCPUUtilization"), sanitise(f"{_AWS}CPUUtilization")
AWS_MEMORY, AWS_HITS = sanitise(f"{_AWS}DatabaseMemoryUsagePercentage"), sanitise(f"{_AWS}CacheHitRate")
AWS_EVICTIONS, AWS_CLIENTS = sanitise(f"{_AWS}Evictions"), sanitise(f"{_AWS}CurrConnections")
AWS_ITEMS, AWS_FREE = sanitise(f"{_AWS}CurrItems"), sanitise(f"{_AWS}FreeableMemory")
PERIOD_S = 60.0  # of ElastiCache's sums


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``is_aws``: CloudWatch tells it, a minute at a time."""

    value: float | None
    unit: str
    is_aws: bool = False
    tone: Tone = Tone.PLAIN
    age_s: float | None = None  # of one that may no longer hold, and is not told for that

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say, were it only how long ago there was."""
        return self.value is not None or self.age_s is not None

    @property
    def is_wrong(self) -> bool:
        return self.tone in (Tone.WARN, Tone.BAD)

    def said(self, signs: Signs) -> Safe:
        if self.age_s is not None:
            return sanitise(f"? {span(self.age_s)}")
        if self.value is None:
            return signs.inapplicable
        return sanitise(f"{number(self.value, self.unit)}{MARK if self.is_aws else ''}")


@dataclass(frozen=True, slots=True)
class Node:
    """What the picture has of one."""

    name: Safe
    res: Res | None
    use: CacheUse | None
    now: int = 0  # ms

    @property
    def values(self) -> Mapping[Safe, Value]:
        return self.res.values if self.res is not None else {}

    @property
    def role(self) -> Safe:
        """Its own word goes before AWS's, which is a minute old after a failover."""
        return self.use.role if self.use is not None else self.res.role if self.res is not None else NO_TEXT

    @property
    def memory(self) -> Figure:
        own = self.use.memory.percent if self.use is not None else None
        found = self._figure(own, AWS_MEMORY, "Percent", MEMORY)
        return _judged(found, _tone(found.value, FULL, MOST_MEMORY))

    @property
    def hits(self) -> Figure:
        rates = self.use.rates if self.use is not None else None
        own = rates.hit_percent if rates is not None else None
        found = self._figure(own, AWS_HITS, "Percent", HITS)
        asked = None if rates is None or rates.hits is None else rates.hits + (rates.misses or 0.0)
        says = found.value is not None and (found.is_aws or asked is None or asked >= LEAST_ASKED)
        return _judged(found, Tone.WARN if says and (found.value or 0.0) < LEAST_HITS else Tone.PLAIN)

    @property
    def operations(self) -> Figure:
        rates = self.use.rates if self.use is not None else None
        return self._figure(rates.operations if rates is not None else None, None, "Count/Second", OPERATIONS)

    @property
    def evictions(self) -> Figure:
        rates = self.use.rates if self.use is not None else None
        found = self._figure(rates.evictions if rates is not None else None, AWS_EVICTIONS, "Count/Second", EVICTIONS)
        value = found.value / PERIOD_S if found.is_aws and found.value is not None else found.value
        return _judged(replace(found, value=value), Tone.WARN if value else Tone.PLAIN)

    @property
    def clients(self) -> Figure:
        own = self.use.clients.connected if self.use is not None else None
        return self._figure(None if own is None else float(own), AWS_CLIENTS, "Count", AWS_CLIENTS)

    @property
    def cpu(self) -> Figure:
        """Of the one thread that serves everybody."""
        rates = self.use.rates if self.use is not None else None
        found = self._figure(rates.cpu_percent if rates is not None else None, ENGINE_CPU, "Percent", ENGINE_CPU)
        return _judged(found, _tone(found.value, FULL, MOST_CPU))

    @property
    def engine_cpu(self) -> Figure:
        """The same, as CloudWatch tells it."""
        found = self.aws(ENGINE_CPU, "Percent")
        return _judged(found, _tone(found.value, FULL, MOST_CPU))

    def aws(self, name: Safe, unit: str) -> Figure:
        """As CloudWatch alone tells it."""
        return self._figure(None, name, unit, name)

    @property
    def lag(self) -> Figure:
        return replace(self._figure(None, LAG, "Seconds", LAG), is_aws=False)

    def _figure(self, own: float | None, aws: Safe | None, unit: str, judged_by: Safe) -> Figure:
        """Its own number, else that of the value named ``aws``; how grave it is, the profile's bounds say."""
        if own is not None:
            judged = self.values.get(judged_by)
            return Figure(own, unit, tone=_tone_of(judged))
        value = self.values.get(aws) if aws is not None else None
        if value is None or value.v is None or value.s not in ("fresh", "stale"):
            return Figure(None, unit)
        if value.s == "stale":
            return Figure(None, unit, is_aws=True, age_s=(self.now - value.t) / 1000)
        return Figure(value.v, unit, is_aws=True, tone=_tone_of(value))


def node(picture: Picture, resource: Safe) -> Node:
    use = picture.inside_of(resource, CacheUse)
    return Node(resource, picture.resources.get(resource), use, picture.now_ms or 0)


def _tone_of(value: Value | None) -> Tone:
    return TONES.get(value.b, Tone.PLAIN) if value is not None and value.b is not None else Tone.PLAIN


def _tone(value: float | None, bad: float, warn: float) -> Tone:
    if value is None or value <= warn:
        return Tone.PLAIN
    return Tone.BAD if value >= bad else Tone.WARN


def _judged(figure: Figure, tone: Tone) -> Figure:
    """The graver of what the profile says and what we think."""
    worst = max(figure.tone, tone, key=(Tone.PLAIN, Tone.WARN, Tone.BAD).index)
    return replace(figure, tone=worst)
