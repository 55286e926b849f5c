"""What goes wrong on the wire of one server, as the scenario has it at this moment?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.sqlserver.all import COLLECTORS
from console.demo.model import Model
from console.demo.scenario.script import Fault, FaultKind
from console.demo.sqlserver.server import Now
from console.demo.tds.faults import (
    PERMISSION,
    DropMidRow,
    Fails,
    Faults,
    Frozen,
    OfConnection,
    OfStatement,
    Silent,
    WrongPassword,
)
from console.demo.tds.prologue import tag_of

ASKED_BY: Mapping[str, str] = {tag: collector.name for collector in COLLECTORS for tag in collector.asks}
"""Which collector sends the statement with a tag."""


class Weather(Faults):
    """Those that are set besides stay."""

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        super().__init__()
        self._model, self._about, self._now = model, about, now

    def of_connection(self, kind: type[OfConnection]) -> OfConnection | None:
        """Nobody is let in while it recovers; what is refused to everybody is refused at the door."""
        for_all = {fault.kind for fault in self._found() if fault.collector is None}
        door = self._model.door(self._about, self._now().timestamp())
        if kind is Silent and ("hang" in for_all or door is Door.DARK or not self._is_there):
            return kind()
        if kind is WrongPassword and ("expired-token" in for_all or door is Door.RECOVERING):
            return kind()
        return super().of_connection(kind)

    def of_statement(self, kind: type[OfStatement], text: str) -> OfStatement | None:
        asker = ASKED_BY.get(tag_of(text))
        for fault in self._found():
            if fault.collector in (None, asker) and isinstance(met := _met(fault.kind), kind):
                return met
        if not self._serves and kind is DropMidRow:
            return kind()
        return super().of_statement(kind, text)

    @property
    def _serves(self) -> bool:
        return self._model.serves(self._about, self._now().timestamp())

    @property
    def _is_there(self) -> bool:
        return self._model.exists(self._about, self._now().timestamp())

    def _found(self) -> list[Fault]:
        t = self._now().timestamp()
        return [fault for fault in self._model.faults(t) if fault.resource in (None, self._about)]


def _met(kind: FaultKind) -> Fails | DropMidRow | Frozen | None:
    """What a client of SQL Server meets; nothing of AWS's own kinds."""
    match kind:
        case "access-denied":
            return Fails(PERMISSION)
        case "refuse" | "drop":
            return DropMidRow()
        case "hang":
            return Frozen()
    return None
