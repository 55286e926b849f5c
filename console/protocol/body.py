"""What has every message's body in common? Unknown fields are ignored, so that v1 may grow; text is sanitised."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from collectors.safe import DETAIL_LIMIT, Safe, sanitise


def _clean(value: object) -> object:
    return sanitise(value) if isinstance(value, str) else value


def _clean_detail(value: object) -> object:
    return sanitise(value, DETAIL_LIMIT) if isinstance(value, str) else value


def is_absent(value: object) -> bool:
    """What most messages would say for nothing is left out."""
    return value is None or value in ((), {}, "")


Text = Annotated[Safe, BeforeValidator(_clean)]
Detail = Annotated[Safe, BeforeValidator(_clean_detail)]
Millis = Annotated[int, Field(ge=0, le=253_402_300_799_999)]  # to the year 9999: datetime's end
Number = Annotated[float, Field(allow_inf_nan=False)]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)
