"""What kind of server is this, and which grants does our login lack? Each panel then degrades by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from collectors.inside.identity import Identity
from collectors.readings import Reading, ResourceId
from collectors.safe import NO_TEXT, Safe
from collectors.sqlserver import grants
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.platform import platform

_TOO_OLD = Safe("older than SQL Server 2016: some questions may have no answer")


class Identify(SqlServerCollector):
    """One Identity for each pass."""

    name = "platform"
    asks = ("platform", "grants", "host")
    every = timedelta(minutes=5)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        found = await platform(self._servers.of(target))
        wanted = [grant.name for grant in grants.for_version(found.major)]
        yield Identity(
            about=target,
            observed=self._now(),
            version=found.version,
            edition=found.edition,
            node=found.node,
            started=found.started,
            availability=Safe(found.ha.value),
            cores=found.host.cores if found.host else 0,
            missing=tuple(map(Safe, found.missing(wanted))),
            trouble=_TOO_OLD if found.is_too_old else NO_TEXT,
        )
