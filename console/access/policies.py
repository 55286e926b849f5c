"""What must somebody be allowed for each role, and no more? Made from what this console really sends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from collectors.aws.allowed import ALLOWED, grant
from console.access.role import Role

_OF_A_SESSION = frozenset({"sso", "sso-oidc", "signin", "sts"})  # how one signs in, which no role's policy allows
_OF_ONESELF = frozenset({"iam"})
_TARGETS = {  # what each service's actions touch, and what they make
    "dynamodb": ("table/*",),
    "elasticache": ("cluster:*", "replicationgroup:*", "snapshot:*"),
    "rds": ("db:*", "cluster:*", "snapshot:*", "cluster-snapshot:*"),
}
_NO_FACTOR = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
Statement = dict[str, Any]


class Sends(Protocol):
    """As much of an action as a policy is about."""

    @property
    def service(self) -> str: ...
    @property
    def grants(self) -> tuple[str, ...]: ...
    @property
    def least(self) -> Role: ...


def policy(
    role: Role,
    actions: Iterable[Sends],
    *,
    partition: str = "aws",
    account: str = "*",
    secrets: Sequence[str] = (),
    mfa: bool = False,
) -> dict[str, Any]:
    """``secrets``: ARNs of those that hold logins of databases. ``mfa``: without a second factor nothing is changed."""
    reads = [_statement("Reads", _reads(), ["*"])]
    own = f"arn:{partition}:iam::{account}:role/*dbconsole-{role.word}"
    reads.append(_statement("AsksWhatItMayDo", _of(_OF_ONESELF), [own]))
    if secrets:
        reads.append(_statement("ReadsLogins", ["secretsmanager:GetSecretValue"], sorted(secrets)))
    return {"Version": "2012-10-17", "Statement": [*reads, *_acting(role, actions, partition, account, mfa=mfa)]}


def _acting(role: Role, actions: Iterable[Sends], partition: str, account: str, *, mfa: bool) -> list[Statement]:
    sent: dict[str, set[str]] = {}
    for action in actions:
        if action.least <= role and action.least > Role.VIEWER:
            sent.setdefault(action.service, set()).update(action.grants)
    found = [
        _statement(
            f"Acts{service.title().replace('-', '')}",
            sorted(sent[service]),
            [f"arn:{partition}:{service}:*:{account}:{target}" for target in _TARGETS[service]],
        )
        for service in sorted(sent)
    ]
    if mfa and found:
        named = sorted(set().union(*sent.values()))
        found.append(
            _statement("NothingWithoutASecondFactor", named, ["*"]) | {"Effect": "Deny", "Condition": _NO_FACTOR}
        )
    return found


def _reads() -> list[str]:
    return _of(ALLOWED.keys() - _OF_A_SESSION - _OF_ONESELF)


def _of(services: Iterable[str]) -> list[str]:
    return sorted(grant(service, operation) for service in services for operation in ALLOWED[service])


def _statement(name: str, grants: Sequence[str], resources: Sequence[str]) -> Statement:
    return {"Sid": name, "Effect": "Allow", "Action": list(grants), "Resource": list(resources)}
