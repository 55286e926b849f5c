"""Who is it that AWS knows? What one ARN says, and the ARNs that are built from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.safe import sanitise
from console.access.role import Role
from profiles.people import NONE

_ARN = re.compile(r"arn:(?P<partition>[a-z-]+):(?P<service>iam|sts)::(?P<account>\d{12}):(?P<rest>[\x21-\x7e]+)")
_FALLS = "dbconsole-"  # what a role is called where the profile does not say it


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller as `sts:GetCallerIdentity` tells it. Not yet sanitised: it is what is asked by."""

    arn: str
    partition: str
    account: str
    kind: str  # user, assumed-role, federated-user, root
    name: str  # of the user or the role, without its path
    session: str = ""  # of a role

    @property
    def person(self) -> str:
        """Who acts: a role's session is called after somebody, the role is not."""
        return self.session or self.name


def identity(arn: str) -> Identity:
    """`CannotCollect` where it is no ARN of anybody: nothing is allowed to somebody who is not known."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise CannotCollect("AWS does not say who is asking.", seen=sanitise(arn), mend="Actions stay locked.")
    kind, *path = found["rest"].split("/")
    name, session = path[-1] if path else kind, ""
    if kind == "assumed-role" and len(path) > 1:
        name, session = path[0], path[1]
    return Identity(arn, found["partition"], found["account"], kind, name, session)


def role_arn(assume: str | None, role: Role, caller: Identity) -> str | None:
    """Of the IAM role that stands for one of ours, as the profile names it; None where it wants none."""
    if assume == NONE:
        return None
    named = assume or f"{_FALLS}{role.word}"
    return named if named.startswith("arn:") else f"arn:{caller.partition}:iam::{caller.account}:role/{named}"


def role_name(arn: str) -> str:
    """Without its path, as `iam:GetRole` asks for it."""
    return arn.rpartition("/")[2]
