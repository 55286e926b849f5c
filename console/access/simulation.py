"""What would IAM say? A hint for the keys, asked beforehand; what holds is AWS's answer to the call itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from collectors.aws.answers import Answer, many, text, within, words
from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.role import Role


class Word(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"  # which locks as a denial does, and is not called one


@dataclass(frozen=True, slots=True)
class Said:
    word: Word
    by: Safe = NO_TEXT  # what denies it, or why it is not known
    is_explicit: bool = False  # a policy says no, which is more than that none says yes

    def __str__(self) -> str:
        match self.word:
            case Word.ALLOWED:
                return "allowed"
            case Word.DENIED:
                return f"denied by {self.by}"
            case Word.UNKNOWN:
                return f"unknown: {self.by}"


@dataclass(frozen=True, slots=True)
class Aim:
    """One action on one target, in IAM's terms."""

    action: str  # as the registry calls it
    least: Role
    grants: tuple[str, ...]  # that of the operation first
    arns: tuple[str, ...]  # of all that it touches: what it makes, too
    tags: tuple[tuple[str, str], ...] = ()  # of the target: policies may hang on them


Pair = tuple[str, str]  # a grant and an ARN
_FROM_WORST = (Word.DENIED, Word.UNKNOWN, Word.ALLOWED)
NOT_ASKED = Said(Word.UNKNOWN, Safe("IAM was not asked"))


def said_of(aim: Aim, hints: Mapping[Pair, Said]) -> Said:
    """Of a whole action: the worst that is said of any of its grants.

    The first grant is the operation itself, which IAM judges on everything that it touches. Which of the ARNs another
    one bears on is not known (who tags a snapshot need not be allowed to tag its source), so that one is enough for it
    unless a policy denies it outright.
    """
    found = [
        _worst(told) if grant == aim.grants[0] else _best(told)
        for grant in aim.grants
        if (told := [hints.get((grant, arn), NOT_ASKED) for arn in aim.arns])
    ]
    return _worst(found or [NOT_ASKED])


def _worst(said: Sequence[Said]) -> Said:
    return min(said, key=lambda each: _FROM_WORST.index(each.word))


def _best(said: Sequence[Said]) -> Said:
    outright = next((each for each in said if each.is_explicit), None)
    return outright or max(said, key=lambda each: _FROM_WORST.index(each.word))


def read(pages: Iterable[Answer], grants: Sequence[str], arns: Sequence[str]) -> dict[Pair, Said]:
    """What the simulation said of each; of whatever it does not mention, that it is unknown."""
    told = dict(pair for page in pages for result in many(page, "EvaluationResults") for pair in _told(result))
    unsaid = Said(Word.UNKNOWN, Safe("IAM's simulation left it out"))
    by_grant = {(grant.lower(), arn): said for (grant, arn), said in told.items()}
    return {(grant, arn): by_grant.get((grant.lower(), arn), unsaid) for grant in grants for arn in arns}


def _told(result: Answer) -> Iterator[tuple[Pair, Said]]:
    """With several resources the answer for each is within; of the whole it says what is denied for any."""
    grant = text(result, "EvalActionName")
    if whole := text(result, "EvalResourceName"):
        yield (grant, whole), _judged(result, text(result, "EvalDecision"), result)
    for each in many(result, "ResourceSpecificResults"):
        yield (grant, text(each, "EvalResourceName")), _judged(each, text(each, "EvalResourceDecision"), result)


def _judged(told: Answer, decision: str, whole: Answer) -> Said:
    if missing := words(told if "MissingContextValues" in told else whole, "MissingContextValues"):
        return Said(Word.UNKNOWN, sanitise(f"it hangs on {', '.join(sorted(missing))}"))
    if decision == "allowed":
        return Said(Word.ALLOWED)
    if decision == "explicitDeny":
        named = [text(each, "SourcePolicyId") for each in many(told, "MatchedStatements")]
        return Said(Word.DENIED, sanitise(", ".join(filter(None, named)) or "a policy"), is_explicit=True)
    if decision == "implicitDeny":
        return Said(Word.DENIED, _silent(told, whole))
    return Said(Word.UNKNOWN, sanitise(f"IAM's simulation said {decision or 'nothing'}"))


def _silent(told: Answer, whole: Answer) -> Safe:
    """What does not allow it."""
    if within(told, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary") is False:
        return Safe("the permissions boundary")
    if within(whole, "OrganizationsDecisionDetail", "AllowedByOrganizations") is False:
        return Safe("a policy of the organisation")
    return Safe("there being no policy that allows it")


def context(principal: str, aim: Aim, at: datetime, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a policy may ask of a call and is known beforehand. Second factor and address are not, and are left out."""
    texts = {
        "aws:PrincipalArn": principal,
        "aws:RequestedRegion": aim.arns[0].split(":")[3] if aim.arns else "",
        **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
        **{f"aws:ResourceTag/{key}": value for key, value in aim.tags},
    }
    entries = [(key, "string", value) for key, value in texts.items() if value]
    entries += [("aws:SecureTransport", "boolean", "true"), ("aws:CurrentTime", "date", f"{at:%Y-%m-%dT%H:%M:%SZ}")]
    return [{"ContextKeyName": k, "ContextKeyType": kind, "ContextKeyValues": [v]} for k, kind, v in entries]
