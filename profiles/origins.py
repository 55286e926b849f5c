"""Which databases do caches stand before?"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from profiles.fields import Part, Patterns, filled


class Origins(Part):
    """Caches, and where whoever does not find something in them asks. Of several parts the first that fits holds."""

    caches: Patterns = Field(default=(), description="Names of nodes, with `*` and `?`; all where none is named.")
    databases: Annotated[Patterns, AfterValidator(filled)] = Field(
        description="The databases that they stand before, by their names: a flush sends its load there."
    )
