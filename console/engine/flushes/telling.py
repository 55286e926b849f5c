"""What else than its topic tells of the time after a flush: an event for what is alarming, and one for how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe, sanitise
from console.engine.core import Core
from console.protocol.flush import Flush

SOURCE = Safe("flush")


class Telling:
    def __init__(self, core: Core) -> None:
        self._core = core

    def tell(self, before: Flush | None, told: Flush) -> None:
        """``before``: as it was told last."""
        self._core.teller.state("flush", told.id, body=told)
        for text, severity in _news(before, told):
            about = ResourceId(told.resource)
            self._core.teller.happened(Happened(about, self._core.clock.now(), sanitise(text), severity, SOURCE))

    def forget(self, told: Flush) -> None:
        self._core.teller.state("flush", told.id, body=None)


def _news(before: Flush | None, told: Flush) -> Iterator[tuple[str, Severity]]:
    """Each once, whatever the numbers behind its colon do."""
    known = {each.partition(":")[0] for each in (before.alarms if before is not None else ())}
    for alarm in told.alarms:
        if alarm.partition(":")[0] not in known:
            yield f"After the {_noun(told)}: {alarm}", Severity.HIGH
    if told.ended is not None:
        yield f"After the {_noun(told)}: {told.outcome}.", Severity.WARNING if told.alarms else Severity.INFO


def _noun(told: Flush) -> str:
    return f"{told.title[:1].lower()}{told.title[1:]}"
