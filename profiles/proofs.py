"""Which restores has the team tried itself? Each is written down once: what AWS did, AWS tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from profiles.fields import Flag, Part, Text, number_in, refuse

_MOST_MINUTES = 366 * 24 * 60
_ALLOWED = "a time, as 2026-01-31T12:00:00Z, or a day"


def _moment(value: object) -> datetime:
    """Without a zone it is UTC, as all times are here; of a day the beginning."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            refuse("is no time", allowed=_ALLOWED)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        refuse("is no time", allowed=_ALLOWED)
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        refuse("is no time of ours", allowed=_ALLOWED)


class RestoreProof(Part):
    """Somebody restored a resource, and looked at what came out."""

    when: Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string"})] = Field(
        description="When it was done: a time, UTC where it has no zone, or a day."
    )
    resource: Text = Field(description="Of which resource it was, by its name.")
    from_: Text | None = Field(default=None, alias="from", description="From what, or to which moment.")
    minutes: Annotated[
        float | None,
        BeforeValidator(lambda value: None if value is None else number_in("", 0, _MOST_MINUTES)(value)),
    ] = Field(default=None, description="How long it took, until it could have served.")
    held: Flag = Field(default=True, description="Whether what came out was whole.")
    by: Text | None = Field(default=None, description="Who did it, or where it is written down.")


class ProofFile(Part):
    """A file of its own, where the profile names one."""

    restore_proof: tuple[RestoreProof, ...] = Field(default=(), description="Restores that were tried.")
