"""What a person asks one server by hand, and nobody else: a plan is saved as a file, the rest is told as rows."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from collectors.errors import Trouble
from collectors.job import Job, running
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import Server, Servers
from collectors.sqlserver.plan_summary import summary
from collectors.sqlserver.queries import asked
from collectors.sqlserver.queries.rows import FragmentRow
from collectors.threads import Threads
from console.protocol.requests import Said

log = logging.getLogger(__name__)

NAME = "inquiries"
QUESTIONS = ("plan", "fragmentation")
ANSWER_WITHIN_S = 9.0  # whoever asked waits ten
MOST_PLANS = 100  # files; the oldest make room


class Inquiries:
    """``folder``: None where nothing can be kept."""

    def __init__(self, servers: Servers, folder: Path | None) -> None:
        self._servers = servers
        self._folder = folder / "plans" if folder else None
        self._threads = Threads(1)

    async def inquire(self, about: ResourceId, question: str, args: Mapping[str, object]) -> Said:
        """The answer's rows, the names of their columns first; raises `Trouble` in words where there is none."""
        running.set(Job(NAME, str(about)))
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._answer(self._servers.of(about), about, question, args)
        except TimeoutError:
            what = f"{about} has not answered within {ANSWER_WITHIN_S:g} s."
            raise Trouble(what, mend="Ask again when it has less to do.") from None

    async def _answer(self, server: Server, about: ResourceId, question: str, args: Mapping[str, object]) -> Said:
        match question, args:
            case "plan", {"hash": str(query_hash), "plan": str(plan_hash), "database": str(database)}:
                return await self._plan(server, about, (query_hash, plan_hash, database))
            case "fragmentation", {"table": str(table)}:
                return _fragments(await asked.fragmentation(server, table))
        known = "a plan by hash, plan and database; fragmentation by table"
        raise Trouble("That cannot be asked of a server.", seen=ascii(question[:40]), mend=f"There are: {known}.")

    async def _plan(self, server: Server, about: ResourceId, wanted: tuple[str, str, str]) -> Said:
        if self._folder is None:
            mend = "Make the state folder writable; `dbconsole` says where it is."
            raise Trouble("A plan has nowhere to be saved: this engine keeps nothing.", mend=mend)
        text = await asked.plan(server, *wanted)
        path = self._folder / file_name(about, *wanted[:2])
        try:
            await self._threads.call(str(path), partial(save, path, text))
        except OSError as error:
            raise Trouble("The plan could not be saved.", seen=f"{path}: {error.strerror}") from error
        saved = (Safe("saved"), sanitise(str(path)))
        return ((Safe("what"), Safe("is")), saved, *summary(text).lines())


def file_name(about: str, query_hash: str, plan_hash: str) -> str:
    """Nothing of it can leave the folder."""
    return f"{re.sub(r'[^A-Za-z0-9._-]', '_', about).lstrip('.')[:80]}-{query_hash[2:]}-{plan_hash[2:]}.sqlplan"


def save(path: Path, text: str) -> None:
    """For its owner alone. There are never more than `MOST_PLANS`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
    kept = sorted(path.parent.glob("*.sqlplan"), key=lambda each: each.stat().st_mtime_ns)
    for old in kept[:-MOST_PLANS]:
        old.unlink(missing_ok=True)


def _fragments(rows: tuple[FragmentRow, ...]) -> Said:
    head = tuple(map(Safe, ("index", "kind", "partition", "fragmented", "pages")))
    each = (
        (row.index_name, row.index_type.lower(), row.partition_number, _percent(row), row.page_count) for row in rows
    )
    return (head, *(tuple(sanitise(str(cell)) for cell in cells) for cells in each))


def _percent(row: FragmentRow) -> str:
    return f"{row.fragmentation:.1f}%"
