"""Who is asking, and as whom may they go on? STS of the demo's account."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from console.demo.emulator.gate import denied
from console.demo.emulator.lists import tags_given
from console.demo.emulator.names import LETTERS
from console.demo.emulator.policies import Malformed, Question, parsed
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.roles import Role, role_of
from console.demo.emulator.sessions import Session, token_of
from console.demo.emulator.world import Operation, World
from console.demo.inventory import ACCOUNT

LEAST_S, MOST_S, USUAL_S = 900, 43_200, 3600
LONGEST_POLICY = 2048
NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
SERIAL = f"arn:aws:iam::{ACCOUNT}:mfa/demo"


def get_caller_identity(world: World, said: dict[str, Any]) -> dict[str, Any]:
    session = world.session
    return {"UserId": f"{session.of.id}:{session.name}", "Account": str(ACCOUNT), "Arn": session.arn}


def assume_role(world: World, said: dict[str, Any]) -> dict[str, Any]:
    arn, name, source = (str(said.get(each, "")) for each in ("RoleArn", "RoleSessionName", "SourceIdentity"))
    _require_name("roleSessionName", name)
    if source:
        _require_name("sourceIdentity", source)
    lasts, policy, tags = _lasts(said), _policy(said), tags_given(said)
    role = _trusting(world, arn, said)
    if lasts > role.max_session_s:
        text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise Refused("ValidationError", text)
    now = world.account.sessions.now()
    made = Session(
        role=role.name,
        name=name,
        key="ASIA" + "".join(secrets.choice(LETTERS) for _ in range(16)),
        begun=now,
        expires=float(int(now) + lasts),
        policy=policy,
        source_identity=source or world.session.source_identity,
        mfa=_has_shown_a_code(world.session, said),
        tags=tags,
    )
    return _told(made)


def _told(made: Session) -> dict[str, Any]:
    packed = {"PackedPolicySize": max(1, 100 * len(made.policy) // LONGEST_POLICY)} if made.policy else {}
    return {
        "Credentials": {
            "AccessKeyId": made.key,
            "SecretAccessKey": secrets.token_urlsafe(30),
            "SessionToken": token_of(made),
            "Expiration": f"{datetime.fromtimestamp(made.expires or 0, UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
        "AssumedRoleUser": {"AssumedRoleId": f"{made.of.id}:{made.name}", "Arn": made.arn},
        **packed,
        **({"SourceIdentity": made.source_identity} if made.source_identity else {}),
    }


def _trusting(world: World, arn: str, said: dict[str, Any]) -> Role:
    """The role, if it trusts whoever asks with all that is asked. AWS says the same of one that is not there."""
    session, role = world.session, role_of(arn)
    source, tags = str(said.get("SourceIdentity", "")), tags_given(said)
    context = session.context(world.account.sessions.now())
    context["sts:rolesessionname"] = (str(said.get("RoleSessionName", "")),)
    if source:
        context["sts:sourceidentity"] = (source,)
    if _has_shown_a_code(session, said):
        context["aws:multifactorauthpresent"] = ("true",)
    needed = ["sts:AssumeRole"] + ["sts:SetSourceIdentity"] * bool(source) + ["sts:TagSession"] * bool(tags)
    changed = bool(session.source_identity) and source not in ("", session.source_identity)
    refused = [a for a in needed if role is None or changed or not role.trusts(session.arn, a, context)]
    if role is None or refused:
        raise denied(session.arn, Question(refused[0], arn, {}))
    return role


def _require_name(field: str, value: str) -> None:
    if not NAME.fullmatch(value):
        text = "Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64"
        raise _invalid(value, field, text)


def _lasts(said: dict[str, Any]) -> int:
    told = str(said.get("DurationSeconds", USUAL_S))
    lasts = int(told) if told.isascii() and told.isdigit() and len(told) < 9 else -1
    if lasts < LEAST_S:
        raise _invalid(told, "durationSeconds", f"Member must have value greater than or equal to {LEAST_S}")
    if lasts > MOST_S:
        raise _invalid(told, "durationSeconds", f"Member must have value less than or equal to {MOST_S}")
    return lasts


def _policy(said: dict[str, Any]) -> str:
    if said.get("PolicyArns"):
        raise Refused("ValidationError", "The demo's AWS has no managed policies: give a Policy.")
    policy = str(said.get("Policy", ""))
    if len(policy) > LONGEST_POLICY:
        raise _invalid("…", "policy", f"Member must have length less than or equal to {LONGEST_POLICY}")
    if policy:
        try:
            parsed(policy)
        except Malformed as malformed:
            raise Refused("MalformedPolicyDocument", f"The policy is malformed: {malformed}") from None
    return policy


def _has_shown_a_code(session: Session, said: dict[str, Any]) -> bool:
    """Any six digits are the code of the demo's device; of another device none is."""
    serial, code = str(said.get("SerialNumber", "")), str(said.get("TokenCode", ""))
    if not serial and not code:
        return bool(session.mfa)
    if serial != SERIAL or not re.fullmatch(r"[0-9]{6}", code):
        raise Refused("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)
    return True


def _invalid(value: str, field: str, text: str) -> Refused:
    sentence = f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: {text}"
    return Refused("ValidationError", sentence)


OPERATIONS: Mapping[str, Operation] = {"GetCallerIdentity": get_caller_identity, "AssumeRole": assume_role}
