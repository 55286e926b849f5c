"""Each role's policy allows what this console sends for it, and no more."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import botocore.loaders

from collectors.aws.allowed import ALLOWED, grant
from console.access.policies import policy
from console.access.role import Role

OF_A_CLIENT = {"tag": "resourcegroupstaggingapi"}  # where IAM's name is another
NOTHING_CHANGES = re.compile(r"\w+:(Describe|List|Lookup|Get|SimulatePrincipalPolicy$)")


@dataclass(frozen=True)
class Sent:
    service: str
    grants: tuple[str, ...]
    least: Role


ACTIONS = (
    Sent("rds", ("rds:CreateDBSnapshot", "rds:AddTagsToResource"), Role.OPERATOR),
    Sent("rds", ("rds:CreateDBClusterSnapshot", "rds:AddTagsToResource"), Role.OPERATOR),
    Sent("elasticache", ("elasticache:CreateSnapshot", "elasticache:AddTagsToResource"), Role.OPERATOR),
    Sent("dynamodb", ("dynamodb:CreateBackup",), Role.OPERATOR),
    Sent("rds", ("rds:PromoteReadReplica",), Role.ADMIN),
)


def allowed(said: dict[str, Any]) -> set[str]:
    return {each for statement in said["Statement"] if statement["Effect"] == "Allow" for each in statement["Action"]}


def test_every_grant_is_an_operation_of_its_service() -> None:
    loader = botocore.loaders.create_loader()
    for each in allowed(policy(Role.ADMIN, ACTIONS, secrets=["arn:aws:secretsmanager:eu-west-1:1:secret:x"])):
        service, _, operation = each.partition(":")
        named = loader.load_service_model(OF_A_CLIENT.get(service, service), "service-2")["operations"]
        assert operation in named, each


def test_a_viewer_may_ask_and_change_nothing() -> None:
    found = allowed(policy(Role.VIEWER, ACTIONS))
    assert [each for each in found if not NOTHING_CHANGES.match(each)] == []
    assert not found & {each for action in ACTIONS for each in action.grants}
    assert "sts:AssumeRole" not in found


def test_what_is_read_is_what_the_guard_lets_through() -> None:
    reads = {grant(service, operation) for service, operations in ALLOWED.items() for operation in operations}
    signing_in = {each for each in reads if each.split(":")[0] in ("sts", "sso", "sso-oidc", "signin")}
    assert allowed(policy(Role.VIEWER, ())) == reads - signing_in


def test_each_role_may_what_those_before_it_may_and_its_own() -> None:
    viewer, operator, admin = (allowed(policy(role, ACTIONS)) for role in Role)
    assert operator - viewer == {each for action in ACTIONS[:4] for each in action.grants}
    assert admin - operator == {"rds:PromoteReadReplica"}
    assert viewer < operator < admin


def test_an_action_is_allowed_on_databases_and_their_copies_in_one_account() -> None:
    said = policy(Role.OPERATOR, ACTIONS, partition="aws-cn", account="111122223333")
    acts = [statement for statement in said["Statement"] if statement["Sid"].startswith("Acts")]
    assert [statement["Sid"] for statement in acts] == ["ActsDynamodb", "ActsElasticache", "ActsRds"]
    assert acts[0]["Resource"] == ["arn:aws-cn:dynamodb:*:111122223333:table/*"]
    assert all(arn.startswith("arn:aws-cn:") for statement in acts for arn in statement["Resource"])
    assert "*" not in {arn for statement in acts for arn in statement["Resource"]}
    (oneself,) = [statement for statement in said["Statement"] if statement["Sid"] == "AsksWhatItMayDo"]
    assert oneself["Resource"] == ["arn:aws-cn:iam::111122223333:role/*dbconsole-operator"]
    assert oneself["Action"] == ["iam:GetRole", "iam:SimulatePrincipalPolicy"]


def test_secrets_are_named_one_by_one_or_not_at_all() -> None:
    named = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-x"]
    (statement,) = [s for s in policy(Role.VIEWER, (), secrets=named)["Statement"] if s["Sid"] == "ReadsLogins"]
    assert (statement["Action"], statement["Resource"]) == (["secretsmanager:GetSecretValue"], named)
    assert "secretsmanager:GetSecretValue" not in allowed(policy(Role.ADMIN, ACTIONS))


def test_without_a_second_factor_nothing_is_changed_where_one_is_asked_for() -> None:
    (denied,) = [s for s in policy(Role.ADMIN, ACTIONS, mfa=True)["Statement"] if s["Effect"] == "Deny"]
    assert denied["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    assert set(denied["Action"]) == {each for action in ACTIONS for each in action.grants}
    assert denied["Resource"] == ["*"]
    for said in (policy(Role.VIEWER, ACTIONS, mfa=True), policy(Role.ADMIN, ACTIONS)):
        assert not [statement for statement in said["Statement"] if statement["Effect"] == "Deny"]


def test_it_is_what_iam_takes() -> None:
    text = json.dumps(policy(Role.ADMIN, ACTIONS, mfa=True), separators=(",", ":"))
    assert len(text) <= 6144  # of a managed policy
    said = json.loads(text)
    assert said["Version"] == "2012-10-17"
    names = [statement["Sid"] for statement in said["Statement"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z0-9]+", name) for name in names)
    assert text == json.dumps(policy(Role.ADMIN, reversed(ACTIONS), mfa=True), separators=(",", ":"))
