"""What could be restored, of each resource that the inventory has found? One pass asks a place whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from collectors.aws.backups.look import Look, Memory
from collectors.aws.backups.sheet import Sheet, fact, status
from collectors.aws.backups.telling import Telling
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.troubles import in_one
from collectors.collector import Collector
from collectors.inside.backups import Backups, Proof
from collectors.readings import Reading, ResourceId

IN_A_TURN = 20  # resources, before others may use the loop
USD_PER_GIB_MONTH = 0.095
Proofs = Callable[[Found], Iterable[Proof]]


def nobody(_: Found) -> Iterable[Proof]:
    return ()


@dataclass(slots=True)
class Told:
    """In one pass."""

    facts: dict[ResourceId, Backups] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)  # that what was told is encrypted by


class AwsBackups(Collector[Place]):
    """One Backups for each resource, and one BackupStatus where it is not another that is backed up in its stead.

    What moves slowly (AWS Backup, keys) is asked seldom. What may not be asked is left out, and a note of the fact
    names the grant; only where nothing at all could be told without it, it is trouble.
    """

    name = "backups"
    every = timedelta(minutes=1)
    needs = (
        "rds:DescribeDBInstances",
        "rds:DescribeDBClusters",
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBInstanceAutomatedBackups",
        "rds:DescribeEvents",
        "elasticache:DescribeCacheClusters",
        "elasticache:DescribeReplicationGroups",
        "elasticache:DescribeSnapshots",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:ListBackups",
        "backup:ListBackupJobs",
        "backup:ListBackupVaults",
        "backup:ListCopyJobs",
        "backup:ListProtectedResources",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:ListRestoreJobs",
        "kms:DescribeKey",
    )

    def __init__(
        self,
        readers: Callable[[Place], Reader],
        known: Known,
        now: Callable[[], datetime],
        *,
        usd_per_gib_month: float = USD_PER_GIB_MONTH,
        proofs: Proofs = nobody,
    ) -> None:
        """``proofs``: the restores that the team has written down itself."""
        self._readers = readers
        self._known = known
        self._now = now
        self._usd = usd_per_gib_month
        self._proofs = proofs
        self._memories: dict[Place, Memory] = {}

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        """What is quick to learn is told before what is asked seldom, and then again where that has changed it."""
        if not (found := self._known.of(target)):
            return
        memory, told = self._memories.setdefault(target, Memory()), Told()
        now = self._now()
        look = Look(target, self._readers, memory, now)
        for step in (look.databases, look.caches, look.tables):
            before = set(look.fresh)
            await step(found)
            async for reading in self._tell(self._sheets(found, memory, look.fresh - before, now), told, now):
                yield reading
        for seldom in (partial(look.seldom, found), partial(look.keys, told.keys)):
            if await seldom():
                async for reading in self._tell(self._sheets(found, memory, look.fresh, now), told, now):
                    yield reading
        if look.troubles:
            raise in_one(look.troubles)

    async def _tell(self, sheets: Iterable[Sheet], told: Told, now: datetime) -> AsyncIterator[Reading]:
        for count, sheet in enumerate(sheets, 1):
            sheet.proofs += self._proofs(sheet.found)
            about = fact(sheet, now, self._usd)
            told.keys |= sheet.keys
            if told.facts.get(about.about) != about:
                told.facts[about.about] = about
                yield about
                if (reading := status(about)) is not None:
                    yield reading
            if count % IN_A_TURN == 0:
                await asyncio.sleep(0)

    def _sheets(
        self, found: tuple[Found, ...], memory: Memory, fresh: set[tuple[str, str]], now: datetime
    ) -> Iterator[Sheet]:
        if not fresh:
            return
        telling = Telling(found, memory, found[0].place.region)
        for each in found:
            if each.kind != "cache" and (each.kind, each.name) in fresh:
                yield telling.sheet(each, now)
        if any(kind == "cache" for kind, _ in fresh):
            yield from telling.caches(now)
