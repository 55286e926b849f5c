"""How far is each copy of a SQL Server of the demo behind, database by database? As the model's lag has it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.instances import KIB, LOG_PER_COMMIT
from console.demo.model import LAG, Model
from console.demo.scenario.script import Given, Set
from console.demo.sqlserver.doing import doing, number, words
from console.demo.sqlserver.node import node, standby
from console.demo.sqlserver.shop import USER_DATABASES_FROM
from console.demo.sqlserver.stored import stored
from console.demo.stopped import CONNECTED, SUSPENDED, link_stopped

ON_THE_WAY = 0.2  # of what a copy is behind: the rest waits to be redone there
REDOES, HARDLY_REDOES = 1.25, 0.2  # of what is written
LAST_WRITTEN_S = 9 * 3600.0  # ago, of databases that nobody writes to
PARTS = {
    "unsent_kb": "log_send_queue_size",
    "send_kb_s": "log_send_rate",
    "unapplied_kb": "redo_queue_size",
    "redo_kb_s": "redo_rate",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One that follows: a machine of its own, or the half of Multi-AZ that nobody logs in to."""

    about: ResourceId  # by which a scenario calls it
    source: ResourceId
    node: str
    is_standby: bool


@dataclass(frozen=True, slots=True)
class Following:
    """One database of a copy. Times are true ones, in seconds since 1970; None: the view has NULL there."""

    database_id: int
    database: str
    synchronisation: str
    suspended: bool
    why_suspended: str | None
    unsent_kb: int | None
    send_kb_s: int | None
    unapplied_kb: int | None
    redo_kb_s: int | None
    lag_s: int | None
    sent: float
    committed_here: float
    committed_there: float


def copies(model: Model, about: ResourceId, t: float) -> Iterator[Copy]:
    """Of a primary: its standby, then its replicas."""
    machine = model.machines[about]
    if machine.standby_az is not None:
        yield Copy(about, about, standby(model, about, t), is_standby=True)
    for each in model.followers(about, t):
        if each.engine == machine.engine and model.exists(each.id, t):
            yield copy_of(model, each.id, t)


def copy_of(model: Model, about: ResourceId, t: float) -> Copy:
    """A machine that follows another."""
    return Copy(about, model.as_at(about, t).source or about, node(model, about, t).name, is_standby=False)


def connected(model: Model, copy: Copy, t: float) -> bool:
    """A primary that nobody can connect to is not connected to its copies either."""
    said = words(model.set_of(copy.about, t), CONNECTED)
    return said == "CONNECTED" if said is not None else model.serves(copy.source, t)


def following(model: Model, copy: Copy, t: float) -> list[Following]:
    """All writing is done to the first database; nobody writes to those beside it."""
    databases = stored(model.machines[copy.source]).databases
    of_users = [number for number in databases if number >= USER_DATABASES_FROM]
    return [_one(model, copy, t, number, databases[number]) for number in of_users]


def _one(model: Model, copy: Copy, t: float, database_id: int, name: str) -> Following:
    sets, stopped = model.set_of(copy.about, t), link_stopped(model.set_of(copy.about, t))
    is_written = database_id == USER_DATABASES_FROM
    written_kb_s = log_kb_s(model, copy.source, t) if is_written else 0.0
    behind = _behind(model, copy, t) if is_written else 0.0
    there = t if is_written else model.start - LAST_WRITTEN_S
    pieces = _pieces(model, copy, t, behind, written_kb_s)
    sent = there if stopped is None else min(there, stopped)
    suspended = _is_set(sets, SUSPENDED)
    return Following(
        database_id=database_id,
        database=name,
        synchronisation=words(sets, "replica.synchronization_state_desc") or _usual_state(model, copy, t, behind),
        suspended=suspended,
        why_suspended=words(sets, "replica.suspend_reason_desc") or ("SUSPEND_FROM_USER" if suspended else None),
        **{part: _whole(sets, f"replica.{of}", t, pieces[part]) for part, of in PARTS.items()},
        lag_s=_whole(sets, LAG, t, behind),
        sent=sent,
        committed_here=there - behind,
        committed_there=there,
    )


def log_kb_s(model: Model, about: ResourceId, t: float) -> float:
    return doing(model, about, t).commits * LOG_PER_COMMIT / KIB


def _behind(model: Model, copy: Copy, t: float) -> float:
    """In seconds. A standby is not, but while it is set so, is sent nothing, or has just become one."""
    if not copy.is_standby:
        return model.lag(copy.about, t) or 0.0
    sets = model.set_of(copy.about, t)
    stopped = link_stopped(sets)
    usual = _catching_up(model, copy.about, t) if stopped is None else t - stopped
    held = number(sets, LAG, t, lambda _: usual)
    return max(0.0, usual if held is None else held)


def _catching_up(model: Model, about: ResourceId, t: float) -> float:
    """A standby that was primary a moment ago, until it is in step."""
    last = next((turn for turn in reversed(model.turns.of(about)) if turn.is_swap and turn.moved <= t), None)
    return max(0.0, last.safe - t) if last is not None and last.safe < math.inf else 0.0


def _pieces(model: Model, copy: Copy, t: float, behind: float, written_kb_s: float) -> dict[str, float]:
    """Where what it is behind lies: at the primary, as long as nothing is sent, or waiting to be redone."""
    stopped = link_stopped(model.set_of(copy.about, t))
    if stopped is not None:
        before = max(0.0, behind - (t - stopped))
        waits = (1 - ON_THE_WAY) * before * written_kb_s
        unsent = (behind - (1 - ON_THE_WAY) * before) * written_kb_s
        return {"unsent_kb": unsent, "send_kb_s": 0.0, "unapplied_kb": waits, "redo_kb_s": 0.0}
    redoes = HARDLY_REDOES if model.since(copy.about, "replica-behind", t) is not None else REDOES
    return {
        "unsent_kb": ON_THE_WAY * behind * written_kb_s,
        "send_kb_s": written_kb_s,
        "unapplied_kb": (1 - ON_THE_WAY) * behind * written_kb_s,
        "redo_kb_s": redoes * written_kb_s,
    }


def _usual_state(model: Model, copy: Copy, t: float, behind: float) -> str:
    if link_stopped(model.set_of(copy.about, t)) is not None or not connected(model, copy, t):
        return "NOT SYNCHRONIZING"
    return "SYNCHRONIZED" if copy.is_standby and not behind else "SYNCHRONIZING"


def _is_set(sets: Mapping[str, Set], name: str) -> bool:
    held = sets.get(name)
    return held is not None and isinstance(held.setting, Given) and bool(held.setting.value)


def _whole(sets: Mapping[str, Set], name: str, t: float, usual: float) -> int | None:
    """As a scenario has it; what is a little is not nothing."""
    value = number(sets, name, t, lambda _: usual) if name in sets else usual
    return None if value is None else math.floor(value) if value >= 1 or name == LAG else math.ceil(max(0.0, value))
