"""What is known from inside the database: who is at work, what is open, what the standby has; each with its age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors.inside.replication import Link, LinkState, Part
from collectors.inside.sessions import Sessions
from collectors.safe import Safe, sanitise
from collectors.sqlserver.replication.names import STANDBY
from console.actions.check import STALE_AFTER, Check, Override, Verdict, found, passed
from console.actions.known import KnownInside

LONG = timedelta(seconds=60)
LAG_S = 1.0
LAG_STALE = timedelta(seconds=60)
VALUE_STALE = timedelta(minutes=5)  # CloudWatch's own delay is minutes of that
QUEUE_BYTES = 256 * 2**20  # what is not redone in seconds
LOST = (LinkState.BROKEN, LinkState.SILENT, LinkState.PAUSED, LinkState.SEEDING)
MOST_PROGRAMS = 4


LOOK = "Look at it yourself, or say why now."


def _unknown(name: str, now: datetime, what: str, seen: str, mend: str = LOOK) -> Check:
    return found(name, Verdict.UNKNOWN, now, (what, seen, mend), Override.REASON)


def transaction(inside: KnownInside, about: str, now: datetime) -> Check:
    """What was begun and not committed is undone before anybody is let in again."""
    told = inside.sessions(about)
    what = "How long the longest transaction is open is not known."
    if told is None:
        return _unknown("transaction", now, what, "nobody has looked inside it")
    if now - told.observed > STALE_AFTER:
        return _unknown("transaction", now, what, f"it was looked at {_spoken(now - told.observed)} ago")
    longest = max((now - began for began in _begun(told)), default=timedelta(0))
    if longest < LONG:
        return passed("transaction", now, f"No transaction is open for longer than {_spoken(LONG)}.", _open(told, now))
    lines = (f"Longest transaction {_spoken(longest)}: recovery may take as long.", _open(told, now),
             "Let it end, or end it; else say why now.")  # fmt: skip
    return found("transaction", Verdict.BLOCK, now, lines, Override.REASON)


def synchronised(inside: KnownInside, about: str, now: datetime) -> tuple[Check, Check]:
    """Each database at the standby, and what it has yet to get and to redo."""
    link, seen = _standby(inside, about, now)
    if link is None:
        return (
            _unknown("synchronised", now, "Whether each database is synchronised is not known.", seen),
            _unknown("queues", now, "How much the standby has yet to get and to redo is not known.", seen),
        )
    return _in_step(link, now), _queues(link, now)


def _standby(inside: KnownInside, about: str, now: datetime) -> tuple[Link | None, str]:
    told = inside.replication(about)
    if told is None:
        return None, "nobody has looked inside it"
    if now - told.observed > STALE_AFTER:
        return None, f"it was looked at {_spoken(now - told.observed)} ago"
    link = next((each for each in told.downstream if each.copy == STANDBY), None)
    return link, "it tells of no standby to whom it asks"


def _in_step(link: Link, now: datetime) -> Check:
    parts = link.parts or (Part(Safe("it"), link.state, link.told),)
    lost = [each for each in parts if each.state in LOST or each.told.upper().startswith("NOT ")]
    if lost:
        lines = (f"{_listed(lost)}", f"{len(lost)} of {len(parts)} databases at the standby",
                 "What is not there would be lost: mend the link first.")  # fmt: skip
        return found("synchronised", Verdict.BLOCK, now, lines)
    doubtful = [each for each in parts if each.state is LinkState.UNKNOWN]
    if doubtful:
        return _unknown("synchronised", now, f"{_listed(doubtful)}", "the standby does not say whether all is there")
    coming = [each for each in parts if each.told.upper() == "SYNCHRONIZING"]
    if coming:
        lines = (f"{_listed(coming)}", f"{len(coming)} of {len(parts)} databases",
                 "Wait until it is SYNCHRONIZED, or say why now.")  # fmt: skip
        return found("synchronised", Verdict.BLOCK, now, lines, Override.REASON)
    return passed("synchronised", now, "Each database is synchronised.", ", ".join(each.name for each in parts))


def _listed(parts: list[Part]) -> str:
    return "; ".join(f"Database {each.name}: {each.told or each.state}" for each in parts) + "."


def _queues(link: Link, now: datetime) -> Check:
    send, redo = link.unsent.bytes, link.unapplied.bytes
    if send is None and redo is None:
        return _unknown("queues", now, "How much the standby has yet to get and to redo is not known.", "not measured")
    seen = f"to send {_mib(send)}, to redo {_mib(redo)}{_takes(link)}"
    if (send or 0) + (redo or 0) < QUEUE_BYTES:
        return passed("queues", now, "The standby has little to get and to redo.", seen)
    lines = ("The standby has much to get or to redo first.", seen, "Wait until it has, or say why now.")
    return found("queues", Verdict.BLOCK, now, lines, Override.REASON)


def jobs(inside: KnownInside, about: str, now: datetime) -> Check:
    """Jobs are in msdb, which is not copied unless RDS was told to: nobody notices until a backup is missed."""
    told = inside.jobs(about)
    if told is None or told.jobs is None:
        return _unknown("jobs", now, "Which jobs the agent has is not known.", "nobody has looked inside it",
                        "Compare them afterwards.")  # fmt: skip
    if not told.jobs:
        return passed("jobs", now, "The agent has no jobs that are enabled.")
    lines = (f"{told.jobs} jobs of the agent are enabled, and the standby may not have them.",
             "msdb is copied only after rds_set_system_database_sync_objects; event sessions never are",
             "Compare jobs and event sessions afterwards.")  # fmt: skip
    return found("jobs", Verdict.WARN, now, lines, Override.REASON)


def lag(inside: KnownInside, about: str, metric: str, per_s: float, now: datetime) -> tuple[float | None, str]:
    """In seconds, and how it is known. ``metric`` of CloudWatch, ``per_s``: so many of its units are a second."""
    told, value = inside.lag(about), inside.value(about, metric)
    if told is not None and told.lag is not None and now - told.observed <= LAG_STALE:
        seconds = told.lag.total_seconds()
        return seconds, f"{seconds:.1f} s, {_spoken(now - told.observed)} ago"
    if value is not None and value.value >= 0 and now - value.at <= VALUE_STALE:
        seconds = value.value / per_s
        return seconds, f"{seconds:.1f} s by {metric}, {_spoken(now - value.at)} ago"
    newest = max((each for each in (told and told.observed, value and value.at) if each), default=None)
    return None, "nobody tells it" if newest is None else f"the newest is of {_spoken(now - newest)} ago"


def close_behind(told: tuple[float | None, str], who: str, now: datetime) -> Check:
    seconds, seen = told
    if seconds is None:
        return _unknown("lag", now, f"How far {who} is behind is not known.", seen)
    if seconds < LAG_S:
        return passed("lag", now, f"{who} is less than a second behind.", seen)
    lines = (f"{who} is {seconds:.0f} s behind.", seen, "Wait until it has caught up, or say why now.")
    return found("lag", Verdict.BLOCK, now, lines, Override.REASON)


def radius(inside: KnownInside, about: str, connections: str, now: datetime) -> Iterator[Safe]:
    """What it would cost now. ``connections``: CloudWatch's name for them, where nobody looks inside."""
    told = inside.sessions(about)
    if told is not None and now - told.observed <= STALE_AFTER:
        yield sanitise(f"{told.connected} sessions are connected and will drop{_programs(told)}.")
        if any(_begun(told)):
            yield sanitise(f"Open transactions will be rolled back: {_open(told, now)}.")
    elif (value := inside.value(about, connections)) is not None:
        yield sanitise(f"{value.value:.0f} clients were connected {_spoken(now - value.at)} ago, and will drop.")
    else:
        yield Safe("How many are connected is not known.")
    link, _ = _standby(inside, about, now)
    if link is not None and link.unapplied.bytes:
        yield sanitise(f"The standby has {_mib(link.unapplied.bytes)} to redo first{_takes(link)}.")


def _begun(told: Sessions) -> list[datetime]:
    return [row.transaction_began for row in told.rows if row.transaction_began is not None]


def _open(told: Sessions, now: datetime) -> str:
    begun = _begun(told)
    if not begun:
        return "none is open"
    log = sum(row.log_bytes for row in told.rows)
    undone = f", {_mib(log)} of log" if log else ""
    return f"{len(begun)}, the oldest for {_spoken(now - min(begun))}{undone}"


def _programs(told: Sessions) -> str:
    count = Counter(str(row.program or "unnamed") for row in told.rows)
    named = ", ".join(f"{name} {n}" for name, n in count.most_common(MOST_PROGRAMS))
    return f"; at work {named}" if named else ""


def _takes(link: Link) -> str:
    return "" if not link.unapplied.seconds else f", about {link.unapplied.seconds:.0f} s at its pace"


def _mib(size: int | None) -> str:
    if size is None:
        return "an unknown amount"
    return f"{size / 2**20:.0f} MiB" if size >= 2**20 or not size else f"{size / 2**10:.0f} KiB"


def _spoken(span: timedelta) -> str:
    seconds = max(0.0, span.total_seconds())
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
