"""What kind of SQL Server is it, and what may our login see there? Asked once for a connection's life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel

from collectors.database.rows import Row
from collectors.errors import CannotCollect
from collectors.safe import Safe, sanitise
from collectors.sqlserver import grants
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Server, text_of

PLATFORM = Question("platform", text_of("platform"), grants=())
HELD = Question("grants", text_of("grants"), grants=())
HOST = Question("host", text_of("host"))
_RDS_NODE = "EC2AMAZ-"
_FLOOR = 13


class HighAvailability(StrEnum):
    """As the server can tell it. `NONE` may yet be replicated below it: Web edition's standby is known to AWS alone."""

    UNKNOWN = "unknown"
    NONE = "none"
    MIRRORING = "mirroring"
    ALWAYS_ON = "always-on"


class PlatformRow(BaseModel):
    version: str
    edition: str
    edition_id: int
    node: str | None
    started: datetime
    has_rdsadmin: int
    has_rds_procedures: int


class HostRow(BaseModel):
    cores: int
    memory_kb: int
    target_kb: int
    mirrored: int
    replicated: int


class GrantRow(BaseModel):
    name: str


@dataclass(frozen=True, slots=True)
class Host:
    """What only a login sees that may see the server's state."""

    cores: int
    memory_kb: int
    target_kb: int  # of memory, that it may come to use
    ha: HighAvailability


@dataclass(frozen=True, slots=True)
class Platform:
    version: Safe  # 16.0.4135.4
    major: int  # 13: 2016, 14: 2017, 15: 2019, 16: 2022, 17: 2025
    edition: Safe
    edition_id: int  # 2: Standard or Web, 3: Enterprise or Developer, 4: Express
    node: Safe  # the machine that answers: another one after a failover
    started: datetime
    is_rds: bool
    granted: frozenset[Safe]
    host: Host | None  # None: the login may not see it

    @property
    def ha(self) -> HighAvailability:
        return self.host.ha if self.host else HighAvailability.UNKNOWN

    @property
    def is_too_old(self) -> bool:
        return self.major < _FLOOR

    def missing(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Of these grants, those that the login lacks."""
        return grants.missing(wanted, self.granted, self.major)


async def platform(server: Server) -> Platform:
    """Three questions at most: what needs a grant that is not there is not asked."""
    (told,) = await server.ask(PLATFORM)
    (granted,) = await server.ask(HELD)
    row = _only(told.as_(PlatformRow))
    held = frozenset(sanitise(each.name, 100) for each in granted.as_(GrantRow))
    major = _major(row.version)
    host = None
    if not grants.missing((VIEW_SERVER_STATE,), held, major):
        (seen,) = await server.ask(HOST)
        host = _host(_only(seen.as_(HostRow)))
    return _platform(row, held, major, host)


def _platform(row: PlatformRow, held: frozenset[Safe], major: int, host: Host | None) -> Platform:
    node = row.node or ""
    return Platform(
        version=sanitise(row.version, 50),
        major=major,
        edition=sanitise(row.edition, 100),
        edition_id=row.edition_id,
        node=sanitise(node, 100),
        started=row.started.replace(tzinfo=UTC),
        is_rds=bool(row.has_rdsadmin and row.has_rds_procedures) or node.upper().startswith(_RDS_NODE),
        granted=held,
        host=host,
    )


def _host(row: HostRow) -> Host:
    return Host(row.cores, row.memory_kb, row.target_kb, _ha(row))


def _ha(row: HostRow) -> HighAvailability:
    if row.mirrored:
        return HighAvailability.MIRRORING
    return HighAvailability.ALWAYS_ON if row.replicated else HighAvailability.NONE


def _major(version: str) -> int:
    first = version.partition(".")[0]
    return int(first) if first.isascii() and first.isdigit() else 0


def _only(rows: tuple[Row, ...]) -> Row:
    if len(rows) != 1:
        raise CannotCollect("The server tells nothing of itself.", seen=f"{len(rows)} rows")
    return rows[0]
