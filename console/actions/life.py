"""Which states has an action, and which may follow which? What is sent is sent once, whatever follows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The words of `Op.state`."""

    PREFLIGHT = "preflight"
    REFUSED = "refused"
    PLANNED = "planned"  # it waits for a person's confirmation
    AWAIT_APPROVAL = "await-approval"
    INTENT = "intent"  # on disk, and counted down
    WITHDRAWN = "withdrawn"  # by a person, before it was sent
    ABANDONED = "abandoned"  # its engine ended before it was sent
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"  # sent, and no answer came: it is looked for
    IN_FLIGHT = "in-flight"
    VERIFYING = "verifying"
    DONE = "done"
    FAILED = "failed"
    OVERDUE = "overdue"


_S = State
FOLLOWS: Mapping[State, frozenset[State]] = {
    _S.PREFLIGHT: frozenset({_S.REFUSED, _S.PLANNED, _S.WITHDRAWN}),
    _S.PLANNED: frozenset({_S.REFUSED, _S.PREFLIGHT, _S.AWAIT_APPROVAL, _S.INTENT, _S.WITHDRAWN}),
    _S.AWAIT_APPROVAL: frozenset({_S.REFUSED, _S.INTENT, _S.WITHDRAWN}),
    _S.INTENT: frozenset({_S.SENT, _S.REFUSED, _S.WITHDRAWN, _S.ABANDONED}),
    _S.SENT: frozenset({_S.ACCEPTED, _S.REJECTED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.IN_FLIGHT, _S.DONE, _S.FAILED, _S.OVERDUE}),
    _S.ACCEPTED: frozenset({_S.IN_FLIGHT, _S.VERIFYING, _S.DONE, _S.FAILED, _S.OVERDUE}),
    _S.IN_FLIGHT: frozenset({_S.VERIFYING, _S.DONE, _S.FAILED, _S.OVERDUE}),
    _S.VERIFYING: frozenset({_S.DONE, _S.FAILED, _S.OVERDUE}),
    _S.OVERDUE: frozenset({_S.DONE, _S.FAILED}),  # late is not never
}
BEFORE_SENT = frozenset({_S.PREFLIGHT, _S.PLANNED, _S.AWAIT_APPROVAL, _S.INTENT})
ENDED = frozenset(set(State) - set(FOLLOWS))
TRACKED = frozenset({_S.SENT, _S.UNKNOWN, _S.ACCEPTED, _S.IN_FLIGHT, _S.VERIFYING, _S.OVERDUE})
"""What has left and is not yet proved: watched until it is, by whatever engine there is."""
SHAKEN = frozenset({_S.DONE, _S.FAILED, _S.OVERDUE})
"""After which a cluster is left alone for a while: something was done to it, or may have been."""


def may_follow(before: State, after: State) -> bool:
    return after in FOLLOWS.get(before, frozenset())
