"""Has somebody shown the second factor, and how long ago? What AWS alone knows is called unknown here, and locks.

A session's tokens do not say whether they were got with a second factor, and no call tells it. So the console can know
one thing only: that AWS has just taken a code which it passed on while it assumed a role. It remembers when that was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from collectors.errors import Trouble
from console.access.identity import Identity
from console.access.moment import Moment, age
from console.access.refusal import Refusal, refusal
from console.access.role import Role
from profiles import people

TypedCode = Annotated[str, Field(max_length=16, repr=False)]
"""What a request carries: as it was typed, and never to be shown or written down."""

_USER = "{user}"


class WrongCode(Trouble):
    """What was typed is no code. It is not repeated: with one digit missing it is most of a code."""


@dataclass(frozen=True, slots=True)
class Factor:
    """What `sts:AssumeRole` is given with it. AWS takes each code once."""

    serial: str
    code: str = field(repr=False)


class Shown(StrEnum):
    NOT_ASKED = "not asked"
    FRESH = "fresh"
    WANTED = "wanted"  # a code can be typed
    UNKNOWN = "unknown"  # and nothing that could be typed would tell


@dataclass(frozen=True, slots=True)
class MfaAge:
    """Of one session: each step gives another."""

    at: Moment | None = None

    def taken(self, now: Moment) -> MfaAge:
        """AWS has taken a code."""
        return MfaAge(now)

    def forgotten(self) -> MfaAge:
        """Nobody was here for a while, or the code was taken for somebody else."""
        return MfaAge()

    def is_within(self, most: timedelta, now: Moment) -> bool:
        return self.at is not None and age(self.at, now) < most


@dataclass(frozen=True, slots=True)
class Demand:
    """What the profile asks of whoever takes a role; ``refusal`` where it is not met."""

    shown: Shown
    refusal: Refusal | None = None


def demand(role: Role, said: people.Role, known: MfaAge, caller: Identity, now: Moment, *, is_demo: bool) -> Demand:
    """The emulator has no devices, and so nothing is asked for there."""
    if is_demo or not said.mfa:
        return Demand(Shown.NOT_ASKED)
    if (serial := serial_of(said, caller)) is None:
        return Demand(Shown.UNKNOWN, _cannot_be_known(role))
    most = timedelta(minutes=said.mfa_max_age_minutes)
    if known.is_within(most, now):
        return Demand(Shown.FRESH)
    seen = "no code was typed in this session"
    if known.at is not None:
        seen = f"the last code was typed {int(age(known.at, now).total_seconds() // 60)} min ago"
    what = f"As {role.word} one shows the second factor each {said.mfa_max_age_minutes} min."
    return Demand(Shown.WANTED, refusal(what, seen, f"Type the six digits of {serial}."))


def serial_of(said: people.Role, caller: Identity) -> str | None:
    """Of the caller's own device, where the profile names one for everybody."""
    return said.mfa_serial.replace(_USER, caller.person) if said.mfa_serial else None


def factor(serial: str, typed: str) -> Factor:
    """`WrongCode` where it is not six digits; devices show them in two groups, and so they are often typed."""
    digits = "".join(typed.split())
    if not re.fullmatch(r"\d{6}", digits, re.ASCII):
        raise WrongCode("A code has six digits.", mend="Type the one that the device shows now.")
    return Factor(serial, digits)


def _cannot_be_known(role: Role) -> Refusal:
    return refusal(
        f"As {role.word} one needs a second factor, and whether there was one is unknown.",
        "AWS does not tell whether a session was begun with one, and the profile names no device",
        f"Name mfa_serial in [roles.{role.word}]; or say mfa = false there, where whoever signs people in asks for it.",
    )
