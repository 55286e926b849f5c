"""What is somebody here, and how is that known? The proof is which role STS gives them; all else only narrows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.identity import Identity
from console.access.refusal import Refusal, refusal
from console.access.role import Role
from console.access.simulation import Aim, Said, Word
from profiles import people


class Proof(StrEnum):
    """What came of asking STS for the role that stands for one of ours."""

    GRANTED = "granted"
    REFUSED = "refused"
    ABSENT = "absent"  # there is no such role
    NONE = "none"  # the profile wants none: what is done is done as the caller
    OTHERS = "others"  # the profile takes others for it, and so nobody was asked
    WAITS = "waits"  # for a code of the second factor
    UNKNOWN = "unknown"  # STS could not be asked


_OWN = (Proof.ABSENT, Proof.NONE)
_ANSWERS = (Proof.REFUSED, Proof.OTHERS)


@dataclass(frozen=True, slots=True)
class Tried:
    role: Role
    proof: Proof
    arn: str = ""  # of the role that was asked for
    seen: Safe = NO_TEXT
    mend: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Denial:
    """A role that somebody does not have, and why."""

    role: Role
    proof: Proof
    why: Refusal


@dataclass(frozen=True, slots=True)
class Grant:
    """What one identity is in one account."""

    role: Role
    identity: Safe  # its ARN
    account: Safe
    how: Safe
    checked: datetime
    assumes: str = ""  # the ARN of the role in which actions are sent; empty: as the caller
    denials: tuple[Denial, ...] = ()  # of the roles above it

    @property
    def at_most(self) -> Role:
        """What it may still come to: what could not be asked, waits for a code or hangs on a target is no answer."""
        return max((self.role, *(denial.role for denial in self.denials if denial.proof not in _ANSWERS)))

    def said(self, aim: Aim, hint: Said) -> Said:
        """Of one action. Where STS gave the role a hint may only deny; of one's own rights it is all there is."""
        if self.role < aim.least:
            return Said(Word.DENIED, sanitise(f"the role: it needs {aim.least.word}, and you are {self.role.word}"))
        return Said(Word.ALLOWED) if self.assumes and hint.word is Word.UNKNOWN else hint


def decide(caller: Identity, tried: Sequence[Tried], own: Mapping[Role, Said], at: datetime) -> Grant:
    """The highest role that STS gave, or that the caller's ``own`` rights come to where there is none to be given.

    ``own``: what the simulation says of the actions that need this role and no more.
    """
    denials: list[Denial] = []
    for each in sorted(tried, key=lambda tried: -tried.role):
        is_own = each.proof in _OWN and own.get(each.role, Said(Word.UNKNOWN)).word is Word.ALLOWED
        if each.proof is Proof.GRANTED or is_own:
            how = "IAM simulation of the caller's own policies" if is_own else f"STS grants {each.arn}"
            assumes = "" if is_own else each.arn
            return _grant(caller, each.role, how, at, assumes=assumes, denials=denials)
        if each.role > Role.VIEWER:
            denials.append(Denial(each.role, each.proof, _why(caller, each, own.get(each.role))))
    return _grant(caller, Role.VIEWER, "nothing more was granted", at, assumes="", denials=denials)


def is_taken(caller: Identity, tags: Mapping[str, str] | None, said: people.Role) -> bool:
    """Whether the profile takes this caller for a role. ``tags``: None where they cannot be known, and fit nothing."""
    arns, wanted = said.principal_arns, said.principal_tags
    if arns and not any(_fits(caller.arn, pattern) for pattern in arns):
        return False
    known = tags or {}
    return all(key in known and _fits(known[key], pattern) for key, pattern in wanted.items())


def _fits(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _grant(caller: Identity, role: Role, how: str, at: datetime, *, assumes: str, denials: Sequence[Denial]) -> Grant:
    shown = sanitise(caller.arn), sanitise(caller.account), sanitise(how)
    return Grant(role, *shown, checked=at, assumes=assumes, denials=tuple(denials))


def _why(caller: Identity, tried: Tried, own: Said | None) -> Refusal:
    role, seen = tried.role.word, tried.seen
    match tried.proof:
        case Proof.OTHERS:
            what, seen = f"The profile takes others for {role}.", sanitise(caller.arn)
            mend = f"Change principal_arns or principal_tags in [roles.{role}] of the profile."
        case Proof.WAITS:
            what, mend = f"The role of {role} waits for a code of the second factor.", tried.mend
        case Proof.UNKNOWN:
            what, mend = f"Whether you are {role} could not be asked.", tried.mend
        case Proof.ABSENT | Proof.NONE:
            what = f"What {role} does is not allowed to you, and there is no role for it."
            seen = sanitise(f"IAM says: {own}") if own else seen
            mend = f"Create a role and name it in [roles.{role}], or allow the caller what an {role} does."
        case _:
            what = f"You are not {role}: STS does not give the role."
            mend = f"Allow sts:AssumeRole on {tried.arn}, in the caller's policy and in the role's own trust policy."
    return refusal(what, seen, mend)
