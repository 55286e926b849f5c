"""How is a PostgreSQL logged in to, and how much may be asked of it?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from profiles.declared import Port
from profiles.estate import Engines
from profiles.fields import Part, Patterns, Text, matching, number_in, one_of, refuse

_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
_KEPT = matching(
    r"rds|env:[A-Za-z_]\w*|file:[^\s].*|secretsmanager:[\w/+=.@:-]+",
    "rds, env:VARIABLE, file:PATH or secretsmanager:SECRET",
)
_ENCRYPTIONS = ("verify", "trust", "off")


class Postgres(Part):
    """A login, and the instances it is for. Of several parts the first that fits an instance holds for it."""

    ids: Patterns = Field(default=(), description="Names of instances, with `*` and `?`; all where none is named.")
    engines: Engines = Field(
        default=("postgres",), description="Engines as AWS names them, aurora-postgresql among them; one must fit."
    )
    user: Text | None = Field(
        default=None, description="The role; as the secret says, if left out. It needs to be a member of pg_monitor."
    )
    secret: Annotated[str, BeforeValidator(_KEPT)] = Field(
        description="Where the password is kept: `secretsmanager:NAME-OR-ARN`, `env:VARIABLE`, `file:PATH` of a file "
        "with mode 0600, or `rds` for the master user's, as RDS keeps it. The password itself has no place here."
    )
    encrypt: Annotated[Literal["verify", "trust", "off"], BeforeValidator(one_of(_ENCRYPTIONS))] = Field(
        default="verify",
        description="verify: TLS with a certificate that is trusted and names the host; trust: TLS with whoever "
        "answers; off: no TLS.",
    )
    ca_file: Text | None = Field(
        default=None,
        description="Certificates that are trusted, in PEM, such as RDS's bundle; the system's if left out.",
    )
    port: Port | None = Field(default=None, description="As the inventory tells it, if left out.")
    database: Text = Field(default="postgres", description="Which database is connected to; any will do.")
    query_budget: Annotated[
        float, BeforeValidator(number_in("Percent", 0.1, 100)), _SCHEMA
    ] = Field(default=5.0, description="Percent of the time that one question may take a server.")  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> Postgres:
        if self.user is None and self.secret.startswith(("env:", "file:")):
            refuse("is needed: only secrets of AWS name the user", at=("user",), found="there is none")
        if self.ca_file is not None and self.encrypt != "verify":
            refuse("is for certificates that are verified", at=("ca_file",), found=self.ca_file)
        return self
