"""Who does AWS say we are? The account, and the role or user in it."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.aws.answers import NOTHING, shown, text
from collectors.aws.reader import Reader
from collectors.safe import Safe, sanitise

ROLE = "assumed-role"


@dataclass(frozen=True, slots=True)
class Caller:
    account: Safe
    name: Safe


async def caller(reader: Reader) -> Caller:
    """Costs nothing and needs no grant: AWS tells it even an identity that may do nothing else."""
    answer = await reader.call("sts", "GetCallerIdentity")
    return Caller(shown(answer, "Account"), name_in(text(answer, "Arn")))


def name_in(arn: str) -> Safe:
    """A role without its session, a user without its path: `…:assumed-role/viewer/i-0abc` is `viewer`."""
    kind, _, path = arn.rpartition(":")[2].partition("/")
    if not path:
        return sanitise(kind) if kind else NOTHING  # root has no path
    return sanitise(path.split("/")[0] if kind == ROLE else path.rpartition("/")[2])
