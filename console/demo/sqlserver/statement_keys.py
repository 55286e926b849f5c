"""Which statements has a scenario made, and what does each cost? `statement.NAME.calls` and the like, each second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.noise import key
from console.demo.scenario.script import Given, value_of
from console.demo.scenario.statement_fields import FAMILY, TEXT

UNSAID = "SELECT id FROM dbo.{name} WHERE id = @P1"
PER_CALL: Mapping[str, float] = {"calls": 1.0, "total_ms": 0.2, "rows": 1.0, "reads": 3.0}


@dataclass(frozen=True, slots=True)
class SetStatement:
    name: str
    text: str
    rates: Mapping[str, float]
    since: float

    @property
    def hash(self) -> bytes:
        return key("set statement", self.name).to_bytes(8, "big")

    @property
    def plan(self) -> bytes:
        return key("set plan", self.name).to_bytes(8, "big")


def set_statements(model: Model, about: ResourceId, t: float) -> tuple[SetStatement, ...]:
    """What is said of it; the rest is as of a lookup by key, as often as it is called."""
    by_name: dict[str, dict[str, float]] = {}
    texts: dict[str, str] = {}
    since: dict[str, float] = {}
    for full, held in sorted(model.set_of(about, t).items()):
        family, _, rest = full.partition(".")
        name, _, field = rest.rpartition(".")
        if family != FAMILY:
            continue
        since[name] = min(held.since, since.get(name, held.since))
        by_name.setdefault(name, {})
        if field == TEXT:
            texts[name] = str(held.setting.value) if isinstance(held.setting, Given) else ""
        else:
            by_name[name][field] = max(0.0, value_of(full, held, t, lambda _: 0.0) or 0.0)
    return tuple(
        SetStatement(name, texts.get(name) or UNSAID.format(name=name), _whole(said), since[name])
        for name, said in by_name.items()
    )


def _whole(said: Mapping[str, float]) -> Mapping[str, float]:
    calls = said.get("calls", 0.0)
    return {field: said.get(field, calls * each) for field, each in PER_CALL.items()}
