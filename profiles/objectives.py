"""What was promised: measures with a target each."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from profiles.estate import Concerns
from profiles.fields import Name, Text, number_in, one_of


class Measure(NamedTuple):
    """``side``: on which side of the target it is met."""

    unit: str
    side: Literal["at_most", "at_least"]
    most: float
    meaning: str


_YEAR = 366 * 86_400.0
MEASURES = {
    "failover": Measure("Seconds", "at_most", _YEAR, "from the first event of a failover to its last"),
    "rpo": Measure("Seconds", "at_most", _YEAR, "how much would be lost by restoring now"),
    "rto": Measure("Seconds", "at_most", _YEAR, "how long the last proved restore took"),
    "restore-proof-age": Measure("Seconds", "at_most", 10 * _YEAR, "how long ago a restore was last proved"),
    "replica-lag": Measure("Seconds", "at_most", _YEAR, "how far a replica is behind its source"),
    "query-p95": Measure("Seconds", "at_most", _YEAR, "95 of 100 statements are faster"),
    "connect": Measure("Seconds", "at_most", _YEAR, "how long it takes to log in"),
    "uptime": Measure("Percent", "at_least", 100, "share of the time in which the resource serves"),
    "hit-rate": Measure("Percent", "at_least", 100, "share of a cache's requests that it answers"),
    "connections": Measure("", "at_least", 1e9, "sessions that are borne"),
    "replicas": Measure("", "at_least", 1e4, "replicas that may be had"),
}

_TARGET: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}


class Objective(Concerns):
    """One promise."""

    name: Name = Field(description="What the promise is called; one of a profile each.")
    measure: Annotated[str, BeforeValidator(one_of(MEASURES)), WithJsonSchema({"enum": list(MEASURES)})] = Field(
        description="What is measured: " + "; ".join(f"{name} ({it.meaning})" for name, it in MEASURES.items()) + "."
    )
    target: Annotated[float, WithJsonSchema(_TARGET)] = Field(
        description="The promised bound: a duration (`60s`, `5m`), a percentage or a count, as the measure has it."
    )
    text: Text | None = Field(default=None, description="The promise in the words of whoever made it.")

    @field_validator("target", mode="before")
    @classmethod
    def _in_its_unit(cls, given: object, info: ValidationInfo) -> object:
        measure = MEASURES.get(info.data.get("measure", ""))
        return 0.0 if measure is None else number_in(measure.unit, 0, measure.most)(given)

    @property
    def side(self) -> Literal["at_most", "at_least"]:
        return MEASURES[self.measure].side

    @property
    def unit(self) -> str:
        """In words of CloudWatch, as the values have it; empty for a count."""
        return MEASURES[self.measure].unit
