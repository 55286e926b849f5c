"""Who may do what in the demo's account, asked over the wire with boto3."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from collectors.aws.allowed import ALLOWED
from console.demo.emulator.policies import Question, refusal
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.roles import roles
from console.demo.emulator.sessions import Sessions, token_of
from tests.demo.emulator.emulating import Emulating, code, emulating, role_arn

DB = "arn:aws:rds:eu-west-1:111122223333:db:"
VIEWER = "arn:aws:sts::111122223333:assumed-role/dbconsole-viewer/demo"
MUTATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "snapshot": ("rds", "create_db_snapshot", {"DBSnapshotIdentifier": "s", "DBInstanceIdentifier": "billing"}),
    "cluster": (
        "rds",
        "create_db_cluster_snapshot",
        {"DBClusterSnapshotIdentifier": "s", "DBClusterIdentifier": "catalogue"},
    ),
    "cache": ("elasticache", "create_snapshot", {"SnapshotName": "s", "ReplicationGroupId": "sessions"}),
    "backup": ("dynamodb", "create_backup", {"TableName": "carts", "BackupName": "sss"}),
    "reboot": ("rds", "reboot_db_instance", {"DBInstanceIdentifier": "billing"}),
    "parameter": ("ssm", "put_parameter", {"Name": "/elsewhere", "Value": "x", "Type": "String"}),
    "vault": ("backup", "create_backup_vault", {"BackupVaultName": "mine"}),
    "alarm": ("cloudwatch", "disable_alarm_actions", {"AlarmNames": ["x"]}),
}


@pytest.fixture(scope="module")
def world() -> Iterator[Emulating]:
    with emulating(role="operator") as served:
        yield served


def refused(client: Any, operation: str, **said: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**said)
    return caught.value


def message(error: ClientError) -> str:
    return str(error.response["Error"]["Message"])


def policy(action: Any, resource: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize("what", MUTATIONS)
def test_without_a_role_nothing_is_changed(world: Emulating, what: str) -> None:
    service, operation, said = MUTATIONS[what]
    for client in (world.client(service, role=""), world.client_of(world.session("test", "test"), service)):
        error = refused(client, operation, **said)
        assert code(error).startswith("AccessDenied")
        assert "because no identity-based policy allows the" in message(error)


def test_a_bystander_reads_as_a_viewer_and_takes_on_nothing(world: Emulating) -> None:
    bystander = world.session("test", "test")
    assert world.client_of(bystander, "rds").describe_db_instances()["DBInstances"]
    sts = world.client_of(bystander, "sts")
    assert sts.get_caller_identity()["Arn"] == "arn:aws:sts::111122223333:assumed-role/dbconsole-viewer/test"
    for role in roles():
        assert code(refused(sts, "assume_role", RoleArn=role_arn(role), RoleSessionName="me")) == "AccessDenied"


def test_the_sentence_names_who_what_and_on_which(world: Emulating) -> None:
    said = message(refused(world.client("rds", role=""), *MUTATIONS["snapshot"][1:2], **MUTATIONS["snapshot"][2]))
    assert said == (
        f"User: {VIEWER} is not authorized to perform: rds:CreateDBSnapshot on resource: {DB}billing "
        "because no identity-based policy allows the rds:CreateDBSnapshot action"
    )


@pytest.mark.parametrize(
    ("what", "spelt", "status"),
    [
        ("snapshot", "AccessDenied", 403),
        ("backup", "AccessDeniedException", 400),
        ("vault", "AccessDeniedException", 403),
        ("parameter", "AccessDeniedException", 400),
        ("alarm", "AccessDenied", 403),
    ],
)
def test_a_refusal_comes_in_the_protocol_s_own_form(world: Emulating, what: str, spelt: str, status: int) -> None:
    service, operation, said = MUTATIONS[what]
    answer = refused(world.client(service, role=""), operation, **said).response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (spelt, status)
    assert answer["ResponseMetadata"]["RequestId"]


def test_an_operator_takes_snapshots_and_fails_over_and_promotes_nothing(world: Emulating) -> None:
    for what in ("snapshot", "cluster", "cache", "backup"):
        service, operation, said = MUTATIONS[what]
        getattr(world.client(service), operation)(**said)
    world.forward(1200)
    rds, cache = world.client("rds"), world.client("elasticache")
    rds.reboot_db_instance(DBInstanceIdentifier="billing", ForceFailover=True)
    rds.failover_db_cluster(DBClusterIdentifier="catalogue")
    cache.test_failover(ReplicationGroupId="sessions", NodeGroupId="0001")
    error = refused(rds, "promote_read_replica", DBInstanceIdentifier="orders-replica-1")
    assert f"rds:PromoteReadReplica on resource: {DB}orders-replica-1" in message(error)
    sts = world.client("sts", role="")
    assert (
        code(refused(sts, "assume_role", RoleArn=role_arn("dbconsole-admin"), RoleSessionName="me")) == "AccessDenied"
    )


def test_the_boundary_keeps_what_the_role_would_allow(world: Emulating) -> None:
    error = refused(world.client("rds"), "delete_db_instance", DBInstanceIdentifier="billing")
    assert "with an explicit deny in a permissions boundary" in message(error)


def test_a_session_policy_leaves_one_action_on_one_resource(world: Emulating) -> None:
    only = policy("rds:CreateDBSnapshot", [f"{DB}reporting", f"{DB.replace(':db:', ':snapshot:')}mine-1"])
    rds = world.client_of(world.assumed("dbconsole-operator", "dbconsole-ann-01", Policy=only), "rds")
    rds.create_db_snapshot(DBSnapshotIdentifier="mine-1", DBInstanceIdentifier="reporting")
    for operation, said in (
        ("create_db_snapshot", {"DBSnapshotIdentifier": "mine-1", "DBInstanceIdentifier": "billing"}),
        ("create_db_snapshot", {"DBSnapshotIdentifier": "mine-2", "DBInstanceIdentifier": "reporting"}),
        ("create_db_cluster_snapshot", MUTATIONS["cluster"][2]),
        ("describe_db_instances", {}),
    ):
        assert "because no session policy allows the" in message(refused(rds, operation, **said))
    identity = world.client_of(world.assumed("dbconsole-operator", "x1", Policy=only), "sts").get_caller_identity()
    assert identity["Arn"].endswith(":assumed-role/dbconsole-operator/x1")


def test_to_tag_what_is_made_is_another_right(world: Emulating) -> None:
    only = policy("rds:CreateDBSnapshot", "*")
    rds = world.client_of(world.assumed("dbconsole-operator", Policy=only), "rds")
    made = {"DBSnapshotIdentifier": "tagged", "DBInstanceIdentifier": "reporting"}
    said = message(refused(rds, "create_db_snapshot", **made, Tags=[{"Key": "op_id", "Value": "01J"}]))
    assert "rds:AddTagsToResource on resource: arn:aws:rds:eu-west-1:111122223333:snapshot:tagged" in said


@pytest.mark.parametrize(
    ("condition", "is_allowed"),
    [
        ({"StringEquals": {"aws:ResourceTag/app": "billing"}}, True),
        ({"StringEquals": {"aws:ResourceTag/app": "orders"}}, False),
        ({"StringEquals": {"rds:db-tag/app": "billing"}}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"Null": {"aws:MultiFactorAuthAge": "true"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/dbconsole-*"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
    ],
)
def test_conditions_are_asked_of_the_request(world: Emulating, condition: dict[str, Any], is_allowed: bool) -> None:
    only = policy("rds:DescribeDBInstances", "*", Condition=condition)
    rds = world.client_of(world.assumed("dbconsole-operator", Policy=only), "rds")
    if is_allowed:
        assert rds.describe_db_instances(DBInstanceIdentifier="billing")["DBInstances"]
    else:
        assert code(refused(rds, "describe_db_instances", DBInstanceIdentifier="billing")) == "AccessDenied"


def test_tags_of_the_request_and_of_the_session_are_known(world: Emulating) -> None:
    by_request = policy("*", "*", Condition={"StringEquals": {"aws:RequestTag/reason": "drill"}})
    rds = world.client_of(world.assumed("dbconsole-operator", Policy=by_request), "rds")
    made = {"DBSnapshotIdentifier": "reasoned", "DBInstanceIdentifier": "customers"}
    assert code(refused(rds, "create_db_snapshot", **made, Tags=[{"Key": "reason", "Value": "x"}])) == "AccessDenied"
    rds.create_db_snapshot(**made, Tags=[{"Key": "reason", "Value": "drill"}])
    by_session = policy("*", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "dba"}})
    for team in ("dba", "web"):
        session = world.assumed("dbconsole-viewer", Policy=by_session, Tags=[{"Key": "team", "Value": team}])
        client = world.client_of(session, "rds")
        if team == "dba":
            assert client.describe_db_instances()["DBInstances"]
        else:
            assert code(refused(client, "describe_db_instances")) == "AccessDenied"


def test_a_second_factor_is_known_of_the_session(world: Emulating) -> None:
    only = policy("rds:*", "*", Condition={"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}})
    shown = {"SerialNumber": "arn:aws:iam::111122223333:mfa/demo", "TokenCode": "123456"}
    rds = world.client_of(world.assumed("dbconsole-viewer", Policy=only, **shown), "rds")
    assert rds.describe_db_instances()["DBInstances"]
    sts = world.client("sts", role="")
    wrong = {"RoleArn": role_arn("dbconsole-viewer"), "RoleSessionName": "me", **shown, "TokenCode": "12345x"}
    assert "invalid MFA one time pass code" in message(refused(sts, "assume_role", **wrong))


def test_the_viewer_may_send_all_that_the_console_reads(world: Emulating) -> None:
    names = {"resourcegroupstaggingapi": "tag"}
    rights = roles()["dbconsole-viewer"].rights()
    for service, operations in ALLOWED.items():
        for operation in operations:
            if service in ("sso", "sso-oidc", "signin") or operation == "AssumeRoleWithWebIdentity":
                continue
            on = role_arn("dbconsole-operator") if service in {"sts", "iam"} else "arn:any"
            question = Question(f"{names.get(service, service)}:{operation}", on, {})
            assert refusal(rights, question) is None, question


def test_a_session_that_has_ended_and_a_token_that_was_changed_are_refused() -> None:
    clock = [1000.0]
    sessions = Sessions("operator", lambda: clock[0])
    session = sessions.person().__class__("dbconsole-operator", "me", "ASIAME", 1000.0, expires=1900.0)
    environ = {
        "HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=ASIAME/20260311/eu-west-1/rds/aws4_request",
        "HTTP_X_AMZ_SECURITY_TOKEN": token_of(session),
    }
    assert sessions.of(environ) == session
    clock[0] = 1900.0
    with pytest.raises(Refused, match="is expired"):
        sessions.of(environ)
    clock[0] = 1000.0
    token = environ["HTTP_X_AMZ_SECURITY_TOKEN"]
    for n in range(len("dbconsole."), len(token), 7):
        changed = token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :]
        with pytest.raises(Refused, match="is invalid"):
            sessions.of(environ | {"HTTP_X_AMZ_SECURITY_TOKEN": changed})
    with pytest.raises(Refused, match="is invalid"):  # another key with this token
        sessions.of(environ | {"HTTP_AUTHORIZATION": environ["HTTP_AUTHORIZATION"].replace("ASIAME", "ASIAYOU")})


def test_who_signs_nothing_is_nobody(world: Emulating) -> None:
    body = b"Action=CreateDBSnapshot&DBSnapshotIdentifier=s&DBInstanceIdentifier=billing"
    connection = HTTPConnection(world.emulator.endpoint.removeprefix("http://"))
    connection.request("POST", "/", body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    assert (answer.status, b"MissingAuthenticationToken" in answer.read()) == (403, True)
    connection.close()


def test_a_refused_request_is_in_the_log(world: Emulating) -> None:
    def count() -> int:
        with urllib.request.urlopen(f"{world.emulator.endpoint}/_demo/requests") as told:  # noqa: S310 - loopback
            return int(json.load(told)["by_operation"].get("rds:RebootDBInstance", 0))

    before = count()
    refused(world.client("rds", role=""), "reboot_db_instance", DBInstanceIdentifier="billing")
    assert count() == before + 1


@pytest.mark.parametrize(
    ("said", "spelt"),
    [
        ({"DurationSeconds": 43201}, "ValidationError"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"RoleSessionName": "a b"}, "ValidationError"),
        ({"SourceIdentity": "a b"}, "ValidationError"),
        ({"Policy": "{}"}, "MalformedPolicyDocument"),
        ({"Policy": policy("*", ["x" * 2048])}, "ValidationError"),
        ({"RoleArn": role_arn("dbconsole-admin")}, "AccessDenied"),
        ({"RoleArn": role_arn("dbconsole-nobody")}, "AccessDenied"),
        ({"RoleArn": role_arn("somebody")}, "AccessDenied"),
    ],
)
def test_what_sts_refuses(world: Emulating, said: dict[str, Any], spelt: str) -> None:
    asked = {"RoleArn": role_arn("dbconsole-operator"), "RoleSessionName": "me", **said}
    assert code(refused(world.client("sts", role=""), "assume_role", **asked)) == spelt


def test_what_sts_gives(world: Emulating) -> None:
    only = policy("rds:Describe*", "*")
    given = world.client("sts", role="").assume_role(
        RoleArn=role_arn("dbconsole-operator"),
        RoleSessionName="dbconsole-ann-01J",
        DurationSeconds=900,
        SourceIdentity="ann",
        Policy=only,
    )
    keys = given["Credentials"]
    assert keys["AccessKeyId"].startswith("ASIA")
    assert given["AssumedRoleUser"]["Arn"].endswith(":assumed-role/dbconsole-operator/dbconsole-ann-01J")
    assert (given["SourceIdentity"], given["PackedPolicySize"] > 0) == ("ann", True)
    assert timedelta(seconds=840) < keys["Expiration"] - datetime.now(UTC) <= timedelta(seconds=900)
    session = world.session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert world.client_of(session, "sts").get_caller_identity()["Arn"] == given["AssumedRoleUser"]["Arn"]


def test_a_role_takes_on_no_other(world: Emulating) -> None:
    sts = world.client("sts")  # as the operator
    assert (
        code(refused(sts, "assume_role", RoleArn=role_arn("dbconsole-viewer"), RoleSessionName="me")) == "AccessDenied"
    )


def test_a_viewer_of_the_demo_takes_on_no_more() -> None:
    with emulating(role="viewer") as world:
        sts = world.client("sts", role="")
        for role, is_trusted in (("viewer", True), ("operator", False), ("admin", False)):
            asked = {"RoleArn": role_arn(f"dbconsole-{role}"), "RoleSessionName": "me"}
            if is_trusted:
                sts.assume_role(**asked)
            else:
                assert code(refused(sts, "assume_role", **asked)) == "AccessDenied"


def simulated(world: Emulating, role: str, action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    found = world.client("iam", "us-east-1", role="").simulate_principal_policy(
        PolicySourceArn=role_arn(role), ActionNames=[action], ResourceArns=[resource], **more
    )
    (result,) = found["EvaluationResults"]
    return dict(result)


@pytest.mark.parametrize(
    ("role", "action", "decision", "bounded"),
    [
        ("dbconsole-viewer", "rds:DescribeDBInstances", "allowed", True),
        ("dbconsole-viewer", "rds:CreateDBSnapshot", "implicitDeny", True),
        ("dbconsole-operator", "rds:CreateDBSnapshot", "allowed", True),
        ("dbconsole-viewer", "rds:RebootDBInstance", "implicitDeny", True),
        ("dbconsole-operator", "rds:RebootDBInstance", "allowed", True),
        ("dbconsole-operator", "rds:PromoteReadReplica", "implicitDeny", True),
        ("dbconsole-admin", "rds:PromoteReadReplica", "allowed", True),
        ("dbconsole-admin", "rds:DeleteDBInstance", "explicitDeny", False),
    ],
)
def test_a_simulation_says_what_a_role_may(
    world: Emulating, role: str, action: str, decision: str, bounded: bool
) -> None:
    result = simulated(world, role, action, f"{DB}billing")
    assert (result["EvalActionName"], result["EvalResourceName"]) == (action, f"{DB}billing")
    assert result["EvalDecision"] == decision
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": bounded}
    assert bool(result["MatchedStatements"]) == (decision == "allowed")


def test_a_simulation_takes_each_action_on_each_resource_page_by_page(world: Emulating) -> None:
    actions, resources = ["rds:CreateDBSnapshot", "rds:RebootDBInstance"], [f"{DB}billing", f"{DB}orders-primary"]
    asked = {"PolicySourceArn": role_arn("dbconsole-operator"), "ActionNames": actions, "ResourceArns": resources}
    iam = world.client("iam", "us-east-1", role="")
    whole = iam.simulate_principal_policy(**asked)
    pages = list(iam.get_paginator("simulate_principal_policy").paginate(**asked, PaginationConfig={"PageSize": 3}))
    found = [(r["EvalActionName"], r["EvalResourceName"]) for page in pages for r in page["EvaluationResults"]]
    assert found == [(a, r) for a in actions for r in resources]
    assert (len(pages), len(whole["EvaluationResults"]), whole["IsTruncated"]) == (2, 4, False)


def test_a_simulation_knows_no_context_but_what_it_is_told(world: Emulating) -> None:
    extra = policy("s3:PutObject", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    without = simulated(world, "dbconsole-operator", "s3:PutObject", PolicyInputList=[extra])
    assert (without["EvalDecision"], without["MissingContextValues"]) == (
        "implicitDeny",
        ["aws:MultiFactorAuthPresent"],
    )
    entry = {"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"}
    told = simulated(world, "dbconsole-operator", "s3:PutObject", PolicyInputList=[extra], ContextEntries=[entry])
    assert (told["EvalDecision"], told["MissingContextValues"]) == ("allowed", [])
    narrow = simulated(
        world, "dbconsole-operator", "rds:CreateDBSnapshot", f"{DB}billing",
        PermissionsBoundaryPolicyInputList=[policy("rds:Describe*", "*")],
    )  # fmt: skip
    assert narrow["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_of_a_role_that_is_not_there_iam_says_so(world: Emulating) -> None:
    iam = world.client("iam", "us-east-1", role="")
    assert code(refused(iam, "get_role", RoleName="dbconsole-nobody")) == "NoSuchEntity"
    asked = {"PolicySourceArn": role_arn("dbconsole-nobody"), "ActionNames": ["rds:*"]}
    assert code(refused(iam, "simulate_principal_policy", **asked)) == "NoSuchEntity"
    role = iam.get_role(RoleName="dbconsole-operator")["Role"]
    assert (role["Arn"], role["MaxSessionDuration"]) == (role_arn("dbconsole-operator"), 3600)
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"][0] == "sts:AssumeRole"


@pytest.mark.parametrize(
    ("service", "operation", "asked"),
    [
        ("rds", "describe_db_instances", {}),
        ("elasticache", "describe_cache_clusters", {}),
        ("dynamodb", "list_tables", {}),
        ("backup", "list_backup_vaults", {}),
        ("cloudwatch", "describe_alarms", {}),
        ("resourcegroupstaggingapi", "get_resources", {}),
        ("cloudtrail", "lookup_events", {}),
        ("sts", "get_caller_identity", {}),
        ("iam", "get_role", {"RoleName": "dbconsole-viewer"}),
    ],
)
def test_each_answer_has_a_number_of_its_own(world: Emulating, service: str, operation: str, asked: Any) -> None:
    ask = getattr(world.client(service, role=""), operation)
    numbers = {ask(**asked)["ResponseMetadata"].get("RequestId", "") for _ in range(2)}
    assert len(numbers) == 2
    assert all(len(number) == 36 for number in numbers)
