"""Which roles does the demo's account have, what may each do, and who may take it on? IAM's own JSON, in `account/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from console.demo.emulator.conditions import Context
from console.demo.emulator.names import LETTERS
from console.demo.emulator.policies import Policy, Question, Rights, parsed
from console.demo.inventory import ACCOUNT
from console.demo.noise import key, uniform

FOLDER = Path(__file__).parent / "account"
VIEWER, OPERATOR, ADMIN = NAMES = ("dbconsole-viewer", "dbconsole-operator", "dbconsole-admin")


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    description: str
    max_session_s: int
    trust: Policy
    trust_text: str
    policies: Mapping[str, Policy]
    boundary: Policy
    boundary_name: str

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{self.name}"

    @property
    def id(self) -> str:
        source = key("role", self.name)
        return "AROA" + "".join(LETTERS[int(32 * uniform(source, n))] for n in range(17))

    def rights(self, session: Policy | None = None) -> Rights:
        return Rights(tuple(self.policies.values()), self.boundary, session)

    def trusts(self, arn: str, action: str, context: Context) -> bool:
        """Whether somebody may do this to the role: take it on, say in whose name, or give the session tags."""
        question = Question(action, self.arn, context)
        said = {
            each.effect
            for each in self.trust.statement
            if each.principal is not None and {arn, "*"} & set(each.principal.get("AWS", ())) and each.fits(question)
        }
        return said == {"Allow"}


@cache
def roles() -> Mapping[str, Role]:
    """By name."""
    return {name: _read(name) for name in NAMES}


def _read(name: str) -> Role:
    said: dict[str, Any] = orjson.loads((FOLDER / f"{name}.json").read_bytes())
    trust = orjson.dumps(said["AssumeRolePolicyDocument"]).decode()
    policies: dict[str, str] = said["Policies"]
    boundary: str = said["PermissionsBoundary"]
    return Role(
        name,
        said["Description"],
        said["MaxSessionDuration"],
        parsed(trust),
        trust,
        {each: parsed((FOLDER / file).read_text()) for each, file in policies.items()},
        parsed((FOLDER / boundary).read_text()),
        f"dbconsole-{boundary.removesuffix('.json')}",
    )


def role_of(arn: str) -> Role | None:
    return next((each for each in roles().values() if each.arn == arn), None)
