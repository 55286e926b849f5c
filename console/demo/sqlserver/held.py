"""Who waits for a lock, and for whom? As many as the model says, in a queue behind one that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor

from console.demo.noise import key, uniform
from console.demo.sqlserver.connected import Connected
from console.demo.sqlserver.crowd import MOST, login_time, someone, statement_of
from console.demo.sqlserver.in_progress import COMING_S, LOCKS, PATIENT
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.shop import Client, Shop, Statement

HEAD_ID = 61
TIMEOUT_S = 30.0  # after which a client gives up and comes again
BEHIND_HEAD = 0.55  # the rest is behind one that waits itself
BEFORE_IDLE_S = 2.0  # for so long the head ran before it forgot to commit
TRIES = 8
LASTS_S = 20.0  # of a lock that is given back


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held since when. One that nobody gives back is the cause's; the others come and go."""

    since: float
    forgotten: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One more in the queue: who stands there already, and for what."""

    n: int
    wait: str
    hold: Hold
    table: int
    queue: Mapping[int, float]  # by id, for how many seconds already


def held(moment: Moment, shop: Shop) -> Iterator[Connected]:
    wanted = [wait for wait, count in _counts(moment) for _ in range(count)][:MOST]
    hold = _hold(moment)
    if not (wanted or hold.forgotten):
        return
    client = next((client for client in shop.clients if client.writes), shop.clients[0])
    statement = (client.writes or client.reads)[0]
    yield _head(moment, shop, hold, client, statement)
    queue = {HEAD_ID: moment.t - hold.since}
    for n, wait in enumerate(wanted):
        for again in range(TRIES):  # who waits already is not the one that came
            source = key("blocked", moment.about, n, again)
            if someone(moment, shop, source)[0] not in queue:
                one = _blocked(moment, shop, Place(n, wait, hold, statement.table, queue), source)
                queue[one.id] = one.wait_ms / 1000
                yield one
                break


def _counts(moment: Moment) -> list[tuple[str, int]]:
    """Tasks that wait for a lock on average are those that do now."""
    rates = moment.model.waits(moment.about, moment.t)
    slow = floor(moment.t / LASTS_S)
    return [
        (wait, floor(rate.ms_per_s / 1000 + uniform(key("held", moment.about, wait, slow), 0)))
        for wait, rate in sorted(rates.items())
        if wait.startswith(LOCKS)
    ]


def _hold(moment: Moment) -> Hold:
    cause = moment.model.since(moment.about, "blocking", moment.t)
    if cause is not None:
        return Hold(moment.t - cause, forgotten=True)
    return Hold(floor(moment.t / LASTS_S) * LASTS_S - 5.0, forgotten=False)


def _head(moment: Moment, shop: Shop, hold: Hold, client: Client, statement: Statement) -> Connected:
    who = key("head", moment.about)
    ran = min(BEFORE_IDLE_S, moment.t - hold.since)
    is_idle = hold.forgotten and moment.t - hold.since >= BEFORE_IDLE_S
    busy_s = ran if is_idle else moment.t - hold.since
    return Connected(
        id=HEAD_ID,
        login=client.login,
        host=client.host(uniform(who, 0)),
        program=client.program,
        database_id=shop.id_of(client.database),
        logged_in=login_time(moment, HEAD_ID),
        status="sleeping" if is_idle else "running",
        command="" if is_idle else statement.command,
        text=statement.text,
        started=None if is_idle else hold.since,
        ended=hold.since + BEFORE_IDLE_S if is_idle else hold.since,
        transactions=1,
        began=hold.since,
        log_bytes=floor(busy_s * 180_000),
        cpu_ms=400 * busy_s,
        reads=floor(300 * busy_s),
        writes=floor(140 * busy_s),
    )


def _blocked(moment: Moment, shop: Shop, place: Place, source: int) -> Connected:
    spid, client, host = someone(moment, shop, source)
    wait, held_s = place.wait, moment.t - place.hold.since
    statement = statement_of(client, source, writes=not wait.endswith(("_S", "_IS")))
    in_front = HEAD_ID
    if place.n >= PATIENT and uniform(source, 5) > BEHIND_HEAD:
        in_front = list(place.queue)[floor(uniform(source, 6) * len(place.queue))]
    waited = _waited(held_s, place.n, COMING_S * uniform(source, 3), TIMEOUT_S * uniform(source, 4))
    before = place.queue[in_front]
    waited = min(waited, max(0.95 * before, before - 1.0))  # who came before has waited longer
    started = moment.t - waited - 0.05
    database = shop.id_of(client.database)
    return Connected(
        id=spid,
        login=client.login,
        host=host,
        program=client.program,
        database_id=database,
        logged_in=login_time(moment, spid),
        status="suspended",
        command=statement.command,
        text=statement.text,
        started=started,
        ended=started - 0.3,
        wait_type=wait,
        wait_ms=1000 * waited,
        resource=_resource(database, place.table, source),
        blocked_by=in_front,
        transactions=1 if statement in client.writes else 0,
        began=started if statement in client.writes else None,
        cpu_ms=3,
        reads=floor(40 * uniform(source, 8)),
    )


def _waited(held_s: float, n: int, delay: float, phase: float) -> float:
    """The patient wait from the beginning; who has a time-out comes again, each at another time."""
    longest = max(0.05, held_s - delay)
    return longest if n < PATIENT else min(longest, 0.05 + (held_s + phase) % TIMEOUT_S)


def _resource(database: int, table: int, source: int) -> str:
    """A row mostly; sometimes the page or the table."""
    match floor(uniform(source, 7) * 6):
        case 0:
            return f"OBJECT: {database}:{table}:0 "
        case 1:
            return f"PAGE: {database}:1:{floor(1_000_000 * uniform(source, 9))} "
        case _:
            hobt = 72_057_594_000_000_000 + table
            return f"KEY: {database}:{hobt} ({key(source, 'row') % 16**12:012x})"
