"""Is a statement's plan in the cache of a demo's server, and since when? Flushes of the play have thrown plans out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from console.demo.flushes import PLANS_BACK_S, Flush
from console.demo.noise import key, uniform
from console.demo.sqlserver.catalogue import Kind
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.node import node
from console.demo.sqlserver.run import all_kinds, counters
from console.demo.sqlserver.statement_keys import SetStatement

ONE, OF_DATABASE = "FREEPROCCACHE", "CLEAR PROCEDURE_CACHE"
AD_HOC = bytes.fromhex("06000500")
HANDLE_BYTES = 44
ONE_BACK_S = 0.4  # what runs all the time is compiled again at once
Statement = Kind | SetStatement


@dataclass(frozen=True, slots=True)
class Cached:
    """``counts_from``: since which time its counters count; None: since its node began."""

    created: float
    counts_from: float | None = None


def handle_of(statement: Statement, created: float) -> bytes:
    """Of an ad hoc batch. A plan that is made anew has another, as it lies elsewhere."""
    made = int(1000 * created).to_bytes(8, "big")
    return (AD_HOC + statement.hash + made).ljust(HANDLE_BYTES, b"\0")


def hash_in(handle: bytes) -> bytes:
    return handle[len(AD_HOC) : len(AD_HOC) + 8]


def database_of(moment: Moment, statement: Statement) -> str:
    """What a scenario makes runs where most of the work is."""
    return statement.database if isinstance(statement, Kind) else next(iter(all_kinds(moment))).database


def cached(moment: Moment, statement: Statement, first: float) -> Cached | None:
    """``first``: when it was first compiled. None: it was thrown out, and nobody has asked for it since."""
    found = Cached(first)
    for flush in moment.model.flushes.of(moment.about):
        if not found.created < flush.at <= moment.t or not _hits(flush, moment, statement, found.created):
            continue
        back = flush.at + _waits_s(flush, statement)
        if back > moment.t:
            return None
        found = Cached(back, flush.at)
    return found


def _hits(flush: Flush, moment: Moment, statement: Statement, created: float) -> bool:
    if node(moment.model, moment.about, flush.at).counts_as != moment.node.counts_as:
        return False  # each node has plans of its own
    if flush.operation == OF_DATABASE:
        return flush.what == database_of(moment, statement)
    return not flush.what or flush.what == f"0x{handle_of(statement, created).hex().upper()}"


def _waits_s(flush: Flush, statement: Statement) -> float:
    chance = uniform(key(flush.id, statement.hash.hex()), 0)
    is_alone = flush.operation == ONE and flush.what
    return -(ONE_BACK_S if is_alone else PLANS_BACK_S) * math.log(1.0 - min(chance, 0.99))


class Sums:
    """What each drive of a server's statements has cost until a moment, since whenever."""

    def __init__(self, moment: Moment) -> None:
        self._counters = counters(moment)
        self._now = self._counters.at(moment.t)
        self._before: dict[float, Mapping[str, float]] = {}

    def since(self, t: float | None) -> Mapping[str, float]:
        if t is None:
            return self._now
        if t not in self._before:
            self._before[t] = self._counters.since(t)
        before = self._before[t]
        return {name: total - before.get(name, 0.0) for name, total in self._now.items()}
