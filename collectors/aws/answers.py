"""What does an answer of AWS say, where it may leave out anything? Nothing here raises for what is absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.safe import Safe, sanitise

Answer = Mapping[str, Any]
NOTHING = Safe("")


def within(answer: Answer, *path: str) -> Any:
    """What is found there; None where the way ends before."""
    found: Any = answer
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text(answer: Answer, *path: str) -> str:
    """As AWS spells it, to ask by; not for showing."""
    found = within(answer, *path)
    return found if isinstance(found, str) else ""


def shown(answer: Answer, *path: str) -> Safe:
    """Any plain value in words; empty for what is absent or not plain."""
    return in_words(within(answer, *path))


def in_words(value: object) -> Safe:
    match value:
        case bool():
            return sanitise("yes" if value else "no")
        case str():
            return sanitise(value.strip())
        case int() | float():
            return sanitise(f"{value:g}" if isinstance(value, float) else str(value))
        case datetime():
            return sanitise(value.isoformat(sep=" ", timespec="seconds"))
        case _:
            return NOTHING


def many(answer: Answer, *path: str) -> list[Answer]:
    """The structures of a list; what is none of them is left out."""
    found = within(answer, *path)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, (list, tuple)) else []


def address(answer: Answer, *path: str, port: object) -> tuple[str, int] | None:
    """Where something takes connections; None where AWS does not say both, or not yet."""
    host = text(answer, *path)
    return (host, port) if host and isinstance(port, int) else None


def words(answer: Answer, *path: str) -> list[str]:
    """The texts of a list."""
    found = within(answer, *path)
    return [each for each in found if isinstance(each, str)] if isinstance(found, (list, tuple)) else []


def account_of(arn: str) -> str:
    """`arn:partition:service:region:ACCOUNT:resource`"""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def tags_of(pairs: Iterable[Answer]) -> dict[str, str]:
    """As AWS spells them, to choose by."""
    return {key: text(pair, "Value") for pair in pairs if (key := text(pair, "Key"))}


Facts = Iterator[tuple[str, Safe]]


def plain(answer: Answer, *names: str) -> Facts:
    """Facts that are called what AWS calls them and need no words of ours."""
    return ((name, shown(answer, name)) for name in names)


def gibibytes(answer: Answer, name: str) -> Facts:
    """1 is what AWS says where the storage grows by itself."""
    size = within(answer, name)
    if isinstance(size, int) and size > 1:
        yield name, in_words(f"{size} GiB")


PENDING = (  # by name, for there are passwords among what can be pending
    *("DBInstanceClass", "AllocatedStorage", "StorageType", "Iops", "StorageThroughput", "EngineVersion", "Engine"),
    *("MultiAZ", "BackupRetentionPeriod", "Port", "LicenseModel", "CACertificateIdentifier", "DBSubnetGroupName"),
    *("DBInstanceIdentifier", "DBClusterIdentifier", "CacheNodeType", "NumCacheNodes"),
)


def pending(answer: Answer) -> Facts:
    """What was ordered and waits for the maintenance window or a restart."""
    waiting = ((name, shown(answer, "PendingModifiedValues", name)) for name in PENDING)
    yield "PendingModifiedValues", in_words(", ".join(f"{name}: {value}" for name, value in waiting if value))
