"""By which of AWS's own names is something known: its ARN, its key, its tags, the name that outlives all renaming?"""

from __future__ import annotations

from console.demo.inventory import ACCOUNT, REGION, Machine
from console.demo.noise import key, uniform

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def arn(service: str, *parts: str, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{':'.join(parts)}"


def key_arn(machine: Machine) -> str:
    """Of KMS: each application has its own."""
    number = f"{key(machine.app, 'kms'):016x}{key(machine.app, 'kms', 2):016x}"
    parts = (number[:8], number[8:12], number[12:16], number[16:20], number[20:])
    return arn("kms", f"key/{'-'.join(parts)}")


def tags(machine: Machine) -> list[dict[str, str]]:
    usual = [{"Key": "app", "Value": machine.app}, {"Key": "estate", "Value": machine.estate}]
    is_flushable = machine.kind == "cache" and not machine.is_store
    return [*usual, {"Key": "dbconsole:flushable", "Value": "true"}] if is_flushable else usual


def resource_id(prefix: str, machine: Machine) -> str:
    """AWS's own name for it, which outlives every renaming: 26 letters."""
    source = key(machine.id, prefix)
    return f"{prefix}-" + "".join(LETTERS[int(32 * uniform(source, n))] for n in range(26))
