"""What does a request wait for? `wait_resource` in words, as far as it can be told without asking a database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from collectors.safe import NO_TEXT, Safe, sanitise

Names = Mapping[int, str]
"""Databases by their ids."""

PFS_EVERY = 8088  # pages that one page of free space tells of
GAM_EVERY = 511_232  # pages that one allocation map tells of
LONGEST = 256  # as the server gives it

HOLDERS = {
    -2: Safe("an orphaned distributed transaction"),
    -3: Safe("a transaction whose recovery is deferred"),
    -4: Safe("a latch that changes hands"),
    -5: Safe("a latch whose owner is not tracked"),
}
"""What holds it where no session does."""


def in_words(resource: str, names: Names) -> Safe:
    """Never fails: what is not understood is told as it came."""
    text = " ".join(resource[:LONGEST].split())
    if not text:
        return NO_TEXT
    for pattern, say in _WAYS:
        if found := pattern.fullmatch(text):
            return sanitise(say(found, names))
    return sanitise(text)


def page_kind(page: int) -> str:
    """Pages by which a file is administered, and for which everybody who allocates has to queue; empty for others."""
    if page == 0:
        return "file header"
    if page == 1 or page % PFS_EVERY == 0:
        return "PFS, free space"
    if page == 2 or page % GAM_EVERY == 0:
        return "GAM, extents"
    if page == 3 or (page - 1) % GAM_EVERY == 0:
        return "SGAM, mixed extents"
    return ""


def _database(number: str, names: Names) -> str:
    return names.get(int(number), f"database {number}")


def _page(found: re.Match[str], names: Names) -> str:
    database, file, page = found["db"], found["file"], found["page"]
    kind = page_kind(int(page))
    return f"page {file}:{page} of {_database(database, names)}" + (f" ({kind})" if kind else "")


def _row(found: re.Match[str], names: Names) -> str:
    return f"row {found['slot']} of page {found['file']}:{found['page']} of {_database(found['db'], names)}"


def _key(found: re.Match[str], names: Names) -> str:
    return f"key in {_database(found['db'], names)}, index {found['hobt']}, hash {found['hash']}"


def _object(found: re.Match[str], names: Names) -> str:
    compiles = ", which is being compiled" if found["compile"] else ""
    return f"table {found['object']} of {_database(found['db'], names)}{compiles}"


def _application(found: re.Match[str], names: Names) -> str:
    return f"application lock {found['name']} in {_database(found['db'], names)}"


def _metadata(found: re.Match[str], names: Names) -> str:
    return f"metadata of {_database(found['db'], names)}: {found['what']}"


def _part(what: str) -> Callable[[re.Match[str], Names], str]:
    def say(found: re.Match[str], names: Names) -> str:
        return f"{what} {found['rest']} of {_database(found['db'], names)}"

    return say


def _whole(found: re.Match[str], names: Names) -> str:
    return f"database {_database(found['db'], names)}" if int(found["db"]) in names else f"database {found['db']}"


_DB = r"(?P<db>[0-9]{1,9})"  # digits of other scripts are none here
_PAGE = r":(?P<file>[0-9]{1,9}):(?P<page>[0-9]{1,10})"
_WAYS = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (rf"KEY: {_DB}:(?P<hobt>[0-9]+) \((?P<hash>[0-9a-fA-F]+)\)", _key),
        (rf"PAGE: {_DB}{_PAGE}", _page),
        (rf"{_DB}{_PAGE}", _page),
        (rf"RID: {_DB}{_PAGE}:(?P<slot>[0-9]+)", _row),
        (rf"(?:OBJECT|TAB): {_DB}:(?P<object>[0-9]+)(?::[0-9]+)?(?P<compile> ?\[+COMPILE\]+)?", _object),
        (rf"APPLICATION: {_DB}:[0-9]+:\[(?P<name>.*)\]:\([0-9a-fA-F]+\)", _application),
        (rf"METADATA: database_id = {_DB} (?P<what>.+)", _metadata),
        (rf"FILE: {_DB}:(?P<rest>[0-9]+)", _part("file")),
        (rf"EXTENT: {_DB}:(?P<rest>[0-9]+:[0-9]+)", _part("extent")),
        (rf"HOBT: {_DB}:(?P<rest>[0-9]+)(?::.*)?", _part("heap or index")),
        (rf"ALLOCATION_UNIT: {_DB}:(?P<rest>[0-9]+)(?::.*)?", _part("allocation unit")),
        (rf"DATABASE: {_DB}(?::.*)?", _whole),
    )
)
