"""How were resources meant to be? What differs from a declaration is a finding."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from profiles.estate import Concerns
from profiles.fields import Duration, Flag, Patterns, Text, refuse, whole

Port = Annotated[int, BeforeValidator(whole(1, 65_535))]


class Declared(Concerns):
    """What is declared of the resources that fit. What is left out is not compared."""

    engine_version: Text | None = Field(default=None, description="Pattern of the engine's version: `15.*`, `16.6`.")
    instance_class: Patterns = Field(default=(), description="Patterns of instance classes; one of them must fit.")
    multi_az: Flag | None = Field(default=None, description="Whether it has a standby in another zone.")
    encrypted: Flag | None = Field(default=None, description="Whether data at rest is encrypted.")
    tls: Flag | None = Field(default=None, description="Whether the server takes encrypted connections only.")
    public_access: Flag | None = Field(default=None, description="Whether it may be reached from the internet.")
    iam_authentication: Flag | None = Field(default=None, description="Whether IAM may log in to the database.")
    deletion_protection: Flag | None = Field(default=None, description="Whether AWS refuses to delete it.")
    port: Port | None = Field(default=None, description="Where it listens.")
    retention_at_least: Duration | None = Field(default=None, description="How long automated backups are kept: `7d`.")

    @model_validator(mode="after")
    def _says_something(self) -> Declared:
        if not self.model_fields_set - Concerns.model_fields.keys():
            refuse("declares nothing", allowed="at least one of " + ", ".join(facts()), found="")
        return self


def facts() -> tuple[str, ...]:
    """The names of what can be declared."""
    return tuple(name for name in Declared.model_fields if name not in Concerns.model_fields)
