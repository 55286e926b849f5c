"""Which waits inside a database only say that a thread is idle? The shipped table, and what a person knows better."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from profiles.fields import Part, listed, matching, refuse, repeated

WaitType = Annotated[
    str,
    BeforeValidator(matching(r"[A-Z0-9_*?]{1,60}", "a wait type in capitals, such as QDS_ASYNC_QUEUE or QDS_*")),
]
WaitTypes = Annotated[tuple[WaitType, ...], BeforeValidator(listed)]


class WaitRules(Part):
    """What is not said here is as the shipped table of wait types has it; a type that nobody knows counts."""

    benign: WaitTypes = Field(default=(), description="Wait types that are left out of every sum and rank.")
    counted: WaitTypes = Field(default=(), description="Wait types that count although they are benign otherwise.")

    @model_validator(mode="after")
    def _fits(self) -> WaitRules:
        for part in ("benign", "counted"):
            names = getattr(self, part)
            if (again := repeated(names)) is not None:
                refuse("names a wait type twice", at=(part, again), found=names[again])
        for index, name in enumerate(self.counted):
            if name in self.benign:
                refuse("is benign as well", at=("counted", index), found=name, allowed="one of benign and counted")
        return self
