"""What does a server of the model answer to each tag? As MySQL 8.0 and MariaDB 10 name their columns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from console.demo.mysql.moment import HEARTBEAT_S, WORKERS, Moment, place

Answer = Callable[[Moment], Rows]
PORT = 3306
ALL_READ = "has read all relay log; waiting for more updates"
ALL_SENT = "has sent all binlog to {}; waiting for more updates"


def _server(moment: Moment) -> Rows:
    said = {
        "hostname": moment.hostname,
        "port": str(PORT),
        "server_id": str(moment.server_id),
        "version": f"{moment.machine.version}{'-MariaDB-log' if moment.is_mariadb else ''}",
        "read_only": "OFF" if moment.source is None else "ON",
        "slave_net_timeout": "60",
        _workers_of(moment): str(moment.whole("replica_parallel_workers", WORKERS)),
        **({} if moment.is_mariadb else {"server_uuid": _uuid(moment.about)}),
    }
    return Rows(("Variable_name", "Value"), tuple(said.items()))


def _replica_status(moment: Moment) -> Rows:
    """By MySQL's newer names."""
    source = moment.source
    if source is None:
        return Rows(())
    read, applied = source.end_of_log(moment.read_at), source.end_of_log(moment.applied_at)
    behind = moment.behind_s
    says = None if behind is None or moment.sql != "Yes" or moment.io != "Yes" else int(behind)
    working = "Waiting for dependent transaction to commit"
    row = {
        "Channel_Name": "",
        "Source_Host": f"{source.about}.example.internal",
        "Source_Port": PORT,
        "Source_Server_Id": source.server_id,
        "Source_UUID": "" if moment.is_mariadb else _uuid(source.about),
        "Source_Log_File": place(read)[0],
        "Read_Source_Log_Pos": place(read)[1],
        "Relay_Source_Log_File": place(applied)[0],
        "Exec_Source_Log_Pos": place(applied)[1],
        "Replica_IO_Running": moment.io,
        "Replica_IO_State": "Waiting for source to send event" if moment.io == "Yes" else "",
        "Replica_SQL_Running": moment.sql,
        "Replica_SQL_Running_State": f"Replica {ALL_READ}" if read == applied else working,
        "Seconds_Behind_Source": says,
        "Last_IO_Errno": moment.whole("Last_IO_Errno", 2003 if moment.io == "Connecting" else 0),
        "Last_IO_Error": moment.text("Last_IO_Error", _io_error(moment)),
        "Last_SQL_Errno": 0,
        "Last_SQL_Error": "",
        "SQL_Delay": 0,
    }
    return Rows(tuple(row), (tuple(row.values()),))


def _all_slaves_status(moment: Moment) -> Rows:
    """By the older names, which MariaDB keeps; it counts heartbeats beside."""
    found = _replica_status(moment)
    names = (name.replace("Channel_Name", "Connection_name") for name in found.columns)
    older = tuple(name.replace("Source", "Master").replace("Replica", "Slave") for name in names)
    more = ("Slave_received_heartbeats", "Slave_heartbeat_period")
    values = tuple((*row, int(moment.read_at // HEARTBEAT_S), HEARTBEAT_S) for row in found.values)
    return Rows((*older, *more) if older else (), values)


def _head(moment: Moment) -> Rows:
    return Rows(("File", "Position"), (place(moment.end_of_log()),))


def _followers(moment: Moment) -> Rows:
    names = ("Server_Id", "Host", "Port", "Source_Id", "Replica_UUID")
    return Rows(
        names[:-1] if moment.is_mariadb else names,
        tuple(
            (each.server_id, f"{each.about}.example.internal", PORT, moment.server_id)
            + (() if moment.is_mariadb else (_uuid(each.about),))
            for each in moment.followers
        ),
    )


def _connections(moment: Moment) -> Rows:
    names = ("channel", "heartbeats", "heartbeat_period", "heartbeat_age")
    age = max(0.0, moment.t - moment.read_at) + moment.read_at % HEARTBEAT_S
    return Rows(names, (("", int(moment.read_at // HEARTBEAT_S), HEARTBEAT_S, age),))


def _workers(moment: Moment) -> Rows:
    names = ("channel", "workers", "busy", "behind", "applying")
    workers, busy = moment.whole("replica_parallel_workers", WORKERS), _busy(moment)
    age = moment.number("applying_transaction_age_s", lambda _: _lag(moment) if busy else None)
    return Rows(names, (("", workers, busy, age if age is None else max(age, _lag(moment)), age),))


def _threads(moment: Moment) -> Rows:
    dump, copy = ("Binlog Dump", "slave") if moment.is_mariadb else ("Binlog Dump GTID", "replica")
    sent = f"{'Master' if moment.is_mariadb else 'Source'} {ALL_SENT.format(copy)}"
    dumps = [(f"{each.about}.example.internal:50123", dump, sent) for each in moment.followers]
    workers = []
    if moment.is_mariadb and moment.source is not None and moment.sql == "Yes":
        busy = _busy(moment)
        states = ["Waiting for prior transaction to commit"] * busy + ["Waiting for work from SQL thread"] * WORKERS
        workers = [("", "Slave_worker", state) for state in states[: max(busy, WORKERS)]]
        workers.append(("", "Slave_SQL", f"Slave {ALL_READ}"))
    return Rows(("host", "command", "state"), (*dumps, *workers))


ANSWERS: Mapping[str, Answer] = {
    "mysql_server": _server,
    "mysql_replica_status": _replica_status,
    "mysql_slave_status": _all_slaves_status,
    "mysql_all_slaves_status": _all_slaves_status,
    "mysql_binary_log_status": _head,
    "mysql_master_status": _head,
    "mysql_replicas": _followers,
    "mysql_slave_hosts": _followers,
    "mysql_connections": _connections,
    "mysql_workers": _workers,
    "mysql_threads": _threads,
    "mysql_threads_before": _threads,
}


def _busy(moment: Moment) -> int:
    """All of them where it falls behind, none where it keeps up."""
    workers = moment.whole("replica_parallel_workers", WORKERS)
    return moment.whole("busy_workers", workers if _lag(moment) >= 1 and moment.sql == "Yes" else 0)


def _lag(moment: Moment) -> float:
    return max(0.0, moment.t - moment.applied_at)


def _workers_of(moment: Moment) -> str:
    return "slave_parallel_workers" if moment.is_mariadb else "replica_parallel_workers"


def _io_error(moment: Moment) -> str:
    return "Error reconnecting to source: can't connect to server" if moment.io == "Connecting" else ""


def _uuid(about: ResourceId) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{about}.example.internal"))
