"""How much of a resource may be flushed? The narrowest first, each with what it would empty. From the picture alone."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.inside.cache import CacheUse, Keys
from collectors.inside.files import Files
from collectors.inside.queries import Queries
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.picture import Picture

MOST_PREFIX = 200  # characters
SECOND = Safe("a second person signs it")
SYSTEM = frozenset({"master", "model", "msdb", "tempdb", "rdsadmin", "mssqlsystemresource"})


@dataclass(frozen=True, slots=True)
class Way:
    """``scope``: as the engine is told it; one that ends in a colon is asked for to its end."""

    scope: str
    words: Safe
    note: Safe = NO_TEXT

    @property
    def is_whole(self) -> bool:
        return not self.scope.endswith(":")


def of(picture: Picture, resource: str, handle: str = "") -> tuple[Way, ...]:
    """``handle``: of the plan of the statement under the cursor, where there is one."""
    res = picture.resources.get(resource)
    if res is None:
        return ()
    return _of_cache(picture, resource) if res.kind == "cache" else _of_server(handle)


def _of_cache(picture: Picture, resource: str) -> tuple[Way, ...]:
    """Databases that hold keys; where nobody has told of any, the first, which each cache has."""
    told = picture.inside_of(resource, CacheUse)
    there = told.databases if told is not None else ()
    keys: dict[int, Keys | None] = {each.database: each for each in there} or {0: None}
    prefixes = tuple(_prefix(number) for number in keys)
    whole = tuple(_database(number, each, is_told=told is not None) for number, each in keys.items())
    every = f"{sum(each.keys for each in there):,} keys go; " if there else ""
    return *prefixes, *whole, Way("all", Safe("Everything: FLUSHALL"), sanitise(f"{every}{SECOND}"))


def _prefix(number: int) -> Way:
    return Way(f"prefix:{number}:", sanitise(f"A prefix of database {number}"), Safe("which one is asked next"))


def _database(number: int, keys: Keys | None, *, is_told: bool) -> Way:
    many = f"{keys.keys:,} keys go" if keys is not None else "it holds no key" if is_told else "nobody told its keys"
    return Way(f"database:{number}", sanitise(f"One database: {number}"), sanitise(many))


def _of_server(handle: str) -> tuple[Way, ...]:
    this = (Way(f"plan:{handle}", Safe("This plan"), Safe("of the statement under the cursor")),) if handle else ()
    one = Way("plans:", Safe("The plans of one database"), Safe("which one is asked next"))
    return *this, one, Way("all-plans", Safe("All plans"), SECOND)


def databases(picture: Picture, resource: str) -> tuple[Safe, ...]:
    """Of a server, by name: those that have files, else those whose statements ran."""
    files, queries = picture.inside_of(resource, Files), picture.inside_of(resource, Queries)
    names = {each.name for each in files.databases} if files is not None else set[Safe]()
    if not names and queries is not None:
        names = {row.database for row in queries.rows}
    return tuple(sorted(name for name in names if name and name.lower() not in SYSTEM))


def why_no_prefix(typed: str) -> Safe | None:
    """None: it is one."""
    if not typed.strip():
        return Safe("A prefix of nothing is everything: type what the keys begin with.")
    if len(typed) > MOST_PREFIX:
        return sanitise(f"A prefix has no more than {MOST_PREFIX} characters.")
    return None


def why_no_name(typed: str) -> Safe | None:
    return None if typed.strip() else Safe("Type the name of the database, as the server writes it.")
