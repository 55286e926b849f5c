"""Who is at work in a demo's server, who waits and for whom: the answers about sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.database.rows import Rows
from console.demo.sqlserver.connected import COLUMNS, Connected, told
from console.demo.sqlserver.crowd import crowd, kept_waiting
from console.demo.sqlserver.held import held
from console.demo.sqlserver.long_work import long_work
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.said import rows
from console.demo.sqlserver.session_keys import as_set
from console.demo.sqlserver.shop import shop

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One session's wait in progress."""

    type: str
    session: int
    wait_ms: float
    blocking: int  # 0: nobody
    resource: str


def sessions_at(moment: Moment) -> list[Connected]:
    """Everybody who is told. Of one id there is one session: what lasts before what passes."""
    clients = shop(moment.model.machines[moment.about])
    found: dict[int, Connected] = {}
    for source in (long_work, held, kept_waiting, crowd):
        for each in source(moment, clients):
            found.setdefault(each.id, each)
    there = as_set(moment, clients, found.values())
    blocks = Counter(each.blocked_by for each in there if each.blocked_by != each.id)
    return [each for each in there if each.at_work or each.transactions or blocks[each.id]]


def waiting_now(moment: Moment) -> Sequence[Waiting]:
    """The waits in progress of the same sessions."""
    return [
        Waiting(each.wait_type, each.id, each.wait_ms, each.blocked_by, each.resource)
        for each in sessions_at(moment)
        if each.wait_type
    ]


def _answer(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    offset, t = moment.node.clock_offset_s, moment.t
    there = sessions_at(moment)
    blocks = Counter(each.blocked_by for each in there if each.blocked_by != each.id)

    def worry(each: Connected) -> tuple[int, float]:
        waits, holds = each.blocked_by not in {0, each.id}, bool(blocks[each.id])
        return {(True, False): 0, (True, True): 1, (False, True): 2}.get(
            (holds, waits), 3
        ), each.started or each.ended or t

    listed = [each.row(t, offset) | {"listed": len(there)} for each in sorted(there, key=worry)[:MOST]]
    connected = int(moment.model.metrics(moment.about, t).get("DatabaseConnections") or 0)
    return (
        rows(listed, (*COLUMNS, "listed")),
        Rows(("connected", "utc_now"), ((max(len(there), connected), told(t, offset)),)),
        Rows(("database_id", "name"), tuple(shop(moment.model.machines[moment.about]).databases.items())),
    )


ANSWERS: Mapping[str, Answer] = {"sessions": _answer}
