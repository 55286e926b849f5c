"""A failover by our own watch: how long nobody was let in, where it is now, what is left to do. Body of `failover`."""

from __future__ import annotations

from typing import Literal

from collectors.safe import Safe
from console.protocol.body import Body, Millis, Number, Text

# fmt: off
PhaseWord = Literal[
    "preflight", "requested", "down", "recovering", "up-read-only", "up", "ha-degraded", "done", "refused",
]
# fmt: on
StepName = Literal["detect", "promote", "repoint", "redirect", "watch-lag", "restore"]
StepState = Literal["waiting", "under-way", "done", "late"]
ProofState = Literal["proved", "missing", "unknown"]


class FailoverStep(Body):
    """One of the six. What the cloud does is watched; what only a person can know is ticked by one, with a name."""

    name: StepName
    state: StepState
    ticked_by_person: bool = False  # whether it is a person's to tick
    at: Millis | None = None  # when it was done
    by: Text = Safe("")  # who ticked it, or AWS, or the probe
    said: Text = Safe("")  # the evidence, or what is waited for


class Proof(Body):
    """One thing that must be so afterwards."""

    name: Text
    state: ProofState
    said: Text = Safe("")


class Note(Body):
    """What RDS or ElastiCache told meanwhile: an annotation, in whatever order it came."""

    at: Millis
    text: Text
    came: Millis  # to us: it may be long after it happened


class Probe(Body):
    """The newest knock, and what they were in all."""

    endpoint: Text = Safe("")
    door: Text = Safe("")
    said: Text = Safe("")
    at: Millis | None = None
    knocks: int = 0
    every_ms: int = 0
    node: Text = Safe("")
    address: Text = Safe("")
    trouble: Text = Safe("")  # why nobody can knock: then events and the describe call are all there is


class Failover(Body):
    """One run, whole, from its first sign until some time after its end. Times are of the estate.

    The outage is from ``down`` to ``up``; while there is no ``up`` it goes on.
    """

    id: Text  # the operation's, where it is one of ours
    resource: Text  # as the estate calls what was failed over: an instance, a cluster, the primary node of a group
    about: tuple[Text, ...] = ()  # everybody whom it concerns, the resource itself too
    kind: Literal["failover", "promotion"] = "failover"
    planned: bool = True  # False: by itself, or by somebody who did not ask us
    by: Text = Safe("")
    phase: PhaseWord
    objective_s: Number | None = None  # what the profile promises
    began: Millis  # sent, or the first sign of it
    down: Millis | None = None  # the first knock that was not let in
    login: Millis | None = None  # the first that was again
    up: Millis | None = None  # the first that might write again
    moved: Millis | None = None  # another node or another address answered
    settled: Millis | None = None  # AWS shows it available, and the roles or zones changed
    safe: Millis | None = None  # there is a standby again that could take over
    ended: Millis | None = None
    overdue: tuple[Text, ...] = ()  # what takes too long, and what is not proved; empty: all is in time
    steps: tuple[FailoverStep, ...] = ()  # the six, in their order
    proofs: tuple[Proof, ...] = ()
    notes: tuple[Note, ...] = ()
    probe: Probe = Probe()
    before: Text = Safe("")  # who had the role, and where
    after: Text = Safe("")
    evidence: Text = Safe("")  # the file with each knock
    acknowledged: Text = Safe("")  # by whom, once it has ended
    outcome: Text = Safe("")  # one sentence, once there is one
