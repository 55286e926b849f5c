"""The maintenance that RDS has waiting: what a scenario sets, of whom it sets it, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.emulating import emulating

SCENARIO = """
name = "due"
title = "A patch that waits"
estate = "resilient-database"

[[at]]
seconds = 0
resource = "customers"
[at.set]
"api.PendingMaintenanceActionDetails" = [{ Action = "system-update", CurrentApplyDate = "2026-03-11T12:20:00Z" }]
"""
ARN = "arn:aws:rds:eu-west-1:111122223333:{}"


def test_what_waits_is_told_of_whom_it_waits_for(tmp_path: Path) -> None:
    path = tmp_path / "due.toml"
    path.write_text(SCENARIO)
    with emulating(str(path)) as world:
        rds = world.client("rds")

        def waiting(name: str) -> list[str]:
            told = rds.describe_pending_maintenance_actions(ResourceIdentifier=ARN.format(name))
            found = told["PendingMaintenanceActions"]
            return [each["Action"] for one in found for each in one["PendingMaintenanceActionDetails"]]

        assert waiting("db:customers") == ["system-update"]
        assert waiting("db:billing") == waiting("cluster:catalogue") == []
        everything = rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"]
        assert [each["ResourceIdentifier"] for each in everything] == [ARN.format("db:customers")]
        with pytest.raises(ClientError, match="ResourceNotFound"):
            waiting("db:nobody")
