"""Which databases and files does a SQL Server of the demo have, and how does its work fall on them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from console.demo.instances import Activity
from console.demo.inventory import Machine
from console.demo.sqlserver.shop import NUMBERED, USER_DATABASES_FROM, shop

RDS = "rdsadmin"
LOG_SHARE = 0.02  # of the storage that was bought
_MORE = {"orders": ("orders_archive",), "billing": ("ledger",)}  # that nobody connects to
_SYSTEM = {
    1: ("master", "master", "mastlog"),
    2: ("tempdb", "tempdev", "templog"),
    3: ("model", "modeldev", "modellog"),
    4: ("msdb", "MSDBData", "MSDBLog"),
}
_SYSTEM_BYTES = 24 * 1024**2
DATA, LOG = "ROWS", "LOG"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``of_reads`` and so on: shares of what the whole server does with its volume."""

    database_id: int
    file_id: int
    database: str
    name: str
    type: str
    of_reads: float = 0.0
    of_writes: float = 0.0  # of those that are none of a log
    of_log: float = 0.0
    of_size: float = 0.0  # of what is used of the volume


@dataclass(frozen=True, slots=True)
class Stored:
    """``databases`` by their ids."""

    databases: Mapping[int, str]
    files: tuple[StoredFile, ...]

    @property
    def main(self) -> str:
        """Where most of the work is."""
        return self.databases[USER_DATABASES_FROM]


def stored(machine: Machine) -> Stored:
    """Those that its clients know, and what lies beside them; not what is RDS's own. A copy has those of the first."""
    return _stored(machine.app.rstrip(NUMBERED), tuple(shop(machine).databases.items()))


@cache
def _stored(app: str, known: tuple[tuple[int, str], ...]) -> Stored:
    last = max(number for number, _ in known)
    own = {number: name for number, name in known if number >= USER_DATABASES_FROM and name != RDS}
    own |= dict(enumerate(_MORE.get(app, ()), last + 1))
    files = [file for number, name in own.items() for file in _user(number, name, len(own))]
    return Stored({number: system[0] for number, system in _SYSTEM.items()} | own, (*_system(), *files))


def _system() -> tuple[StoredFile, ...]:
    """tempdb takes a share of its own; the others nearly none."""
    shares = {2: (0.08, 0.2, 0.04, 0.03)}
    rows = []
    for database_id, (database, data, log) in _SYSTEM.items():
        reads, writes, logged, size = shares.get(database_id, (0.0005, 0.0005, 0.001, 0.0))
        rows += [
            StoredFile(database_id, 1, database, data, DATA, of_reads=reads, of_writes=writes, of_size=size),
            StoredFile(database_id, 2, database, log, LOG, of_log=logged),
        ]
    return tuple(rows)


def _user(database_id: int, name: str, among: int) -> tuple[StoredFile, ...]:
    """The first of two databases has nine tenths of the work and half of the space."""
    work = 1.0 if among == 1 else 0.9 if database_id == USER_DATABASES_FROM else 0.1 / (among - 1)
    space = 0.9 / among
    reads, writes, log = 0.9185 * work, 0.7985 * work, 0.957 * work
    return (
        StoredFile(database_id, 1, name, f"{name}_data", DATA, 0.7 * reads, 0.75 * writes, of_size=0.6 * space),
        StoredFile(database_id, 3, name, f"{name}_data2", DATA, 0.3 * reads, 0.25 * writes, of_size=0.4 * space),
        StoredFile(database_id, 2, name, f"{name}_log", LOG, of_log=log),
    )


def log_writes(machine: Machine, now: Activity) -> float:
    """Per second: each commit flushes once; a replica hardens what it is sent in larger pieces."""
    return min(now.writes, now.commits if machine.commits else 0.35 * now.writes)


def log_bytes(machine: Machine, database_id: int) -> int:
    size = machine.storage_gib * LOG_SHARE * 1024**3
    return int(size) if database_id >= USER_DATABASES_FROM or database_id == 2 else _SYSTEM_BYTES
