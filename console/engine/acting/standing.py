"""Who may do what, in each account: asked of STS and IAM, remembered as long as it may be, and only ever lowered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.safe import Safe
from console.access import mfa
from console.access.ceiling import Ceiling, why_locked
from console.access.grants import Grant, Proof
from console.access.identity import Identity
from console.access.mfa import Factor, MfaAge, Shown
from console.access.moment import Moment
from console.access.proving import Prover
from console.access.refusal import Refusal
from console.access.role import Role
from console.access.simulation import Aim, Said
from profiles import people


@dataclass(frozen=True, slots=True)
class Seen:
    """One person in one account, asked about one action."""

    grant: Grant
    role: Role  # as far as this session goes
    denial: Refusal | None
    demand: mfa.Demand
    waits: Refusal | None  # STS gives the role with a code of the second factor, and not without
    may_become: Role | None  # by that code

    @property
    def takes_code(self) -> bool:
        return self.waits is not None or self.demand.shown is Shown.WANTED


class Standing:
    """Of one engine. ``user``: the person, as AWS's records shall name them."""

    def __init__(
        self,
        said: people.Roles,
        reader: Callable[[Place], Reader],
        *,
        user: str,
        now: Callable[[], datetime],
        is_demo: bool,
    ) -> None:
        self._roles, self._reader = said, reader
        self._said = {Role.VIEWER: said.viewer, Role.OPERATOR: said.operator, Role.ADMIN: said.admin}
        self._user, self._now, self._is_demo = user, now, is_demo
        self._provers: dict[Account, Prover] = {}
        self._ceilings: dict[Account, Ceiling] = {}
        self._shown: dict[Account, MfaAge] = {}

    async def grant(self, place: Place, aims: tuple[Aim, ...] = (), *, anew: bool = False) -> Grant:
        """What somebody is there at all. Raises what STS fails with."""
        grant = await self._prover(place).grant(aims, anew=anew)
        self._ceilings[place.account] = self._ceiling(place).after(grant)
        return grant

    def role(self, place: Place, grant: Grant) -> Role:
        return self._ceiling(place).role_of(grant)

    async def caller(self, place: Place) -> Identity:
        return await self._prover(place).caller()

    async def seen(self, place: Place, aim: Aim) -> Seen:
        """Of one action on one target."""
        prover, grant = self._prover(place), await self.grant(place, (aim,))
        hint: Said = await prover.hint(grant, aim)
        caller, said = await prover.caller(), self._said[aim.least]
        known, now = self._shown.get(place.account, MfaAge()), self.moment()
        demand = mfa.demand(aim.least, said, known, caller, now, is_demo=self._is_demo)
        denial = why_locked(aim, grant, self._ceiling(place), hint)
        waits = next((d.why for d in grant.denials if d.role == aim.least and d.proof is Proof.WAITS), None)
        becomes = min(aim.least, self._ceiling(place).role) if waits else None
        return Seen(grant, self.role(place, grant), denial, demand, waits, becomes)

    def is_shown(self, place: Place, least: Role) -> bool:
        """Whether AWS has taken a code lately."""
        most = timedelta(minutes=self._said[least].mfa_max_age_minutes)
        return self._shown.get(place.account, MfaAge()).is_within(most, self.moment())

    def forget_codes(self) -> None:
        """Nobody was here: whoever is now shows the second factor anew."""
        self._shown = {account: age.forgotten() for account, age in self._shown.items()}

    async def show(self, place: Place, aim: Aim, typed: str) -> None:
        """A code of the second factor. Raises `WrongCode`, or what STS says of it."""
        prover = self._prover(place)
        serial = mfa.serial_of(self._said[aim.least], await prover.caller())
        if serial is not None:
            await prover.prove_with(aim.least, mfa.factor(serial, typed), (aim,))
            self._shown[place.account] = MfaAge().taken(self.moment())

    def serial(self, caller: Identity, role: Role) -> str | None:
        """Of the device that a code may be asked from."""
        return None if self._is_demo else mfa.serial_of(self._said[role], caller)

    def factor(self, serial: str, typed: str) -> Factor:
        return mfa.factor(serial, typed)

    def was_wrong(self, place: Place, action: str, said: Safe) -> None:
        """AWS refused what was thought to be allowed."""
        self._ceilings[place.account] = self._ceiling(place).was_wrong(action, said)

    def moment(self) -> Moment:
        return Moment(self._now(), time.monotonic())

    def _ceiling(self, place: Place) -> Ceiling:
        return self._ceilings.get(place.account, Ceiling())

    def _prover(self, place: Place) -> Prover:
        if place.account not in self._provers:
            reader = self._reader(place)
            self._provers[place.account] = Prover(reader, self._roles, user=self._user, now=self._now)
        return self._provers[place.account]


def is_met(demand: mfa.Demand) -> bool:
    return demand.shown in (Shown.NOT_ASKED, Shown.FRESH)
