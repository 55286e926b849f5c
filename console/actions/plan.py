"""What exactly is to be done? One hash stands for all of it: on the screen, in an approval, in the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

PREFIX = "sha256:"
_CHOICES = ("to", "scope")  # what has none is told as it was before there were any
Facts = tuple[tuple[str, str], ...]  # by name, in the order of the names


@dataclass(frozen=True, slots=True)
class Target:
    """What it is done to. Names are AWS's own."""

    about: str  # as the estate calls it
    name: str
    kind: str
    engine: str
    arn: str
    account: str  # the number
    region: str
    family: str  # the ARN that a lock is taken for: of the cluster or group, else its own
    account_name: str = "default"  # as the profile calls it
    to: str = ""  # who shall take over, where somebody has a choice
    scope: str = ""  # what of it, where it may be more or less: as `flushes.scope` reads it


@dataclass(frozen=True, slots=True)
class Plan:
    """Any change makes another plan, with another hash, and voids what was said of this one."""

    op: str
    action: str
    target: Target
    parameters: Facts  # what the operation is told, but for the name of what it makes
    expected: Facts  # of the target just before: what must still be so when it is sent
    checks: Facts  # by name: how each came out
    by: str
    made_ms: int
    overrides: tuple[str, ...] = ()
    reason: str = ""

    def canonical(self) -> bytes:
        return orjson.dumps(self.told(), option=orjson.OPT_SORT_KEYS)

    def told(self) -> dict[str, object]:
        """As the audit keeps it."""
        named = {name: getattr(self.target, name) for name in Target.__dataclass_fields__}
        target = {name: said for name, said in named.items() if said or name not in _CHOICES}
        return {
            "op": self.op,
            "action": self.action,
            "target": target,
            "parameters": dict(self.parameters),
            "expected": dict(self.expected),
            "checks": dict(self.checks),
            "by": self.by,
            "made_ms": self.made_ms,
            "overrides": list(self.overrides),
            "reason": self.reason,
        }

    @property
    def hash(self) -> str:
        return PREFIX + hashlib.sha256(self.canonical()).hexdigest()

    @property
    def drafted(self) -> str:
        """The hash before anybody said why: what it makes is called the same in the dialog and in AWS."""
        return replace(self, overrides=(), reason="").hash


def facts(told: Mapping[str, str]) -> Facts:
    return tuple(sorted(told.items()))


def from_told(told: Mapping[str, object]) -> Plan:
    """What `told` gave. Raises `ValueError` for what is no plan."""
    match told:
        case {
            "op": str(op), "action": str(action), "target": dict(target), "parameters": dict(parameters),
            "expected": dict(expected), "checks": dict(checks), "by": str(by), "made_ms": int(made_ms),
            "overrides": list(overrides), "reason": str(reason),
        }:  # fmt: skip
            pass
        case _:
            raise ValueError("this is no plan")
    names = Target.__dataclass_fields__
    if {*target, *_CHOICES} != set(names):
        raise ValueError("this is no plan's target")
    return Plan(
        op,
        action,
        Target(**{name: str(value) for name, value in target.items()}),
        _facts_of(parameters),
        _facts_of(expected),
        _facts_of(checks),
        by,
        made_ms,
        tuple(map(str, overrides)),
        reason,
    )


def _facts_of(told: Mapping[object, object]) -> Facts:
    return facts({str(name): str(value) for name, value in told.items()})
