"""Which backups of tables are there: those of AWS Backup, and those that were made by hand?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from console.demo import kept
from console.demo.emulator import made
from console.demo.emulator.dynamodb import READS, WRITES, arn_of, named
from console.demo.emulator.ledger import Done
from console.demo.emulator.lists import number
from console.demo.emulator.names import key_arn
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine
from console.demo.noise import key

MOST = 100
SECONDS = 45.0
CREATE = "CreateBackup"
NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
KINDS = {"USER": ("USER",), "AWS_BACKUP": ("AWS_BACKUP",), "ALL": ("USER", "AWS_BACKUP"), "SYSTEM": ()}


def list_backups(world: World, said: dict[str, Any]) -> dict[str, Any]:
    kind, wanted = str(said.get("BackupType", "USER")), said.get("TableName")
    if kind not in KINDS:
        raise Refused("ValidationException", f"{kind} is no BackupType. There are {', '.join(KINDS)}.")
    machines = [each for each in world.machines("table") if wanted in (None, each.id, arn_of(each))]
    found = [row for machine in machines for row in _backups(world, machine) if row["BackupType"] in KINDS[kind]]
    after, names = said.get("ExclusiveStartBackupArn"), [row["BackupArn"] for row in found]
    begin = names.index(after) + 1 if after in names else 0
    limit = number(said, "Limit", MOST, least=1, most=MOST, code="ValidationException")
    shown = found[begin : begin + limit]
    more = {"LastEvaluatedBackupArn": shown[-1]["BackupArn"]} if begin + limit < len(found) else {}
    return {"BackupSummaries": shown} | more


def _backups(world: World, machine: Machine) -> Iterator[dict[str, Any]]:
    table = {"TableName": machine.id, "TableArn": arn_of(machine)}
    for done in world.ledger.made(CREATE, world.t):
        if done.machine is machine:
            yield table | _details(world, done)
    for job in world.jobs(machine):
        if job.is_there and not job.failed:
            yield table | _of_job(world, machine, job)


def _of_job(world: World, machine: Machine, job: kept.Job) -> dict[str, Any]:
    is_done = job.ends <= world.t
    told = {
        "BackupArn": f"{arn_of(machine)}/backup/{job.id}",
        "BackupName": f"awsbackup-{job.id}",
        "BackupCreationDateTime": job.begins,
        "BackupExpiryDateTime": job.deleted,
        "BackupStatus": "AVAILABLE" if is_done else "CREATING",
        "BackupType": "AWS_BACKUP",
    }
    return told | ({"BackupSizeBytes": job.bytes} if is_done else {})


def _details(world: World, done: Done) -> dict[str, Any]:
    is_there = made.progress(world, done).percent == 100
    number_of_it = f"{int(done.t * 1000):014}-{key(done.machine.id, done.name, done.t) & 0xFFFFFFFF:08x}"
    told = {
        "BackupArn": f"{arn_of(done.machine)}/backup/{number_of_it}",
        "BackupName": done.name,
        "BackupCreationDateTime": done.t,
        "BackupStatus": "AVAILABLE" if is_there else "CREATING",
        "BackupType": "USER",
    }
    return told | ({"BackupSizeBytes": kept.TABLE_BYTES} if is_there else {})


def create_backup(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """A name may be had by several: AWS tells them apart by the ARN alone."""
    name = str(said.get("BackupName", ""))
    if not NAME.fullmatch(name):
        raise Refused("ValidationException", f"{name} is not a name that a backup may have.")
    try:
        machine = named(world, said)
    except Refused as missing:
        raise Refused("TableNotFoundException", missing.message) from None
    if world.status(machine).upper() != "ACTIVE":
        raise Refused("TableInUseException", f"Table is being created or deleted: {machine.id}")
    under_way = [d for d in world.ledger.made(CREATE, world.t) if d.machine is machine]
    if any(made.progress(world, each).percent < 100 for each in under_way):
        text = "There is another ongoing conflicting backup control plane operation on the table."
        raise Refused("BackupInUseException", text)
    done = made.begun(world, machine, CREATE, name=name, seconds=SECONDS, told=("", ""))
    return {"BackupDetails": _details(world, done)}


def describe_backup(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted = said.get("BackupArn")
    for machine in world.machines("table"):
        for row in _backups(world, machine):
            if row["BackupArn"] == wanted:
                details = {name: value for name, value in row.items() if name not in ("TableName", "TableArn")}
                return {"BackupDescription": {"BackupDetails": details, **_source(world, machine)}}
    raise Refused("BackupNotFoundException", f"Backup not found: {wanted}")


def _source(world: World, machine: Machine) -> dict[str, Any]:
    raw = f"{key(machine.id, 'table'):016x}{key(machine.id, 'table', 2):016x}"
    source = {
        "TableName": machine.id,
        "TableId": "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:])),
        "TableArn": arn_of(machine),
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "TableCreationDateTime": world.created(machine),
        "ProvisionedThroughput": {"ReadCapacityUnits": READS, "WriteCapacityUnits": WRITES},
    }
    sse = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key_arn(machine)}
    return {"SourceTableDetails": source, "SourceTableFeatureDetails": {"SSEDescription": sse}}


OPERATIONS: Mapping[str, Operation] = {
    "ListBackups": list_backups,
    "CreateBackup": create_backup,
    "DescribeBackup": describe_backup,
}
