"""What was seen of a failover, in short words: seconds after it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collectors.knock.knock import Door, Knock
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.failover.case import Case
from console.failover.observed import Asked, Kind, Looked, Member, Observation, Told
from console.failover.phases import aged
from console.failover.run import Run, after

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
ORDERS, READER = ResourceId(Safe("orders")), ResourceId(Safe("orders-2"))
STARTED, COMPLETED = "Multi-AZ instance failover started", "Multi-AZ instance failover completed"
DARK, RECOVERING, READ_ONLY, OPEN = Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def case(kind: Kind = Kind.STANDBY, *, planned: bool = True, objective: float | None = 60.0) -> Case:
    return Case(
        id="01J",
        resource=ORDERS,
        kind=kind,
        about=(ORDERS,) if kind is Kind.STANDBY else (ORDERS, READER),
        is_planned=planned,
        by=Safe("ann"),
        engine=Safe("sqlserver-se"),
        objective=None if objective is None else timedelta(seconds=objective),
    )


def knock(seconds: float, door: Door, node: str = "node-a", took: float = 0.05) -> Knock:
    lets_in = door in (READ_ONLY, OPEN)
    said = Safe("" if lets_in else f"it is {door}")
    return Knock(at(seconds), at(seconds + took), door, said, Safe(node if lets_in else ""))


def knocks(since: float, until: float, door: Door, node: str = "node-a", every: float = 0.25) -> list[Knock]:
    count = round((until - since) / every)
    return [knock(since + n * every, door, node) for n in range(count)]


def event(seconds: float, text: str, came: float | None = None) -> Told:
    return Told(ORDERS, at(seconds), Safe(text), at(seconds if came is None else came))


def standby(az: str = "eu-west-1a", other: str = "eu-west-1b", status: str = "available", **more: object) -> Member:
    own = Member(ORDERS, Safe("primary"), Safe(status), Safe(az), Safe(other))
    return replace(own, **more)  # type: ignore[arg-type]


def listed(seconds: float, *members: Member) -> Looked:
    return Looked(at(seconds), members or (standby(),))


SWAPPED = standby("eu-west-1b", "eu-west-1a")
SENT: Sequence[Observation] = (listed(-3), *knocks(-3, 0, OPEN), Asked(at(0), "sent"), Asked(at(0.4), "accepted"))


def begun(kind: Kind = Kind.STANDBY, **more: object) -> Run:
    return Run(case(kind, **more), at(-5))  # type: ignore[arg-type]


def seen(run: Run, observations: Iterable[Observation]) -> Run:
    """Each with what follows from it by then."""
    for each in observations:
        run = aged(after(run, each), moment(each))
    return run


def moment(seen: Observation) -> datetime:
    match seen:
        case Knock():
            return seen.ended
        case Told():
            return seen.came
    return seen.at
