"""Who is at work in a SQL Server, who waits, and who holds something open?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from collectors.inside.ranking import most_worrying
from collectors.inside.sessions import Sessions
from collectors.readings import Reading, ResourceId
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, text_of
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.session_rows import Counted, Here, Named, SessionRow, one_each, session


class Activity(SqlServerCollector):
    """One Sessions for each pass."""

    name = "sessions"
    asks = ("sessions",)
    every = timedelta(seconds=5)
    needs = (VIEW_SERVER_STATE,)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        question = Question("sessions", text_of("sessions"))
        listed, counted, named = await self._servers.of(target).ask(question)
        rows, (count,) = listed.as_(SessionRow), counted.as_(Counted)
        now = self._now()
        databases = {each.database_id: each.name for each in named.as_(Named)}
        here = Here(databases, theirs=count.utc_now, ours=now)
        sessions = most_worrying(session(row, here) for row in one_each(rows))
        more = max((row.listed for row in rows), default=0) - len(rows)
        yield Sessions(target, now, rows=sessions, more=more, connected=count.connected)
