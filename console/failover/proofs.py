"""What must be so afterwards, and is it? Item by item, with what proves it or what is still waited for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from collectors.knock.knock import Door
from collectors.safe import Safe, sanitise
from console.failover.besides import besides
from console.failover.case import SWAP_TOLD_WITHIN
from console.failover.observed import Kind
from console.failover.phases import could_take_over, is_moved, since
from console.failover.run import Run, concerned, is_available
from console.failover.signs import Meaning
from console.failover.words import clock, lasting, leader
from console.protocol.failover import Proof, ProofState


def proofs(run: Run, now: datetime) -> tuple[Proof, ...]:
    """None before it is sent: there is nothing to prove yet."""
    return () if run.start is None else tuple(_proofs(run, now))


def _proofs(run: Run, now: datetime) -> Iterator[Proof]:
    yield _status(run)
    yield _event(run)
    yield _swap(run, now)
    yield _login(run)
    yield _writes(run)
    yield _address(run)
    if run.case.kind is Kind.PROMOTION:
        words = "whether the old one still takes writes is not seen from here: fence it, and tick that"
        yield _proof("source", "unknown", words)
    else:
        yield _standby(run)
        yield _replicas(run)
    for name, state, said in besides(run, now):
        yield _proof(name, state, said)


def _status(run: Run) -> Proof:
    if run.listed is None or run.listed.at < since(run):
        return _proof("status", "unknown", "AWS has not been asked since")
    own = concerned(run, run.listed.members)
    odd = [f"{m.id} is {m.status}" for m in own if not is_available((m,))]
    if odd:
        return _proof("status", "missing", ", ".join(odd))
    return _proof("status", "proved", f"available at {clock(run.listed.at)}")


def _event(run: Run) -> Proof:
    if (told := run.completed) is not None:
        return _proof("event", "proved", f"{clock(told.at)} {told.text}")
    begun = run.first_of(Meaning.STARTED)
    words = "AWS told that it began, and not that it is over" if begun else "AWS has told nothing of it; it may be late"
    return _proof("event", "missing", words)


def _swap(run: Run, now: datetime) -> Proof:
    name = "source gone" if run.case.kind is Kind.PROMOTION else "roles" if _has_roles(run) else "zones"
    if run.swapped is not None and run.listed is not None:
        who = leader(run.case.kind, run.case.resource, run.listed.members)
        return _proof(name, "proved", f"{who}, since {clock(run.swapped)}")
    if now - since(run) < SWAP_TOLD_WITHIN:
        return _proof(name, "unknown", f"as before; AWS may show it up to {lasting(SWAP_TOLD_WITHIN)} late")
    return _proof(name, "missing", f"AWS shows it as before, {lasting(now - since(run))} after")


def _has_roles(run: Run) -> bool:
    return run.case.kind in (Kind.CLUSTER, Kind.CACHE)


def _login(run: Run) -> Proof:
    if run.newest is not None and run.can_log_in and not run.is_shut:
        return _proof("login", "proved", f"by a knock at {clock(run.newest.ended)}")
    if not run.is_judged_by_knocks or run.newest is None:
        return _proof("login", "unknown", "nobody can knock from here")
    return _proof("login", "missing", str(run.newest.said or run.newest.door))


def _writes(run: Run) -> Proof:
    if not run.is_judged_by_knocks or run.newest is None:
        return _proof("writes", "unknown", "nobody can ask for the role from here")
    if run.newest.door is Door.OPEN:
        return _proof("writes", "proved", "it says that it may be written")
    return _proof("writes", "missing", str(run.newest.said or f"it is {run.newest.door}"))


def _address(run: Run) -> Proof:
    if run.case.kind is Kind.PROMOTION:
        return _proof("address", "unknown", "the endpoint of the application does not move by itself")
    if run.moved is not None and run.last is not None:
        return _proof("address", "proved", f"the name leads to {run.last.node or run.last.address}")
    if run.first_of(Meaning.REPOINTED) is not None:
        return _proof("address", "proved", "AWS has pointed the name elsewhere")
    return _proof("address", "unknown", "no other node or address has answered yet")


def _standby(run: Run) -> Proof:
    if could_take_over(run) and is_moved(run):
        members = run.listed.members if run.listed else ()
        word = "in step" if any(m.in_step for m in members) else "there, as AWS tells"
        return _proof("standby", "proved", word)
    behind = [m.id for m in (run.listed.members if run.listed else ()) if m.in_step is False]
    return _proof("standby", "missing", f"not in step: {', '.join(behind)}" if behind else "not there again yet")


def _replicas(run: Run) -> Proof:
    if run.listed is None:
        return _proof("replicas", "unknown", "AWS has not been asked since")
    followers = [m for m in run.listed.members if not m.leads and m.id != run.case.resource]
    if not followers:
        return _proof("replicas", "proved", "it has none")
    if any(m.in_step is False or not is_available((m,)) for m in followers):
        return _proof("replicas", "missing", f"not all of {len(followers)} follow")
    if all(m.in_step for m in followers):
        return _proof("replicas", "proved", f"all {len(followers)} follow")
    return _proof("replicas", "unknown", f"{len(followers)} are available; whether they follow is not told")


def _proof(name: str, state: ProofState, said: str) -> Proof:
    return Proof(name=Safe(name), state=state, said=sanitise(said))
