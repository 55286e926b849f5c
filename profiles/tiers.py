"""How often is something copied, and for how long is each copy kept? Daily, weekly, monthly: tiers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from profiles.estate import Concerns
from profiles.fields import Name, number_in, one_of, refuse

MONTHLY = "monthly"
MONTH_S = 31 * 86_400.0
_LEAST, _LONGEST = 3600.0, 100 * 366 * 86_400.0
SOURCES = ("automated", "manual", "aws-backup", "native", "any")
Source = Annotated[Literal["automated", "manual", "aws-backup", "native", "any"], BeforeValidator(one_of(SOURCES))]
_QUANTITY: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}


def _pace(value: object) -> float | str:
    """Once a month has no length of its own. A longer pace could not be seen in what AWS lists."""
    return MONTHLY if value == MONTHLY else number_in("Seconds", _LEAST, MONTH_S)(value)


class BackupTier(Concerns):
    """One pace of copies."""

    name: Name = Field(description="What the tier is called: daily, weekly, monthly.")
    every: Annotated[float | Literal["monthly"], BeforeValidator(_pace), WithJsonSchema(_QUANTITY)] = Field(
        description="How long after one copy the next is due: `1d`, `7d`, at most 31 days; or `monthly`."
    )
    keep: Annotated[float, BeforeValidator(number_in("Seconds", _LEAST, _LONGEST)), WithJsonSchema(_QUANTITY)] = Field(
        description="How long each must be kept at least: `30d`, `12w`. One that is kept shorter does not count."
    )
    source: Source = Field(default="any", description="Which copies count: " + ", ".join(SOURCES) + ".")

    @model_validator(mode="after")
    def _is_kept_until_the_next(self) -> BackupTier:
        pace = self.every if isinstance(self.every, float) else MONTH_S
        if self.keep < pace:
            refuse("is shorter than the time to the next, so that for a while there would be none", at=("keep",),
                   allowed="at least as long as every", found=f"{self.keep:g} s")  # fmt: skip
        return self
