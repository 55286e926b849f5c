"""What has happened, so that each thing is told once: in this engine and in one that is started after it."""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path

import orjson

from console.kept import KeptFile
from console.protocol.bodies import Event
from console.protocol.body import Body
from console.protocol.ring import KEPT

log = logging.getLogger(__name__)

FORMAT = 1


class _Told(Body):
    format: int
    run: str
    events: tuple[Event, ...]


class Chronicle:
    """The last thousand events, in the order in which they were told. Without a folder nothing outlives the engine."""

    def __init__(self, folder: Path | None = None, run: str = "") -> None:
        self._file = KeptFile(folder / "events.kept") if folder else None
        self._run = run  # an engine started anew begins anew; one started again goes on
        self._events: deque[Event] = deque()
        self._known: set[Event] = set()
        self._is_kept = True

    def add(self, event: Event) -> bool:
        """Whether it is news: AWS tells the last hour again to whoever asks for the first time."""
        if event in self._known:
            return False
        self._events.append(event)
        self._known.add(event)
        self._is_kept = False
        if len(self._events) > KEPT:
            self._known.discard(self._events.popleft())
        return True

    def recall(self) -> tuple[Event, ...]:
        """What the engine before this one has told."""
        kept = self._file.read() if self._file else None
        if kept is None:
            return ()
        try:
            told = _Told.model_validate(orjson.loads(kept))
        except ValueError as error:
            log.warning("what happened before is not known: %s", type(error).__name__)
            return ()
        if (told.format, told.run) != (FORMAT, self._run):
            return ()
        return tuple(event for event in told.events if self.add(event))

    def keep(self) -> None:
        """At the end, at once."""
        if self._file is not None:
            self._file.write([self._encoded()])

    async def keep_soon(self) -> None:
        """Without holding up the loop; nothing is encoded where nothing happened."""
        if self._file is not None and not self._is_kept:
            self._is_kept = True
            await self._file.write_soon([self._encoded()])

    def _encoded(self) -> bytes:
        told = _Told(format=FORMAT, run=self._run, events=tuple(self._events))
        return orjson.dumps(told.model_dump(mode="json", exclude_defaults=True))
