"""What does INFO say of a cache at a time? From the model, as a scenario has set it: a pure function of the time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.redis.asking import Fields
from collectors.redis.info import is_text
from console.demo.inventory import Machine
from console.demo.model import Model
from console.demo.redis import figures
from console.demo.redis.addresses import PORT, host
from console.demo.scenario.script import Given, Set, value_of

FAMILY = "redis"
BYTES_PER_WRITE = 700
BEFORE = 4_000_000_000  # bytes that were written before the play began
BACKLOG = 64 * 1024 * 1024
ACKNOWLEDGED_S = 1.0  # a replica says each second how far it is


def said(model: Model, about: ResourceId, t: float) -> Fields:
    """All that is asked of a cache."""
    return {name: value for fields in by_section(model, about, t).values() for name, value in fields.items()}


def by_section(model: Model, about: ResourceId, t: float) -> dict[str, dict[str, str]]:
    """As INFO tells it, with what a scenario has set."""
    found = {name: dict(fields) for name, fields in _usual(model, model.as_at(about, t), t).items()}
    for name, held in model.set_of(about, t).items():
        family, _, field = name.partition(".")
        if family == FAMILY:
            told = _set(model, about, name, held, t)
            section = next((each for each in found.values() if field in each), found["server"])
            section.pop(field, None)
            section |= {} if told is None else {field: told}
    return found


def set_by_hand(model: Model, about: ResourceId, t: float) -> Fields:
    """What a scenario has set, whatever is true otherwise."""
    found = {name.partition(".")[2]: _set(model, about, name, held, t)
             for name, held in model.set_of(about, t).items() if name.startswith(f"{FAMILY}.")}  # fmt: skip
    return {field: told for field, told in found.items() if told is not None}


def _usual(model: Model, machine: Machine, t: float) -> dict[str, Iterable[tuple[str, str]]]:
    run_id = _named(f"run of {machine.id}{_after(model.turns.opened(machine.id, t))}")
    loading = str(int(model.door(machine.id, t) is Door.RECOVERING))
    saving = str(int(model.status(machine.id, t) == "snapshotting"))
    state = (("loading", loading), ("rdb_bgsave_in_progress", saving))
    return {
        "server": (*figures.server(model, machine, t), ("run_id", run_id)),
        "persistence": (*state, *figures.persistence(model, machine, t)),
        "replication": _replication(model, machine, t),
        **figures.sections(model, machine, t),
    }


def _replication(model: Model, machine: Machine, t: float) -> Iterator[tuple[str, str]]:
    top = model.as_at(machine.source, t) if machine.source is not None else machine
    group = machine.cluster or machine.id
    yield "role", "slave" if machine.source is not None else "master"
    if machine.source is not None:
        yield from _of_replica(model, machine, top, t)
    followers = [each for each in model.followers(machine.id, t) if model.serves(each.id, t)]
    yield "connected_slaves", str(len(followers))
    for number, each in enumerate(followers):
        behind = _offset(model, machine, t - (model.lag(each.id, t) or 0.0))
        lag = int(t % ACKNOWLEDGED_S)
        yield f"slave{number}", f"ip={host(each.id)},port={PORT},state=online,offset={behind},lag={lag}"
    yield "mem_clients_slaves", str(20_512 * len(followers))
    yield "master_failover_state", "no-failover"
    first = model.machines[top.id].source or top.id  # whose history a failover goes on with, under another name
    yield "master_replid", _named(f"history of {first}{_after(model.turns.opened(group, t))}")
    at = t if machine.source is None else t - (model.lag(machine.id, t) or 0.0)
    yield "master_repl_offset", str(_offset(model, top, at))
    yield "repl_backlog_active", "1"
    yield "repl_backlog_size", str(BACKLOG)


def _of_replica(model: Model, machine: Machine, top: Machine, t: float) -> Iterator[tuple[str, str]]:
    yield "master_host", host(top.id)
    yield "master_port", str(PORT)
    is_up = model.serves(top.id, t)
    yield "master_link_status", "up" if is_up else "down"
    yield "master_last_io_seconds_ago", "0" if is_up else "-1"
    yield "master_sync_in_progress", "0"
    if not is_up:
        gone = [began for began in model.begins(top.id, "instance-gone") if began <= t]
        shut = model.turns.shut_since(top.id, t)
        ended = max(gone if shut is None else [*gone, shut], default=t)
        yield "master_link_down_since_seconds", str(int(t - ended))
    offset = _offset(model, top, t - (model.lag(machine.id, t) or 0.0))
    yield "slave_read_repl_offset", str(offset)
    yield "slave_repl_offset", str(offset)


def _offset(model: Model, top: Machine, t: float) -> int:
    """What its primary had written by then: evenly, so that a distance in bytes is one in seconds."""
    return max(0, BEFORE + round((t - model.start) * top.commits * BYTES_PER_WRITE))


def _set(model: Model, about: ResourceId, name: str, held: Set, t: float) -> str | None:
    """None where the server leaves it out."""
    field = name.partition(".")[2]
    if isinstance(held.setting, Given) and isinstance(held.setting.value, str):
        return held.setting.value
    if is_text(field):
        return None
    number = value_of(name, held, t, partial(_usual_number, model, about, field))
    return None if number is None else str(round(number))


def _usual_number(model: Model, about: ResourceId, field: str, t: float) -> float | None:
    usual = _usual(model, model.as_at(about, t), t).values()
    told = next((value for fields in usual for name, value in fields if name == field), None)
    return None if told is None else float(told)


def _after(times: int) -> str:
    """A name that only has to differ; none where it was never so."""
    return f" after {times}" if times else ""


def _named(what: str) -> str:
    return blake2b(what.encode(), digest_size=20).hexdigest()
