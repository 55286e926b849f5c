"""Does a replica's link live, how far is it behind, and what would be lost? Pure: a table of what was seen.

`Seconds_Behind_Source` is the age of what is applied now. It is 0 while nothing comes through a dead link, NULL while
nothing is applied, and says nothing of what the source has not sent: so the link is judged first, by signs of life.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from collectors.inside.replication import NOT_MEASURED, Distance, LinkState
from collectors.safe import NO_TEXT, Safe, sanitise

STANDS_S = 10.0  # two passes: by then what is sent has come, and what is no long transaction is applied
DELAY_SLACK_S = 10.0  # how much later than it is meant to a delayed replica may be
USUAL_IO = ("waiting for source to send event", "waiting for master to send event", "")


class Io(StrEnum):
    """The thread that reads from the source."""

    RUNNING = "running"
    CONNECTING = "connecting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Seen:
    """One source, as its replica tells of it, and how it moved since it was first looked at. Times in seconds."""

    io: Io
    applies: bool  # the SQL thread, or its coordinator, runs
    io_error: Safe = NO_TEXT
    apply_error: Safe = NO_TEXT
    io_state: Safe = NO_TEXT
    apply_state: Safe = NO_TEXT
    behind_s: float | None = None  # as the server says
    delay_s: float = 0.0  # that somebody wants
    is_left: bool = False  # something has come that is not applied
    left: int | None = None  # bytes of it; None where it lies in more than one file
    silent_s: float = 0.0  # since the last sign of life, or since it is looked at where none was seen
    patience_s: float = 60.0  # how long a healthy link may say nothing
    stands_s: float = 0.0  # for how long something was left and nothing was applied
    is_ahead: bool = False  # the source has more than has come
    ahead: int | None = None  # bytes of it; None: nobody knows
    ahead_s: float = 0.0  # for how long nothing has come although the source has more
    applying_s: float | None = None  # age, at its source, of the oldest transaction that is being applied
    heartbeat_s: float | None = None  # age of the newest heartbeat that was applied


@dataclass(frozen=True, slots=True)
class Judged:
    state: LinkState
    lag: Distance
    unsent: Distance = NOT_MEASURED
    unapplied: Distance = NOT_MEASURED
    why: Safe = NO_TEXT


def judge(seen: Seen) -> Judged:
    """What is dead before what was stopped, that before what lives: an earlier one makes the later ones untrue."""
    if seen.io is not Io.RUNNING:
        why = seen.io_error or (
            Safe("the replica connects to its source") if seen.io is Io.CONNECTING
            else Safe("somebody stopped the thread that reads: START REPLICA IO_THREAD")
        )  # fmt: skip
        return _dead(seen, LinkState.BROKEN, seen.silent_s, sanitise(" · ".join(filter(None, (why, seen.apply_error)))))
    if seen.apply_error and not seen.applies:
        return _dead(seen, LinkState.BROKEN, seen.stands_s, seen.apply_error)
    if seen.silent_s > seen.patience_s:
        why = sanitise(f"neither data nor a heartbeat for {seen.silent_s:.0f} s{_unusual(seen.io_state)}")
        return _dead(seen, LinkState.SILENT, seen.silent_s, why)
    if seen.is_ahead and seen.ahead_s >= STANDS_S:
        why = sanitise(f"the source has written more, of which nothing came for {seen.ahead_s:.0f} s")
        return _dead(seen, LinkState.SILENT, seen.ahead_s, why)
    return _living(seen) if seen.applies else _paused(seen)


def _dead(seen: Seen, state: LinkState, since_s: float, why: Safe) -> Judged:
    """Whatever was measured is not true any more; that so much time went by is."""
    past = Distance(seconds=since_s, at_least=True) if since_s else NOT_MEASURED
    unsent = Distance(seconds=past.seconds, bytes=seen.ahead, at_least=True) if past.is_known or seen.is_ahead else past
    return Judged(state, past, unsent, _unapplied(seen), why)


def _paused(seen: Seen) -> Judged:
    why = Safe("somebody stopped the thread that applies: START REPLICA SQL_THREAD")
    return Judged(LinkState.PAUSED, _lag(seen), _unsent(seen), _unapplied(seen), why)


def _living(seen: Seen) -> Judged:
    if not seen.is_left and not seen.is_ahead:
        return Judged(LinkState.IN_STEP, Distance(0.0, 0), _unsent(seen), _unapplied(seen))
    lag = _lag(seen)
    on_purpose = seen.delay_s > 0 and seen.is_left and (lag.seconds or 0.0) <= seen.delay_s + DELAY_SLACK_S
    stands = seen.is_left and seen.stands_s >= STANDS_S and not on_purpose
    why = f"nothing was applied for {seen.stands_s:.0f} s: {seen.apply_state or 'a long transaction, or a lock'}"
    state = LinkState.DELAYED if on_purpose else LinkState.BEHIND
    return Judged(state, lag, _unsent(seen), _unapplied(seen), sanitise(why) if stands else NO_TEXT)


def _lag(seen: Seen) -> Distance:
    """By the best witness there is; never less than the time for which nothing has moved.

    No witness but a heartbeat knows what the source has not sent: where it has, a zero is not theirs to say.
    """
    if not seen.is_left and not seen.is_ahead:
        return Distance(0.0, 0)
    stood = max(seen.stands_s if seen.is_left else 0.0, seen.ahead_s if seen.is_ahead else 0.0)
    told = next((each for each in (seen.heartbeat_s, seen.applying_s, seen.behind_s) if each is not None), None)
    both = (seen.left if seen.is_left else 0, seen.ahead if seen.is_ahead else 0)
    size = None if None in both else sum(each or 0 for each in both)
    if seen.is_ahead and seen.heartbeat_s is None:
        return Distance(max(told or 0.0, stood) or None, size, at_least=True)
    if told is None or told < stood:
        return Distance(stood, size, at_least=True)
    return Distance(told, size)


def _unsent(seen: Seen) -> Distance:
    if not seen.is_ahead:
        return Distance(bytes=0) if seen.ahead == 0 else NOT_MEASURED
    return Distance(seen.ahead_s or None, seen.ahead, at_least=True)


def _unapplied(seen: Seen) -> Distance:
    if not seen.is_left:
        return Distance(bytes=0)
    return Distance(seen.stands_s or None, seen.left, at_least=True)


def _unusual(io_state: Safe) -> str:
    """What the thread says that it does, where that is not waiting."""
    return "" if io_state.lower() in USUAL_IO else f" ({io_state})"
