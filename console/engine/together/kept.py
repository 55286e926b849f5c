"""What of the shared session outlives its engine? The incident and the notes. Who is here, and who leads, does not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from pydantic import Field

from console.kept import KeptFile
from console.protocol.body import Body
from console.protocol.together import Incident, Note

log = logging.getLogger(__name__)

FORMAT = 1


class _Told(Body):
    format: int
    run: str
    incident: Incident | None = None
    notes: dict[str, Note] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    incident: Incident | None = None  # that is open, or was last
    notes: Mapping[str, Note] = field(default_factory=dict)  # by id


class Kept:
    """One file, replaced whole. Without a folder nothing outlives the engine."""

    def __init__(self, folder: Path | None = None, run: str = "") -> None:
        self._file = KeptFile(folder / "together.kept") if folder else None
        self._run = run  # an engine started anew begins anew; one started again goes on

    def recall(self) -> Session:
        """What the engine before this one was told."""
        kept = self._file.read() if self._file else None
        if kept is None:
            return Session()
        try:
            told = _Told.model_validate(orjson.loads(kept))
        except ValueError as error:
            log.warning("incident and notes of before are not known: %s", type(error).__name__)
            return Session()
        if (told.format, told.run) != (FORMAT, self._run):
            return Session()
        return Session(told.incident, told.notes)

    async def keep(self, session: Session) -> None:
        """On disk when this returns, unless the disk would not: that is logged."""
        if self._file is not None:
            told = _Told(format=FORMAT, run=self._run, incident=session.incident, notes=dict(session.notes))
            await self._file.write_soon([orjson.dumps(told.model_dump(mode="json", exclude_defaults=True))])
