"""The border to whatever takes a change: AWS's API, or a database itself. Only the gate has one in its hands."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from collectors.safe import Safe
from console.actions.answer import Answer
from console.actions.plan import Plan


@dataclass(frozen=True, slots=True)
class Heard:
    """How it gets on with what takes long; ``percent`` of what was planned."""

    percent: float | None
    said: Safe


Hear = Callable[[Heard], Awaitable[None]]


class Line(ABC):
    """One way out, made for one operation, used once and closed.

    * `open` does everything short of sending, and raises `Trouble` where it cannot: then nothing was sent.
    * `send` sends what the plan says, once, and never again by itself; it never raises: whatever happens is an answer.
      ``stop``: a person wants no more of it; what cannot be stopped does not look.
    * `close` may be called at any time, more than once.
    """

    whose: Safe  # as whom it is sent, in words without a secret

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def send(self, plan: Plan, hear: Hear, stop: asyncio.Event) -> Answer: ...

    @abstractmethod
    async def close(self) -> None: ...
