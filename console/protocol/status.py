"""How the engine is and what it spends: the body of `status`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collectors.safe import Safe
from console.protocol.body import Body, Millis, Number, Text, is_absent

CollectorCondition = Literal["ok", "late", "failing", "denied", "pending"]


class CollectorState(Body):
    name: Text
    target: Text
    state: CollectorCondition
    last: Millis | None = None
    next: Millis | None = None
    took_ms: Number | None = None
    error: Text | None = None
    mend: Text | None = None
    since: Millis | None = None  # when it came into this state
    every_s: Number | None = None
    breaker: Literal["closed", "open", "half-open"] = "closed"
    paused: bool = False
    grant: Text | None = None  # the permission that is missing, where it is denied
    requests: int = 0  # of this engine's life, and what they cost
    metrics: int = 0
    usd: Number = 0.0


class Cost(Body):
    """What this engine has asked for, and what it spends. A day is one of UTC; it outlives the engine."""

    requests: int = 0
    metrics: int = 0
    usd: Number = 0.0
    usd_today: Number = 0.0
    usd_per_day: Number | None = None  # at the present pace
    budget_usd: Number | None = None  # of the profile, for a day


class Spending(Body):
    """One kind of question, and what it costs at the present pace."""

    what: Text
    series: int  # how many are asked for in this way
    every_s: Number | None  # None: not at all at present
    full_every_s: Number  # how often if money did not matter
    usd_per_day: Number
    why: Text = Safe("")  # why it is asked less often than at its full pace


class ServerLoad(Body):
    """What one database server is asked by this engine. ``share``: of its time, as it is seen from here."""

    server: Text
    statements_per_min: Number
    share: Number
    dearest: Text  # the question that takes most of it
    budget: Number  # the share that one question may have
    connections: int = 0
    most_connections: int = 0
    hanging: int = 0  # that were given up and do not come back
    driver: Text = Safe("")
    warning: Text = Safe("")  # of what is not verified


class Status(Body):
    """How the engine is. ``notices`` are lines for the person at the screen.

    ``collectors``: those that matter, where all are more than a message holds; ``unnamed``: the others, by condition.
    """

    online: bool
    collectors: tuple[CollectorState, ...] = ()
    unnamed: dict[CollectorCondition, int] = Field(default_factory=dict, exclude_if=is_absent)
    cost: Cost = Cost()
    notices: tuple[Text, ...] = ()
    shared: Text = Field(default=Safe(""), exclude_if=is_absent)  # where, and with how many, while that is well
    paused: bool = False  # a maintenance pause: nothing is asked
    spending: tuple[Spending, ...] = Field(default=(), exclude_if=is_absent)
    servers: tuple[ServerLoad, ...] = Field(default=(), exclude_if=is_absent)
