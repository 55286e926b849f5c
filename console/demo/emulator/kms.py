"""KMS as AWS describes it: the key of each application, and whether it can be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator.names import key_arn
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import ACCOUNT, REGION

CREATED = 1_640_000_000


def describe_key(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted = str(said.get("KeyId", ""))
    by_key: dict[str, list[str]] = {}
    for machine in world.model.machines.values():
        by_key.setdefault(key_arn(machine), []).append(machine.id)
    arn = next((arn for arn in by_key if wanted in (arn, arn.rpartition("/")[2])), None)
    if arn is None:
        raise Refused("NotFoundException", f"Key {wanted} does not exist in {world.region or REGION}.")
    machines = (each for each in world.model.machines.values() if key_arn(each) == arn)
    disabled = any(world.model.since(each.id, "key-disabled", world.t) is not None for each in machines)
    described = {
        "AWSAccountId": str(ACCOUNT),
        "KeyId": arn.rpartition("/")[2],
        "Arn": arn,
        "CreationDate": CREATED,
        "Enabled": not disabled,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Disabled" if disabled else "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "MultiRegion": False,
    }
    return {"KeyMetadata": described}


OPERATIONS: Mapping[str, Operation] = {"DescribeKey": describe_key}
