"""The border to every outside system: one question, one system, and what it needs said up front."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar, Generic, TypeVar

from collectors.readings import Reading

Target = TypeVar("Target")


class Collector(ABC, Generic[Target]):
    """Asks one question of one kind of target.

    The contract, which the schedule relies on:

    * `collect` yields what it finds as it finds it; what was yielded before an error stays valid.
    * It keeps no task running between calls, and may be cancelled at any await: whatever it opened is closed then.
    * It never blocks the loop; a blocking client is called through the pool that the collector was given.
    * It does not retry, sleep, cache for freshness or catch an error in order to hide it: time, back-off and the
      breaker are the schedule's. It raises `Denied` for a missing grant and `CannotCollect` for the rest.
    * Each text in a reading was sanitised where it entered; each `observed` is when the fact was true, not when it
      was read.
    * One instance serves all targets; what it remembers (counter baselines) is keyed by the target and the node.
    """

    name: ClassVar[str]
    every: ClassVar[timedelta]
    needs: ClassVar[tuple[str, ...]] = ()
    """The grants it cannot do without, as the outside system spells them."""

    @abstractmethod
    def collect(self, target: Target) -> AsyncIterator[Reading]:
        """One pass over one target."""
