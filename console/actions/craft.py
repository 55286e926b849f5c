"""The border between an action and its AWS: what is looked at, what is sent, how it gets on. Only the gate sends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from collectors.aws.reader import Reader
from collectors.safe import NO_TEXT, Safe
from console.actions.check import Check
from console.actions.line import Line
from console.actions.plan import Facts, Plan, Target
from console.actions.registry import Action
from console.actions.surroundings import GetKeys


@dataclass(frozen=True, slots=True)
class Sight:
    """The target as AWS tells it at one moment, looked at for one action."""

    at: datetime
    fingerprint: Facts
    checks: tuple[Check, ...]
    az: Safe = NO_TEXT
    radius: tuple[Safe, ...] = ()  # who is hit
    tags: tuple[tuple[str, str], ...] = ()
    to: Safe = NO_TEXT  # who takes over, and where


@dataclass(frozen=True, slots=True)
class Sent:
    """``is_accepted`` False: no answer came, or none that is remembered."""

    at: datetime
    now: datetime
    is_accepted: bool


class Way(StrEnum):
    ABSENT = "absent"  # AWS knows nothing of it
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    way: Way
    said: Safe  # AWS's own word for it
    percent: float | None = None
    is_ours: bool = True  # False: it bears the name, or is what was asked for, and another made it
    proof: tuple[Safe, ...] = ()


class Craft(ABC):
    """What one action knows of AWS. It reads; what it would send, it only says.

    * `look` is fresh each time and raises `CannotCollect` where the target cannot be seen: then nothing is sent.
      Its checks are the action's own; the fingerprint is what must not change until it is sent.
    * `request` is pure: the same plan gives the same parameters, byte for byte.
    * `progress` tells from AWS alone how it stands with what was sent, whoever sent it, and works after a restart.
    * ``arns``: what the credentials for it are narrowed to.
    """

    action: Action

    @abstractmethod
    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight: ...

    @abstractmethod
    def parameters(self, target: Target, sight: Sight) -> Facts:
        """What the plan keeps of the request."""

    @abstractmethod
    def makes(self, plan: Plan) -> str:
        """The name of what comes of it; empty where nothing new does."""

    @abstractmethod
    def request(self, plan: Plan) -> Mapping[str, Any]: ...

    @abstractmethod
    def arns(self, plan: Plan) -> tuple[str, ...]: ...

    @abstractmethod
    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress: ...


class InsideCraft(Craft):
    """One whose way out is the database itself, not AWS's API.

    * `line` says as whom it is sent, and sends nothing. Only the gate calls it. ``keys``: of the role, narrowed, for a
      password that AWS keeps. Raises `Trouble` where nobody may log in for it: then nothing is sent.
    """

    @abstractmethod
    async def line(self, plan: Plan, keys: GetKeys) -> Line: ...

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {}
