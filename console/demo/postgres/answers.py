"""What does a PostgreSQL of the demo answer? Each statement by its tag, from the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from collectors.database.rows import Rows
from collectors.postgres.positions import between, written
from collectors.postgres.rows import Copy, Here, SlotRow
from collectors.readings import ResourceId
from console.demo.cast import root
from console.demo.load import DAY
from console.demo.postgres.log import NO_ROW, TIMEOUT_S, Log
from console.demo.scenario.script import Missing, value_of

UP_DAYS = 38.0
TIMELINE = 3
DOMAIN = "c0ffee123456.eu-west-1.rds.amazonaws.com"
RESERVED_BYTES = 4 * 1024**3  # max_wal_size: what is kept over that is `extended`
INACTIVE_SINCE = 17  # the version that tells it
Answer = Callable[[Log], Rows]


def _replication(log: Log) -> Rows:
    is_replica = log.source is not None
    row: dict[str, object] = {
        "asked": _time(log.t),
        "started": _time(_started(log)),
        "in_recovery": is_replica,
        "may_see": True,
        "current_lsn": None if is_replica else _lsn(log.end),
        "timeline": None if is_replica else f"{_timeline(log):08X}",
        "receive_lsn": _lsn(log.end) if is_replica else None,
        "replay_lsn": _lsn(log.applied) if is_replica else None,
        "replayed_at": _time(log.replayed_at) if is_replica else None,
        "paused": False,
        "delay_ms": 0,
        "receiver_timeout_ms": int(TIMEOUT_S * 1000),
        "sender_timeout_ms": int(TIMEOUT_S * 1000),
        "conflicts": 0 if is_replica else None,
        **(_receiver(log, log.source) if log.source is not None else {}),
    }
    return _rows([row], Here.model_fields)


def _started(log: Log) -> float:
    """By the last time that it, or its standby in its place, began anew."""
    moved = [turn.moved for turn in log.model.turns.of(log.about) if turn.moved <= log.t]
    return max(moved, default=log.model.start - UP_DAYS * DAY)


def _timeline(log: Log) -> int:
    """Each promotion of whoever wrote it begins another."""
    writer = root(log.model.all_at(log.t), log.about).id
    return TIMELINE + sum(turn.is_promotion and turn.moved <= log.t for turn in log.model.turns.of(writer))


def _receiver(log: Log, source: ResourceId) -> Mapping[str, object]:
    """Its row, where there is one."""
    if log.status == NO_ROW:
        return {}
    return {
        "receiver_pid": 1137,
        "receiver_status": log.status,
        "received_at": _time(log.heard_at),
        "latest_end_lsn": _lsn(log.end),
        "received_timeline": _timeline(log),
        "sender_host": f"{source}.{DOMAIN}",
        "sender_port": 5432,
        "receiver_slot": slot_name(log.about),
    }


def _copies(log: Log) -> Rows:
    """Those that the server sends to; a scenario may say how many there are."""
    there = [copy for copy in _followers(log) if copy.is_sent_to]
    return _rows([_copy(log, pid, copy) for pid, copy in enumerate(there[: _most(log)], 2101)], Copy.model_fields)


def _most(log: Log) -> int | None:
    held = log.model.set_of(log.about, log.t).get("postgres.streaming_replicas")
    if held is None or isinstance(held.setting, Missing):
        return None
    count = value_of("postgres.streaming_replicas", held, log.t, lambda _: float(len(_followers(log))))
    return None if count is None else max(0, int(count))


def _copy(log: Log, pid: int, copy: Log) -> Mapping[str, object]:
    behind = between(copy.applied, log.end)
    return {
        "pid": pid,
        "application_name": str(copy.about),
        "client": f"10.0.7.{pid % 200}",
        "client_hostname": None,
        "state": "streaming",
        "sync_state": "async",
        "sent_lsn": _lsn(log.end),
        "flush_lsn": _lsn(copy.end),
        "replay_lsn": _lsn(copy.applied),
        "replay_lag_s": max(0.0, log.had_at - copy.applied_at) if behind else None,
        "replied_at": _time(copy.heard_at),
        "slot_name": slot_name(copy.about),
        "slot_type": "physical",
        "temporary": False,
    }


def _slots(log: Log) -> Rows:
    """One for each that follows, and those that a scenario has made."""
    sent = {row["slot_name"] for row in _copies(log).each()}
    rows = {slot_name(copy.about): _slot(log, copy, sent) for copy in _followers(log)}
    for name, columns in _set_slots(log).items():
        usual = rows.get(name) or {"slot_name": name, "active": False, "kept": 0, "wal_status": "reserved"}
        rows[name] = {**usual, **columns}
    return _rows([rows[name] for name in sorted(rows)], SlotRow.model_fields)


def _slot(log: Log, copy: Log, sent: set[object]) -> Mapping[str, object]:
    name, kept = slot_name(copy.about), between(copy.end, log.end)
    tells = int(log.model.machines[log.about].version.partition(".")[0]) >= INACTIVE_SINCE
    active = name in sent
    return {
        "slot_name": name,
        "active": active,
        "kept": kept,
        "wal_status": "extended" if (kept or 0) > RESERVED_BYTES else "reserved",
        "inactive_since": _time(copy.dead_since) if tells and not active else None,
    }


def _set_slots(log: Log) -> Mapping[str, dict[str, object]]:
    """`postgres.slot.NAME.COLUMN`, by name."""
    found: dict[str, dict[str, object]] = {}
    for key, held in log.model.set_of(log.about, log.t).items():
        if not key.startswith("postgres.slot."):
            continue
        name, _, column = key.removeprefix("postgres.slot.").rpartition(".")
        value = log.set_value(key.removeprefix("postgres."))
        if column == "retained_bytes":
            number = value_of(key, held, log.t, lambda _: 0.0)
            column, value = "kept", None if number is None else int(number)
        elif column == "active":
            value = bool(value)
        found.setdefault(name, {})[column] = value
    return found


def slot_name(about: ResourceId) -> str:
    return about.replace("-", "_")


def _followers(log: Log) -> list[Log]:
    there = log.model.followers(log.about, log.t)
    return [Log(log.model, each.id, log.t) for each in there if _exists(log, each.id)]


def _exists(log: Log, about: ResourceId) -> bool:
    return log.model.exists(about, log.t)


def _lsn(at: int | None) -> str | None:
    return None if at is None else written(at)


def _time(t: float | None) -> datetime | None:
    return None if t is None else datetime.fromtimestamp(t, UTC)


def _rows(each: Sequence[Mapping[str, object]], columns: Iterable[str]) -> Rows:
    names = tuple(columns)
    return Rows(names, tuple(tuple(row.get(name) for name in names) for row in each))


ANSWERS: Mapping[str, Answer] = {"replication": _replication, "copies": _copies, "slots": _slots}
