"""What belongs to the estate, and where is it to be found?"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from profiles.fields import Name, Part, Patterns, Text, filled, listed, matching, one_of, refuse, repeated
from profiles.wrong import nearest

Kind = Annotated[
    Literal["instance", "cluster", "cache", "table"],
    BeforeValidator(one_of(("instance", "cluster", "cache", "table"))),
]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(listed)]
Region = Annotated[str, BeforeValidator(matching(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}", "a region such as eu-west-1"))]
ENGINES = (
    *("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web", "postgres", "mysql", "mariadb"),
    *("oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb", "db2-ae", "db2-se"),
    *("custom-sqlserver-ee", "custom-sqlserver-se", "custom-sqlserver-web", "custom-oracle-ee", "custom-oracle-se2"),
    *("aurora-mysql", "aurora-postgresql", "docdb", "neptune", "redis", "valkey", "memcached", "dynamodb"),
)


def _engine(value: object) -> str:
    if not isinstance(value, str) or not any(fnmatchcase(engine, value) for engine in ENGINES):
        plain = value.rstrip("*-") if isinstance(value, str) else ""
        refuse("fits no engine", allowed="AWS's names, with `*` and `?`: sqlserver-*, aurora-postgresql, redis",
               meant=nearest(plain, (*ENGINES, "sqlserver-*", "oracle-*")))  # fmt: skip
    return value


Engines = Annotated[tuple[Annotated[str, BeforeValidator(_engine)], ...], BeforeValidator(listed)]


class Concerns(Part):
    """Which resources something is about: all that fit every list that is given; all of them where none is."""

    ids: Patterns = Field(default=(), description="Names of resources; `*` and `?` stand for any text and any letter.")
    engines: Engines = Field(default=(), description="Engines as AWS names them: `sqlserver-*`, `redis`.")
    kinds: Kinds = Field(default=(), description="Kinds of resources: instance, cluster, cache, table.")


class Selection(Part):
    """A resource is taken when it fits all that is said here."""

    ids: Patterns = Field(default=(), description="Names of resources, with `*` and `?`; one of them must fit.")
    tags: dict[Text, Text] = Field(
        default_factory=dict, description="Tags that it must have: key to pattern of the value; all must fit."
    )
    kinds: Kinds = Field(default=(), description="Kinds: instance, cluster, cache, table; one of them must fit.")

    @model_validator(mode="after")
    def _says_something(self) -> Selection:
        if not (self.ids or self.tags or self.kinds):
            refuse("says nothing, and so would take everything", allowed="ids, tags or kinds", found="")
        return self


class AccountSpec(Part):
    """An account, and how it is reached: as the AWS CLI would, where nothing is said."""

    name: Name = Field(default="default", description="What this console calls the account; AWS does not know it.")
    profile: Text | None = Field(default=None, description="A profile of AWS's own files (~/.aws/config).")
    role_arn: Annotated[
        str, BeforeValidator(matching(r"arn:aws[a-z-]*:iam::\d{12}:role/\S+", "arn:aws:iam::111122223333:role/NAME"))
    ] | None = Field(default=None, description="A role that is assumed from there.")  # fmt: skip
    external_id: Text | None = Field(default=None, description="The external id that the role asks for; no secret.")
    regions: Annotated[tuple[Region, ...], BeforeValidator(listed)] = Field(
        default=(), description="Which regions are read; the session's own where none is named."
    )

    @model_validator(mode="after")
    def _fits(self) -> AccountSpec:
        if self.external_id and not self.role_arn:
            refuse("goes with a role_arn", at=("external_id",), found="there is none")
        if (again := repeated(self.regions)) is not None:
            refuse("names a region twice", at=("regions", again), found=self.regions[again])
        return self


class Estate(Part):
    """What is watched: all that is found in the accounts, unless something is selected."""

    accounts: Annotated[tuple[AccountSpec, ...], AfterValidator(filled)] = Field(
        default=(AccountSpec(),), description="Where to look; one account by AWS's default chain if left out."
    )
    select: tuple[Selection, ...] = Field(
        default=(), description="A resource belongs if one of these takes it; everything does where there is none."
    )
    exclude: tuple[Selection, ...] = Field(default=(), description="And does not if one of these takes it.")

    @model_validator(mode="after")
    def _fits(self) -> Estate:
        if (again := repeated(account.name for account in self.accounts)) is not None:
            name = self.accounts[again].name
            refuse("is the name of another account too", at=("accounts", again, "name"), found=name)
        return self
