"""What do the demo's SQL Servers answer about their files, databases, logs and tempdb?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from console.demo.instances import GIB, KIB, LOG_PER_COMMIT
from console.demo.model import Model
from console.demo.noise import key, smooth, uniform
from console.demo.sqlserver.doing import Kept, doing, number, words
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.node import Node
from console.demo.sqlserver.said import counting, rows
from console.demo.sqlserver.shop import USER_DATABASES_FROM
from console.demo.sqlserver.stored import DATA, LOG, StoredFile, log_bytes, log_writes, stored

LOG_BACKUP_S = 300  # RDS backs the log up every five minutes
SMALL_LOG_PERCENT = 2.0
PAGES_PER_GIB = 131_072


def file_rates(model: Model, about: ResourceId, node: Node, t: float) -> Mapping[str, float]:
    """What each counter of each file gains per second."""
    machine, now, sets = model.machines[about], doing(model, about, t), model.set_of(about, t)
    flushes = log_writes(machine, now)
    rates: dict[str, float] = {}
    for file in stored(machine).files:
        reads, writes = now.reads * file.of_reads, (now.writes - flushes) * file.of_writes + flushes * file.of_log
        latencies = {"read_ms": 1000 * now.read_latency, "write_ms": 1000 * now.write_latency}
        for part, usual in latencies.items():
            value = number(sets, f"file.{file.name}.{part}", t, lambda _, usual=usual: usual)  # type: ignore[misc]
            latencies[part] = usual if value is None else max(0.0, value)
        write_bytes = 14 * KIB if file.type == DATA else LOG_PER_COMMIT
        rates |= {
            f"{file.name}.reads": reads,
            f"{file.name}.read_bytes": reads * 22 * KIB,
            f"{file.name}.read_stall_ms": reads * latencies["read_ms"],
            f"{file.name}.writes": writes,
            f"{file.name}.write_bytes": writes * write_bytes,
            f"{file.name}.write_stall_ms": writes * latencies["write_ms"],
        }
    return rates


FILES = Kept(file_rates)


def _files(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    counted = FILES.at(moment)
    told = [_file(moment, file, counted) for file in stored(moment.model.machines[moment.about]).files]
    told.sort(key=lambda row: -(int(str(row["io_stall_read_ms"])) + int(str(row["io_stall_write_ms"]))))
    free = moment.model.free_gib(moment.about, moment.t) or 0.0
    total = moment.model.allocated_gib(moment.about, moment.t) or 0.0
    volume = {"volume": "D:\\", "total_bytes": int(total * GIB), "available_bytes": int(free * GIB)}
    return counting(moment), rows(told), rows([volume])


def _file(moment: Moment, file: StoredFile, counted: Mapping[str, float]) -> dict[str, object]:
    def total(part: str) -> int:
        return int(counted.get(f"{file.name}.{part}", 0.0))

    return {
        "database_id": file.database_id,
        "file_id": file.file_id,
        "database_name": file.database,
        "file_name": file.name,
        "type_desc": file.type,
        "num_of_reads": total("reads"),
        "num_of_bytes_read": total("read_bytes"),
        "io_stall_read_ms": total("read_stall_ms"),
        "num_of_writes": total("writes"),
        "num_of_bytes_written": total("write_bytes"),
        "io_stall_write_ms": total("write_stall_ms"),
        "size_on_disk_bytes": _size(moment, file),
    }


def _size(moment: Moment, file: StoredFile) -> int:
    """What is used of the volume, without its logs, falls on the data files; those of the system have a little."""
    model, machine = moment.model, moment.model.machines[moment.about]
    if file.type == LOG:
        return log_bytes(machine, file.database_id)
    used = (model.allocated_gib(moment.about, moment.t) or 0.0) - (model.free_gib(moment.about, moment.t) or 0.0)
    logs = sum(log_bytes(machine, database_id) for database_id in stored(machine).databases) / GIB
    return int(max(0.02, (used - logs) * file.of_size) * GIB)


def _databases(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    return (
        rows(
            database(moment, database_id, name)
            for database_id, name in stored(moment.model.machines[moment.about]).databases.items()
        ),
    )


def database(moment: Moment, database_id: int, name: str) -> dict[str, object]:
    sets = moment.model.set_of(moment.about, moment.t)
    full = database_id >= USER_DATABASES_FROM or name == "model"
    return {
        "database_id": database_id,
        "database_name": name,
        "state_desc": words(sets, f"database.{name}.state_desc") or "ONLINE",
        "user_access_desc": "MULTI_USER",
        "recovery_model_desc": words(sets, f"database.{name}.recovery_model_desc") or ("FULL" if full else "SIMPLE"),
        "log_reuse_wait_desc": words(sets, f"database.{name}.log_reuse_wait_desc") or _reuse(moment, database_id),
    }


def _reuse(moment: Moment, database_id: int) -> str:
    """What a session holds that blocks others cannot be thrown away; else the log waits for its backup."""
    if database_id < USER_DATABASES_FROM:
        return "NOTHING"
    if database_id == USER_DATABASES_FROM and moment.model.strain(moment.about, moment.t)("blocking"):
        return "ACTIVE_TRANSACTION"
    return "LOG_BACKUP" if moment.t % LOG_BACKUP_S > 60 else "NOTHING"


def log_used_percent(moment: Moment, database_id: int, name: str) -> float:
    """It fills by what is written until the next log backup, or as a scenario has it."""
    model, about, t = moment.model, moment.about, moment.t
    sets, main = model.set_of(about, t), database_id == USER_DATABASES_FROM
    names = [f"database.{name}.used_log_space_in_percent", *(["counter.Percent Log Used"] if main else [])]
    for each in names:
        held = number(sets, each, t, lambda at: _usual_log(model, about, database_id, at))
        if held is not None:
            return min(100.0, max(0.0, held))
    return _usual_log(model, about, database_id, t)


def _usual_log(model: Model, about: ResourceId, database_id: int, t: float) -> float:
    if database_id < USER_DATABASES_FROM:
        return SMALL_LOG_PERCENT + 6.0 * uniform(key(about, "log"), database_id)
    machine = model.machines[about]
    share = 1.0 if database_id == USER_DATABASES_FROM else 0.1
    written = log_writes(machine, doing(model, about, t)) * LOG_PER_COMMIT * share * (t % LOG_BACKUP_S)
    return min(100.0, SMALL_LOG_PERCENT + 100 * written / log_bytes(machine, database_id))


def _log_space(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    machine = moment.model.machines[moment.about]
    sizes, segments = [], []
    for database_id, name in stored(machine).databases.items():
        counted = {
            "Percent Log Used": int(log_used_percent(moment, database_id, name)),
            "Log File(s) Size (KB)": log_bytes(machine, database_id) // 1024,
        }
        sizes += [{"database_name": name, "counter_name": of, "cntr_value": value} for of, value in counted.items()]
        many = 4 + int(
            uniform(key(moment.about, name, "segments"), 0) * (220 if database_id >= USER_DATABASES_FROM else 8)
        )
        segments.append({"database_name": name, "total_vlf_count": many})
    return rows(sizes), rows(segments)


def tempdb_pages(moment: Moment) -> dict[str, int]:
    """Sorts and spills come with reads, versions with writes; a long query takes more."""
    machine, now = moment.model.machines[moment.about], doing(moment.model, moment.about, moment.t)
    size = 0.02 * machine.storage_gib * PAGES_PER_GIB
    busy, swing = now.cpu / 100, smooth(key(moment.about, "tempdb"), moment.t, 300)
    internal = size * min(0.7, (0.3 if machine.long_queries else 0.08) * busy * (1 + 0.4 * swing))
    user, versions = size * 0.06 * (0.4 + busy), size * min(0.2, 0.04 * (0.2 + busy))
    return {
        "free_pages": int(size - internal - user - versions),
        "user_pages": int(user),
        "internal_pages": int(internal),
        "version_pages": int(versions),
    }


def _tempdb(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    pages = tempdb_pages(moment)
    store = [{"database_id": USER_DATABASES_FROM, "reserved_space_kb": 8 * pages["version_pages"]}]
    return rows([{"files": 1, **pages}]), rows(store)


ANSWERS: Mapping[str, Answer] = {
    "files": _files,
    "databases": _databases,
    "log_space": _log_space,
    "tempdb": _tempdb,
}
