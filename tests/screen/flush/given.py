"""What a gate that can flush offers, what is told of caches and servers, and flushes with what came of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from collectors.inside.cache import CacheMemory, CacheUse, Clients, Keys
from collectors.inside.files import Database, Files
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from console.protocol.flush import Flush, FlushFigure
from console.protocol.op import CheckRow, Offer, Offers, Op, Step
from tests.rig.played import MOMENT, PLAYED
from tests.screen.acting.plans import NOW, PASSED, SNAPSHOT, op

CACHE, ORDERS = ResourceId(Safe("sessions-001")), ResourceId(Safe("orders-primary"))
AT = MOMENT + PLAYED + timedelta(days=1)  # newer than whatever the demo has told
ID = Safe("01J9ZV6W8R0000000000000007")
FLUSH = Offer(
    name="flush",
    key="X",
    title="Flush",
    role="admin",
    kinds=("cache", "instance"),
    engines=("redis*", "valkey*", "sqlserver-*", "custom-sqlserver-*"),
    elsewhere="Flushes are of Redis and Valkey nodes, and of the plans of SQL Server.",
    instead=(("cache memcached", "Memcached has `flush_all` in its own protocol."), ("table", "A table is no cache.")),
)
ADMIN = Offers(role="admin", identity="ann", actions=(SNAPSHOT, FLUSH))
OPERATOR = Offers(
    role="operator",
    identity="ann",
    actions=(SNAPSHOT, FLUSH.model_copy(update={"locked": Safe("it needs admin, and you are operator")})),
)
STORE = CheckRow(
    name="store",
    verdict="block",
    what="It looks like a store, not a cache.",
    seen="71 % of 1,000 sampled keys have no TTL",
    mend="Flush a prefix of what can be made anew.",
    override="count",
    count=1_203_334,
)
HEAD_ROOM = CheckRow(
    name="head-room",
    verdict="pass",
    what="orders-primary has room: 43 % CPU.",
    seen="4,100 operations/s at 96 % hits: it would get 3,940 more reads a second, and does 900 now",
)


def use(*databases: Keys, **others: Any) -> CacheUse:
    fields: dict[str, Any] = {
        "about": CACHE,
        "observed": AT,
        "version": Safe("Redis 7.1.0"),
        "run_id": Safe("6f0c"),
        "role": Safe("primary"),
        "is_cluster": False,
        "uptime_s": 86_400,
        "memory": CacheMemory(1 << 30, 3 << 30),
        "clients": Clients(120, 0, 65_000),
        "databases": databases,
    }
    return CacheUse(**(fields | others))


def files(*names: str, about: ResourceId = ORDERS) -> Files:
    databases = tuple(Database(sanitise(name), Safe("ONLINE"), Safe("FULL")) for name in names)
    return Files(about, AT, (), databases, None, 60.0)


def flushing(state: str = "planned", **others: Any) -> Op:
    """Of one database of a cache by us."""
    fields: dict[str, Any] = {
        "id": ID,
        "action": "flush.database",
        "title": "Flush",
        "resource": CACHE,
        "word": "sessions-001",
        "makes": "",
        "checks": (*PASSED, HEAD_ROOM),
        "sentence": (
            "Flush database 0 of sessions: 1,203,334 keys on sessions-001 (eu-west-1, account 111122223333): all of "
            "its keys go at once, on every replica too, and nothing brings them back."
        ),
        "radius": ("4,100 operations a second of 118 clients", "orders-primary answers in its place"),
        "by": "arn:aws:sts::111122223333:assumed-role/dbconsole-admin/ann",
        "role": "admin",
        "target": "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-001",
        "credentials": "the user flusher, whose password dbconsole-admin may read for 15 min",
    }
    return op(state, **(fields | others))


DELETING = flushing(
    "sent",
    action="flush.prefix",
    title="Flush of a prefix",
    can_stop=True,
    sent=NOW - 40_000,
    percent=41.0,
    outcome="412,000 of about 1,000,000 are deleted, 10,300/s",
    steps=(
        Step(at=NOW - 40_000, text="It has left."),
        Step(at=NOW - 20_000, text="201,000 of about 1,000,000 are deleted, 10,050/s"),
        Step(at=NOW - 1_000, text="412,000 of about 1,000,000 are deleted, 10,300/s"),
    ),
)
DONE = flushing(
    "done",
    sent=NOW - 200_000,
    ended=NOW - 190_000,
    outcome="It is executed once on each of 1 primaries; 1,203,334 keys before, 214 now.",
    proof=("flushdb was called once more than before",),
)


def figure(what: str, about: str, *values: float | None, **others: Any) -> FlushFigure:
    before, worst, now = values
    return FlushFigure(**{"what": what, "about": about, "before": before, "worst": worst, "now": now, **others})


def flush(**others: Any) -> Flush:
    """Three minutes ago, and the cache fills."""
    fields: dict[str, Any] = {
        "id": ID,
        "resource": CACHE,
        "title": "Flush",
        "by": DONE.by,
        "sent": NOW - 200_000,
        "done": NOW - 190_000,
        "until": NOW + 710_000,
        "figures": (
            figure("hit rate", CACHE, 96.4, 3.1, 41.2),
            figure("CPU", ORDERS, 43.0, 88.0, 88.0),
            figure("evictions", CACHE, 0.0, 0.0, 0.0, is_as_before=True),
        ),
    }
    return Flush(**(fields | others))


WATCHED = flush()
HOT = flush(
    figures=(figure("hit rate", CACHE, 96.4, 3.1, 41.2), figure("CPU", ORDERS, 43.0, 93.0, 93.0)),
    alarms=("orders-primary went over 90 % CPU: 93 % at the highest, 93 % now.",),
)
OVER = flush(
    ended=NOW - 1_000,
    figures=(
        figure("hit rate", CACHE, 96.4, 3.1, 95.8, back=NOW - 120_000, is_as_before=True),
        figure("CPU", ORDERS, 43.0, 88.0, 45.0, back=NOW - 120_000, is_as_before=True),
    ),
    outcome="hit rate 96.4 % -> 3.1 % -> 95.8 % after 1 min 20 s; orders-primary CPU 43 % -> 88 % -> 45 %",
)
COLD = flush(
    ended=NOW - 1_000,
    alarms=("The hit rate of sessions-001 has not come back in 15 min: 96.4 % before, 41.2 % now.",),
    outcome="hit rate 96.4 % -> 3.1 % -> 41.2 %, not back; orders-primary CPU 43 % -> 88 % -> 45 %",
)
NOTHING = flush(figures=(), by=NO_TEXT)
