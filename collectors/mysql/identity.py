"""Which server answers, what is it, and which of the statements does it know?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel

from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.mysql.asking import REPLICATION_CLIENT, Question, asked

SLAVE_MONITOR = "SLAVE MONITOR"  # of MariaDB; REPLICA MONITOR is the same
SERVER = asked("mysql_server")
_REPLICA_STATUS = asked("mysql_replica_status", REPLICATION_CLIENT)
_SLAVE_STATUS = asked("mysql_slave_status", REPLICATION_CLIENT)
_ALL_SLAVES_STATUS = asked("mysql_all_slaves_status", SLAVE_MONITOR)
_BINARY_LOG_STATUS = asked("mysql_binary_log_status", REPLICATION_CLIENT)
_MASTER_STATUS = asked("mysql_master_status", REPLICATION_CLIENT)
_REPLICAS = asked("mysql_replicas", "REPLICATION SLAVE")
_SLAVE_HOSTS = asked("mysql_slave_hosts", "REPLICATION SLAVE")
_THREADS = asked("mysql_threads", "PROCESS")
_THREADS_BEFORE = asked("mysql_threads_before", "PROCESS")
DEFAULT_NET_TIMEOUT_S = 60.0
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})")


class _Variable(BaseModel):
    Variable_name: str
    Value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Where `node` differs, another server answers: nothing is to be compared with what was before."""

    node: str
    server_id: int
    uuid: str  # MySQL's; MariaDB has none
    version: tuple[int, int, int]
    is_mariadb: bool
    is_read_only: bool = False
    net_timeout_s: float = DEFAULT_NET_TIMEOUT_S
    workers: int = 0  # that apply side by side, as it is configured

    @property
    def status(self) -> Question:
        if self.is_mariadb:
            return _ALL_SLAVES_STATUS
        return _REPLICA_STATUS if self.version >= (8, 0, 22) else _SLAVE_STATUS

    @property
    def head(self) -> Question:
        """Where its own log ends."""
        return _BINARY_LOG_STATUS if not self.is_mariadb and self.version >= (8, 2, 0) else _MASTER_STATUS

    @property
    def followers(self) -> Question:
        return _REPLICAS if not self.is_mariadb and self.version >= (8, 0, 22) else _SLAVE_HOSTS

    @property
    def threads(self) -> Question:
        return _THREADS if not self.is_mariadb and self.version >= (8, 0, 22) else _THREADS_BEFORE

    @property
    def has_applier_times(self) -> bool:
        """Whether its performance_schema knows since when a worker applies a transaction, and how old that is."""
        return not self.is_mariadb and self.version >= (8, 0, 1)


def identity(rows: Rows) -> Identity:
    said = {row.Variable_name.lower(): row.Value for row in rows.as_(_Variable)}
    version = _VERSION.match(said.get("version", ""))
    server_id = said.get("server_id", "")
    if version is None or not server_id.isdigit():
        raise CannotCollect("The server did not say which it is.", mend="Look whether it is MySQL or MariaDB.")
    uuid = said.get("server_uuid", "")
    major, minor, patch = (int(part) for part in version.groups())
    words = (said.get("version", "") + said.get("version_comment", "")).lower()
    timeout = said.get("replica_net_timeout") or said.get("slave_net_timeout", "")
    named = ("replica_parallel_workers", "slave_parallel_workers", "slave_parallel_threads")
    workers = next((said[name] for name in named if name in said), "")
    return Identity(
        node=uuid or ":".join((said.get("hostname", ""), said.get("port", ""), server_id)),
        server_id=int(server_id),
        uuid=uuid,
        version=(major, minor, patch),
        is_mariadb="mariadb" in words,
        is_read_only=said.get("read_only", "").upper() in ("ON", "1"),
        net_timeout_s=float(timeout) if timeout.isdigit() else DEFAULT_NET_TIMEOUT_S,
        workers=int(workers) if workers.isdigit() else 0,
    )
