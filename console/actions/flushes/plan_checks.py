"""What is looked at before plans are thrown out: who would do it, where, whether it is wise now, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collectors.errors import Trouble
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries
from collectors.safe import Safe
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.failovers.told import Events
from console.actions.flushes.plan_questions import DatabaseRow, HandleRow, Here
from console.actions.flushes.plan_saving import Survey
from console.actions.known import Value

BUSY = 70.0  # percent of CPU, from which on there is little room to compile
COLD = timedelta(minutes=10)  # after a start, in which the plans are new anyhow
STALE = timedelta(minutes=5)  # CloudWatch's own delay is minutes of that
SYSTEM = 4  # databases of the server's own have numbers up to that
OWN = frozenset({"rdsadmin"})  # of RDS
LOOK = "Look at it yourself, or say why now."


def login(whose: Safe | Trouble, now: datetime) -> Check:
    if isinstance(whose, Trouble):
        mend = whose.mend or "Name flush_user and flush_secret in the profile: `dbconsole policy admin --sql`."
        lines = (f"Nobody may log in for it: {whose.what}", whose.seen or "a flush has a login of its own", mend)
        return found("login", Verdict.BLOCK, now, lines)
    return passed("login", now, f"It is sent as {whose}.")


def permission(now: datetime) -> Check:
    """What the login that reads may do says nothing of the one that would flush."""
    lines = ("Whether that login may is asked of the server, as that login, before anything is sent.",
             "it is logged in only after the countdown", "If it may not, nothing is sent.")  # fmt: skip
    return found("permission", Verdict.WARN, now, lines)


def server(told: Here, shown: Identity | None, now: datetime) -> Check:
    """Whoever answers must be the one that is on the screen."""
    seen = f"{told.server_name} on {told.node}, machine {told.machine}"
    if shown is None:
        lines = ("Which server is on the screen is not known yet.", seen, "Wait a moment, then ask again.")
        return found("server", Verdict.UNKNOWN, now, lines)
    node, started = told.facts()["node"], told.facts()["started"]
    if (node, started) != (shown.node, shown.started.isoformat()):
        lines = ("Another server answers than the one on the screen.",
                 f"{seen}, since {started}; on the screen is {shown.node}, since {shown.started.isoformat()}",
                 "It has failed over or was restarted: refresh with Ctrl+R, look again, then ask anew.")  # fmt: skip
        return found("server", Verdict.BLOCK, now, lines)
    return passed("server", now, "The server that answers is the one on the screen.", seen)


def handle(rows: Sequence[HandleRow], wanted: str, shown: Queries | None, now: datetime) -> Check:
    """Handles move: the same may stand for another statement by now."""
    if not rows:
        lines = ("The server has no such plan any more.", wanted, "Look at `Queries` again: it may have another.")
        return found("handle", Verdict.BLOCK, now, lines)
    hashes = {row.hash for row in rows}
    row = next((row for row in shown.rows if row.plan_handle == wanted), None) if shown else None
    if row is None:
        lines = ("No statement on the screen runs by this plan now.", f"the server has it, of {min(hashes)}",
                 "Read in the sentence above which statement it is.")  # fmt: skip
        return found("handle", Verdict.WARN, now, lines, Override.REASON)
    if row.hash not in hashes:
        lines = ("The plan is of another statement than the one on the screen.",
                 f"{row.hash} on the screen, {min(hashes)} at the server", "Look at `Queries` again.")  # fmt: skip
        return found("handle", Verdict.BLOCK, now, lines)
    return passed("handle", now, "The plan is there, and is of the statement on the screen.", row.hash)


def database(row: DatabaseRow | None, name: str, now: datetime) -> Check:
    if row is None:
        lines = (f"The server has no database {name}.", "not in sys.databases, by exactly that name",
                 "Choose one of those that it has.")  # fmt: skip
        return found("database", Verdict.BLOCK, now, lines)
    if row.database_id <= SYSTEM or name in OWN:
        lines = (f"{name} is the server's own.", f"database {row.database_id}", "Choose one of users.")
        return found("database", Verdict.BLOCK, now, lines)
    if (row.state_desc, row.updateability) != ("ONLINE", "READ_WRITE"):
        lines = (f"{name} takes no change here.", f"{row.state_desc}, {row.updateability or 'not told'}",
                 "Ask its primary, once it is online.")  # fmt: skip
        return found("database", Verdict.BLOCK, now, lines)
    return passed("database", now, f"{name} is online and takes changes.")


def cpu(used: Value | None, compiled: Value | None, now: datetime) -> Check:
    """What was thrown out is compiled again all at once."""
    beside = f"{compiled.value:,.0f} compilations a second" if _is_fresh(compiled, now) and compiled else ""
    if used is None or not _is_fresh(used, now):
        seen = beside or "CloudWatch has told nothing of the last minutes"
        lines = ("How busy its processors are is not known.", seen, LOOK)
        return found("cpu", Verdict.UNKNOWN, now, lines, Override.REASON)
    seen = f"CPU {used.value:.0f} %, {beside or 'how many compilations is not known'}"
    if used.value < BUSY:
        return passed("cpu", now, "It has room to compile anew.", seen)
    lines = ("It has little room to compile anew.", f"{seen}; {BUSY:.0f} % is the most",
             "Wait for a quieter time, choose less, or say why now.")  # fmt: skip
    return found("cpu", Verdict.BLOCK, now, lines, Override.REASON)


def recent(told: Here, events: Events, now: datetime) -> Check:
    """A failover or a restart has left few plans, and those are of now. ``events``: of the last minutes."""
    up = timedelta(seconds=told.up_s)
    if up < COLD:
        lines = (f"It started {max(0, told.up_s) // 60} min ago: its plans are new already.", f"up for {told.up_s} s",
                 "Wait until it is warm, or say why now.")  # fmt: skip
        return found("recent", Verdict.BLOCK, now, lines, Override.REASON)
    if events:
        last = max(events, key=lambda each: each.at)
        ago = (now - last.at).total_seconds() / 60
        lines = (f"It failed over or started anew {ago:.0f} min ago: its plans are new already.", str(last),
                 "Wait until it is warm, or say why now.")  # fmt: skip
        return found("recent", Verdict.BLOCK, now, lines, Override.REASON)
    if events is None:
        lines = ("Whether it has failed over lately is not known.", "its events cannot be read",
                 "Allow rds:DescribeEvents.")  # fmt: skip
        return found("recent", Verdict.UNKNOWN, now, lines, Override.REASON)
    return passed("recent", now, "It has neither started nor failed over in the last 10 minutes.")


def saved(survey: Survey, now: datetime) -> Check:
    """What the plans were, and what they cost, is gone with them."""
    if survey.unsaved is not None:
        trouble = survey.unsaved
        lines = ("The plans could not be kept first.", f"{trouble.what} {trouble.seen}".strip(),
                 trouble.mend or "Copy what you need from `Queries`, or say why it may go unsaved.")  # fmt: skip
        return found("saved", Verdict.BLOCK, now, lines, Override.REASON)
    kept = "The plan is kept" if survey.saved == 1 else f"The {survey.saved} costliest plans are kept"
    return passed("saved", now, f"{kept}, with what they cost.", f"evidence/{survey.evidence.partition(':')[2]}")


def _is_fresh(value: Value | None, now: datetime) -> bool:
    return value is not None and now - value.at <= STALE
