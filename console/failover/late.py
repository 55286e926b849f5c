"""What takes too long, and what is not proved? In words for somebody who has been woken by it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors.knock.knock import Door
from collectors.safe import Safe, sanitise
from console.failover.besides import NAMES
from console.failover.case import BEGINS_WITHIN, DARK_FOR, RECOVERS_FOR
from console.failover.outage import Shut
from console.failover.proofs import proofs
from console.failover.run import Run
from console.failover.signs import Meaning
from console.failover.words import lasting

UNKNOWN_TOO = ("unknown", "missing")


def overdue(run: Run, now: datetime) -> tuple[Safe, ...]:
    """Nothing once it has ended: then its outcome says how long it took."""
    if run.start is None or run.ended is not None:
        return ()
    return tuple(map(sanitise, _late(run, run.start, now)))


def is_begun(run: Run) -> bool:
    return bool(run.outages) or run.is_seen


def _late(run: Run, start: datetime, now: datetime) -> Iterator[str]:
    passed = now - start
    if not is_begun(run) and passed > BEGINS_WITHIN:
        yield _not_begun(run, passed)
    if (shut := run.outage(now)) is not None:
        yield from _shut(run, shut, now)
    if passed > run.case.bounds.overdue:
        deciding = (proof for proof in proofs(run, now) if proof.name not in NAMES)
        missing = [f"{proof.name}: {proof.said}" for proof in deciding if proof.state in UNKNOWN_TOO]
        who = "AWS accepted it" if run.word == "accepted" else "It began"
        yield f"{who} {lasting(passed)} ago; its end is not proved."
        yield from (f"not proved: {each}" for each in missing)


def _not_begun(run: Run, passed: timedelta) -> str:
    if (refused := run.first_of(Meaning.REFUSED)) is not None:
        return f"AWS has not begun it: {refused.text}"
    seen = "no knock failed" if run.is_judged_by_knocks else "nobody can knock"
    return f"Sent {lasting(passed)} ago, and nothing has begun: {seen}, and AWS tells of no start."


def _shut(run: Run, shut: Shut, now: datetime) -> Iterator[str]:
    lasts, allowed = shut.lasts(now), run.case.allowed
    if lasts > allowed:
        whose = "the objective" if run.case.objective else "usual"
        verb = "Nobody is let in for" if shut.up is None else "Nobody was let in for"
        yield f"{verb} {lasting(lasts)}; {whose} is {lasting(allowed)}."
    if shut.up is not None:
        return
    found = now - shut.since
    if shut.door is Door.DARK and found > DARK_FOR:
        yield f"It has been dark for {lasting(found)}: nothing answers at its address."
    if shut.door is Door.RECOVERING and found > RECOVERS_FOR:
        yield f"It has been recovering for {lasting(found)}: it redoes and undoes what was open when it fell."
