"""One action as it is under way here: what is known of it, and how that is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.onlookers import WORD
from console.access.role import Role
from console.actions.check import Check, Override, Verdict
from console.actions.common import SHARED
from console.actions.craft import Craft, Sight
from console.actions.life import ENDED, TRACKED, State, may_follow
from console.actions.plan import Plan, Target
from console.actions.preflight import Given, Standing, standing
from console.estate.times import to_ms
from console.protocol.op import CheckRow, Op, RoleWord, Step

MOST_STEPS = 40


@dataclass(slots=True)
class Operation:
    """What changes here is told by `told`, and nothing else keeps it. ``needs``: approvals that are wanted."""

    id: str
    craft: Craft
    target: Target
    by: Safe
    role: Role
    began: datetime
    state: State = State.PREFLIGHT
    plan: Plan | None = None
    sight: Sight | None = None
    checks: tuple[Check, ...] = ()
    given: Given = field(default_factory=lambda: Given(Role.VIEWER))
    lines: tuple[Safe, Safe, Safe] = (NO_TEXT, NO_TEXT, NO_TEXT)  # outcome, what was seen, what would mend it
    credentials: Safe = NO_TEXT
    lock: Safe = NO_TEXT  # whom it keeps apart, once it was taken, where that is not everybody
    to_approve: tuple[Safe, ...] = ()
    approvals: tuple[int, int] = (0, 0)
    sends_at: datetime | None = None
    sent: datetime | None = None
    is_accepted: bool = False  # AWS has answered that it takes it
    ended: datetime | None = None
    percent: float | None = None
    proof: tuple[Safe, ...] = ()
    acknowledged: Safe = NO_TEXT  # by whom
    glass: Safe = NO_TEXT  # was broken for it, in the words that every console shows
    is_elsewhere: bool = False  # another console's
    is_going: bool = False  # confirmed, and approved where it must be: the gate has it
    steps: list[Step] = field(default_factory=list)
    abort: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.acknowledged)

    @property
    def is_under_way(self) -> bool:
        """Confirmed, and not yet proved to be over."""
        return self.state in (TRACKED | {State.INTENT, State.AWAIT_APPROVAL}) - {State.OVERDUE}

    @property
    def sentence(self) -> Safe:
        return self._sentence(sanitise(self.craft.makes(self.plan)) if self.plan else NO_TEXT)

    @property
    def word(self) -> Safe:
        """What is typed to confirm it. Where others see the terminal, and no code is asked for, it says so."""
        shared = next((check for check in self.checks if check.name == SHARED), None)
        asks = shared is not None and shared.verdict is not Verdict.PASS and shared.override is not Override.CODE
        return sanitise(f"{self.target.name} {WORD}" if asks else self.target.name)

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def turn(self, state: State, now: datetime, said: Safe = NO_TEXT) -> None:
        """Into another state. What may not follow is a fault of ours, and is not hidden."""
        if state is not self.state:
            if not may_follow(self.state, state):
                raise ValueError(f"{state} does not follow {self.state}")
            self.state = state
        if state in ENDED:
            self.ended = now
        self.note(now, said or sanitise(state))

    def note(self, now: datetime, text: Safe) -> None:
        """Another line of its story; the first ones and the last are kept."""
        if not self.steps or self.steps[-1].text != text:
            self.steps.append(Step(at=to_ms(now), text=text))
            if len(self.steps) > MOST_STEPS:
                del self.steps[MOST_STEPS // 2]

    def told(self, now: datetime) -> Op:
        action, target = self.craft.action, self.target
        makes = sanitise(self.craft.makes(self.plan)) if self.plan else NO_TEXT
        return Op(
            id=sanitise(self.id),
            action=action.name,
            title=action.title,
            resource=sanitise(target.about),
            state=self.state.value,
            by=self.by,
            role=cast("RoleWord", self.role.word),
            plan=sanitise(self.plan.hash) if self.plan else NO_TEXT,
            sentence=self._sentence(makes),
            word=self.word if self.plan and not self.has_ended else NO_TEXT,
            target=sanitise(target.arn),
            account=sanitise(target.account),
            region=sanitise(target.region),
            makes=makes,
            checks=tuple(self._row(check, now) for check in self.checks),
            radius=self.sight.radius if self.sight else (),
            credentials=self.credentials,
            can_stop=action.can_stop,
            lock=self.lock or next((check.seen for check in self.checks if check.name == "lock"), NO_TEXT),
            glass=self.glass,
            approvals=self.approvals,
            to_approve=self.to_approve,
            began=to_ms(self.began),
            sends_at=_ms(self.sends_at),
            sent=_ms(self.sent),
            ended=_ms(self.ended),
            percent=self.percent,
            outcome=self.lines[0],
            seen=self.lines[1],
            mend=self.lines[2],
            proof=self.proof,
            steps=tuple(self.steps),
            acknowledged=self.acknowledged,
            offers_first=action.first,
        )

    def _sentence(self, makes: Safe) -> Safe:
        if self.sight is None:
            return NO_TEXT
        target, az = self.target, self.sight.az or Safe("no zone is told")
        effect = self.craft.action.effect
        words = {"name": target.name, "region": target.region, "account": target.account, "az": az, "makes": makes}
        return sanitise(effect.format(**words, to=self.sight.to or Safe("nobody who is known")))

    def _row(self, check: Check, now: datetime) -> CheckRow:
        is_over = standing(check, self.given, now) is Standing.OVERRIDDEN
        return CheckRow(
            name=sanitise(check.name),
            verdict=check.verdict.value,
            what=check.what,
            seen=check.seen,
            mend=check.mend,
            override=check.override.value,
            overridden=is_over,
            count=check.count,
        )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)
