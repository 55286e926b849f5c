"""Is it over, and was it ours? Decided from what AWS tells and our own knocking, whichever of it there is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.safe import Safe, sanitise
from console.actions.craft import Progress, Sent, Way
from console.actions.failovers.told import NO_TRAIL, TRAIL_LATE, Told, Trail
from console.actions.known import Probed

NOTHING = Progress(Way.ABSENT, Safe("AWS tells of nothing that was begun"))


@dataclass(frozen=True, slots=True)
class After:
    """What is seen once it was sent. Whatever nobody tells is empty or None."""

    status: str  # AWS's word
    is_settled: bool  # and it is the word for being well
    is_at_it: bool  # and it is a word for doing this
    moves: str  # what must change, as one says that it has not: `the zones have not changed places`
    moved: str = ""  # as one says that it has
    began: Told | None = None
    completed: Told | None = None
    refused: Told | None = None
    probed: Probed | None = None
    trail: Trail = NO_TRAIL


def outcome(seen: After, sent: Sent) -> Progress:
    """Done is an event of its end; or that the role is elsewhere and somebody was let in. And AWS calls it well."""
    ours = seen.trail.ours
    if seen.completed is None and ours is not None and ours.error:
        return Progress(Way.FAILED, sanitise(f"CloudTrail has this request as refused: {ours.error}"))
    if seen.completed is None and seen.refused is not None:
        return Progress(Way.FAILED, sanitise(str(seen.refused)))
    if seen.is_settled and (seen.completed or (seen.moved and let_in(seen.probed, sent))):
        return _over(seen, sent)
    if seen.is_at_it or seen.began or seen.completed or seen.moved or ours:
        return Progress(Way.UNDER_WAY, sanitise(_so_far(seen, sent)))
    return NOTHING


def let_in(probed: Probed | None, sent: Sent) -> str:
    """As one says that somebody was, after it was sent; empty where nobody has proved it."""
    if probed is None:
        return ""
    opened = probed.up or probed.login
    if opened is not None and opened >= sent.at:
        shut = "" if probed.down is None else f", after it was shut at {probed.down:%H:%M:%SZ}"
        return f"we were let in at {opened:%H:%M:%SZ}{shut}"
    if probed.down is None and probed.node_after and probed.node_after != probed.node_before:
        return f"{probed.node_after} lets us in, and it was {probed.node_before or 'another'} before"
    return ""


def _over(seen: After, sent: Sent) -> Progress:
    theirs = None if sent.is_accepted or seen.trail.ours else seen.trail.theirs
    proof = tuple(map(sanitise, _proof(seen, sent)))
    if theirs is None:
        return Progress(Way.DONE, sanitise(f"over, and {seen.status}"), None, proof=proof)
    if sent.now - sent.at < TRAIL_LATE:
        said = f"over, and perhaps it was {theirs.session}'s: CloudTrail tells of their request, and not yet of this"
        return Progress(Way.UNDER_WAY, sanitise(said))
    said = f"CloudTrail has a request of {theirs.session} at {theirs.at:%H:%M:%SZ}, and none of this operation"
    return Progress(Way.DONE, sanitise(said), None, is_ours=False, proof=proof)


def _so_far(seen: After, sent: Sent) -> str:
    lacks = [] if seen.completed else ["no event tells of its end"]
    lacks += [] if seen.moved else [seen.moves]
    lacks += [] if let_in(seen.probed, sent) else ["nobody has proved that one is let in"]
    return f"{seen.status}; not proved: {', '.join(lacks)}" if seen.is_settled else seen.status


def _proof(seen: After, sent: Sent) -> Iterator[str]:
    yield str(seen.completed or "no event tells of its end")
    yield seen.moved or f"{seen.moves}: AWS shows that late"
    yield let_in(seen.probed, sent) or "nobody knocked: that one is let in is not proved by us"
    if sent.is_accepted:
        yield "AWS has accepted this very request"
    elif seen.trail.ours is not None:
        yield "CloudTrail has it as this operation's"
    else:
        yield "that it is this operation's is told by its time alone: CloudTrail has not told of it yet"
