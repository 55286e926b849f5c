"""What was last seen of a place? What cannot be read in a pass stays what it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.aws.answers import NOTHING
from collectors.aws.inventory.listed import Listed
from collectors.aws.inventory.tags import Tags
from collectors.aws.names import Thing
from collectors.aws.ties import Member
from collectors.safe import Safe


@dataclass(slots=True)
class Sight:
    rows: dict[Thing, Listed] = field(default_factory=dict)
    members: dict[str, Safe] = field(default_factory=dict)  # of clusters: writer or reader
    nodes: dict[str, Member] = field(default_factory=dict)  # of replication groups
    tags: Tags = field(default_factory=dict)  # of caches, their groups and tables
    asked: dict[str, int] = field(default_factory=dict)  # a table, and the pass in which it was last asked about
    passes: int = 0

    def put(self, kind: str, rows: Mapping[Thing, Listed], *, whole: bool) -> None:
        """Only a list that is whole says what is no longer there."""
        kept = {thing: row for thing, row in self.rows.items() if thing.kind != kind or not whole}
        self.rows = {**kept, **rows}

    def note_asked(self, tables: Iterable[str], of: Iterable[str]) -> None:
        turns = self.asked | dict.fromkeys(tables, self.passes)
        self.asked = {name: turns[name] for name in of if name in turns}

    def account(self) -> Safe:
        """Of whatever told it; a table that was not described yet does not."""
        return next((row.account for row in self.rows.values() if row.account), NOTHING)
