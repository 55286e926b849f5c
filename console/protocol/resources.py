"""What is known of each resource, and can it still be trusted? A missed tick makes values stale, never wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from collectors.safe import Safe
from console.protocol.bodies import Tick
from console.protocol.res import Res, Value

Changes = Mapping[Safe, tuple[float | None, int]]

UNKNOWN = -1  # as-of of a resource that an earlier engine told of


@dataclass(slots=True)
class _Held:
    topic: str
    res: Res
    as_of: int  # it reflects all ticks up to this seq


class Resources:
    """Whole resources and the ticks on top.

    A tick with seq q and ``prev`` p brings whatever reflects p to q; the others have missed something. As each tick
    either brings a resource to its own seq or leaves it behind, one that is behind the newest tick is suspect.
    """

    def __init__(self) -> None:
        self._held: dict[Safe, _Held] = {}
        self._newest_tick = 0
        self.shown: Mapping[str, Res] = MappingProxyType({})
        """By id. Replaced with each change, never changed: whoever keeps it has a moment frozen."""

    def put(self, resource: Safe, topic: str, res: Res, seq: int) -> None:
        held = self._held[resource] = _Held(topic, res, seq)
        self._show({resource: self._view(held)})

    def drop(self, resources: Iterable[Safe]) -> set[str]:
        """Forget these; the topics of those that were there."""
        gone = {resource: self._held.pop(resource) for resource in resources if resource in self._held}
        if gone:
            self.shown = MappingProxyType({key: res for key, res in self.shown.items() if key not in gone})
        return {held.topic for held in gone.values()}

    def tick(self, tick: Tick, seq: int) -> set[str]:
        """Take in a tick; the topics of what is now shown otherwise."""
        was_newest = self._newest_tick
        self._newest_tick = max(was_newest, seq)
        changed: dict[Safe, _Held] = {}
        for resource, held in self._held.items():
            trusted = held.as_of >= was_newest
            if tick.prev <= held.as_of < seq:
                held.as_of = seq
                if changes := tick.res.get(resource):
                    held.res = folded(held.res, changes)
                    changed[resource] = held
            if trusted is not (held.as_of >= self._newest_tick):
                changed[resource] = held
        self._show({resource: self._view(held) for resource, held in changed.items()})
        return {held.topic for held in changed.values()}

    def doubt(self) -> None:
        """Ticks may have been missed: nothing is trusted until the next one, or its own whole resource, has come."""
        self._newest_tick = max((self._newest_tick, *(held.as_of for held in self._held.values()))) + 1
        self._show({resource: self._view(held) for resource, held in self._held.items()})

    def is_trusted(self, resource: Safe) -> bool:
        """Whether all that was told of it is known."""
        held = self._held.get(resource)
        return held is not None and held.as_of >= self._newest_tick

    def forget_epoch(self) -> None:
        """Another engine speaks: its seqs are its own, and until it has spoken of a resource that one is stale."""
        self._newest_tick = 0
        for held in self._held.values():
            held.as_of = UNKNOWN
        self._show({resource: self._view(held) for resource, held in self._held.items()})

    def ids(self, where: Callable[[str], bool]) -> list[Safe]:
        """Those whose topic is such."""
        return [resource for resource, held in self._held.items() if where(held.topic)]

    def _view(self, held: _Held) -> Res:
        return held.res if held.as_of >= self._newest_tick else stale(held.res)

    def _show(self, changed: Mapping[str, Res]) -> None:
        if changed:
            self.shown = MappingProxyType({**self.shown, **changed})


def folded(res: Res, changes: Changes) -> Res:
    """The resource with new values for what it has declared."""
    moved = {name: (v, t) for name, (v, t) in changes.items() if name in res.values}
    values = {name: _moved(res.values[name], v, t) for name, (v, t) in moved.items()}
    seen = max((res.seen, *(t for _, t in moved.values())))
    return res.model_copy(update={"values": {**res.values, **values}, "seen": seen})


def stale(res: Res) -> Res:
    values = {name: value.model_copy(update={"s": "stale"}) for name, value in res.values.items()}
    return res.model_copy(update={"values": values})


def _moved(value: Value, v: float | None, t: int) -> Value:
    return value.model_copy(update={"v": v, "t": t, "s": "none" if v is None else "fresh"})
