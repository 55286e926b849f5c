"""With what may one action be sent? The policy that narrows its credentials, and their name in AWS's records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from collectors.errors import Trouble

MOST_CHARACTERS = 2048  # of an inline session policy, as AWS counts
MOST_NAME = 64  # of RoleSessionName and SourceIdentity
_NOT_IN_A_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)
_A_GRANT = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
_AN_ARN = re.compile(
    r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^*?${}\s]+"  # of one thing: no pattern, no variable
    r"|arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-\?{6}"  # with six that AWS adds
)
_BEGINS = "dbconsole"
_NOBODY = "unknown"


class TooWide(Trouble):
    """A policy that would allow more than one action on what was named, or one that AWS would not take."""


def session_policy(grants: Iterable[str], arns: Iterable[str]) -> str:
    """The same bytes for the same action and targets, in whatever order they are named."""
    allowed, resources = sorted(set(grants)), sorted(set(arns))
    _one_by_one("grant", allowed, _A_GRANT)
    _one_by_one("ARN", resources, _AN_ARN)
    policy = document(allowed, resources)
    if len(policy) > MOST_CHARACTERS:
        seen = f"{len(policy)} characters for {len(resources)} ARNs, AWS takes {MOST_CHARACTERS}"
        raise TooWide("The policy that narrows the credentials is too long.", seen=seen, mend="Act on fewer at a time.")
    return policy


def document(grants: Sequence[str], resources: Sequence[str]) -> str:
    statement = {"Effect": "Allow", "Action": list(grants), "Resource": list(resources)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True, separators=(",", ":"))


def session_name(user: str, op_id: str) -> str:
    """`dbconsole-USER-OP`, by which CloudTrail finds what was sent. The operation is whole, the user may be cut."""
    frame = len(f"{_BEGINS}--{op_id}")
    if not op_id or frame >= MOST_NAME or _NOT_IN_A_NAME.search(op_id):
        raise ValueError(f"no name of a session can hold the operation {op_id!r}")
    return f"{_BEGINS}-{_named(user)[: MOST_NAME - frame]}-{op_id}"


def source_identity(user: str) -> str:
    """Whom AWS writes down behind whatever role is taken, for the whole of its session."""
    named = _named(user)[:MOST_NAME]
    return named if len(named) > 1 else _NOBODY  # AWS wants two characters


def _named(user: str) -> str:
    return _NOT_IN_A_NAME.sub("-", user) or _NOBODY


def _one_by_one(what: str, named: Sequence[str], form: re.Pattern[str]) -> None:
    if not named:
        raise TooWide(f"No {what} is named, and so nothing could be narrowed.", mend="Please report this.")
    for each in named:
        if not form.fullmatch(each):
            raise TooWide(f"{each!a} is not one {what}.", seen="it was refused here, and nothing was sent")
