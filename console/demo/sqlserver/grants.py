"""Which queries hold memory to sort and join in, and which wait for some? The same sessions as are told elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.database.rows import Rows
from console.demo.noise import key, uniform
from console.demo.sqlserver.connected import Connected
from console.demo.sqlserver.doing import number
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.said import rows
from console.demo.sqlserver.sessions import sessions_at

WAIT = "RESOURCE_SEMAPHORE"
PAGE_KB = 8
USUAL_KB = 48 * 1024  # of a query that is told to hold some, or to wait, and whose session does not say how much
LARGE_KB = 900 * 1024
MOST = 50
COLUMNS = (
    "session_id",
    "requested_memory_kb",
    "granted_memory_kb",
    "used_memory_kb",
    "ideal_memory_kb",
    "wait_time_ms",
    "dop",
)


@dataclass(frozen=True, slots=True)
class Grant:
    session: int
    asked_kb: int
    kb: int  # granted
    used_kb: int
    ideal_kb: int
    waits: bool
    waited_ms: float
    degree: int


def grants(moment: Moment) -> list[Grant]:
    """Who waits first, the longest before the others; as many of both as a scenario says."""
    there = sessions_at(moment)
    waiting = sorted((each for each in there if each.wait_type == WAIT), key=lambda each: -each.wait_ms)
    holding = [each for each in there if each.granted_pages and each.wait_type != WAIT]
    others = [each for each in there if each not in waiting and each not in holding and each.at_work]
    waits = _as_many(moment, "counter.Memory Grants Pending", waiting, others)
    holds = _as_many(moment, "counter.Memory Grants Outstanding", holding, [o for o in others if o not in waits])
    return [_grant(moment, each, waits=each in waits) for each in (*waits, *holds)][:MOST]


def _as_many(moment: Moment, name: str, usual: list[Connected], others: list[Connected]) -> list[Connected]:
    held = number(moment.model.set_of(moment.about, moment.t), name, moment.t, lambda _: len(usual))
    return usual if held is None else [*usual, *others][: max(0, round(held))]


def _grant(moment: Moment, one: Connected, *, waits: bool) -> Grant:
    chance = key(moment.about, "grant", one.id)
    size = LARGE_KB if waits else USUAL_KB
    asked = PAGE_KB * one.granted_pages or int(size * (0.5 + uniform(chance, 0)))
    return Grant(
        session=one.id,
        asked_kb=asked,
        kb=0 if waits else asked,
        used_kb=0 if waits else int(asked * (0.15 + 0.5 * uniform(chance, 1))),  # estimates are too high
        ideal_kb=int(asked * (1 + uniform(chance, 2))),
        waits=waits,
        waited_ms=one.wait_ms if waits else 0.0,
        degree=one.degree,
    )


def told(each: Sequence[Grant]) -> Rows:
    """As the view has them: what is not granted is NULL."""
    values = (
        (
            one.session,
            one.asked_kb,
            None if one.waits else one.kb,
            None if one.waits else one.used_kb,
            one.ideal_kb,
            int(one.waited_ms) if one.waits else None,
            one.degree,
        )
        for one in each
    )
    return rows((dict(zip(COLUMNS, row, strict=True)) for row in values), COLUMNS)
