"""How is a Redis or Valkey logged in to, and how much may be asked of it?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from profiles.declared import Port
from profiles.estate import Engines
from profiles.fields import Flag, Part, Patterns, Text, matching, number_in, refuse

_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
_KEPT = matching(
    r"env:[A-Za-z_]\w*|file:[^\s].*|secretsmanager:[\w/+=.@:-]+",
    "env:VARIABLE, file:PATH or secretsmanager:SECRET",
)


class Redis(Part):
    """A login, and the nodes it is for. Of several parts the first that fits a node holds for it."""

    ids: Patterns = Field(default=(), description="Names of nodes, with `*` and `?`; all where none is named.")
    engines: Engines = Field(
        default=("redis", "valkey"), description="Engines as AWS names them; one of them must fit."
    )
    user: Text | None = Field(
        default=None, description="The ACL user; as the secret says, or `default`, if left out. It needs `+info`, and "
        "for more what `dbconsole policy viewer --redis` prints.",
    )
    secret: Annotated[str, BeforeValidator(_KEPT)] | None = Field(
        default=None,
        description="Where the password or AUTH token is kept: `secretsmanager:NAME-OR-ARN`, `env:VARIABLE`, or "
        "`file:PATH` of a file with mode 0600; no login if left out. The password itself has no place here.",
    )
    flush_user: Text | None = Field(
        default=None, description="The ACL user that flushes; as its secret says, or `default`, if left out. See "
        "`dbconsole policy admin --redis`.",
    )
    flush_secret: Annotated[str, BeforeValidator(_KEPT)] | None = Field(
        default=None,
        description="Where the password of whoever flushes is kept, as `secret`; one in Secrets Manager is read with "
        "the role's narrowed credentials alone. Nothing can be flushed if left out.",
    )
    tls: Flag = Field(
        default=True,
        description="TLS with a certificate that is trusted and names the host, as ElastiCache has it with encryption "
        "in transit; false: nothing is encrypted.",
    )
    ca_file: Text | None = Field(
        default=None, description="Certificates that are trusted, in PEM; the system's if left out."
    )
    port: Port | None = Field(default=None, description="As the inventory tells it, if left out.")
    query_budget: Annotated[
        float, BeforeValidator(number_in("Percent", 0.1, 100)), _SCHEMA
    ] = Field(default=5.0, description="Percent of the time that one question may take a node.")  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> Redis:
        if self.user is not None and self.secret is None:
            refuse("is needed: a user has a password", at=("secret",), found="there is none")
        if self.flush_user is not None and self.flush_secret is None:
            refuse("is needed: a user has a password", at=("flush_secret",), found="there is none")
        if self.ca_file is not None and not self.tls:
            refuse("is for TLS, which is off", at=("ca_file",), found=self.ca_file)
        return self
