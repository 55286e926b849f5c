"""DynamoDB as AWS describes it: tables, what they may bear, how far back they can be restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator.lists import number
from console.demo.emulator.names import arn, key_arn, tags
from console.demo.emulator.overrides import overridden
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine

MOST = 100
READS, WRITES = 600, 300  # units, as the metrics say


def list_tables(world: World, said: dict[str, Any]) -> dict[str, Any]:
    names = [str(machine.id) for machine in world.machines("table")]
    after = str(said.get("ExclusiveStartTableName", ""))
    left = [name for name in names if name > after]
    shown = left[: number(said, "Limit", MOST, least=1, most=MOST, code="ValidationException")]
    return {"TableNames": shown} | ({"LastEvaluatedTableName": shown[-1]} if len(shown) < len(left) else {})


def describe_table(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machine = named(world, said)
    described: dict[str, Any] = {
        "TableName": machine.id,
        "TableStatus": world.status(machine).upper(),
        "CreationDateTime": world.created(machine),
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "ProvisionedThroughput": {
            "NumberOfDecreasesToday": 0,
            "ReadCapacityUnits": READS,
            "WriteCapacityUnits": WRITES,
        },
        "TableSizeBytes": 41_000_000_000,
        "ItemCount": 61_000_000,
        "TableArn": arn_of(machine),
        "DeletionProtectionEnabled": True,
        "GlobalTableVersion": "2019.11.21" if machine.region else None,
        "Replicas": [{"RegionName": machine.region, "ReplicaStatus": "ACTIVE"}] if machine.region else None,
        "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key_arn(machine)},
    }
    return {"Table": overridden(world, machine, described, "dynamodb", "TableDescription")}


def describe_continuous_backups(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machine = named(world, said)
    restorable = world.model.plan(machine.id).restorable_until(world.t)
    is_off = world.model.since(machine.id, "pitr-off", world.t) is not None
    recovery: dict[str, Any] = (
        {"PointInTimeRecoveryStatus": "DISABLED"}
        if is_off
        else {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": machine.retention_days,
            "EarliestRestorableDateTime": world.t - machine.retention_days * 86_400,
            "LatestRestorableDateTime": restorable,
        }
    )
    said_of_it = overridden(world, machine, recovery, "dynamodb", "PointInTimeRecoveryDescription")
    described = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": said_of_it}
    return {"ContinuousBackupsDescription": described}


def list_tags_of_resource(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = said.get("ResourceArn")
    machine = next((each for each in world.machines("table") if arn_of(each) == name), None)
    if machine is None:
        raise Refused("ResourceNotFoundException", f"Requested resource not found: {name}")
    return {"Tags": tags(machine)}


def arn_of(machine: Machine) -> str:
    return arn("dynamodb", f"table/{machine.id}")


def named(world: World, said: dict[str, Any]) -> Machine:
    name = said.get("TableName")
    machine = next((each for each in world.machines("table") if name in (each.id, arn_of(each))), None)
    if machine is None:
        raise Refused("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return machine


OPERATIONS: Mapping[str, Operation] = {
    "ListTables": list_tables,
    "DescribeTable": describe_table,
    "DescribeContinuousBackups": describe_continuous_backups,
    "ListTagsOfResource": list_tags_of_resource,
}
