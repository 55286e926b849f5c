"""The border to the engine around the gate: what it asks of it, each time anew."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collectors.aws.reader import Reader
from collectors.safe import Safe
from console.access.locks.border import ClusterLock
from console.actions.plan import Plan, Target
from console.actions.registry import Action
from console.actions.situation import Situation


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials for one action, kept no longer than it takes to send it."""

    access: str = field(repr=False)
    secret: str = field(repr=False)
    token: str | None = field(repr=False)
    whose: Safe  # and how narrow they are


@dataclass(frozen=True, slots=True)
class Wanted:
    """What credentials are for: these grants on these ARNs, and nothing else."""

    target: Target
    op: str
    grants: tuple[str, ...]
    arns: tuple[str, ...]


GetKeys = Callable[[Wanted], Awaitable[Keys]]
"""Narrowed to what is wanted; raises `Trouble` where none are given."""
MakeClient = Callable[[str, str, Wanted], Awaitable[Any]]
"""Of a service in a region: made by the gate, for one attempt."""


class Surroundings(ABC):
    """None of these changes anything outside but the lock, and `record`, which writes to the audit.

    * `situation` is looked at anew by each call, for one plan: ``arns`` are of all that it would touch. ``sends``: it
      is about to be sent, so that what others must agree to is agreed to by then.
    * `keys` raises `Trouble` where none are given: then nothing is sent.
    * `record` returns when it is durable where the event is one that must be, and raises `Trouble` where it is not.
    """

    @abstractmethod
    async def situation(
        self, action: Action, plan: Plan, arns: tuple[str, ...], *, sends: bool = False
    ) -> Situation: ...

    @abstractmethod
    def reader(self, target: Target) -> Reader: ...

    @abstractmethod
    async def keys(self, wanted: Wanted) -> Keys: ...

    @abstractmethod
    async def lock(self, target: Target, op: str, client: MakeClient) -> ClusterLock:
        """The one that the profile wants. ``client``: for those that are kept in AWS."""

    @abstractmethod
    async def record(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None: ...

    @abstractmethod
    async def in_thread(self, what: str, work: Any) -> Any:
        """``work`` may block."""

    @abstractmethod
    def endpoint(self, target: Target) -> str | None:
        """Of the demo's AWS; None: AWS's own."""

    @abstractmethod
    def denied(self, action: Action, target: Target, said: Safe) -> None:
        """AWS refused what was thought to be allowed: the key is locked from now on."""
