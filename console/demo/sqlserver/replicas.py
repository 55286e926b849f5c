"""What do the demo's SQL Servers answer about their copies: by availability groups, or by mirroring?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collectors.database.rows import Rows
from console.demo.noise import key
from console.demo.sqlserver.doing import number
from console.demo.sqlserver.following import Copy, Following, connected, copies, copy_of, following, log_kb_s
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.node import node
from console.demo.sqlserver.said import rows, told
from console.demo.sqlserver.shop import USER_DATABASES_FROM
from console.demo.sqlserver.stored import stored

NO_CONNECTION = "The connection to the primary replica is not active. The command cannot be processed."
SYNCHRONIZED = 4
STATES = {
    0: "SUSPENDED",
    1: "DISCONNECTED",
    2: "SYNCHRONIZING",
    3: "PENDING_FAILOVER",
    SYNCHRONIZED: "SYNCHRONIZED",
    5: "UNSYNCHRONIZED",
    6: "SYNCHRONIZED",
}


def is_mirrored(moment: Moment) -> bool:
    """Where a scenario says how its mirroring does, the standby is a mirror."""
    sets = moment.model.set_of(moment.about, moment.t)
    return any(name.startswith("database.") and name.endswith(".mirroring_state") for name in sets)


def grouped(moment: Moment) -> list[Copy]:
    """Those that it leads in an availability group."""
    found = copies(moment.model, moment.about, moment.t)
    return [copy for copy in found if not (copy.is_standby and is_mirrored(moment))]


def _head(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    has_group = bool(grouped(moment)) or moment.machine.source is not None
    row = {
        "node": moment.node.name,
        "server_name": moment.node.name,
        "utc_now": told(moment.t + moment.node.clock_offset_s),
        "is_rds": 1,
        "sees_names": 1,
        "grouped": 1 + len(_users(moment)) if has_group else 0,
        "mirrored": len(_users(moment)) if is_mirrored(moment) else 0,
    }
    return (rows([row]),)


def _users(moment: Moment) -> dict[int, str]:
    there = stored(moment.model.machines[moment.about]).databases
    return {number: name for number, name in there.items() if number >= USER_DATABASES_FROM}


def _replicas(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    if moment.machine.source is not None:
        own = copy_of(moment.model, moment.about, moment.t)
        return (rows(_of_copy(moment, own, is_local=True)),)
    return (rows([row for part in (_of_primary(moment), *_of_copies(moment)) for row in part]),)


def _of_primary(moment: Moment) -> Iterator[dict[str, object]]:
    own = Copy(moment.about, moment.about, moment.node.name, is_standby=False)
    led = next(iter(grouped(moment)), own)
    for each in following(moment.model, led, moment.t):
        yield {
            **_replica(moment, own, is_local=True),
            "role_desc": "PRIMARY",
            "availability_mode_desc": "SYNCHRONOUS_COMMIT",
            "connected_state_desc": "CONNECTED",
            "last_connect_error_description": None,
            **dict.fromkeys(_OF_DATABASE),
            "database_id": each.database_id,
            "database_name": each.database,
            "synchronization_state_desc": "SYNCHRONIZED",
            "synchronization_health_desc": "HEALTHY",
            "is_suspended": 0,
            "last_commit": _time(moment, each.committed_there),
        }


def _of_copies(moment: Moment) -> Iterator[Iterator[dict[str, object]]]:
    for copy in grouped(moment):
        yield _of_copy(moment, copy, is_local=False)


def _of_copy(moment: Moment, copy: Copy, *, is_local: bool) -> Iterator[dict[str, object]]:
    for each in following(moment.model, copy, moment.t):
        yield {**_replica(moment, copy, is_local=is_local), **_database(moment, each, is_local=is_local)}


def _replica(moment: Moment, copy: Copy, *, is_local: bool) -> dict[str, object]:
    is_connected = connected(moment.model, copy, moment.t)
    number = f"{key(copy.source, copy.node, 'replica'):032X}"[-32:]
    return {
        "group_name": f"{copy.source}-group",
        "primary_replica": node(moment.model, copy.source, moment.t).name,
        "replica_id": "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:])),
        "is_local": int(is_local),
        "role_desc": "SECONDARY",
        "connected_state_desc": "CONNECTED" if is_connected else "DISCONNECTED",
        "last_connect_error_description": None if is_connected else NO_CONNECTION,
        "replica_server_name": copy.node,
        "availability_mode_desc": "SYNCHRONOUS_COMMIT" if copy.is_standby else "ASYNCHRONOUS_COMMIT",
        "failover_mode_desc": "AUTOMATIC" if copy.is_standby else "MANUAL",
        "secondary_role_allow_connections_desc": "NO" if copy.is_standby else "ALL",
    }


def _database(moment: Moment, each: Following, *, is_local: bool) -> dict[str, object]:
    """What only the primary reckons is NULL at the copy, and what only the copy sees is NULL at the primary."""
    values = (
        each.database_id,
        each.database,
        each.synchronisation,
        "NOT_HEALTHY" if each.synchronisation.startswith("NOT") else "HEALTHY",
        int(each.suspended),
        each.why_suspended if each.suspended else None,
        None if is_local else each.unsent_kb,
        None if is_local else each.send_kb_s,
        each.unapplied_kb,
        each.redo_kb_s,
        None if is_local else each.lag_s,
        None if is_local else _time(moment, each.sent),
        _time(moment, each.sent) if is_local else None,
        _time(moment, each.sent),
        _time(moment, each.committed_here),
    )
    return dict(zip(_OF_DATABASE, values, strict=True))


_OF_DATABASE = (
    "database_id",
    "database_name",
    "synchronization_state_desc",
    "synchronization_health_desc",
    "is_suspended",
    "suspend_reason_desc",
    "log_send_queue_size",
    "log_send_rate",
    "redo_queue_size",
    "redo_rate",
    "secondary_lag_seconds",
    "last_sent",
    "last_received",
    "last_hardened",
    "last_commit",
)


def _mirroring(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    model, about, t = moment.model, moment.about, moment.t
    (partner,) = [copy.node for copy in copies(model, about, t) if copy.is_standby]
    taken_over = model.turns.swaps(about, t)
    told_rows = []
    for database_id, name in _users(moment).items():
        sets, of = model.set_of(about, t), f"database.{name}.mirroring_state"
        state = int(number(sets, of, t, lambda _: SYNCHRONIZED) or 0) if of in sets else SYNCHRONIZED
        waits = log_kb_s(model, about, t) * (t - sets[of].since) if STATES.get(state) != "SYNCHRONIZED" else 0.0
        told_rows.append(
            {
                "database_name": name,
                "mirroring_state": state,
                "mirroring_state_desc": STATES.get(state),
                "mirroring_role_desc": "PRINCIPAL",
                "mirroring_role_sequence": 1 + taken_over,
                "mirroring_safety_level_desc": "FULL",
                "mirroring_partner_instance": partner,
                "mirroring_witness_state_desc": "CONNECTED",
                "unsent_kb": int(waits) if database_id == USER_DATABASES_FROM else 0,
                "unapplied_kb": 0,
            }
        )
    return (rows(told_rows),)


def _time(moment: Moment, t: float) -> object:
    return told(t + moment.node.clock_offset_s)


ANSWERS: Mapping[str, Answer] = {"replication": _head, "replicas": _replicas, "mirroring": _mirroring}
