"""What every describe call needs: who is there now, how a time is written, how a long list is paged."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from console.demo.emulator.requests_form import Refused
from console.demo.inventory import ACCOUNT, ESTATE, REGION, Machine
from console.demo.model import Model
from console.demo.noise import key, uniform

T = TypeVar("T")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class World:
    """The estate at the time of one request."""

    model: Model
    t: float
    is_xml: bool

    def machines(self, kind: str) -> list[Machine]:
        """By name, as AWS lists them."""
        there = (m for m in self.model.machines.values() if m.kind == kind and self.model.exists(m.id, self.t))
        return sorted(there, key=lambda machine: machine.id)

    def time(self, t: float | None) -> str | float | None:
        if t is None:
            return None
        return datetime.fromtimestamp(int(t), UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.is_xml else float(int(t))

    def created(self, machine: Machine) -> float:
        """Some time in the years before: the same for ever."""
        return 1_640_000_000 + 80_000_000 * uniform(key(machine.id, "created"), 0)


def arn(service: str, *parts: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{':'.join(parts)}"


def tags(machine: Machine) -> list[dict[str, str]]:
    return [{"Key": "app", "Value": machine.app}, {"Key": "estate", "Value": ESTATE}]


def resource_id(prefix: str, machine: Machine) -> str:
    """AWS's own name for it, which outlives every renaming: 26 letters."""
    source = key(machine.id, prefix)
    return f"{prefix}-" + "".join(_LETTERS[int(32 * uniform(source, n))] for n in range(26))


def overridden(described: dict[str, Any], overrides: Any) -> dict[str, Any]:
    """What a scenario has set, in place of what the model says; what is not known is not said."""
    return {name: value for name, value in (described | dict(overrides)).items() if value is not None}


def page(
    items: Sequence[T], said: dict[str, Any], *, least: int = 20, most: int = 100, size: str = "MaxRecords"
) -> tuple[Sequence[T], str | None]:
    """One page, and the marker of the next."""
    try:
        count = int(said.get(size, most))
        begin = int(base64.b64decode(str(said.get("Marker", "")), validate=True) or 0)
    except ValueError:
        raise Refused("InvalidParameterValue", f"{size} or Marker is not one that was given.") from None
    if not least <= count <= most:
        raise Refused("InvalidParameterValue", f"Invalid value {count} for {size}. Must be between {least} and {most}")
    end = begin + count
    return items[begin:end], base64.b64encode(str(end).encode()).decode() if end < len(items) else None


def filters(said: dict[str, Any]) -> dict[str, list[str]]:
    """`Filters.Filter.1.Values.Value.1` as name and values."""
    given = members(said.get("Filters"), "Filter")
    return {str(each.get("Name")): [str(v) for v in members(each.get("Values"), "Value")] for each in given}


def members(said: Any, name: str) -> list[Any]:
    """A list of a form, under the name that its members have or under `member`."""
    if isinstance(said, list):
        return said
    numbered = said.get(name, said.get("member", {})) if isinstance(said, dict) else {}
    if isinstance(numbered, list):
        return numbered
    return [numbered[n] for n in sorted(numbered, key=int)] if isinstance(numbered, dict) else []
