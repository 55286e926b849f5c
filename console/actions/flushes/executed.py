"""Was it executed, and how often? By each node's own count of its commands, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from collectors.safe import sanitise
from console.actions.craft import Progress, Sent, Way
from console.actions.flushes.expected import Expected
from console.actions.flushes.nodes import Node

LATE = timedelta(seconds=30)  # a command may still lie in a buffer on the way; longer than any deadline of ours


class Times(Enum):
    """How often its count tells that it was, since the plan."""

    NEVER = auto()
    ONCE = auto()
    MORE = auto()
    UNTOLD = auto()  # another server answers, or its counters began anew


@dataclass(frozen=True, slots=True)
class Proof:
    """Of one primary. ``count``: of executions; ``keys``: that it has now of what was flushed."""

    of: Expected
    times: Times
    count: int
    keys: int

    def __str__(self) -> str:
        now = f"{self.of.keys:,} keys before, {self.keys:,} now"
        match self.times:
            case Times.NEVER:
                return f"{self.of.name}: not executed; {now}"
            case Times.ONCE:
                return f"{self.of.name}: executed once; {now}"
            case Times.MORE:
                return f"{self.of.name}: executed {self.count} times, by others too or twice; {now}"
        return f"{self.of.name}: its statistics began anew, and prove nothing; {now}"


def proof(before: Expected, info: Mapping[str, str], command: str, database: str) -> Proof:
    """``command``: as statistics call it; ``database``: that was flushed, empty for all."""
    node = Node(before.name, "", info=info)
    count = node.calls(command) - before.calls[command]
    keys = sum(each for n, each in node.keys.items() if database in ("", str(n)))
    if node.run_id != before.run_id or count < 0:
        return Proof(before, Times.UNTOLD, 0, keys)
    times = Times.NEVER if count == 0 else Times.ONCE if count == 1 else Times.MORE
    return Proof(before, times, count, keys)


def judged(proofs: Sequence[Proof], sent: Sent) -> Progress:
    """``sent.is_accepted``: each primary has answered that it did it."""
    told = tuple(sanitise(str(each)) for each in proofs)
    if sent.is_accepted or all(each.times in (Times.ONCE, Times.MORE) for each in proofs):
        return Progress(Way.DONE, sanitise(f"done: {_done(proofs)}"), proof=told)
    if sent.now - sent.at < LATE:
        return Progress(Way.UNDER_WAY, sanitise(f"Not all statistics show it yet: {'; '.join(told)}"), proof=told)
    if all(each.times is Times.NEVER for each in proofs):
        what = (
            "It did not arrive: by their statistics no primary has executed it. Nothing was flushed; you may ask anew"
        )
    elif any(each.times is Times.UNTOLD for each in proofs):
        what = f"Whether all was executed cannot be proved. {'; '.join(told)}"
    else:
        what = f"Only a part was flushed. {'; '.join(told)}. The rest stands; ask anew for what is left"
    return Progress(Way.FAILED, sanitise(what), proof=told)


def _done(proofs: Sequence[Proof]) -> str:
    keys = f"{sum(each.of.keys for each in proofs):,} keys before, {sum(each.keys for each in proofs):,} now"
    every = "on 1 primary" if len(proofs) == 1 else f"on each of {len(proofs)} primaries"
    if all(each.times is Times.ONCE for each in proofs):
        return f"executed once {every}; {keys}"
    if any(each.times is Times.MORE for each in proofs):
        most = max(each.count for each in proofs)
        return f"executed {every}, and up to {most} times since the plan, by others too or twice; {keys}"
    return f"{every} it was answered OK, which their statistics, begun anew, do not prove; {keys}"
