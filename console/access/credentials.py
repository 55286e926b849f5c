"""With whose credentials is one action sent, and how narrow are they? Issued for it, and dropped when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collectors.aws.keys import Keys
from collectors.aws.reader import Reader
from collectors.errors import Denied, Trouble
from collectors.safe import Safe, sanitise
from console.access.assuming import assume
from console.access.grants import Grant
from console.access.mfa import Factor
from console.access.session_policy import session_policy


@dataclass(frozen=True, slots=True)
class Narrowed:
    """``whose``: in words, for the screen and the audit; it has no secret in it."""

    keys: Keys = field(repr=False)
    expires: datetime | None  # None: as long as the caller's own
    whose: Safe
    is_narrowed: bool


class CodeWanted(Trouble):
    """STS refuses the role that it has given before, and a code that was not sent may be why."""


async def issue(
    reader: Reader,
    grant: Grant,
    own: Callable[[], Awaitable[Keys]],
    *,
    grants: Sequence[str],
    arns: Sequence[str],
    user: str,
    op_id: str,
    factor: Factor | None = None,
    serial: str | None = None,
) -> Narrowed:
    """For this action on these ARNs and nothing else, where there is a role; else the caller's ``own``.

    The caller's own never stand in for a role that is refused: what is not given is not done. ``serial``: of the
    device that a code may be asked from. The policy is built either way, so that what is too wide is never sent.
    """
    policy = session_policy(grants, arns)
    if not grant.assumes:
        whose = sanitise(f"the caller's own, {grant.identity}: not narrowed, they can do all that the caller can")
        return Narrowed(await own(), None, whose, is_narrowed=False)
    try:
        got = await assume(reader, grant.assumes, policy=policy, user=user, op_id=op_id, factor=factor)
    except Denied as denied:
        if factor is None and serial is not None:
            what = "AWS wants a code of the second factor for this very action."
            raise CodeWanted(
                what, seen=denied.seen, mend=f"Type the six digits of {serial}; each is good once."
            ) from None
        raise
    signed = "" if got.is_signed_for else "; SourceIdentity was refused, so that only its session names the person"
    whose = sanitise(f"{got.arn}, narrowed to {', '.join(sorted(set(grants)))} on {_count(arns)}{signed}")
    return Narrowed(got.keys, got.expires, whose, is_narrowed=True)


def _count(arns: Sequence[str]) -> str:
    return arns[0] if len(set(arns)) == 1 else f"{len(set(arns))} ARNs"
