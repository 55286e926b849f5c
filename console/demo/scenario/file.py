"""What may a scenario's file say? Each place where it is wrong is named by pydantic; the rest is checked by `load`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from console.demo.scenario.causes import CAUSES
from console.demo.scenario.script import FaultKind, Given, Missing, Noise, Ramp, Setting, Times

DAY = 86_400.0
MOST = 1e18  # of a number: more is no measurement of anything
COLLECTORS = (
    *("inventory", "cloudwatch", "cloudwatch-history", "events", "alarms"),
    *("sessions", "waits", "files", "memory", "counters", "deadlocks", "queries", "indexes", "platform"),
    *("replica-lag", "backups", "backups-inside", "cache", "slow-log", "latency"),
)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST


def _setting(value: object) -> Setting:
    match value:
        case float() if value != value:  # noqa: PLR0124 - only nan is not itself
            return Missing()
        case dict():
            return _moving(value)
        case bool() | str() | list() | datetime():
            return Given(value)
        case int() | float() if _number(value):
            return Given(value)
    raise ValueError("is neither a number, a text, a list nor a table")


def _moving(table: dict[str, Any]) -> Setting:
    """`{ to, over, from }`, `{ about, spread }`, `{ times }`; any other table is one that the describe call has."""
    if not any(key in table for key in ("to", "about", "times", "over", "spread")):
        return Given(table)
    if not all(_number(value) for value in table.values()):
        raise ValueError("a value that moves has numbers: { to = 95, over = 600 } and the like")
    match table:
        case {"to": to, "over": over, **rest} if set(rest) <= {"from"} and over >= 0:
            return Ramp(float(to), float(over), float(rest["from"]) if "from" in rest else None)
        case {"about": about, "spread": spread, **rest} if not rest:
            return Noise(float(about), float(spread))
        case {"times": times, **rest} if not rest:
            return Times(float(times))
    raise ValueError("is { to, over, from }, { about, spread } or { times }")


class At(Part):
    """One thing that happens."""

    seconds: Annotated[float, Field(ge=-DAY, le=7 * DAY, strict=False)] = Field(
        description="After the play began; before it where it is negative."
    )
    resource: str | None = Field(default=None, description="Whom it happens to; the whole estate if left out.")
    cause: str | None = Field(default=None, description="One that the model knows.")
    set: dict[str, Annotated[Setting, BeforeValidator(_setting)]] = Field(
        default_factory=dict, description="Observables, by their names."
    )
    clear: bool | list[str] = Field(default=False, description="All of the resource, or the names given.")
    event: str | None = Field(default=None, max_length=1000, description="A message as RDS would send it.")
    fault: FaultKind | None = Field(default=None, description="How its source misbehaves.")
    collector: str | None = Field(default=None, description="For whom; for all collectors if left out.")
    deployment: str | None = Field(default=None, max_length=200, description="A deployment that finished now.")

    @field_validator("cause")
    @classmethod
    def _is_known(cls, cause: str | None) -> str | None:
        if cause is not None and cause not in CAUSES:
            raise ValueError(f"is no cause; there are {', '.join(CAUSES)}")
        return cause

    @field_validator("collector")
    @classmethod
    def _is_one(cls, collector: str | None) -> str | None:
        if collector is not None and collector not in COLLECTORS:
            raise ValueError(f"is no collector; there are {', '.join(COLLECTORS)}")
        return collector

    @model_validator(mode="after")
    def _does_something(self) -> At:
        if not (self.cause or self.set or self.clear or self.event or self.fault or self.deployment):
            raise ValueError("says nothing that happens: cause, set, clear, event, fault or deployment")
        if self.collector and not self.fault:
            raise ValueError("names a collector, which goes with a fault")
        if self.resource is None and (self.cause or self.set or self.event):
            raise ValueError("needs a resource: only a fault or a clear can be the whole estate's")
        return self


class Expect(Part):
    """What triage should say of it, and what it must not."""

    findings: list[str] = Field(default_factory=list)
    absent: list[str] = Field(default_factory=list)
    within_seconds: Annotated[float, Field(gt=0, strict=False)] | None = None


class ScenarioFile(Part):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    title: str = ""
    estate: Literal["resilient-database", "database-architect"]
    at: list[At] = Field(default_factory=list)
    expect: Expect | None = None
    lasts_seconds: Annotated[float, Field(gt=0, le=7 * DAY, strict=False)] | None = None
