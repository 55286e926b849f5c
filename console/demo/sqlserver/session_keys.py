"""What has a scenario set of single sessions? One that is not there is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from console.demo.scenario.script import Given, Set, value_of
from console.demo.scenario.session_fields import NUMBERS, TEXTS, TIMES
from console.demo.sqlserver.connected import Connected
from console.demo.sqlserver.crowd import login_time
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.shop import Shop

FAMILY = "session"
AT_WORK = ("command", "wait_type", "wait_time", "wait_resource", "blocking_session_id")
IDLE = ("sleeping", "dormant", "preconnect")


def as_set(moment: Moment, shop: Shop, usual: Iterable[Connected]) -> list[Connected]:
    """All sessions, changed as the scenario has them at that moment."""
    found = {each.id: each for each in usual}
    for spid, sets in sorted(_by_session(moment).items()):
        found[spid] = _settled(_changed(found.get(spid) or _new(moment, shop, spid), moment, sets), moment, sets)
    return list(found.values())


def _by_session(moment: Moment) -> Mapping[int, Mapping[str, Set]]:
    found: dict[int, dict[str, Set]] = {}
    for name, held in moment.model.set_of(moment.about, moment.t).items():
        family, _, rest = name.partition(".")
        spid, _, column = rest.partition(".")
        if family == FAMILY:
            found.setdefault(int(spid), {})[column] = held
    return found


def _new(moment: Moment, shop: Shop, spid: int) -> Connected:
    client = shop.clients[spid % len(shop.clients)]
    return Connected(
        id=spid,
        login=client.login,
        host=client.hosts[spid % len(client.hosts)],
        program=client.program,
        database_id=shop.id_of(client.database),
        logged_in=login_time(moment, spid),
        status="",
        text=(client.writes or client.reads)[0].text,
    )


def _changed(session: Connected, moment: Moment, sets: Mapping[str, Set]) -> Connected:
    """What is missing, by `nan`, is as if the server had nothing to say of it."""
    changes: dict[str, object] = {}
    for column, held in sets.items():
        value = held.setting.value if isinstance(held.setting, Given) else None
        if column in TEXTS:
            changes[TEXTS[column]] = value if isinstance(value, str) else ""
        elif column in TIMES:
            changes[TIMES[column]] = value.timestamp() if isinstance(value, datetime) else None
        else:
            field = NUMBERS[column]
            number = value_of(f"{FAMILY}.{session.id}.{column}", held, moment.t, lambda _, f=field: getattr(session, f))  # type: ignore[misc]
            changes[field] = number or 0 if column == "wait_time" else round(number or 0)
    return replace(session, **changes)  # type: ignore[arg-type]


def _settled(session: Connected, moment: Moment, sets: Mapping[str, Set]) -> Connected:
    """What follows from what was said: who waits has a request, who has begun a transaction has one open."""
    since = min(held.since for held in sets.values())
    if session.status in IDLE:
        ended = since if session.ended is None else session.ended
        session = replace(session, command="", wait_type="", wait_ms=0.0, resource="", blocked_by=0, ended=ended)
    elif any(column in sets for column in AT_WORK) or session.status:
        waits = bool(session.wait_type or session.blocked_by)
        session = replace(
            session,
            status=session.status or ("suspended" if waits else "running"),
            command=session.command or "SELECT",
            started=since if session.started is None else session.started,
        )
        if waits and "wait_time" not in sets and not session.wait_ms:
            session = replace(session, wait_ms=1000 * (moment.t - since))
    else:
        session = replace(session, status="sleeping", ended=since if session.ended is None else session.ended)
    if session.began is not None and "open_transaction_count" not in sets:
        return replace(session, transactions=max(1, session.transactions))
    if session.transactions and session.began is None:
        return replace(session, began=since)
    return session
