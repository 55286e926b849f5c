"""Resources for tests of what a screen shows, without an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collectors.safe import Safe, sanitise
from console.protocol.meta import Meta
from console.protocol.res import Res, Value
from console.protocol.status import Status
from console.screen.picture import Picture

NOW = 1_800_000_000_000


def res(**others: Any) -> Res:
    fields: dict[str, Any] = {"kind": "instance", "engine": "postgres", "role": "primary", "status": "available"}
    fields |= {"az": "eu-west-1a", "region": "eu-west-1", "account": "prod", "seen": NOW} | others
    return Res(**fields)


def with_cpu(value: float | None, **others: Any) -> Res:
    """``value`` None: it could not be read."""
    state = "fresh" if value is not None else "error"
    read = Value(v=value, t=NOW, u=Safe("Percent"), s=state)
    return res(values={"cloudwatch.CPUUtilization": read}, **others)


def picture(resources: Mapping[str, Res] | None = None, **others: Any) -> Picture:
    meta = Meta(schema_version=1, started=0, version=Safe("0"), estate=Safe("shop"), mode="live")
    fields: dict[str, Any] = {"contact": "live", "contact_s": 12.0, "now_ms": NOW, "age_s": 1.0, "meta": meta}
    fields |= {"status": Status(online=True), "hist": {}}
    fields["resources"] = {sanitise(name): each for name, each in (resources or {}).items()}
    return Picture(**(fields | others))
