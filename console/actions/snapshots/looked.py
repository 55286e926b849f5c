"""The checks that snapshots of all kinds share: its state, what is being made of it, its key, the quota, its load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from collectors.aws.answers import Answer, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import NO_TEXT, Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed

Value = Callable[[str, str], float | None]
"""The newest value of a resource by its name, where it is fresh."""
LITTLE_LEFT = 5


def status(told: str, fine: frozenset[str], now: datetime, name: str) -> Check:
    if told in fine:
        return passed("status", now, f"{name} is {told}.")
    allowed = " or ".join(f'"{word}"' for word in sorted(fine))
    lines = (f"{name} is {told or 'in no state that AWS tells'}.", f"AWS makes a snapshot only of what is {allowed}.")
    return found("status", Verdict.BLOCK, now, (*lines, "Wait until it is, then ask again."))


def none_creating(creating: Sequence[str], now: datetime, name: str) -> Check:
    if not creating:
        return passed("creating", now, "No other snapshot of it is being made.")
    what = f"A snapshot of {name} is being made already."
    return found("creating", Verdict.BLOCK, now, (what, sanitise(creating[0]), "Wait for its end: it serves as well."))


DELETE = "Delete what has expired, or ask AWS for a higher quota."


def quota(used: int | None, most: int | None, now: datetime, what: str, mend: str = DELETE) -> Check:
    """Nothing is made beyond it; who may not ask how much is left is warned."""
    if used is None or most is None:
        told = (f"How many {what} are left is not known.", "AWS did not say.", "Allow what it needs, or look yourself.")
        return found("quota", Verdict.UNKNOWN, now, told, Override.REASON)
    left = most - used
    if left <= 0:
        told = (f"No {what} are left.", f"{used} of {most}", mend)
        return found("quota", Verdict.BLOCK, now, told)
    if left <= LITTLE_LEFT:
        told = (f"Few {what} are left.", f"{used} of {most}", mend)
        return found("quota", Verdict.WARN, now, told, Override.REASON)
    return passed("quota", now, f"{left} {what} are left.", f"{used} of {most}")


async def key(reader: Reader, key_id: str, now: datetime) -> Check:
    """A snapshot is encrypted by the key of its source: with none that works it fails, or cannot be restored."""
    if not key_id:
        return passed("key", now, "It is not encrypted by a key of yours.")
    try:
        answer = await reader.call("kms", "DescribeKey", KeyId=key_id)
    except CannotCollect as trouble:
        told = ("Whether its key can be used is not known.", trouble.seen or trouble.what, trouble.mend)
        return found("key", Verdict.UNKNOWN, now, told, Override.REASON)
    state = text(answer, "KeyMetadata", "KeyState")
    if state == "Enabled":
        return passed("key", now, "Its key can be used.")
    told = (f"Its key is {state or 'in no state that AWS tells'}.", key_id, "Enable the key first; see `:backups`.")
    return found("key", Verdict.BLOCK, now, told)


def pending(answer: Answer, now: datetime) -> Check:
    """A snapshot does not apply them, but holds the database as it is without them."""
    waiting = within(answer, "PendingModifiedValues")
    if not isinstance(waiting, dict) or not waiting:
        return passed("pending", now, "No change of it waits.")
    what = "A change of it waits" if len(waiting) == 1 else f"{len(waiting)} changes of it wait"
    told = (f"{what}: the snapshot is without.", ", ".join(sorted(waiting)), "None needed.")
    return found("pending", Verdict.WARN, now, told, Override.CONFIRM)


def connected(value: Value, about: str, name: str) -> tuple[Safe, ...]:
    clients = value(about, name)
    return (sanitise(f"{clients:.0f} clients are connected to it."),) if clients is not None else ()


def fingerprint_of(answer: Answer, *names: str) -> dict[str, str]:
    return {name: str(told) for name in names if (told := within(answer, name)) is not None}


def az(answer: Answer, *path: str) -> Safe:
    return sanitise(text(answer, *path)) or NO_TEXT
