"""A target, a plan and a situation in which everything is well: each test says what is otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.safe import Safe
from console.access.role import Role
from console.actions.all import ACTIONS
from console.actions.plan import Plan, Target, facts
from console.actions.situation import PASSES, Situation

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ARN = "arn:aws:rds:eu-west-1:111122223333:db:billing"
TARGET = Target("billing", "billing", "instance", "sqlserver-se", ARN, "111122223333", "eu-west-1", ARN)
SNAPSHOT = ACTIONS[0]
WELL = Situation(
    looked=NOW,
    audit=None,
    caller_account="111122223333",
    caller_region="eu-west-1",
    caller=Safe("alice"),
    role=Role.OPERATOR,
    how=Safe("STS grants dbconsole-operator"),
    denial=None,
    locked_out=None,
    freeze=PASSES,
    is_passive=False,
    under_way=(),
    cool_down=PASSES,
    skew=timedelta(0),
)


def situation(**otherwise: Any) -> Situation:
    return replace(WELL, **otherwise)


def plan(**otherwise: Any) -> Plan:
    usual = Plan(
        op="01K0000000000000000000000A",
        action="snapshot.instance",
        target=TARGET,
        parameters=facts({"DBInstanceIdentifier": "billing"}),
        expected=facts({"DBInstanceStatus": "available", "StorageEncrypted": "True"}),
        checks=facts({"audit": "pass"}),
        by="alice",
        made_ms=int(NOW.timestamp() * 1000),
    )
    return replace(usual, **otherwise)
