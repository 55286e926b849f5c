"""Knocking at all nodes of a shard at once: a group of many shards has no name that follows the primary of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from collectors.errors import CannotCollect
from collectors.knock.knock import Door, Knock, Knocker
from collectors.safe import sanitise

GRACE_S = 0.3  # after the first answer: a node that is dead says nothing for longer, and the others do not wait for it
_FROM_SHUT = tuple(Door)


class Several(Knocker):
    """As clients do that ask the group who its primary is: the most open door counts."""

    def __init__(self, knockers: Sequence[Knocker]) -> None:
        self._knockers = tuple(knockers)
        self.endpoint = sanitise(", ".join(each.endpoint for each in self._knockers), 200)
        self.patience_s = max(each.patience_s for each in self._knockers)

    async def knock(self) -> Knock:
        under_way = {asyncio.ensure_future(each.knock()) for each in self._knockers}
        heard: list[Knock] = []
        trouble: CannotCollect | None = None
        try:
            while under_way and not any(each.door is Door.OPEN for each in heard):
                grace = GRACE_S if heard else None
                done, under_way = await asyncio.wait(under_way, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    break
                for each in done:
                    try:
                        heard.append(each.result())
                    except CannotCollect as found:
                        trouble = found
        finally:
            for each in under_way:
                each.cancel()
            for each in under_way:
                with suppress(asyncio.CancelledError, CannotCollect):
                    await each
        if not heard:
            raise trouble or CannotCollect("There is nobody to knock at.")
        return max(heard, key=lambda each: _FROM_SHUT.index(each.door))
