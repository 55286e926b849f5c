"""Messages and pictures for tests of what a screen says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collectors.safe import Safe
from console.protocol.bodies import Event, Ghosts
from console.protocol.meta import Meta, Threshold
from console.protocol.res import Res, Value
from console.screen.picture import Picture
from console.series import Series

NOW = 1_773_223_200_000  # 2026-03-11 10:00 UTC
MINUTE = 60_000
ORDERS, CPU = Safe("orders-primary"), Safe("cloudwatch.CPUUtilization")


def res(**fields: Any) -> Res:
    """An instance that is well; the fields say what is otherwise."""
    known: dict[str, Any] = {
        "kind": "instance",
        "engine": "sqlserver-se",
        "role": "primary",
        "status": "available",
        "az": "eu-west-1a",
        "region": "eu-west-1",
        "account": "111122223333",
        "seen": NOW,
        **fields,
    }
    return Res(**known)


def value(number: float | None, unit: str = "Percent", **fields: Any) -> Value:
    return Value(**{"v": number, "t": NOW, "u": unit, **fields})


def series(*numbers: float | None) -> Series:
    """One a minute, the last a minute ago."""
    made = Series()
    for ago, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        made.put(NOW - ago * MINUTE, number)
    return made


def picture(
    resources: Mapping[str, Res],
    hist: Mapping[str, Mapping[str, Series]] | None = None,
    *,
    thresholds: tuple[Threshold, ...] = (),
    events: tuple[Event, ...] = (),
    ghosts: Mapping[str, Ghosts] | None = None,
) -> Picture:
    meta = Meta(schema_version=1, started=NOW, version="0", estate="test", mode="live", thresholds=thresholds)
    return Picture("live", 60.0, NOW, 0.0, meta, None, resources, hist or {}, events, ghosts or {})
