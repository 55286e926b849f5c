"""One resource whole: the body of `res`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.body import Body, Detail, Millis, Number, Text, is_absent

MetricState = Literal["fresh", "stale", "pending", "none", "error"]


class Value(Body):
    """The latest value of one series. ``v`` None with state `none`: the source had no data, which is not zero."""

    v: Number | None
    t: Millis
    u: Text = Safe("")
    s: MetricState = "fresh"
    g: Text | None = None  # the group it is summed under, such as a wait category
    b: Severity | None = Field(default=None, exclude_if=is_absent)  # how grave the threshold is that it is beyond


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
    cleared: Millis | None = Field(default=None, exclude_if=is_absent)


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
    alarms: tuple[AlarmState, ...] = Field(default=(), exclude_if=is_absent)
    level: Severity | None = Field(default=None, exclude_if=is_absent)  # the worst of what is known of it
    why: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)  # in words, the worst first
    findings: tuple[FindingBody, ...] = Field(default=(), exclude_if=is_absent)  # the oldest first
    since: Millis | None = Field(default=None, exclude_if=is_absent)  # since when it is at that level or worse
    tags: dict[Text, Text] = Field(default_factory=dict, exclude_if=lambda tags: not tags)
    declared: tuple[Declaration, ...] = Field(default=(), exclude_if=is_absent)
    seen: Millis  # the newest observation of any kind
