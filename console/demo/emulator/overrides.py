"""What a scenario has set of a describe call, in place of what the model says: verbatim, as its shape has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from console.demo.emulator.requests_form import Items
from console.demo.emulator.world import World
from console.demo.inventory import Machine


def overridden(world: World, machine: Machine, described: dict[str, Any], service: str, shape: str) -> dict[str, Any]:
    """What is not known is not said. A field that the shape does not have is another call's."""
    overrides = world.model.api(machine.id, world.t)
    if overrides:
        fields = _fields(service, shape)
        described |= {name: _shaped(fields[name], v, world) for name, v in overrides.items() if name in fields}
    return {name: value for name, value in described.items() if value is not None}


@cache
def _fields(service: str, shape: str) -> Mapping[str, Any]:
    """By botocore's model, which takes a while to load: most plays set none."""
    import botocore.session  # noqa: PLC0415

    found: Mapping[str, Any] = botocore.session.get_session().get_service_model(service).shape_for(shape).members
    return found


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": bool,
    "string": str,
}


def _shaped(shape: Any, value: Any, world: World) -> Any:
    match shape.type_name:
        case _ if value is None:
            return None
        case "timestamp":
            return world.time(_seconds(value))
        case "list":
            of = shape.member.serialization.get("name", "member")
            return Items(of, (_shaped(shape.member, each, world) for each in value))
        case "structure":
            known = {name: each for name, each in value.items() if name in shape.members}
            return {name: _shaped(shape.members[name], each, world) for name, each in known.items()}
        case plain:
            return PLAIN[plain](value)


def _seconds(value: Any) -> float:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.timestamp() if isinstance(value, datetime) else float(value)
