"""What may be done here, whatever it is done to? Looked at again and again, and told where it is otherwise."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from collectors.aws.place import Place
from collectors.errors import Trouble
from console.actions.registry import Action
from console.actions.situation import Situation
from console.audit.record import Event
from console.engine.acting.around import Around
from console.engine.acting.attendance import Attendance
from console.engine.acting.book import Book
from console.engine.acting.offering import offers
from console.protocol.op import Offers

log = logging.getLogger(__name__)

AUDIT_LOOKED_AT_S = 0.5  # so that a full disk locks within a second
OUTLOOK_S = 15.0


class Lookout:
    """``places``: that are watched; one is as good as another for what hangs on no target."""

    def __init__(
        self,
        actions: Sequence[Action],
        around: Around,
        book: Book,
        attendance: Attendance,
        *,
        places: Callable[[], Sequence[Place]],
        tell: Callable[[Offers], None],
    ) -> None:
        self._actions, self._around, self._book, self._attendance = actions, around, book, attendance
        self._places, self._tell = places, tell
        self._seen: Situation | None = None
        self._told: Offers | None = None
        self._is_absent = False

    async def look_out(self) -> None:
        """Who one is, what is frozen, and whether it is AWS; until cancelled."""
        while True:
            places = self._places()
            if places:
                await self._look_from(places[0])
            await asyncio.sleep(OUTLOOK_S if self._seen else AUDIT_LOOKED_AT_S)

    async def look_at_the_audit(self) -> None:
        while True:
            trouble = await self._book.trouble()
            if self._seen is not None:
                self._seen = replace(self._seen, audit=trouble)
                self.tell()
            await self._note_absence()
            await asyncio.sleep(AUDIT_LOOKED_AT_S)

    def tell(self) -> None:
        """Where it is otherwise than was told."""
        if self._seen is None:
            return
        idle = self._attendance.why_locked()
        now = replace(self._seen, locked_out=idle.trouble() if idle else self._seen.locked_out)
        told = offers(self._actions, now)
        if told != self._told:
            self._told = told
            self._tell(told)

    async def _note_absence(self) -> None:
        """That nobody was here is a record, as it is that somebody unlocks."""
        was, self._is_absent = self._is_absent, self._attendance.why_locked() is not None
        if self._is_absent and not was:
            await self._book.note(Event.LOCK, {"why": "nobody was here"})

    async def _look_from(self, place: Place) -> None:
        try:
            self._seen = await self._around.outlook(self._actions[0], place)
        except Trouble as trouble:
            log.info("what may be done is not known: %s", trouble.line())
        self.tell()
