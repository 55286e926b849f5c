"""What has a node counted since its run began? The same reads, misses and evictions as CloudWatch's, summed up."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from functools import partial
from weakref import WeakKeyDictionary

from collectors.readings import ResourceId
from console.demo.load import DAY
from console.demo.metrics import Numbers
from console.demo.model import Model
from console.demo.noise import key
from console.demo.sqlserver.counted import Counted

UP_DAYS = 40
COSTS = {"get": 1.0, "hgetall": 3.0, "set": 1.3, "hset": 1.6, "expire": 0.8, "del": 0.9}  # beside each other
OF_ENGINE = 0.35  # of its core; the rest is reading and writing sockets
SENT = ("get", "hgetall", "set", "hset", "expire", "del")
FLUSHES = ("flushdb", "flushall", "unlink")

_COUNTED: WeakKeyDictionary[Model, dict[tuple[ResourceId, float], Counted]] = WeakKeyDictionary()


def began(model: Model, about: ResourceId, t: float) -> float:
    """Since when the same process answers."""
    opened = model.turns.opened_at(about, t)
    return model.start - DAY * (2 + key(about, "up") % UP_DAYS) if opened is None else opened


def counted(model: Model, about: ResourceId, t: float) -> Mapping[str, float]:
    """By name; those of flushes are what was reported of them."""
    since = began(model, about, t)
    kept = _COUNTED.setdefault(model, {})
    if (about, since) not in kept:
        kept[about, since] = Counted(partial(rates, weakref.proxy(model), about), since, model.start)
    return kept[about, since].at(t)


def flushed(model: Model, about: ResourceId, t: float) -> Mapping[str, int]:
    """How often each was executed in this run. A replica executes what its primary does."""
    since, whole = began(model, about, t), model.data_of(about)
    found = dict.fromkeys(FLUSHES, 0)
    for flush in model.flushes.all:
        name = flush.operation.lower()
        if name in found and since < flush.at <= t and model.data_of(flush.about) == whole:
            found[name] += flush.calls
    return found


def rates(model: Model, about: ResourceId, t: float) -> dict[str, float]:
    """Per second."""
    numbers, machine = model.metrics(about, t), model.as_at(about, t)
    top = machine if machine.source is None else model.as_at(machine.source, t)
    hits, misses = _per_s(numbers, "CacheHits"), _per_s(numbers, "CacheMisses")
    asked, written = hits + misses, top.commits * 0.5 + misses
    calls = {
        "get": 0.8 * asked,
        "hgetall": 0.2 * asked,
        "set": 0.8 * written,
        "hset": 0.2 * written,
        "expire": 0.3 * top.commits,
        "del": 0.05 * top.commits,
    }
    spent = OF_ENGINE * 1e4 * (numbers.get("EngineCPUUtilization") or 0.0)
    weighed = sum(calls[name] * COSTS[name] for name in SENT) or 1.0
    return {
        **calls,
        **{f"usec.{name}": spent * calls[name] * COSTS[name] / weighed for name in SENT},
        "commands": sum(calls.values()),
        "hits": hits,
        "misses": misses,
        "evicted": _per_s(numbers, "Evictions"),
        "expired": 0.0 if is_store(model, about, t) else 0.6 * written,
        "connections": _per_s(numbers, "NewConnections"),
        "received": _per_s(numbers, "NetworkBytesIn"),
        "sent": _per_s(numbers, "NetworkBytesOut"),
        "cpu": (numbers.get("EngineCPUUtilization") or 0.0) / 100,
    }


def is_store(model: Model, about: ResourceId, t: float) -> bool:
    """Whether what it holds is nowhere else."""
    return model.machines[about].is_store or model.strain(about, t)("cache-is-store") > 0


def _per_s(numbers: Mapping[str, float | None] | Numbers, name: str) -> float:
    return (numbers.get(name) or 0.0) / 60
