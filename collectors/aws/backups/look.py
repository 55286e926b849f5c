"""What does one place say of backups now? Asked service by service; what is read seldom comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors.aws.answers import Answer, text
from collectors.aws.backups import caches, keys, rds, restored, tables, vault
from collectors.aws.backups.questions import EARLY, Answered, Asking, Question
from collectors.aws.inventory.dynamodb import whose_turn
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied, Expired
from collectors.safe import NO_TEXT, Safe, sanitise

OF_INSTANCES = (rds.SNAPSHOTS, rds.AUTOMATED)
OF_CLUSTERS = (rds.CLUSTER_SNAPSHOTS,)
OF_CACHES = (caches.CACHES, caches.SNAPSHOTS)
OF_AWS_BACKUP = (vault.JOBS, vault.COPIES, vault.RESTORES, vault.PROTECTED, vault.VAULTS)


@dataclass(frozen=True, slots=True)
class KeyState:
    """``wrong`` and ``note`` are empty for a key that can be used."""

    asked: datetime
    wrong: Safe = NO_TEXT
    note: Safe = NO_TEXT


@dataclass(slots=True)
class Memory:
    """Of one place, between passes."""

    answered: Answered = field(default_factory=Answered)
    tables: dict[str, Answer] = field(default_factory=dict)  # how far back each can be restored
    turns: dict[str, int] = field(default_factory=dict)  # a table, and the pass in which it was last asked about
    keys: dict[str, KeyState] = field(default_factory=dict)
    passes: int = 0


class Look:
    """One pass. Troubles are in ``troubles``; ``fresh`` is what can be told: whose own description was read."""

    def __init__(self, place: Place, readers: Callable[[Place], Reader], memory: Memory, now: datetime) -> None:
        self._place, self._readers = place, readers
        self._reader = readers(place)
        self._memory, self._now = memory, now
        self._asking = Asking(self._reader, memory.answered, now)
        self.fresh: set[tuple[str, str]] = set()  # kind and name
        memory.passes += 1

    @property
    def troubles(self) -> list[CannotCollect]:
        return self._asking.troubles

    async def databases(self, found: Iterable[Found]) -> None:
        kinds = (
            ("cluster", rds.CLUSTERS, "DBClusterIdentifier", OF_CLUSTERS),
            ("instance", rds.INSTANCES, "DBInstanceIdentifier", OF_INSTANCES),
        )
        there = {each.kind for each in found}
        for kind, described, name, others in kinds:
            if kind in there and await self._asking.ask(described, needed=True):
                self.fresh |= {(kind, text(row, name)) for row in self._memory.answered.of(described)}
                for question in others:
                    await self._asking.ask(question)
        for region in sorted(rds.replicated_to(self._memory.answered.of(rds.AUTOMATED), self._place.region)):
            await self._asking.ask(rds.abroad(region), by=self._in(region))

    async def caches(self, found: Iterable[Found]) -> None:
        names = [each.name for each in found if each.kind == "cache"]
        if names and await self._asking.ask(caches.GROUPS, needed=True):
            asked = [await self._asking.ask(question, needed=question is caches.CACHES) for question in OF_CACHES]
            self.fresh |= {("cache", name) for name in names} if asked[0] else set()

    async def tables(self, found: Iterable[Found]) -> None:
        """A few in each pass where there are many: each is a call of its own."""
        names = [each.name for each in found if each.kind == "table"]
        memory = self._memory
        for name in whose_turn(names, memory.turns, tables.MOST_A_PASS):
            memory.turns[name] = memory.passes
            before = len(self.troubles)
            answer = await self._asking.call(tables.CONTINUOUS, TableName=name)
            if answer is not None:
                memory.tables[name] = answer
                self.fresh.add(("table", name))
            elif any(isinstance(each, Denied) for each in self.troubles[before:]):
                break  # the next would fare no better
        for forgotten in set(memory.turns) - set(names):
            memory.turns.pop(forgotten), memory.tables.pop(forgotten, None)

    async def seldom(self, found: Iterable[Found]) -> bool:
        """AWS Backup, backups of tables, who was restored; of RDS what AWS Backup keeps, where that does not say so.

        Whether anything was asked.
        """
        kinds, answered = {each.kind for each in found}, self._memory.answered
        wanted = list(OF_AWS_BACKUP) if kinds & {"instance", "cluster", "table"} else []
        wanted += [tables.BACKUPS] if "table" in kinds else []
        wanted += [restored.RESTORED] if "instance" in kinds else []
        due = await self._due(wanted)
        points = [vault.points_in(text(row, "BackupVaultName")) for row in answered.of(vault.VAULTS)]
        due += await self._due(points)
        if any(question in answered.notes for question in (vault.VAULTS, *points)):
            due += await self._due([question for kind, question in _INSTEAD if kind in kinds])
        return bool(due)

    async def _due(self, wanted: Iterable[Question]) -> list[Question]:
        due = [question for question in wanted if self._memory.answered.is_due(question, self._now)]
        for question in due:
            await self._asking.ask(question)
        return due

    async def keys(self, wanted: Iterable[str]) -> bool:
        """Whether any was asked about. What is in the way of one is said of what it encrypts, and of nothing else."""
        known, asked = self._memory.keys, False
        for key in sorted(set(wanted)):
            state = known.get(key)
            if state is None or not state.asked <= self._now < state.asked + keys.KEYS.every - EARLY:
                known[key], asked = await self._key(key), True
        return asked

    async def _key(self, key: str) -> KeyState:
        reader = self._in(keys.region_of(key) or self._place.region)
        try:
            answer = await reader.call(keys.KEYS.service, keys.KEYS.operation, KeyId=key)
        except Expired:
            raise
        except Denied as denied:
            return KeyState(
                self._now, note=sanitise(f"Whether its key can be used: not seen, for want of {denied.grant}.")
            )
        except CannotCollect as trouble:
            return KeyState(self._now, note=sanitise(f"Whether its key can be used: {trouble.line()}"))
        return KeyState(self._now, wrong=keys.wrong(answer))

    def _in(self, region: str) -> Reader:
        return self._reader if region == self._place.region else self._readers(replace(self._place, region=region))


_INSTEAD: tuple[tuple[str, Question], ...] = (("instance", rds.VAULTED), ("cluster", rds.VAULTED_CLUSTERS))
