"""How far may somebody go in this session? It only ever goes down: nothing here, and nothing later, raises it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.grants import Grant
from console.access.refusal import Refusal, refusal
from console.access.role import Role
from console.access.simulation import Aim, Said, Word

_BEFORE = "STS gave no more when it was asked before"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Of one session in one account. ``wrong``: actions that AWS refused although the hint had allowed them."""

    role: Role = Role.ADMIN
    why: Safe = NO_TEXT
    wrong: tuple[tuple[str, Safe], ...] = ()

    def lowered(self, role: Role, why: str) -> Ceiling:
        """To ``role``; what is no lower changes nothing."""
        return replace(self, role=role, why=sanitise(why)) if role < self.role else self

    def was_wrong(self, action: str, seen: str) -> Ceiling:
        """AWS refused the call itself."""
        known = any(name == action for name, _ in self.wrong)
        return self if known else replace(self, wrong=(*self.wrong, (action, sanitise(seen))))

    def after(self, grant: Grant) -> Ceiling:
        """What STS has refused stays refused."""
        return self.lowered(grant.at_most, _BEFORE)

    def role_of(self, grant: Grant) -> Role:
        return min(self.role, grant.role)


def why_locked(aim: Aim, grant: Grant, most: Ceiling, hint: Said) -> Refusal | None:
    """Why somebody may not do this; None where nothing that is known beforehand forbids it."""
    if most.role < aim.least and (most.why != _BEFORE or grant.role > most.role):
        what = f"Locked: it needs {aim.least.word}, and this session is {most.role.word}'s."
        return refusal(what, most.why, "Start the console again without that; a session's role never rises.")
    if (refused := dict(most.wrong).get(aim.action)) is not None:
        what = "Locked for this session: AWS refused it although it was said to be allowed."
        return refusal(what, refused, "Have it allowed, and start the console again.")
    if grant.role < aim.least:
        return _by_role(aim, grant)
    said = grant.said(aim, hint)
    return None if said.word is Word.ALLOWED else _by_policy(aim, grant, said)


def _by_role(aim: Aim, grant: Grant) -> Refusal:
    what = f"Locked: it needs {aim.least.word}, and you are {grant.role.word}."
    near = min((each for each in grant.denials if each.role >= aim.least), key=lambda each: each.role, default=None)
    if near is None:
        return refusal(what, grant.how)
    return refusal(what, f"{near.why.what} {near.why.seen}".strip(), near.why.mend)


def _by_policy(aim: Aim, grant: Grant, said: Said) -> Refusal:
    mend = f"Have {', '.join(aim.grants)} allowed for {grant.assumes or grant.identity}."
    if said.word is Word.DENIED:
        return refusal(f"Locked: it is {said}.", grant.how, mend)
    return refusal("Locked: whether IAM allows it is not known.", said.by, mend)
