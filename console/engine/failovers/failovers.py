"""The failovers of an engine: those that go on, whoever began them, and the last that have ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from collectors.errors import Trouble
from collectors.readings import Described, Happened, Reading
from collectors.safe import NO_TEXT
from console.engine.failovers import concerned
from console.engine.failovers.asking import Asking
from console.engine.failovers.beginning import KINDS, ours, theirs
from console.engine.failovers.hand import Hand
from console.engine.failovers.kept import KeptRun, KeptRuns
from console.engine.failovers.knocking import Knocking
from console.engine.failovers.one import One
from console.engine.failovers.signs import Begun, by_event, by_list
from console.engine.failovers.surroundings import Seen, Surroundings
from console.engine.failovers.telling import Telling
from console.estate.times import from_ms
from console.failover.observed import Asked, OpWord, Told
from console.failover.run import Run
from console.protocol.failover import Failover, PhaseWord
from console.protocol.op import Op

log = logging.getLogger(__name__)

ASK_EVERY = timedelta(seconds=5)
LEAST_S = 0.25
HELD_FOR = timedelta(hours=1)  # an engine that nobody looks at stays for so long
SETTLES = timedelta(minutes=15)  # after its end: what AWS shows or tells late is of it, and not of another
TOLD_FOR = timedelta(hours=2)  # on its topic, after its end

_WORDS: dict[str, OpWord] = {
    "sent": "sent",
    "unknown": "unknown",
    "rejected": "rejected",
    "failed": "failed",
    **dict.fromkeys(("accepted", "in-flight", "verifying", "overdue", "done"), "accepted"),
}
_NEVER_SENT = ("withdrawn", "refused", "abandoned")


class Failovers:
    def __init__(self, around: Surroundings) -> None:
        self._around, self._core = around, around.core
        self._telling = Telling(around.core)
        self._ones: dict[str, One] = {}
        self._told: dict[str, Failover] = {}
        self._kept = KeptRuns(around.folder, around.of)
        self._asking = Asking(around.core, around.place_of)
        self._ending: set[asyncio.Task[None]] = set()
        self.hand: Hand | None = None  # of what acts, where anything does
        self._evidence = around.folder / "failovers" if around.folder else None
        around.core.on_reading, around.core.on_health = self.heard, self._asking.fell_sick

    @property
    def holds(self) -> bool:
        """Whether an engine is needed for one that goes on, though nobody looks."""
        now = self._core.clock.now()
        return any(not one.is_over and now - one.run.began < HELD_FOR for one in self._ones.values())

    @property
    def ones(self) -> tuple[One, ...]:
        return tuple(self._ones.values())

    def known(self, id_: str) -> One:
        if id_ not in self._ones:
            raise Trouble("There is no such failover.", seen=ascii(id_[:40]), mend="`:failover` shows those there are.")
        return self._ones[id_]

    def op_is(self, told: Op) -> None:
        """An operation is otherwise than before: where it fails something over, a run of it is begun, and ends."""
        if told.action not in KINDS:
            return
        one = self._ones.get(told.id)
        if told.state in _NEVER_SENT:
            if one is not None and one.run.sent is None:
                self._drop(one)
            return
        if one is None and (told.state == "intent" or told.sent is not None):
            one = self._begin(ours(self._core, told))
        if one is None or told.state not in _WORDS:
            return
        if told.acknowledged and not one.acknowledged:
            one.acknowledge(told.acknowledged)
        at = from_ms(told.sent) if told.sent is not None else self._core.clock.now()
        if (word := _WORDS[told.state]) != one.run.word:
            said = told.seen or told.outcome if word in ("rejected", "failed") else NO_TEXT
            one.saw(Asked(at, word, said))

    def seen_by_knocks(self, id_: str) -> Seen | None:
        """What knocks have told of it; None where nobody knocks."""
        one, now = self._ones.get(id_), self._core.clock.now()
        if one is None or not one.run.is_judged_by_knocks:
            return None
        run, shut = one.run, one.run.outage(now)
        opened = shut if shut is not None and shut.is_steady(now) else None
        before, after = (each.node if each else NO_TEXT for each in (run.first, run.last))
        return Seen(
            shut.down if shut else None,
            opened.login if opened else None,
            opened.up if opened else None,
            before,
            after,
            run.knocks,
        )

    def heard(self, reading: Reading, before: Described | None) -> None:
        """Whatever is read passes here: what is of a run goes to it, and what is a sign of another begins it."""
        try:
            match reading:
                case Happened():
                    self._happened(reading)
                case Described():
                    self._listed(reading, before)
        except Exception:  # who watches must not harm who reads
            log.exception("a failover could not take %s of %s", type(reading).__name__, reading.about)

    async def live(self) -> None:
        """Until cancelled: go on with what was under way, and ask AWS of what is."""
        self._recall()  # before anything else runs: an operation that is recalled too is of one of these
        while True:
            self._asking.ask(one.run for one in self._ones.values() if not one.is_over)
            self._forget_old()
            await self._keep()
            await asyncio.sleep(max(LEAST_S, ASK_EVERY.total_seconds() / self._around.speed))

    async def end(self) -> None:
        await asyncio.gather(*(one.end() for one in self._ones.values()), *self._ending, return_exceptions=True)
        self._kept.write(self._to_keep(), self._core.clock.now())

    def _to_keep(self) -> list[KeptRun]:
        return [KeptRun(one.run, one.acknowledged) for one in self._ones.values()]

    async def _keep(self) -> None:
        await self._kept.write_soon(self._to_keep(), self._core.clock.now())

    def _happened(self, told: Happened) -> None:
        now = self._core.clock.now()
        seen = Told(told.about, told.observed, told.text, now)
        of_runs = [one for one in self._ones.values() if told.about in one.run.case.about and _may_tell_of(one, told)]
        for one in of_runs if told.source in ("rds", "elasticache") else ():
            one.saw(seen)
        begun = by_event(told, self._core.estate.resources, now)
        if begun is not None and not of_runs and not self._is_watched(begun):
            self._begin(theirs(self._core, begun, None)).saw(seen)

    def _listed(self, now: Described, before: Described | None) -> None:
        begun = by_list(before, now, self._core.estate.resources)
        if begun is not None and not self._is_watched(begun):
            self._begin(theirs(self._core, begun, before if begun.is_moved else None))
        for one in self._ones.values():
            if now.about in one.run.case.about and self._may_look(one):
                case, resources = one.run.case, self._core.estate.resources
                looked = concerned.looked(case.kind, case.about, resources, one.run.start)
                if looked is not None:
                    one.saw(looked)

    def _may_look(self, one: One) -> bool:
        ended = one.run.ended
        return ended is None or self._core.clock.now() - ended < SETTLES

    def _is_watched(self, begun: Begun) -> bool:
        """Whether one of it goes on, or is so newly ended that this is of it."""
        of_it = (one for one in self._ones.values() if begun.resource in one.run.case.about)
        return any(self._may_look(one) for one in of_it)

    def _begin(self, run: Run, recalled: KeptRun | None = None) -> One:
        around, id_ = self._around, run.case.id

        def knocking(take: Callable[..., object]) -> Knocking:
            return Knocking(around.databases, run.case, take, speed=around.speed)

        one = One(run, knocking, self._core.clock.now, self._changed, evidence_in=self._evidence)
        self._ones[id_] = one
        if recalled is not None:
            one.acknowledged = recalled.acknowledged
            self._told[id_] = one.body()  # what has happened by then was told
        one.begin(knocks=around.knocks)
        return one

    def _changed(self, one: One, before: PhaseWord | None) -> None:
        told, before_it = one.body(), self._told.get(one.run.case.id)
        self._telling.tell(before_it, told)
        self._told[told.id] = told
        if before is None:
            return
        self._later(self._keep())
        if told.phase in ("up", "up-read-only") and before in ("down", "recovering", "up-read-only"):
            for about in one.run.case.about:
                self._around.databases.retry(about)
                self._core.schedule.hasten(target=about)
        if one.is_over and (before_it is None or before_it.ended is None):
            self._later(self._over(one, told))

    async def _over(self, one: One, told: Failover) -> None:
        await one.end()
        if self.hand is not None and told.phase == "done" and one.run.case.is_planned:
            outage = None if told.down is None or told.up is None else told.up - told.down
            proofs = [f"{proof.name}: {proof.state}" for proof in told.proofs]
            await self.hand.verified(told.id, {"said": told.outcome, "outage_ms": outage, "proof": proofs})

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _drop(self, one: One) -> None:
        self._ones.pop(one.run.case.id, None)
        self._told.pop(one.run.case.id, None)
        self._later(self._dropped(one))

    async def _dropped(self, one: One) -> None:
        await one.end()
        self._telling.forget(one.body())

    def _forget_old(self) -> None:
        now = self._core.clock.now()
        for id_, one in list(self._ones.items()):
            if one.run.ended is not None and id_ in self._told and now - one.run.ended > TOLD_FOR:
                self._telling.forget(self._told.pop(id_))

    def _recall(self) -> None:
        """What the engine before this one watched is gone on with; in between nobody looked."""
        if self._evidence is not None:
            with suppress(OSError):  # each failover says that its knocks cannot be kept
                self._evidence.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self._kept.read()
        if kept is None:
            return
        until, now = kept[0], self._core.clock.now()
        for each in kept[1]:
            goes_on = each.run.ended is None
            if goes_on and each.run.start is None:
                continue  # it was never sent: what becomes of it the audit tells
            run = replace(each.run, gaps=(*each.run.gaps, (until, now))) if goes_on else each.run
            self._begin(run, each)


def _may_tell_of(one: One, told: Happened) -> bool:
    """Of what happened long after its end it is not."""
    return one.run.ended is None or told.observed - one.run.ended < SETTLES
