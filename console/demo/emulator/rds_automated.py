"""Automated backups of instances as RDS tells them: from when to when, and in which other region too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo import kept
from console.demo.emulator.lists import page
from console.demo.emulator.names import arn, key_arn, resource_id
from console.demo.emulator.rds import BACKUP_WINDOW, arn_of
from console.demo.emulator.requests_form import Items
from console.demo.emulator.world import Operation, World
from console.demo.inventory import COPIED_TO, REGION, Machine
from console.demo.load import DAY
from console.demo.noise import key


def describe_automated_backups(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """In the region of the copies there are the copies alone; AWS says of each whence it is."""
    model, t = world.home, world.t
    there = sorted(m.id for m in model.machines.values() if m.kind == "instance" and model.exists(m.id, t))
    machines = [model.machines[about] for about in there if model.retention_days(about, t)]
    if world.region == COPIED_TO:
        machines = [each for each in machines if kept.is_copied(model, each.id)]
    elif world.region != REGION:
        machines = []
    name, number = said.get("DBInstanceIdentifier"), said.get("DbiResourceId")
    machines = [m for m in machines if name in (None, m.id) and number in (None, resource_id("db", m))]
    shown, more = page(machines, said, t)
    told = Items("DBInstanceAutomatedBackup", (_told(world, each) for each in shown))
    return {"DBInstanceAutomatedBackups": told} | more


def _told(world: World, machine: Machine) -> dict[str, Any]:
    model, t, is_copy = world.home, world.t, world.region == COPIED_TO
    until = kept.copied_until(model, machine.id, t) if is_copy else model.restorable_until(machine.id, t)
    described: dict[str, Any] = {
        "DBInstanceArn": arn_of(machine),
        "DbiResourceId": resource_id("db", machine),
        "Region": REGION,
        "DBInstanceIdentifier": machine.id,
        "RestoreWindow": {
            "EarliestTime": world.time(t - model.retention_days(machine.id, t) * DAY),
            "LatestTime": world.time(until),
        },
        "AllocatedStorage": int(model.allocated_gib(machine.id, t) or 1),
        "Status": "replicating" if is_copy else "active",
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "Encrypted": True,
        "StorageType": machine.storage_type,
        "KmsKeyId": key_arn(machine),
        "BackupRetentionPeriod": int(model.retention_days(machine.id, t)),
        "PreferredBackupWindow": BACKUP_WINDOW,
        "DBInstanceAutomatedBackupsArn": _arn(machine, world.region),
        "BackupTarget": "region",
    }
    if until is None:
        del described["RestoreWindow"]["LatestTime"]
    if not is_copy and kept.is_copied(model, machine.id):
        copy = {"DBInstanceAutomatedBackupsArn": _arn(machine, COPIED_TO)}
        copies = Items("DBInstanceAutomatedBackupsReplication", [copy])
        described["DBInstanceAutomatedBackupsReplications"] = copies
    return described


def _arn(machine: Machine, region: str) -> str:
    return arn("rds", "auto-backup", f"ab-{key(machine.id, region, 'automated'):016x}", region=region)


OPERATIONS: Mapping[str, Operation] = {"DescribeDBInstanceAutomatedBackups": describe_automated_backups}
