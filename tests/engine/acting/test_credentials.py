"""With what is one action sent? With a policy known to the byte, by which AWS lets it do this and nothing else."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console.engine.outside import AGENT
from console.protocol.users import user_name
from tests.engine.acting.conftest import Stage
from tests.rig.acting.console import past
from tests.rig.aws_proxy import Sent

BEFORE = "eu-west-1:111122223333"
POLICIES = {
    "billing": (
        '{"Statement":[{"Action":["rds:AddTagsToResource","rds:CreateDBSnapshot"],"Effect":"Allow","Resource":'
        '["arn:aws:rds:eu-west-1:111122223333:db:billing","arn:aws:rds:eu-west-1:111122223333:snapshot:NAME"]}],'
        '"Version":"2012-10-17"}'
    ),
    "catalogue": (
        '{"Statement":[{"Action":["rds:AddTagsToResource","rds:CreateDBClusterSnapshot"],"Effect":"Allow","Resource":'
        '["arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:NAME",'
        '"arn:aws:rds:eu-west-1:111122223333:cluster:catalogue"]}],"Version":"2012-10-17"}'
    ),
    "sessions-002": (
        '{"Statement":[{"Action":["elasticache:AddTagsToResource","elasticache:CreateSnapshot"],"Effect":"Allow",'
        '"Resource":["arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-002",'
        '"arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions",'
        '"arn:aws:elasticache:eu-west-1:111122223333:snapshot:NAME"]}],"Version":"2012-10-17"}'
    ),
    "carts": (
        '{"Statement":[{"Action":["dynamodb:CreateBackup"],"Effect":"Allow","Resource":'
        '["arn:aws:dynamodb:eu-west-1:111122223333:table/carts"]}],"Version":"2012-10-17"}'
    ),
}
FAILED_OVER = {
    ("customers", "fail-over"): (
        '{"Statement":[{"Action":["rds:RebootDBInstance"],"Effect":"Allow","Resource":'
        '["arn:aws:rds:eu-west-1:111122223333:db:customers"]}],"Version":"2012-10-17"}',
        {"DBInstanceIdentifier": "customers", "ForceFailover": "true"},
    ),
    ("catalogue-2", "fail-over"): (
        '{"Statement":[{"Action":["rds:FailoverDBCluster"],"Effect":"Allow","Resource":'
        '["arn:aws:rds:eu-west-1:111122223333:cluster:catalogue",'
        '"arn:aws:rds:eu-west-1:111122223333:db:catalogue-2"]}],"Version":"2012-10-17"}',
        {
            "DBClusterIdentifier": "catalogue",
            "TargetDBInstanceIdentifier": "catalogue-2",
        },
    ),
    ("sessions-002", "fail-over"): (
        '{"Statement":[{"Action":["elasticache:TestFailover"],"Effect":"Allow","Resource":'
        '["arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-001",'
        '"arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions"]}],"Version":"2012-10-17"}',
        {"ReplicationGroupId": "sessions", "NodeGroupId": "0001"},
    ),
    ("orders-replica-1", "promote"): (
        '{"Statement":[{"Action":["rds:PromoteReadReplica"],"Effect":"Allow","Resource":'
        '["arn:aws:rds:eu-west-1:111122223333:db:orders-replica-1"]}],"Version":"2012-10-17"}',
        {"DBInstanceIdentifier": "orders-replica-1", "BackupRetentionPeriod": "14"},
    ),
}
OTHERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("rds", "create_db_snapshot", {"DBInstanceIdentifier": "reporting", "DBSnapshotIdentifier": "NAME"}),
    ("rds", "create_db_snapshot", {"DBInstanceIdentifier": "billing", "DBSnapshotIdentifier": "another"}),
    (
        "rds",
        "create_db_cluster_snapshot",
        {"DBClusterIdentifier": "catalogue", "DBClusterSnapshotIdentifier": "NAME"},
    ),
    ("rds", "reboot_db_instance", {"DBInstanceIdentifier": "billing"}),
    ("rds", "delete_db_snapshot", {"DBSnapshotIdentifier": "NAME"}),
    ("dynamodb", "create_backup", {"TableName": "carts", "BackupName": "NAME"}),
    ("elasticache", "create_snapshot", {"CacheClusterId": "sessions-002", "SnapshotName": "NAME"}),
    ("iam", "put_role_policy", {"RoleName": "dbconsole-operator", "PolicyName": "p", "PolicyDocument": "{}"}),
)


async def taken(stage: Stage, about: str) -> tuple[str, Sent, Sent]:
    """A snapshot: the name of what it makes, who was assumed for it, and what was sent."""
    async with stage.console.joined() as person:
        op = await person.plan(about)
        await person.confirmed(op, **past(op))
        found = await person.op(op.id, "in-flight", "done")
    (sent,) = stage.proxy.mutations()
    assumed = [each for each in stage.proxy.requests("sts:AssumeRole") if op.id in each.said["RoleSessionName"]]
    assert len(assumed) == 1
    return found.makes, assumed[0], sent


def given(assumed: Sent) -> tuple[str, ...]:
    """The credentials in the answer."""
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    found = (re.search(f"<{name}>([^<]+)</{name}>", assumed.answer.decode()) for name in names)
    return tuple(each[1] for each in found if each is not None)


@pytest.mark.parametrize("about", POLICIES)
async def test_a_role_is_assumed_for_one_action_on_one_target_by_the_person_s_name(operator: Stage, about: str) -> None:
    makes, assumed, sent = await taken(operator, about)
    said, op = assumed.said, assumed.said["RoleSessionName"].rpartition("-")[2]
    user = user_name(os.geteuid())
    assert said["Policy"] == POLICIES[about].replace("NAME", makes)
    assert said["RoleArn"] == "arn:aws:iam::111122223333:role/dbconsole-operator"
    assert said["RoleSessionName"] == f"dbconsole-{user}-{op}"
    assert (said["SourceIdentity"], said["DurationSeconds"]) == (user, "900")
    assert (sent.key, sent.token) == (given(assumed)[0], given(assumed)[2])
    assert AGENT in sent.headers["user-agent"]


async def test_with_its_credentials_nothing_else_can_be_done(operator: Stage) -> None:
    makes, assumed, _ = await taken(operator, "customers")
    keys = given(assumed)
    rds = operator.world.client("rds", keys=keys)
    with pytest.raises(ClientError) as again:
        rds.create_db_snapshot(DBInstanceIdentifier="customers", DBSnapshotIdentifier=makes)
    assert again.value.response["Error"]["Code"] == "DBSnapshotAlreadyExists"  # as far as that they lead
    for service, operation, asked in OTHERS:
        named = {name: value.replace("NAME", makes) for name, value in asked.items()}
        with pytest.raises(ClientError) as refused:
            getattr(operator.world.client(service, keys=keys), operation)(**named)
        assert "AccessDenied" in refused.value.response["Error"]["Code"], operation


async def test_no_role_is_ever_assumed_with_all_that_it_may(operator: Stage) -> None:
    """Also the proof of a role is of a session that can do nothing."""
    await taken(operator, "reporting")
    policies = [each.said.get("Policy", "") for each in operator.proxy.requests("sts:AssumeRole")]
    assert policies
    assert all('"Resource":["arn:aws:' in each or '["sts:GetCallerIdentity"]' in each for each in policies)


@pytest.mark.parametrize(("about", "offer"), FAILED_OVER)
async def test_a_failover_is_sent_by_an_admin_who_may_do_this_one_and_nothing_else(
    admin: Stage, about: str, offer: str
) -> None:
    policy, asked = FAILED_OVER[about, offer]
    async with admin.console.joined() as person:
        op = await person.plan(about, offer)
        await person.confirmed(op, **past(op))
        await person.op(op.id, "in-flight", "done")
    (sent,) = admin.proxy.mutations()
    (assumed,) = [each for each in admin.proxy.requests("sts:AssumeRole") if op.id in each.said["RoleSessionName"]]
    assert assumed.said["Policy"] == policy
    assert assumed.said["RoleArn"] == "arn:aws:iam::111122223333:role/dbconsole-admin"
    assert {name: value for name, value in sent.said.items() if name != "Version"} == asked
