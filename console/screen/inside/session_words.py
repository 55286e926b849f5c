"""How is a session told: who it is, what it does or does not, whom it holds up, and for how long?"""

from __future__ import annotations

from datetime import datetime

from collectors.inside.blocking import Blocker
from collectors.inside.sessions import NOBODY, Session
from collectors.safe import NO_TEXT, Safe, sanitise

_STEPS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "m"), (60, "m", 1, "s"))
UNLISTED = Safe("not listed: gone since, hidden from this login, or one of the server's own")


def lasting(ms: float) -> Safe:
    """`12ms`, `3.2s`, `45s`, `3m50s`, `2h05m`: two units, for in a queue the half of one counts. Rounded down."""
    seconds = max(0.0, ms) / 1000
    if seconds < 1:
        return sanitise(f"{int(1000 * seconds)}ms")
    if seconds < 10:
        return sanitise(f"{int(10 * seconds) / 10:.1f}s")
    whole = int(seconds)
    for size, unit, below, lower in _STEPS:
        if whole >= size:
            return sanitise(f"{whole // size}{unit}{whole % size // below:02}{lower}")
    return sanitise(f"{whole}s")


def age_ms(row: Session, observed: datetime) -> float | None:
    """Of its oldest transaction."""
    began = row.transaction_began
    return None if began is None else 1000 * (observed - began).total_seconds()


def who(row: Session) -> Safe:
    """The program and its host, by their names as far as it gave any."""
    where = f" on {row.host}" if row.host else ""
    return sanitise(f"{row.program or row.login}{where}")


def state(row: Session, observed: datetime) -> Safe:
    """What it does, and since when its transaction is open."""
    age = age_ms(row, observed)
    doing = (
        f"idle {lasting(row.idle_ms)}" if row.idle_ms is not None else f"{row.status} {lasting(row.elapsed_ms or 0)}"
    )
    return sanitise(doing if age is None else f"{doing}, transaction open {lasting(age)}")


def behind(root: Blocker) -> Safe:
    return sanitise(f"{root.total} behind it, longest wait {lasting(root.longest_ms)}")


def what(root: Blocker) -> Safe:
    """Who it is; in words what is no session, or none that is listed."""
    if root.session is not None:
        return who(root.session)
    return root.held if root.id < NOBODY and root.held else UNLISTED


def name(root: Blocker) -> Safe:
    """With its number, where it is a session."""
    between = " " if root.session is not None else ", "
    return sanitise(f"{root.id}{between}{what(root)}") if root.id > NOBODY else what(root)


def waits(row: Session) -> Safe:
    """For how long, for what, and who holds it; empty where it does not wait."""
    if not row.wait:
        return NO_TEXT
    resource = f": {row.resource}" if row.resource else ""
    holder = str(row.blocked_by) if row.blocked_by > NOBODY else str(row.held)
    by = f", held by {holder}" if holder else ""
    return sanitise(f"Waits {lasting(row.wait_ms)} for {row.wait}{resource}{by}.")


def circle(root: Blocker) -> Safe:
    """Of a deadlock that the server has not yet resolved; empty where there is none."""
    if not root.circle:
        return NO_TEXT
    around = " waits for ".join(map(str, (*root.circle, root.circle[0])))
    return sanitise(f"A deadlock in flight: {around}.")


def sentence(root: Blocker, observed: datetime) -> Safe:
    """Who holds up how many, for how long, since when it does nothing, and what it last ran."""
    others = "1 session waits" if root.total == 1 else f"{root.total} sessions wait"
    direct = "" if len(root.behind) == root.total else f" ({len(root.behind)} directly)"
    told = f"{others} for {name(root)}{direct}, the longest for {lasting(root.longest_ms)}."
    row = root.session
    if row is None:
        return sanitise(told)
    doing = f" It is {state(row, observed)}." if row.idle_ms is not None else f" It is at work: {state(row, observed)}."
    ran = f" {'Last it ran' if row.idle_ms is not None else 'It runs'}: {row.statement}" if row.statement else ""
    closed = f" {circle(root)}" if root.circle else ""
    return sanitise(f"{told}{closed}{doing}{ran}")
