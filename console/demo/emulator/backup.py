"""AWS Backup as it lists its vault, its recovery points and its jobs: backups, copies and restores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from console.demo import kept
from console.demo.emulator import dynamodb, rds
from console.demo.emulator.lists import number
from console.demo.emulator.names import arn, key_arn
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import ACCOUNT, COPIED_TO, REGION, Machine

T = TypeVar("T")
VAULT = "estate"
MOST = 1000
COPY_S = 2400.0
DAY = 86_400
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole"
PLAN = arn("backup", "restore-testing-plan", "monthly-5f1c2a")
TYPES = {"instance": "RDS", "cluster": "Aurora", "table": "DynamoDB"}
PAGED = ("nextToken", "maxResults")


def list_vaults(world: World, said: dict[str, Any]) -> dict[str, Any]:
    there = world.region in (REGION, COPIED_TO)
    count = sum(job.is_there for _, job in _jobs(world)) if world.region == REGION else 0
    vault = {
        "BackupVaultName": VAULT,
        "BackupVaultArn": arn("backup", "backup-vault", VAULT, region=world.region),
        "VaultType": "BACKUP_VAULT",
        "NumberOfRecoveryPoints": count,
        "Locked": False,
    }
    return _page("BackupVaultList", [vault] if there else [], said, lambda each: each)


def list_points(world: World, said: dict[str, Any]) -> dict[str, Any]:
    if said.get("backupVaultName") != VAULT:
        raise Refused("ResourceNotFoundException", f"Backup vault {said.get('backupVaultName')} does not exist.", 400)
    found = [(m, job) for m, job in _jobs(world) if job.is_there and not job.failed]
    found = [each for each in found if said.get("resourceArn") in (None, arn_of(each[0]))]
    said = {name: value for name, value in said.items() if name not in ("backupVaultName", "resourceArn")}
    return _page("RecoveryPoints", found, said, lambda each: _point(world, *each))


def list_jobs(world: World, said: dict[str, Any]) -> dict[str, Any]:
    found = [(m, job) for m, job in _jobs(world) if world.t - job.begins < kept.LOOKED_BACK]
    return _selected("BackupJobs", [_job(world, *each) for each in found], said, "State")


def list_copies(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Of the weekly points of what has a standby: what matters that much is kept in two regions."""
    weekly = ((m, job) for m, job in _jobs(world) if m.standby_az and job.tier == "weekly")
    found = [(m, job) for m, job in weekly if not job.failed and job.ends <= world.t]
    return _selected("CopyJobs", [_copy(world, *each) for each in found], said, "State")


def list_restores(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """AWS forgets them after a while; the demo does not."""
    found = [(m, restore) for m in _machines(world) for restore in kept.restores(world.model, m.id, world.t)]
    return _selected("RestoreJobs", [_restore(*each) for each in found], said, "Status")


def list_protected(world: World, said: dict[str, Any]) -> dict[str, Any]:
    def told(machine: Machine) -> Iterator[dict[str, Any]]:
        done = [job for job in world.jobs(machine) if not job.failed and job.ends <= world.t]
        if done:
            name, kind = arn_of(machine), TYPES[machine.kind]
            yield {"ResourceArn": name, "ResourceType": kind, "LastBackupTime": done[0].begins}

    return _page("Results", [row for m in _machines(world) for row in told(m)], said, lambda each: each)


def arn_of(machine: Machine) -> str:
    return dynamodb.arn_of(machine) if machine.kind == "table" else rds.arn_of(machine)


def point_arn(machine: Machine, job: kept.Job) -> str:
    """A snapshot of RDS, a backup of DynamoDB: AWS Backup gives it no name of its own."""
    match machine.kind:
        case "table":
            return f"{dynamodb.arn_of(machine)}/backup/{job.id}"
        case "cluster":
            return arn("rds", "cluster-snapshot", f"awsbackup:job-{job.id.lower()}")
        case _:
            return arn("rds", "snapshot", f"awsbackup:job-{job.id.lower()}")


def _machines(world: World) -> list[Machine]:
    return [machine for kind in TYPES for machine in world.machines(kind)]


def _jobs(world: World) -> list[tuple[Machine, kept.Job]]:
    """The newest of each machine first."""
    return [(m, job) for m in _machines(world) for job in world.jobs(m)]


def _vault_arn(region: str = REGION) -> str:
    return arn("backup", "backup-vault", VAULT, region=region)


def _point(world: World, machine: Machine, job: kept.Job) -> dict[str, Any]:
    is_done = job.ends <= world.t
    told = {
        "RecoveryPointArn": point_arn(machine, job),
        "BackupVaultName": VAULT,
        "BackupVaultArn": _vault_arn(),
        "ResourceArn": arn_of(machine),
        "ResourceType": TYPES[machine.kind],
        "IamRoleArn": ROLE,
        "Status": "EXPIRED" if job.expired else "COMPLETED" if is_done else "CREATING",
        "CreationDate": job.begins,
        "CalculatedLifecycle": {"DeleteAt": job.deleted},
        "Lifecycle": {"DeleteAfterDays": kept.TIERS[job.tier]},
        "EncryptionKeyArn": key_arn(machine),
        "IsEncrypted": True,
    }
    return told | ({"CompletionDate": job.ends, "BackupSizeInBytes": job.bytes} if is_done else {})


def _job(world: World, machine: Machine, job: kept.Job) -> dict[str, Any]:
    is_done = job.ends <= world.t
    told = {
        "AccountId": str(ACCOUNT),
        "BackupJobId": job.id,
        "BackupVaultName": VAULT,
        "BackupVaultArn": _vault_arn(),
        "ResourceArn": arn_of(machine),
        "ResourceType": TYPES[machine.kind],
        "IamRoleArn": ROLE,
        "CreationDate": job.begins,
        "State": ("FAILED" if job.failed else "COMPLETED") if is_done else "RUNNING",
        "PercentDone": f"{job.percent(world.t)}.0",
        "RecoveryPointLifecycle": {"DeleteAfterDays": kept.TIERS[job.tier]},
        "RecoveryPointArn": point_arn(machine, job),
    }
    if is_done:
        told |= {"CompletionDate": job.ends, "BackupSizeInBytes": job.bytes}
    return told | ({"StatusMessage": kept.BROKEN} if job.failed and is_done else {})


def _copy(world: World, machine: Machine, job: kept.Job) -> dict[str, Any]:
    is_done = job.ends + COPY_S <= world.t
    told = {
        "AccountId": str(ACCOUNT),
        "CopyJobId": f"C{job.id}",
        "SourceBackupVaultArn": _vault_arn(),
        "SourceRecoveryPointArn": point_arn(machine, job),
        "DestinationBackupVaultArn": _vault_arn(COPIED_TO),
        "ResourceArn": arn_of(machine),
        "ResourceType": TYPES[machine.kind],
        "IamRoleArn": ROLE,
        "CreationDate": job.ends,
        "State": "COMPLETED" if is_done else "RUNNING",
    }
    return told | ({"CompletionDate": job.ends + COPY_S, "BackupSizeInBytes": job.bytes} if is_done else {})


def _restore(machine: Machine, restore: kept.Restore) -> dict[str, Any]:
    told: dict[str, Any] = {
        "AccountId": str(ACCOUNT),
        "RestoreJobId": restore.id,
        "SourceResourceArn": arn_of(machine),
        "ResourceType": TYPES[machine.kind],
        "IamRoleArn": ROLE,
        "CreationDate": restore.begins,
        "CompletionDate": restore.ends,
        "Status": "COMPLETED",
        "PercentDone": "100.0",
        "CreatedBy": {"RestoreTestingPlanArn": PLAN},
        "ValidationStatus": "SUCCESSFUL" if restore.held else "FAILED",
    }
    if restore.of is not None:
        told["RecoveryPointArn"] = point_arn(machine, restore.of)
        told["RecoveryPointCreationDate"] = restore.of.begins
    return told


def _selected(key: str, rows: list[dict[str, Any]], said: dict[str, Any], state: str) -> dict[str, Any]:
    """By the resource and the state."""
    for name, field in (("resourceArn", "ResourceArn"), (state.lower(), state)):
        if (wanted := said.pop(name, None)) is not None:
            rows = [row for row in rows if row.get(field) == wanted]
    return _page(key, rows, said, lambda each: each)


def _page(key: str, items: Sequence[T], said: dict[str, Any], told: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    if strange := [name for name in said if name not in PAGED]:
        raise Refused("InvalidParameterValueException", f"The demo's AWS Backup selects by no {strange[0]}.")
    token = str(said.get("nextToken") or "0")
    if not (token.isascii() and token.isdigit()):
        raise Refused("InvalidParameterValueException", "The nextToken is not one that was given.")
    begin = int(token)
    end = begin + number(said, "maxResults", MOST, least=1, most=MOST, code="InvalidParameterValueException")
    return {key: [told(each) for each in items[begin:end]]} | ({"NextToken": str(end)} if end < len(items) else {})


OPERATIONS: Mapping[str, Operation] = {
    "ListBackupVaults": list_vaults,
    "ListRecoveryPointsByBackupVault": list_points,
    "ListBackupJobs": list_jobs,
    "ListCopyJobs": list_copies,
    "ListRestoreJobs": list_restores,
    "ListProtectedResources": list_protected,
}
