"""What is not healthy: thresholds, rules that alert after a while, and objectives."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from profiles.estate import Concerns
from profiles.fields import SEVERITIES, Duration, Name, Patterns, Severity, Text, quantity, refuse, severity_of
from profiles.metrics import FAMILIES, Metrics, bound, family
from profiles.wrong import nearest, shown

_NUMBER_OR_TEXT: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
_NUMBER_TEXT_OR_NONE: dict[str, Any] = {"anyOf": [*_NUMBER_OR_TEXT["anyOf"], {"type": "null"}]}
_BOUNDS: dict[str, Any] = {
    "anyOf": [
        {"type": "null"},
        {
            "type": "object",
            "properties": dict.fromkeys(SEVERITIES, _NUMBER_OR_TEXT),
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}


def _known(info: ValidationInfo) -> Metrics | None:
    return (info.context or {}).get("metrics")


def _metric(value: object, info: ValidationInfo) -> str:
    first = family(value) if isinstance(value, str) else None
    if not isinstance(value, str) or first is None or not value.isprintable():
        refuse("is not the name of a value", allowed="such as cloudwatch.CPUUtilization, replica.lag_s, wait.WRITELOG")
    if first not in FAMILIES:
        refuse("begins as no value does", allowed=", ".join(FAMILIES), meant=nearest(first, FAMILIES))
    known = _known(info)
    if first == "cloudwatch" and known and known.unit(value) is None:
        refuse("is no metric of CloudWatch that is known here", meant=" or ".join(known.nearest(value)))
    return value


Metric = Annotated[str, BeforeValidator(_metric)]


class Measured(Concerns):
    """Something that is said about the values of one name."""

    metric: Metric = Field(
        description="The value's name, such as `cloudwatch.CPUUtilization`, `replica.lag_s` or `wait.WRITELOG`."
    )


class Threshold(Measured):
    """From where on a value is not well; ``above`` or ``below``, in the value's own unit.

    Numbers may carry a unit that converts exactly: `"20 GiB"`, `"80 %"`, `"100 ms"`.
    """

    above: Annotated[dict[Severity, float] | None, WithJsonSchema(_BOUNDS)] = Field(
        default=None, description="By severity: from which value upwards, as { warning = 80, critical = 95 }."
    )
    below: Annotated[dict[Severity, float] | None, WithJsonSchema(_BOUNDS)] = Field(
        default=None, description="By severity: from which value downwards, as { warning = 20, critical = 5 }."
    )

    @field_validator("above", "below", mode="before")
    @classmethod
    def _numbers(cls, given: object, info: ValidationInfo) -> object:
        if given is None or "metric" not in info.data:  # which is told already
            return None
        if not isinstance(given, Mapping) or not given:
            refuse("does not say how grave it is", allowed="{ warning = 80, critical = 95 }")
        return {_grave(key): _number(value, key, info) for key, value in given.items()}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.above is None) == (self.below is None):
            refuse("needs exactly one of above and below", found=f"{'both' if self.above else 'neither'} of them")
        side, bounds = ("above", self.above) if self.above is not None else ("below", self.below or {})
        given = [(severity, bounds[severity]) for severity in reversed(SEVERITIES) if severity in bounds]
        for (milder, first), (graver, second) in pairwise(given):
            if first == second or (first > second) == (side == "above"):
                refuse(f"has {milder} beyond {graver}, which could never be told", at=(side,),
                       allowed=f"{graver} further {'up' if side == 'above' else 'down'} than {milder}",
                       found=f"{milder} {first:g}, {graver} {second:g}")  # fmt: skip
        return self


def _grave(key: object) -> str:
    try:
        return severity_of(key)
    except ValueError as error:
        context = getattr(error, "context", None) or {}
        refuse(str(context.get("what", "is not a severity")), allowed=str(context.get("allowed", "")),
               meant=str(context.get("nearest", "")), at=(str(key),), found=shown(key))  # fmt: skip


def _number(value: object, key: object, info: ValidationInfo) -> float:
    return quantity(lambda: bound(value, info.data["metric"], _known(info)), at=(str(key),), found=value)


class AlertRule(Measured):
    """What somebody is told: a value that stays beyond a bound for a while."""

    id: Name = Field(description="What the alert is called; one rule of a profile each.")
    above: Annotated[float | None, WithJsonSchema(_NUMBER_TEXT_OR_NONE)] = Field(
        default=None, description="Beyond is from here upwards, in the value's own unit."
    )
    below: Annotated[float | None, WithJsonSchema(_NUMBER_TEXT_OR_NONE)] = Field(
        default=None, description="Beyond is from here downwards, in the value's own unit."
    )
    for_: Duration = Field(default=0.0, alias="for", description="How long it must stay beyond: `5m`, `90s`, seconds.")
    severity: Severity = Field(description="critical, high, warning or info; critical and high end `check` with 2.")
    channels: Patterns = Field(
        default=(), description="Names of the channels that are told; those that take the severity where none is named."
    )
    runbook: Text | None = Field(default=None, description="Where the steps are written: a URL or a path.")

    @field_validator("above", "below", mode="before")
    @classmethod
    def _numbers(cls, given: object, info: ValidationInfo) -> object:
        if given is None or "metric" not in info.data:
            return None
        return quantity(lambda: bound(given, info.data["metric"], _known(info)))

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            both = self.above is not None
            refuse("needs exactly one of above and below", found=f"{'both' if both else 'neither'} of them")
        return self
