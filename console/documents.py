"""What does a document for machines hold? Within one `schema_version` keys may be added; none is renamed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from collectors.readings import Severity
from console.protocol.body import Number
from console.protocol.res import MetricState
from console.protocol.status import Cost

SCHEMA_VERSION = 1
Verdict = Literal["OK", "WARNING", "CRITICAL", "UNKNOWN"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricPart(_Part):
    value: Number | None
    unit: str
    at: str
    state: MetricState
    level: Severity | None


class WaitPart(_Part):
    category: str
    type: str
    ms_per_s: Number
    percent: Number
    state: MetricState


class ReplicationPart(_Part):
    lag_s: Number | None
    state: str


class BackupPart(_Part):
    rpo_s: int | None
    last_snapshot: str | None
    restore_proof: str | None


class ResourcePart(_Part):
    id: str
    kind: str
    engine: str
    role: str
    status: str
    az: str
    level: Severity | None
    why: list[str]
    metrics: dict[str, MetricPart]
    waits: list[WaitPart]
    replication: ReplicationPart | None
    backup: BackupPart | None


class CollectorPart(_Part):
    name: str
    target: str
    state: str
    error: str | None


class FindingPart(_Part):
    """``about``: which part of the resource, such as a database, where it is one."""

    id: str
    resource: str
    severity: Severity
    confidence: str
    since: str
    cause: str
    evidence: list[str]
    next: str
    about: str


class PlayedFindingPart(_Part):
    """The same in the seconds of a play."""

    id: str
    resource: str
    severity: Severity
    confidence: str
    appeared_s: int
    cleared_s: int | None
    cause: str
    evidence: list[str]
    next: str
    suppresses: list[str] = Field(default_factory=list)
    about: str


class CheckDocument(_Part):
    schema_version: int = SCHEMA_VERSION
    estate: str
    at: str
    status: Verdict
    resources: list[ResourcePart]
    findings: list[FindingPart] = Field(default_factory=list)
    alerts: list[object] = Field(default_factory=list)
    collectors: list[CollectorPart]
    unnamed_collectors: dict[str, int] = Field(default_factory=dict, exclude_if=lambda value: not value)  # by state
    cost: Cost
    notices: list[str] = Field(default_factory=list)  # what keeps the engine from its work
    endpoint: str | None = Field(default=None, exclude_if=lambda value: value is None)  # of the demo's AWS
    verified: bool | None = Field(default=None, exclude_if=lambda value: value is None)  # by a signature, of a broker's


class ExpectPart(_Part):
    met: bool = True
    missing: list[str] = Field(default_factory=list)
    unexpected: list[str] = Field(default_factory=list)


class DemoDocument(_Part):
    schema_version: int = SCHEMA_VERSION
    scenario: str | None
    simulated_seconds: int
    findings: list[PlayedFindingPart] = Field(default_factory=list)
    alerts: list[object] = Field(default_factory=list)
    actions: list[object] = Field(default_factory=list)
    collectors: list[CollectorPart]
    expect: ExpectPart = ExpectPart()
