"""What is a role, and what would it be allowed? IAM of the demo's account.

As in AWS a simulation knows nothing of the policy of a session: it asks what the role has and what its boundary leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from console.demo.emulator.conditions import keys_of
from console.demo.emulator.lists import number, page
from console.demo.emulator.policies import Malformed, Policy, Question, Rights, parsed, refusal
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.roles import role_of, roles
from console.demo.emulator.world import Operation, World
from console.demo.inventory import ACCOUNT

CREATED = "2022-01-10T09:00:00Z"
MOST_ACTIONS, MOST = 1000, 1000
_DECISIONS = {None: "allowed", True: "explicitDeny", False: "implicitDeny"}


def get_role(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = str(said.get("RoleName", ""))
    role = roles().get(name)
    if role is None:
        raise Refused("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/{role.boundary_name}"
    told = {
        "Path": "/",
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": CREATED,
        "AssumeRolePolicyDocument": quote(role.trust_text, safe=""),
        "Description": role.description,
        "MaxSessionDuration": role.max_session_s,
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary},
    }
    return {"Role": told}


def simulate_principal_policy(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Each action on each resource, as though by a request that has this context and no other."""
    arn = str(said.get("PolicySourceArn", ""))
    role = role_of(arn)
    if role is None:
        raise Refused("NoSuchEntity", f"The principal {arn} cannot be found.", 404)
    actions, resources = _texts(said, "ActionNames"), _texts(said, "ResourceArns") or ["*"]
    if not actions or len(actions) > MOST_ACTIONS or not all(":" in each for each in actions):
        raise Refused("InvalidInput", "ActionNames is a list of actions such as rds:CreateDBSnapshot.")
    own = dict(role.policies) | {
        f"PolicyInputList.{n}": policy for n, policy in enumerate(_policies(said, "PolicyInputList"), 1)
    }
    boundary = next(iter(_policies(said, "PermissionsBoundaryPolicyInputList")), role.boundary)
    context = _context(said)
    found = [_result(own, boundary, Question(a, r, context)) for a in actions for r in resources]
    count = number(said, "MaxItems", 100, least=1, most=MOST, code="InvalidInput")
    shown, more = page(found, said, world.t, count)
    return {"EvaluationResults": list(shown), "IsTruncated": bool(more), **more}


def _result(own: Mapping[str, Policy], boundary: Policy, question: Question) -> dict[str, Any]:
    refused = refusal(Rights(tuple(own.values()), boundary), question)
    bounded = boundary.effect(question) == "Allow"
    matched = [
        {"SourcePolicyId": name, "SourcePolicyType": "IAM Policy"}
        for name, policy in own.items()
        for each in policy.statement
        if each.fits(question)
    ]
    return {
        "EvalActionName": question.action,
        "EvalResourceName": question.resource,
        "EvalDecision": _DECISIONS[None if refused is None else refused.is_explicit],
        "MatchedStatements": matched,
        "MissingContextValues": _missing((*own.values(), boundary), question),
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": bounded},
    }


def _missing(policies: Iterable[Policy], question: Question) -> list[str]:
    """What a statement about this asks for, and nobody has said."""
    asked = (keys_of(s.condition) for policy in policies for s in policy.statement if s.is_about(question))
    return sorted({key for keys in asked for key in keys if key.lower() not in question.context})


def _texts(said: dict[str, Any], name: str) -> list[str]:
    listed = said.get(name) or []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Refused("InvalidInput", f"{name} is a list of text.")
    return listed


def _policies(said: dict[str, Any], name: str) -> list[Policy]:
    try:
        return [parsed(each) for each in _texts(said, name)]
    except Malformed as malformed:
        raise Refused("InvalidInput", f"{name}: {malformed}") from None


def _context(said: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    entries = said.get("ContextEntries") or []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Refused("InvalidInput", "ContextEntries is a list of keys with their values.")
    return {str(each.get("ContextKeyName", "")).lower(): tuple(_texts(each, "ContextKeyValues")) for each in entries}


OPERATIONS: Mapping[str, Operation] = {"GetRole": get_role, "SimulatePrincipalPolicy": simulate_principal_policy}
