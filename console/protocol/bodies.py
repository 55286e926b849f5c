"""What each kind of message says. Unknown fields are ignored, so that v1 may grow; text is sanitised on entry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from collectors.readings import Severity
from collectors.safe import DETAIL_LIMIT, Safe, sanitise


def _clean(value: object) -> object:
    return sanitise(value) if isinstance(value, str) else value


def _clean_detail(value: object) -> object:
    return sanitise(value, DETAIL_LIMIT) if isinstance(value, str) else value


def _is_absent(value: object) -> bool:
    """What most messages would say for nothing is left out."""
    return value is None or value in ((), {})


Text = Annotated[Safe, BeforeValidator(_clean)]
Detail = Annotated[Safe, BeforeValidator(_clean_detail)]
Millis = Annotated[int, Field(ge=0, le=253_402_300_799_999)]  # to the year 9999: datetime's end
Number = Annotated[float, Field(allow_inf_nan=False)]
MetricState = Literal["fresh", "stale", "pending", "none", "error"]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)


class Threshold(Body):
    """One bound of the profile, and which resources it is about: patterns of the shell, none at all fit everything."""

    value: Text
    severity: Severity
    bound: Number
    above: bool
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class Objective(Body):
    """One promise of the profile, about the same resources as a threshold would be.

    ``value``: the series it is about, such as `replica.lag_s`; where nothing of it is a series, what is measured.
    """

    name: Text
    value: Text
    bound: Number
    above: bool  # it is broken above its bound, and not below
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class BoardLayout(Body):
    """Which tiles the board shows, row by row: on a screen of usual size, and on one with room to spare."""

    rows: tuple[tuple[Text, ...], ...]
    wide: tuple[tuple[Text, ...], ...]


class Tier(Body):
    """Copies of one pace that the profile wants, and of which resources: patterns as for a threshold."""

    name: Text
    every_s: Number | None = None  # None: once a month
    keep_s: Number
    source: Text  # automated, manual, aws-backup, native or any
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class Meta(Body):
    """Which engine speaks, and of what. ``names`` is complete: a resource that is not in it is gone."""

    schema_version: int
    started: Millis
    version: Text
    estate: Text
    mode: Literal["live", "demo", "replay", "relay"]
    speed: Number = 1.0  # how fast the engine's clock runs against a real one
    capabilities: tuple[Text, ...] = ()
    names: dict[Text, Text] = Field(default_factory=dict)
    endpoint: Text | None = Field(default=None, exclude_if=_is_absent)  # where the demo's AWS answers whoever asks
    accounts: tuple[Text, ...] = Field(default=(), exclude_if=_is_absent)  # numbers of AWS accounts, as STS told
    caller: Text | None = Field(default=None, exclude_if=_is_absent)  # the role or user the engine is, without its path
    regions: tuple[Text, ...] = Field(default=(), exclude_if=_is_absent)
    thresholds: tuple[Threshold, ...] = Field(default=(), exclude_if=_is_absent)
    objectives: tuple[Objective, ...] = Field(default=(), exclude_if=_is_absent)
    board: BoardLayout | None = Field(default=None, exclude_if=_is_absent)
    tiers: tuple[Tier, ...] = Field(default=(), exclude_if=_is_absent)


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
    unnamed: dict[CollectorCondition, int] = Field(default_factory=dict, exclude_if=_is_absent)
    cost: Cost = Cost()
    notices: tuple[Text, ...] = ()
    paused: bool = False  # a maintenance pause: nothing is asked
    spending: tuple[Spending, ...] = Field(default=(), exclude_if=_is_absent)
    servers: tuple[ServerLoad, ...] = Field(default=(), exclude_if=_is_absent)


class Value(Body):
    """The latest value of one series. ``v`` None with state `none`: the source had no data, which is not zero."""

    v: Number | None
    t: Millis
    u: Text = Safe("")
    s: MetricState = "fresh"
    g: Text | None = None  # the group it is summed under, such as a wait category
    b: Severity | None = Field(default=None, exclude_if=_is_absent)  # how grave the threshold is that it is beyond


class AlarmState(Body):
    """An alarm of CloudWatch."""

    name: Text
    state: Text
    since: Millis | None = None
    reason: Text = Safe("")
    metric: Text = Safe("")


class Replication(Body):
    source: Text | None = None
    state: Text


class Backup(Body):
    retention_s: int
    restorable: Millis | None = None
    snapshot: Millis | None = None
    restore_proof: Millis | None = None


class Declaration(Body):
    """How one fact was meant to be, and how it is. ``found`` None: it could not be seen, so that ``holds`` is None."""

    fact: Text
    wanted: Text
    found: Text | None
    holds: bool | None


class FindingBody(Body):
    """What triage has concluded. ``cleared``: it stood until then."""

    id: Text
    severity: Severity
    confidence: Literal["high", "medium"]
    cause: Detail
    evidence: tuple[Text, ...] = ()
    next: Detail = Safe("")
    about: Text = Safe("")
    since: Millis
    cleared: Millis | None = Field(default=None, exclude_if=_is_absent)


class Res(Body):
    """One resource whole."""

    kind: Text
    engine: Text
    role: Text
    status: Text
    az: Text
    region: Text
    account: Text
    cluster: Text | None = None
    facts: dict[Text, Text] = Field(default_factory=dict)
    values: dict[Text, Value] = Field(default_factory=dict)
    replication: Replication | None = None
    backup: Backup | None = None
    alarms: tuple[AlarmState, ...] = Field(default=(), exclude_if=_is_absent)
    level: Severity | None = Field(default=None, exclude_if=_is_absent)  # the worst of what is known of it
    why: tuple[Text, ...] = Field(default=(), exclude_if=_is_absent)  # in words, the worst first
    findings: tuple[FindingBody, ...] = Field(default=(), exclude_if=_is_absent)  # the oldest first
    since: Millis | None = Field(default=None, exclude_if=_is_absent)  # since when it is at that level or worse
    tags: dict[Text, Text] = Field(default_factory=dict, exclude_if=lambda tags: not tags)
    declared: tuple[Declaration, ...] = Field(default=(), exclude_if=_is_absent)
    seen: Millis  # the newest observation of any kind


class Tick(Body):
    """Values that changed since the tick with seq ``prev`` (0 for an epoch's first): id → name → (value, time)."""

    prev: int
    res: dict[Text, dict[Text, tuple[Number | None, Millis]]] = Field(max_length=200)


class Points(Body):
    """Columns: times in ms, rising, and the values at them; None is a gap."""

    t: tuple[Millis, ...]
    v: tuple[Number | None, ...]


class Hist(Body):
    series: dict[Text, Points]


class Past(Body):
    """The same stretch of the day, in the times at which it was."""

    yesterday: Points | None = None
    last_week: Points | None = None


class Ghosts(Body):
    """What the series of one resource did a day and a week ago, from CloudWatch's own history."""

    start: Millis  # of the stretch they stand behind, in the present
    end: Millis
    metrics: int  # asked for, and what they cost
    usd: Number
    series: dict[Text, Past]
    error: Text | None = Field(default=None, exclude_if=_is_absent)  # why there is none, or not all


class Presence(Body):
    """Who has a screen open on this engine."""

    user: Text
    role: Literal["control", "view"]
    since: Millis
    screens: int = 1


class Event(Body):
    resource: Text | None = None
    text: Detail
    severity: Severity = Severity.INFO
    source: Text
    t: Millis
    cut: bool = False  # the text was longer

    @model_validator(mode="before")
    @classmethod
    def _say_that_it_is_cut(cls, fields: object) -> object:
        match fields:
            case {"text": str(text), **others} if len(sanitise(text, DETAIL_LIMIT + 1)) > DETAIL_LIMIT:
                return {**others, "text": text, "cut": True}
        return fields


class Hello(Body):
    """The first thing a client says on a socket."""

    v: int
    wants: tuple[Text, ...] = ()  # topics after the estate, such as `res`; empty means all
    mode: Literal["control", "view", "once"]
    version: Text


class Failure(Body):
    what: Text
    seen: Text = Safe("")
    mend: Text = Safe("")


class Command(Body):
    id: Text
    name: Text
    args: dict[str, object] = Field(default_factory=dict)


class Ack(Body):
    id: Text
    ok: bool
    error: Failure | None = None
    rows: tuple[tuple[Text, ...], ...] = Field(default=(), exclude_if=_is_absent)  # what was asked for; titles first


class Lost(Body):
    n: int
