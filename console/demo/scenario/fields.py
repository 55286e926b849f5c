"""Which fields do the describe calls have, and may a field hold such a value? By AWS's own model of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

SHAPES: Mapping[str, tuple[tuple[str, str], ...]] = {  # of each kind of machine, all that describe it
    "instance": (("rds", "DBInstance"), ("rds", "ResourcePendingMaintenanceActions")),
    "cluster": (("rds", "DBCluster"), ("rds", "ResourcePendingMaintenanceActions")),
    "cache": (("elasticache", "CacheCluster"), ("elasticache", "ReplicationGroup")),
    "table": (("dynamodb", "TableDescription"), ("dynamodb", "PointInTimeRecoveryDescription")),
}
WHOLE = ("integer", "long")
NUMBERS = (*WHOLE, "float", "double")
PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "timestamp": (datetime,),
    **dict.fromkeys(NUMBERS, (int, float)),
}
MUST_BE = {
    "timestamp": "a time, as 2026-01-31T12:00:00Z or @now-3h",
    "structure": "a table",
    "string": "a text",
    "boolean": "true or false",
    "list": "a list",
    **dict.fromkeys(WHOLE, "a whole number"),
}


@cache
def fields(kind: str) -> Mapping[str, Any]:
    """By name. AWS's model takes a while to load: most scenarios set none."""
    import botocore.session  # noqa: PLC0415

    session = botocore.session.get_session()
    found: dict[str, Any] = {}
    for service, shape in SHAPES[kind]:
        found |= session.get_service_model(service).shape_for(shape).members
    return found


def wrong(shape: Any, value: object) -> str:
    """What is wrong with a value; empty for one that the field may hold."""
    match shape.type_name, value:
        case "list", list():
            return next((fault for each in value if (fault := wrong(shape.member, each))), "")
        case "structure", dict():
            return _wrong_inside(shape, value)
        case "string", str() if getattr(shape, "enum", ()) and value not in shape.enum:
            return f"must be one of {', '.join(shape.enum)}"
        case kind, value if isinstance(value, PLAIN.get(kind, ())) and (kind == "boolean") is isinstance(value, bool):
            return "must be a whole number" if kind in WHOLE and isinstance(value, float) and value % 1 != 0 else ""
    return f"must be {MUST_BE.get(shape.type_name, 'a number')}"


def _wrong_inside(shape: Any, value: Mapping[str, object]) -> str:
    strange = [name for name in value if name not in shape.members]
    if strange:
        return f"has {', '.join(shape.members)}, and no {strange[0]}"
    faults = ((name, wrong(shape.members[name], each)) for name, each in value.items())
    return next((f"{name} {fault}" for name, fault in faults if fault), "")
