"""May somebody act although a freeze or a missing approval says no? An admin, who says why and is asked later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.safe import Safe, sanitise
from console.access.refusal import Refusal, moment, refusal
from console.access.role import Role

LEAST_REASON = 20  # characters
FRESH_FOR = timedelta(minutes=15)
_INCIDENT = re.compile(r"(?=.*\d)[\w#./:-]{1,64}", re.ASCII)
BREAKABLE = "break-glass"


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """``was_given``: None where nobody knows; ``age``: None where it was given and nobody knows when."""

    was_given: bool | None = None
    age: timedelta | None = None

    @property
    def is_good(self) -> bool:
        return self.was_given is True and (self.age is None or self.age <= FRESH_FOR)


@dataclass(frozen=True, slots=True)
class Asks:
    """Who wants to, with what words; ``against`` are the checks that say no, each with what may override it."""

    who: Safe
    role: Role
    factor: SecondFactor
    reason: str
    incident: str
    against: tuple[tuple[Safe, str], ...]  # name, override


@dataclass(frozen=True, slots=True)
class Broken:
    """It is broken, for one operation. ``banner`` is for every console, ``review`` for whoever looks at it later."""

    who: Safe
    reason: Safe
    incident: Safe
    at: datetime
    against: tuple[Safe, ...]
    banner: Safe
    review: Safe


def break_glass(asks: Asks, what: Safe, op: str, now: datetime) -> Broken | Refusal:
    """``what`` is the action and its target, as `fail over orders-db`."""
    if (no := next(_why_not(asks), None)) is not None:
        return no
    reason, incident = sanitise(_words(asks.reason), 500), sanitise(asks.incident.strip())
    names = tuple(name for name, _ in asks.against)
    past = ", ".join(names)
    return Broken(
        who=asks.who,
        reason=reason,
        incident=incident,
        at=now,
        against=names,
        banner=sanitise(f"GLASS BROKEN by {asks.who} at {moment(now, now)} for {incident}: {what}, past {past}"),
        review=sanitise(f"Review {op}: {asks.who} broke the glass for {what}, past {past}, in {incident}: {reason}"),
    )


def _why_not(asks: Asks) -> Iterator[Refusal]:
    yield from _not_of_these(asks.against)
    if asks.role < Role.ADMIN:
        mend = "Ask an admin."
        yield refusal("Only an admin may break the glass.", seen=f"{asks.who} is {asks.role.word}", mend=mend)
    if not asks.factor.is_good:
        mend = "Sign in again with your second factor."
        yield refusal("Breaking the glass needs a second factor.", seen=_seen(asks.factor), mend=mend)
    length = len(_words(asks.reason))
    if length < LEAST_REASON:
        mend = "Say why it cannot wait, for whoever reviews it."
        yield refusal(f"The reason is too short: {LEAST_REASON} characters or more.", seen=f"{length}", mend=mend)
    if not _INCIDENT.fullmatch(asks.incident.strip()):
        seen = asks.incident.strip()[:40] or "nothing is given"
        yield refusal("There is no incident number.", seen=seen, mend="Give the one it is for, such as INC-1234.")


def _not_of_these(against: Iterable[tuple[Safe, str]]) -> Iterator[Refusal]:
    standing = [name for name, override in against if override != BREAKABLE]
    if standing:
        seen = f"{', '.join(standing)} cannot be passed this way"
        yield refusal("The glass is not there for this.", seen=seen, mend="Mend what they say, then try again.")
    if not against:
        yield refusal("There is no glass to break.", seen="no check says no", mend="Go on without.")


def _words(text: str) -> str:
    """Spaces are no reason."""
    return " ".join(text.split())


def _seen(factor: SecondFactor) -> str:
    if factor.was_given and factor.age is not None:
        return f"it was given {int(factor.age.total_seconds() // 60)} min ago, and 15 are allowed"
    return "it was not given" if factor.was_given is False else "whether it was given is not known"
