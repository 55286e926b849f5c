"""What do the chosen statements say? Asked once for each, ten at a time, and remembered without their literals."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.asking import Server
from collectors.sqlserver.inside_database import UserDatabase, inside, question
from collectors.sqlserver.queries.looked import Ran
from collectors.sqlserver.queries.rows import CachedText, StoredText
from collectors.statement_text import normalise

CACHED = question("query_texts")
STORED = question("query_store_texts")
AT_ONCE = 10  # as many as the statements have places for
MOST_KEPT = 1_000  # of one server


@dataclass(frozen=True, slots=True)
class Text:
    statement: Safe
    database: Safe = NO_TEXT
    is_ours: bool = False


GONE = Text(Safe("(no longer in the plan cache)"))


class Texts:
    """One server's."""

    def __init__(self) -> None:
        self._known: OrderedDict[Ran, Text] = OrderedDict()

    def of(self, ran: Ran) -> Text:
        return self._known.get(ran, GONE)

    async def ask_cache(self, server: Server, wanted: Mapping[Ran, str]) -> None:
        """``wanted``: with the handles of their plans."""
        for ten in _tens(ran for ran in wanted if ran not in self._known):
            handles = [wanted[ran] for ran in ten]
            (rows,) = await server.ask(CACHED, *handles, *[""] * (AT_ONCE - len(ten)))
            for row in rows.as_(CachedText):
                self._keep(ten[row.slot], row.statement, row.database_name, is_ours=row.is_ours)

    async def ask_store(self, server: Server, database: UserDatabase, wanted: Mapping[Ran, int]) -> None:
        """``wanted``: with their numbers in the Query Store of that database."""
        name = database.database_name
        for ten in _tens(ran for ran in wanted if ran not in self._known):
            ids = [wanted[ran] for ran in ten]
            (rows,) = await server.ask(inside(STORED, database), name, *ids, *[0] * (AT_ONCE - len(ten)))
            said = {row.query_id: row.statement for row in rows.as_(StoredText)}
            for ran in ten:
                if wanted[ran] in said:
                    self._keep(ran, said[wanted[ran]], name)

    def _keep(self, ran: Ran, statement: str | None, database: str | None, *, is_ours: bool = False) -> None:
        text = sanitise(normalise(statement)) if statement else GONE.statement
        self._known[ran] = Text(text, sanitise(database or ""), is_ours)
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)


class AllTexts:
    def __init__(self) -> None:
        self._of: dict[ResourceId, Texts] = {}

    def of(self, about: ResourceId) -> Texts:
        return self._of.setdefault(about, Texts())


def _tens(each: Iterable[Ran]) -> Iterable[Sequence[Ran]]:
    found = list(each)
    return (found[n : n + AT_ONCE] for n in range(0, len(found), AT_ONCE))
