"""One role is assumed once, narrowed by a policy, under the person's name. Nothing is sent with it here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collectors.aws.answers import Answer, text, within
from collectors.aws.keys import Keys
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied
from console.access.identity import identity, role_name
from console.access.mfa import Factor
from console.access.session_policy import session_name, source_identity

LASTS_S = 900  # the least that AWS takes; nothing renews it, and so it does not matter that botocore would at once
_IDENTITY = "sts:SetSourceIdentity"


@dataclass(frozen=True, slots=True)
class Assumed:
    arn: str  # of the session
    keys: Keys = field(repr=False)
    expires: datetime | None
    is_signed_for: bool  # whether AWS's records name the person for as long as the session lasts


async def assume(
    reader: Reader, arn: str, *, policy: str, user: str, op_id: str, factor: Factor | None = None
) -> Assumed:
    """`Denied` where STS refuses it, also without a source identity, which not every trust policy lets one set."""
    asked: dict[str, Any] = {
        "RoleArn": arn,
        "RoleSessionName": session_name(user, op_id),
        "DurationSeconds": LASTS_S,
        "Policy": policy,
    }
    if factor is not None:
        asked |= {"SerialNumber": factor.serial, "TokenCode": factor.code}
    try:
        answer = await reader.call("sts", "AssumeRole", SourceIdentity=source_identity(user), **asked)
        return _read(answer, arn, is_signed_for=True)
    except Denied as refused:
        if factor is not None and refused.grant != _IDENTITY:
            raise  # a code is taken once: to send it again would be refused for that
    return _read(await reader.call("sts", "AssumeRole", **asked), arn, is_signed_for=False)


def _read(answer: Answer, arn: str, *, is_signed_for: bool) -> Assumed:
    """An answer for another role than was asked for is none."""
    keys = Keys(*(text(answer, "Credentials", name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))
    if not (keys.key_id and keys.secret and keys.token):
        raise CannotCollect("STS answered without credentials.", mend="Nothing was sent with them.")
    session = identity(text(answer, "AssumedRoleUser", "Arn"))
    if (session.account, session.name) != (identity(arn).account, role_name(arn)):
        raise CannotCollect("STS gave another role than was asked for.", seen=session.arn, mend="Nothing was sent.")
    expires = within(answer, "Credentials", "Expiration")
    return Assumed(session.arn, keys, expires if isinstance(expires, datetime) else None, is_signed_for)
