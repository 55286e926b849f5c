"""Which role does STS give? Asked once at the start, each quarter of an hour, and when somebody wants to know.

The proof can do nothing: its session's policy allows nobody more than to ask who one is, and its keys are thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.aws.answers import many, tags_of, text
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied, Trouble
from collectors.safe import sanitise
from console.access.assuming import assume
from console.access.grants import Grant, Proof, Tried, decide, is_taken
from console.access.hints import Hints
from console.access.identity import Identity, identity, role_arn, role_name
from console.access.mfa import Factor, serial_of
from console.access.role import Role
from console.access.session_policy import document
from console.access.simulation import Aim, Said, Word
from profiles import people

PROVED_FOR = timedelta(minutes=15)
ASKED_AGAIN_AFTER = timedelta(seconds=60)  # where something could not be asked
OPERATION = "proof"  # in the name of the session
ALLOWS_NOTHING = document(["sts:GetCallerIdentity"], ["*"])
_NO_SUCH = "(NoSuchEntity"  # AWS's code, in what was seen


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose policies are the caller's own. ``arn`` is empty and ``tags`` are None where that cannot be known."""

    arn: str = ""
    tags: dict[str, str] | None = None


class Prover:
    """Of one account, for one session. ``user``: the person, as AWS's records shall name them."""

    def __init__(self, reader: Reader, roles: people.Roles, *, user: str, now: Callable[[], datetime]) -> None:
        self.hints = Hints(reader)
        self._reader, self._user, self._now = reader, user, now
        self._said = {Role.VIEWER: roles.viewer, Role.OPERATOR: roles.operator, Role.ADMIN: roles.admin}
        self._asking = asyncio.Lock()
        self._caller: Identity | None = None
        self._principal = Principal()
        self._tried: tuple[Tried, ...] = ()
        self._until: datetime | None = None

    async def grant(self, aims: Sequence[Aim] = (), *, anew: bool = False) -> Grant:
        """Raises what `sts:GetCallerIdentity` fails with: whoever is not known is nothing here.

        ``aims`` matter where the profile has no role for them: they are put to IAM's simulation, all in one.
        """
        async with self._asking:
            caller = await self._proved(anew=anew)
            return await self._decided(caller, aims)

    async def prove_with(self, role: Role, factor: Factor, aims: Sequence[Aim] = ()) -> Grant:
        """With a code, which STS takes once, and so for one role. Raises what STS refuses it with."""
        async with self._asking:
            caller = await self._proved(anew=False)
            arn = role_arn(self._said[role].assume, role, caller)
            if arn is None or not is_taken(caller, self._principal.tags, self._said[role]):
                raise CannotCollect(f"There is no code to be shown for {role.word}.", mend="See why it is locked.")
            await self._assume(arn, factor)
            proved = Tried(role, Proof.GRANTED, arn)
            self._tried = (*(each for each in self._tried if each.role != role), proved)
            self._until = self._now() + PROVED_FOR
            return await self._decided(caller, aims)

    async def caller(self) -> Identity:
        async with self._asking:
            return await self._proved(anew=False)

    async def hint(self, grant: Grant, aim: Aim) -> Said:
        """What the simulation says of one action, of the role in which it would be sent or of the caller's own."""
        async with self._asking:
            return await self._hinted(grant.assumes or self._principal.arn, (aim,), aim)

    async def _proved(self, *, anew: bool) -> Identity:
        now = self._now()
        if self._caller is not None and not anew and self._until is not None and now < self._until:
            return self._caller
        self._until = None
        answer = await self._reader.call("sts", "GetCallerIdentity")
        caller = identity(text(answer, "Arn"))
        self._principal = await self._own(caller)
        self._tried = tuple([await self._try(role, caller) for role in sorted(Role, reverse=True)])
        unasked = any(tried.proof is Proof.UNKNOWN for tried in self._tried)
        self._caller, self._until = caller, now + (ASKED_AGAIN_AFTER if unasked else PROVED_FOR)
        return caller

    async def _own(self, caller: Identity) -> Principal:
        """A session's ARN leaves out the role's path; the role itself tells it, and its tags."""
        if caller.kind == "user":
            return Principal(caller.arn)
        if caller.kind != "assumed-role":
            return Principal()  # root and federated users cannot be simulated
        try:
            role = (await self._reader.call("iam", "GetRole", RoleName=caller.name)).get("Role", {})
        except Trouble:
            return Principal()
        return Principal(text(role, "Arn"), tags_of(many(role, "Tags")))

    async def _try(self, role: Role, caller: Identity) -> Tried:
        said = self._said[role]
        arn = role_arn(said.assume, role, caller)
        if not is_taken(caller, self._principal.tags, said):
            return Tried(role, Proof.OTHERS, arn or "")
        if arn is None:
            return Tried(role, Proof.NONE)
        try:
            await self._assume(arn, None)
        except Denied as denied:
            return await self._refused(role, arn, caller, denied)
        except Trouble as trouble:
            proof = Proof.ABSENT if _NO_SUCH in trouble.seen else Proof.UNKNOWN
            return Tried(role, proof, arn, sanitise(trouble.line()), sanitise(trouble.mend))
        return Tried(role, Proof.GRANTED, arn)

    async def _refused(self, role: Role, arn: str, caller: Identity, denied: Denied) -> Tried:
        """STS says the same of a role that there is not; IAM tells, of those in the caller's own account."""
        seen = sanitise(denied.seen)
        if identity(arn).account == caller.account and await self._is_absent(arn):
            return Tried(role, Proof.ABSENT, arn, seen)
        if (serial := serial_of(self._said[role], caller)) is not None and self._said[role].mfa:
            return Tried(role, Proof.WAITS, arn, seen, sanitise(f"Type the six digits of {serial}."))
        return Tried(role, Proof.REFUSED, arn, seen)

    async def _is_absent(self, arn: str) -> bool:
        try:
            await self._reader.call("iam", "GetRole", RoleName=role_name(arn))
        except Trouble as trouble:
            return _NO_SUCH in trouble.seen
        return False

    async def _assume(self, arn: str, factor: Factor | None) -> None:
        await assume(
            self._reader, arn, policy=ALLOWS_NOTHING, user=self._user, op_id=OPERATION, factor=factor
        )  # and what it gave is dropped here

    async def _decided(self, caller: Identity, aims: Sequence[Aim]) -> Grant:
        wanted = {tried.role for tried in self._tried if tried.proof in (Proof.ABSENT, Proof.NONE)}
        due = [aim for aim in aims if aim.least in wanted]
        own: dict[Role, Said] = {}
        for aim in due:
            said = await self._hinted(self._principal.arn, due, aim)
            if aim.least not in own or said.word is Word.ALLOWED:
                own[aim.least] = said
        return decide(caller, self._tried, own, self._now())

    async def _hinted(self, principal: str, aims: Sequence[Aim], aim: Aim) -> Said:
        if not principal:
            return Said(Word.UNKNOWN, sanitise("whose policies are the caller's own cannot be known"))
        now = self._now()
        tags = self._principal.tags or {}
        await self.hints.ask(principal, aims, now, tags if principal == self._principal.arn else {})
        return self.hints.said(principal, aim, now)
