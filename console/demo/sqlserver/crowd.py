"""Which short requests are under way? As many as the model's waits and processors say, by whoever is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import floor, log

from console.demo.load import DAY
from console.demo.noise import key, uniform
from console.demo.scenario.script import value_of
from console.demo.sqlserver.connected import Connected
from console.demo.sqlserver.in_progress import LOCKS
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.shop import Client, Shop, Statement

FIRST_ID = 100  # the ids before it are of what stays connected
MOST = 150  # of one kind
LONG = ("CXPACKET", "BACKUPIO")  # waits of work that lasts
WRITERS = ("WRITELOG", "HADR_SYNC_COMMIT", "PAGELATCH_EX", "PAGEIOLATCH_EX")
PAGE_OF_8_KB = {"PAGEIOLATCH_SH", "PAGEIOLATCH_EX", "PAGELATCH_EX"}


def crowd(moment: Moment, shop: Shop) -> Iterator[Connected]:
    """Each second finds others at work."""
    second = floor(moment.t)
    source = key("crowd", moment.about, second)
    for wait, rate in sorted(moment.model.waits(moment.about, moment.t).items()):
        if wait.startswith(LOCKS) or wait in LONG:
            continue
        each = rate.ms_per_s / rate.tasks_per_s if rate.tasks_per_s else rate.ms_per_s
        for n in range(_about(rate.ms_per_s / 1000, source, key(wait))):
            yield _one(moment, shop, key(source, wait, n), wait, each)
    for n in range(_about(_busy(moment), source, key("running"))):
        yield _one(moment, shop, key(source, "running", n), "", 0.0)


def kept_waiting(moment: Moment, shop: Shop) -> Iterator[Connected]:
    """Whoever a scenario lets wait for a type: `waiting.TYPE`, in milliseconds."""
    for name, held in sorted(moment.model.set_of(moment.about, moment.t).items()):
        family, _, wait = name.partition(".")
        ms = value_of(name, held, moment.t, lambda _: 0.0) if family == "waiting" else None
        if ms is not None and ms > 0:
            one = _one(moment, shop, key("kept", moment.about, wait), wait, 0.0)
            yield replace(one, wait_ms=ms, started=moment.t - ms / 1000, ended=moment.t - ms / 1000 - 0.2)


def someone(moment: Moment, shop: Shop, source: int) -> tuple[int, Client, str]:
    """One of all that are connected: its id, what it is and where it runs. The same id is always the same client."""
    spid = FIRST_ID + int(uniform(source, 0) * shop.pool)
    who = _about_session("session", moment.about, spid)
    client = shop.client(who, 0)
    return spid, client, client.host(uniform(who, 1))


@lru_cache(4096)
def _about_session(*what: object) -> int:
    return key(*what)


def login_time(moment: Moment, spid: int) -> float:
    """Pools keep their connections for hours; a server that started later has no older ones."""
    ago = 600 + 0.4 * DAY * uniform(_about_session("login", moment.about, spid), 0)
    return max(moment.node.started, moment.t // DAY * DAY - ago)


def statement_of(client: Client, source: int, *, writes: bool) -> Statement:
    found = client.writes if writes and client.writes else client.reads
    return found[int(uniform(source, 2) * len(found))]


def _about(average: float, source: int, which: int) -> int:
    """A whole number that is right on average."""
    return min(MOST, floor(average + uniform(source ^ which, 0)))


def _busy(moment: Moment) -> float:
    """Tasks on a processor."""
    cpu = moment.model.metrics(moment.about, moment.t).get("CPUUtilization") or 0.0
    return moment.model.machines[moment.about].vcpus * cpu / 100


def _one(moment: Moment, shop: Shop, source: int, wait: str, average_ms: float) -> Connected:
    spid, client, host = someone(moment, shop, source)
    statement = statement_of(client, source, writes=wait in WRITERS)
    waited = -average_ms * log(1 - uniform(source, 3))  # many are short, and a few are not
    worked = 1 + 40 * uniform(source, 4) ** 3
    database = shop.id_of(client.database)
    is_write = statement in client.writes
    return Connected(
        id=spid,
        login=client.login,
        host=host,
        program=client.program,
        database_id=database,
        logged_in=login_time(moment, spid),
        status="suspended" if wait and wait != "SOS_SCHEDULER_YIELD" else "runnable" if wait else "running",
        command=statement.command,
        text=statement.text,
        started=moment.t - (waited + worked) / 1000,
        ended=moment.t - (waited + worked) / 1000 - 0.2,
        wait_type=wait,
        wait_ms=waited,
        resource=f"{database}:1:{floor(2_000_000 * uniform(source, 5))}" if wait in PAGE_OF_8_KB else "",
        transactions=1 if is_write else 0,
        began=moment.t - (waited + worked) / 1000 if is_write else None,
        log_bytes=floor(9000 * uniform(source, 6)) if is_write else 0,
        cpu_ms=worked,
        reads=floor(worked * 20 * uniform(source, 7)),
        writes=floor(8 * uniform(source, 8)) if is_write else 0,
    )
