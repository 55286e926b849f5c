"""How is a MySQL or MariaDB server logged in to, and how much may be asked of it?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from profiles.declared import Port
from profiles.estate import Engines
from profiles.fields import Part, Patterns, Text, matching, one_of, refuse
from profiles.sqlserver import Budget, Kept

_ENCRYPTIONS = ("verify", "trust")
_TABLE = matching(r"[A-Za-z_][\w$]{0,63}\.[A-Za-z_][\w$]{0,63}", "DATABASE.TABLE, such as percona.heartbeat")


class MySql(Part):
    """A login, and the instances it is for. Of several parts the first that fits an instance holds for it."""

    ids: Patterns = Field(default=(), description="Names of instances, with `*` and `?`; all where none is named.")
    engines: Engines = Field(
        default=("mysql", "mariadb"), description="Engines as AWS names them; one of them must fit."
    )
    user: Text | None = Field(default=None, description="The login; as the secret says, if left out.")
    secret: Kept
    encrypt: Annotated[Literal["verify", "trust"], BeforeValidator(one_of(_ENCRYPTIONS))] = Field(
        default="verify",
        description="verify: TLS with a certificate that is trusted and names the host; trust: TLS with whoever "
        "answers.",
    )
    ca_file: Text | None = Field(
        default=None,
        description="Certificates that are trusted, in PEM, such as RDS's bundle; the system's if left out.",
    )
    port: Port | None = Field(default=None, description="As the inventory tells it, if left out.")
    heartbeat: Annotated[str, BeforeValidator(_TABLE)] | None = Field(
        default=None,
        description="A table that a program on the source writes the time into, in UTC, as `pt-heartbeat --utc` does: "
        "`percona.heartbeat`. What a replica has of it says best how old its data is.",
    )
    query_budget: Budget = Field(default=5.0, description="Percent of the time that one question may take a server.")

    @model_validator(mode="after")
    def _fits(self) -> MySql:
        if self.user is None and self.secret.startswith(("env:", "file:")):
            refuse("is needed: only secrets of AWS name the user", at=("user",), found="there is none")
        return self
