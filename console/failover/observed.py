"""What is seen of a failover, each by whoever saw it: the operation, the probe, AWS's events, AWS's lists, a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from collectors.knock.knock import Knock
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
from console.protocol.failover import StepName

OpWord = Literal["sent", "accepted", "unknown", "rejected", "failed"]


class Kind(StrEnum):
    """Each has its own signs and its own end."""

    STANDBY = "standby"  # an instance with a standby in another zone
    CLUSTER = "cluster"  # a writer and its readers
    CACHE = "cache"  # a primary and its replicas
    PROMOTION = "promotion"  # a replica that becomes its own master, for good


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the operation is, where it is one of ours."""

    at: datetime
    word: OpWord
    said: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Told:
    """An event: when it happened, by AWS's clock in whole seconds, and when it came to us."""

    about: ResourceId
    at: datetime
    text: Safe
    came: datetime


@dataclass(frozen=True, slots=True)
class Within:
    """What else is known of one, as far as anybody has told since it began. None: nobody has."""

    jobs: int | None = None  # of the agent, that are enabled
    alarms: tuple[Safe, ...] | None = None  # of CloudWatch, that are in ALARM
    hit_rate: float | None = None  # of a cache, in percent
    evictions: float | None = None  # of a cache, in the last minute that is known


NOTHING_KNOWN = Within()


@dataclass(frozen=True, slots=True)
class Member:
    """One of those concerned, as AWS lists it. ``in_step``: what the databases themselves say of their standby."""

    id: ResourceId
    role: Safe
    status: Safe
    az: Safe = NO_TEXT
    standby_az: Safe = NO_TEXT
    source: Safe = NO_TEXT
    in_step: bool | None = None
    within: Within = NOTHING_KNOWN

    @property
    def leads(self) -> bool:
        return self.role in ("primary", "writer")


@dataclass(frozen=True, slots=True)
class Looked:
    """All that are concerned, at one time."""

    at: datetime
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A person says that a step is done which only a person can know."""

    at: datetime
    step: StepName
    by: Safe


Observation = Asked | Knock | Told | Looked | Ticked
