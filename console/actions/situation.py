"""What does an action meet that has nothing to do with its own operation? Facts for the checks that all have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.errors import Trouble
from collectors.safe import Safe
from console.access.role import Role
from console.actions.check import Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """What another part says of one check, ready to be shown."""

    verdict: Verdict
    what: str
    seen: str = ""
    mend: str = ""


PASSES = Told(Verdict.PASS, "")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Another action on the same family."""

    op: str
    title: str
    by: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """As it was at ``looked``."""

    looked: datetime
    audit: Trouble | None  # why nothing can be recorded
    caller_account: str | None  # None: STS has not said
    caller_region: str  # of the reader that looked
    caller: Safe
    role: Role
    how: Safe  # the role is known
    denial: Trouble | None  # why this action is locked for whoever asks
    locked_out: Trouble | None  # not live, not AWS, idle, read only
    freeze: Told  # of this action: whether it is one that a freeze lets through has been judged
    is_passive: bool
    under_way: tuple[UnderWay, ...]
    cool_down: Told
    skew: timedelta | None  # of this machine's clock against AWS's
    mfa: Told = PASSES
    takes_code: bool = False  # what mfa asks for can be typed
    approvals: Told = PASSES
    lock: Told = PASSES
    shared: Told = PASSES  # the terminal that it is asked from, with others
    proves_by_code: bool = False  # what that asks for is a code, and else a word
