"""Which tiles does the board show, and where? Rows of names, for a usual screen and for one with room to spare."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from profiles.fields import Part, filled, listed, one_of, refuse

T = TypeVar("T")

TILES = (
    *("cloudwatch", "waits", "lag", "backups", "events", "alarms", "facts"),
    *("findings", "activity", "blocking", "cache"),
)
MOST = 4  # rows, and tiles in a row: what is smaller than a quarter of a screen tells nothing


def _few(found: tuple[T, ...]) -> tuple[T, ...]:
    if len(found) > MOST:
        refuse("is too long", allowed=f"at most {MOST}", found=f"{len(found)} of them")
    return found


Tile = Annotated[str, BeforeValidator(one_of(TILES))]
Row = Annotated[tuple[Tile, ...], BeforeValidator(listed), AfterValidator(filled), AfterValidator(_few)]
Rows = Annotated[tuple[Row, ...], BeforeValidator(listed), AfterValidator(filled), AfterValidator(_few)]


class Board(Part):
    """Where each tile of the board stands. On a small screen they are tabs, in the same order."""

    rows: Rows = Field(
        default=(("cloudwatch", "waits"), ("lag", "backups")),
        description="Rows of tiles on a screen of usual size: " + ", ".join(TILES) + ".",
    )
    wide: Rows = Field(
        default=(("cloudwatch", "waits", "events"), ("lag", "backups", "alarms")),
        description="The same for a screen of 160 columns or more.",
    )
