"""How is a SQL Server logged in to, and how much may be asked of it?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from profiles.declared import Port
from profiles.estate import Engines
from profiles.fields import Flag, Part, Patterns, Text, matching, number_in, one_of, refuse, whole

_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
_KEPT = matching(
    r"rds|env:[A-Za-z_]\w*|file:[^\s].*|secretsmanager:[\w/+=.@:-]+",
    "rds, env:VARIABLE, file:PATH or secretsmanager:SECRET",
)
Kept = Annotated[
    str,
    BeforeValidator(_KEPT),
    Field(
        description="Where the password is kept: `secretsmanager:NAME-OR-ARN`, `env:VARIABLE`, `file:PATH` of a file "
        "with mode 0600, or `rds` for the master user's, as RDS keeps it. The password itself has no place here."
    ),
]
Budget = Annotated[float, BeforeValidator(number_in("Percent", 0.1, 100)), _SCHEMA]
_ENCRYPTIONS = ("verify", "strict", "trust")


class SqlServer(Part):
    """A login, and the instances it is for. Of several parts the first that fits an instance holds for it."""

    ids: Patterns = Field(default=(), description="Names of instances, with `*` and `?`; all where none is named.")
    engines: Engines = Field(
        default=("sqlserver-*", "custom-sqlserver-*"), description="Engines as AWS names them; one of them must fit."
    )
    user: Text | None = Field(default=None, description="The login; as the secret says, if left out.")
    secret: Kept
    flush_user: Text | None = Field(
        default=None, description="The login that throws out plans; as its secret says, if left out. See "
        "`dbconsole policy admin --sql`.",
    )
    flush_secret: Kept | None = Field(
        default=None,
        description="Where its password is kept, as `secret`; one in Secrets Manager is read with the role's narrowed "
        "credentials alone. Nothing can be flushed if left out.",
    )
    encrypt: Annotated[Literal["verify", "strict", "trust"], BeforeValidator(one_of(_ENCRYPTIONS))] = Field(
        default="verify",
        description="verify: TLS with a certificate that is trusted; strict: the same by TDS 8, which needs SQL Server "
        "2022 and Microsoft's driver; trust: TLS with whoever answers.",
    )
    ca_file: Text | None = Field(
        default=None,
        description="Certificates that are trusted, in PEM, such as RDS's bundle; the system's if left out. The driver "
        "knows one file for all servers.",
    )
    host_in_certificate: Text | None = Field(
        default=None, description="The name that the certificate must have, where it is not the host's own."
    )
    port: Port | None = Field(default=None, description="As the inventory tells it, if left out.")
    read_only: Flag = Field(
        default=False, description="Say that nothing is written, so that a readable replica may serve."
    )
    driver: Text | None = Field(
        default=None, description="An ODBC driver's name, or the path of its library; the best there is, if left out."
    )
    connections: Annotated[int, BeforeValidator(whole(1, 4))] = Field(
        default=2, description="How many connections each instance has of this console at the most."
    )
    query_budget: Budget = Field(default=5.0, description="Percent of the time that one question may take a server.")

    @model_validator(mode="after")
    def _fits(self) -> SqlServer:
        if self.user is None and self.secret.startswith(("env:", "file:")):
            refuse("is needed: only secrets of AWS name the user", at=("user",), found="there is none")
        if self.flush_user is not None and self.flush_secret is None:
            refuse("is needed: a login has a password", at=("flush_secret",), found="there is none")
        if self.flush_user is None and (self.flush_secret or "").startswith(("env:", "file:")):
            refuse("is needed: only secrets of AWS name the user", at=("flush_user",), found="there is none")
        return self
