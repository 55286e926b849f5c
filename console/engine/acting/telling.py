"""How is an action told: on its topic as it is, and as an event where somebody wants to know of it later."""

from __future__ import annotations

from collections.abc import Callable

from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe, sanitise
from console.actions.life import State
from console.actions.operation import Operation
from console.engine.core import Core
from console.protocol.op import Op

SOURCE = Safe("console")
_GRAVE = {State.FAILED: Severity.HIGH, State.OVERDUE: Severity.HIGH, State.UNKNOWN: Severity.WARNING}
_EVENTS = frozenset({State.REFUSED, State.SENT, State.REJECTED, State.UNKNOWN, State.DONE, State.FAILED, State.OVERDUE})


class Telling:
    def __init__(self, core: Core, *hear: Callable[[Op], object]) -> None:
        """``hear``: who watches what operations do."""
        self._core, self._hear = core, hear
        self._states: dict[str, State] = {}
        self._broken: set[str] = set()  # glass, by operation

    def tell(self, changed: Operation | str) -> None:
        """By its id alone: it is no more."""
        if isinstance(changed, str):
            self._states.pop(changed, None)
            self._broken.discard(changed)
            self._core.teller.state("op", changed, body=None)
            return
        now = self._core.clock.now()
        body = changed.told(now)
        self._core.teller.state("op", changed.id, body=body)
        for hear in self._hear:
            hear(body)
        if self._states.get(changed.id) is not changed.state and changed.state in _EVENTS:
            about, severity = ResourceId(sanitise(changed.target.about)), _GRAVE.get(changed.state, Severity.INFO)
            self._core.teller.happened(Happened(about, now, _words(changed), severity, SOURCE))
        if changed.glass and changed.id not in self._broken:
            self._broken.add(changed.id)
            about = ResourceId(sanitise(changed.target.about))
            self._core.teller.happened(Happened(about, now, changed.glass, Severity.HIGH, SOURCE))
        self._states[changed.id] = changed.state


def _words(operation: Operation) -> Safe:
    title, said = operation.craft.action.title, operation.lines[0] or operation.state
    return sanitise(f"{title} by {operation.by}: {operation.state}. {said}")
