"""The way to AWS's API: one client, one request, one attempt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from collectors.errors import CannotCollect
from collectors.safe import Safe, sanitise
from console.actions import answer
from console.actions.answer import Answer
from console.actions.craft import Craft
from console.actions.life import State
from console.actions.line import Hear, Line
from console.actions.plan import Plan

InThread = Callable[[str, Any], Awaitable[Any]]


class ApiLine(Line):
    """``make``: the client for it, by the only maker that there is."""

    def __init__(self, craft: Craft, make: Callable[[], Awaitable[Any]], in_thread: InThread, whose: Safe) -> None:
        self._craft, self._make, self._in_thread = craft, make, in_thread
        self.whose = whose
        self._client: Any = None

    async def open(self) -> None:
        self._client = await self._make()

    async def send(self, plan: Plan, hear: Hear, stop: asyncio.Event) -> Answer:
        from botocore import xform_name  # noqa: PLC0415 - loaded by now

        call = partial(getattr(self._client, xform_name(self._craft.action.operation)), **self._craft.request(plan))
        try:
            return answer.accepted(await self._in_thread(plan.target.arn, call))
        except CannotCollect as trouble:  # no thread was free for it
            return Answer(State.REJECTED, sanitise(f"Nothing left this machine: {trouble.what}"))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is said what it means
            return answer.failed(error)

    async def close(self) -> None:
        if self._client is not None:
            self._client.close()
