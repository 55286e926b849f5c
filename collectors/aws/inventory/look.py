"""What does one place have now? Asked service by service; trouble with one hides nothing of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from collectors.aws import ties
from collectors.aws.answers import Answer, within
from collectors.aws.inventory import dynamodb, elasticache, rds
from collectors.aws.inventory.listed import Listed
from collectors.aws.inventory.sight import Sight
from collectors.aws.inventory.tags import read_tags
from collectors.aws.names import Thing
from collectors.aws.reader import Reader
from collectors.aws.selection import Selection
from collectors.aws.troubles import adding
from collectors.errors import CannotCollect, Expired
from collectors.safe import Safe, sanitise

UNTOLD = "Without tags it cannot be told which caches and tables belong to the estate."


class Look:
    """One pass over one place. What was in the way is in ``troubles``, but for credentials: those end the pass."""

    def __init__(self, reader: Reader, region: str, selection: Selection, sight: Sight) -> None:
        self._reader = reader
        self._region = region
        self._selection = selection
        self._sight = sight
        self._tags_are_old: bool | None = None  # None: nothing needed them yet
        self.troubles: list[CannotCollect] = []
        sight.passes += 1

    async def clusters(self) -> None:
        members: dict[str, Safe] = {}

        def read(answer: Answer) -> Listed | None:
            members.update(rds.roles(answer))
            return rds.cluster(answer, self._region)

        rows, whole = await self._list("rds", "DescribeDBClusters", "DBClusters", read)
        self._sight.members = members if whole else self._sight.members | members
        self._put("cluster", rows, whole=whole)

    async def instances(self) -> None:
        def read(answer: Answer) -> Listed | None:
            return rds.instance(answer, self._sight.members)

        rows, whole = await self._list("rds", "DescribeDBInstances", "DBInstances", read)
        self._put("instance", rows, whole=whole)

    async def caches(self) -> None:
        nodes: dict[str, ties.Member] = {}
        before = len(self.troubles)
        async for answer in self._each("elasticache", "DescribeReplicationGroups", "ReplicationGroups"):
            nodes.update(ties.members(answer))
        self._sight.nodes = nodes if len(self.troubles) == before else self._sight.nodes | nodes

        def read(answer: Answer) -> Listed | None:
            return elasticache.cache(answer, self._sight.nodes)

        shown = {"ShowCacheNodeInfo": True}
        rows, whole = await self._list("elasticache", "DescribeCacheClusters", "CacheClusters", read, **shown)
        await self._read_tags(rows)
        self._put("cache", [self._with_tags(row) for row in rows], whole=whole)

    async def tables(self) -> None:
        before = len(self.troubles)
        names = [Thing("table", name) async for name in self._table_names()]
        whole = len(self.troubles) == before
        new = {thing: dynamodb.table(thing.name, {}, self._region, self._sight.account()) for thing in names}
        rows = {thing: self._sight.rows.get(thing, row) for thing, row in new.items()}
        await self._read_tags(rows.values())
        wanted = [row.name for row in rows.values() if self._belongs(self._with_tags(row))]
        found = await dynamodb.describe(self._reader, dynamodb.whose_turn(wanted, self._sight.asked))
        self.troubles += found.troubles
        self._sight.note_asked(found.asked, wanted)
        for name, answer in found.answers.items():
            row = dynamodb.table(name, answer, self._region, self._sight.account())
            rows[row.thing] = row
        self._put("table", [self._with_tags(row) for row in rows.values()], whole=whole)

    async def _table_names(self) -> AsyncIterator[str]:
        try:
            async for name in dynamodb.list_tables(self._reader):
                yield name
        except Expired:
            raise
        except CannotCollect as trouble:
            self.troubles.append(trouble)

    async def _each(self, service: str, operation: str, key: str, **asked: Any) -> AsyncIterator[Answer]:
        """The rows of all pages, or of those before something was in the way."""
        odd = 0
        try:
            async for page in self._reader.pages(service, operation, **asked):
                rows = within(page, key)
                for row in rows if isinstance(rows, list) else ():
                    if isinstance(row, Mapping):
                        yield row
                    else:
                        odd += 1
        except Expired:
            raise
        except CannotCollect as trouble:
            self.troubles.append(trouble)
        self._cannot_read(operation, odd)

    async def _list(
        self, service: str, operation: str, key: str, read: Callable[[Answer], Listed | None], **asked: Any
    ) -> tuple[list[Listed], bool]:
        """What could be read, and whether that is all there is."""
        before, nameless, rows = len(self.troubles), 0, list[Listed]()
        async for answer in self._each(service, operation, key, **asked):
            if (row := read(answer)) is not None:
                rows.append(row)
            else:
                nameless += 1
        self._cannot_read(operation, nameless)
        return rows, len(self.troubles) == before

    def _cannot_read(self, operation: str, count: int) -> None:
        if count:
            what = f"{operation} answered with {count} that cannot be read."
            self.troubles.append(CannotCollect(what, seen="no name, or nothing of the expected form"))

    async def _read_tags(self, rows: Iterable[Listed]) -> None:
        """Once in a pass, and only where there is something that they can be about."""
        could = [row for row in rows if self._selection.could_take(row.kind, row.name)]
        if self._tags_are_old is not None or not could:
            return
        self._tags_are_old = True
        try:
            self._sight.tags = await read_tags(self._reader)
            self._tags_are_old = False
        except Expired:
            raise
        except CannotCollect as trouble:
            matters = any(self._selection.needs_tags(row.kind, row.name) for row in could)
            self.troubles.append(adding(trouble, UNTOLD) if matters else trouble)

    def _with_tags(self, row: Listed) -> Listed:
        """A group's tags are its members' too."""
        of_group = self._sight.tags.get(Thing(elasticache.GROUP, row.group), {}) if row.group else {}
        return replace(row, tags={**of_group, **self._sight.tags.get(row.thing, {})})

    def _belongs(self, row: Listed) -> bool:
        """What tags decide stays as it was while they cannot be read."""
        has_own = row.kind in ("cluster", "instance") or not self._tags_are_old or row.tags
        if not has_own and self._selection.needs_tags(row.kind, row.name):
            return row.thing in self._sight.rows
        return self._selection.takes(row.kind, row.name, row.tags)

    def _put(self, kind: str, rows: Iterable[Listed], *, whole: bool) -> None:
        self._sight.put(sanitise(kind), {row.thing: row for row in rows if self._belongs(row)}, whole=whole)
