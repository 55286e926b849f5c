"""Nothing but the listed reads leaves: tried with every operation that the services have."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any

import botocore.loaders
import botocore.session
import pytest
from botocore import xform_name

from collectors.aws.allowed import ALLOWED, grant, is_allowed
from collectors.aws.guard import NotAllowed
from collectors.aws.place import Account, Place
from tests.collectors.aws.answering import KEYS, Server, near, reading

OTHERS = ("kms", "secretsmanager", "ec2", "rds-data", "backup", "docdb", "memorydb")  # none of theirs is listed
ACTIONS = {  # what changes something, hands out a secret, or reads what customers have stored
    "rds": "RebootDBInstance FailoverDBCluster SwitchoverGlobalCluster FailoverGlobalCluster"
    " PromoteReadReplica SwitchoverBlueGreenDeployment ModifyDBInstance ModifyDBCluster CreateDBSnapshot"
    " CreateDBClusterSnapshot AddTagsToResource DownloadDBLogFilePortion",
    "elasticache": "TestFailover ModifyReplicationGroup RebootCacheCluster CreateSnapshot TestMigration",
    "memorydb": "FailoverShard",
    "dynamodb": "CreateBackup ExecuteStatement GetItem Query Scan BatchGetItem",
    "backup": "StartBackupJob",
    "rds-data": "ExecuteStatement",
    "secretsmanager": "GetSecretValue",
    "sts": "GetSessionToken GetFederationToken",
    "ec2": "GetPasswordData GetConsoleScreenshot",
    "iam": "GetCredentialReport PutRolePolicy AttachRolePolicy UpdateAssumeRolePolicy CreateAccessKey",
    "kms": "GetParametersForImport",
    "ssm": "PutParameter GetParameter DeleteParameter SendCommand StartSession",
    "cloudwatch": "PutMetricData SetAlarmState",
}
READS = "(Describe|List|Lookup).+|Get(MetricData|Resources|CallerIdentity|CalendarState|Role)$"


def model(service: str) -> Any:
    loader = botocore.loaders.create_loader()
    return loader.load_service_model(service, "service-2")["operations"]


class Nobody:
    """Listens, and takes note of whoever comes."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.address = self._listening.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"

    def has_come(self) -> bool:
        """A connection is made by the kernel, before anybody takes it: what was sent has been seen here."""
        try:
            self._listening.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._listening.close()


@pytest.fixture(scope="module")
def nobody() -> Iterator[Nobody]:
    listening = Nobody()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def clients(nobody: Nobody) -> Iterator[Any]:
    place = Place(Account("far", endpoint=nobody.url, keys=KEYS), "eu-west-1")
    with reading() as (sessions, _):
        yield lambda service: sessions.client(place, service)


def test_every_listed_name_is_one_of_botocores() -> None:
    for service, operations in ALLOWED.items():
        assert operations <= set(model(service)), service


def test_no_action_and_no_secret_is_listed() -> None:
    assert not [
        (service, name) for service, names in ACTIONS.items() for name in names.split() if is_allowed(service, name)
    ]
    for service, operations in ALLOWED.items():
        reads = {name for name in operations if re.match(READS, name)}
        assert operations - reads == {
            "iam": {"SimulatePrincipalPolicy"},
            "sts": {"AssumeRole", "AssumeRoleWithWebIdentity"},
            "signin": {"CreateOAuth2Token"},
            "sso": {"GetRoleCredentials"},
            "sso-oidc": {"CreateToken"},
        }.get(service, set())


def test_the_names_of_actions_above_are_names() -> None:
    for service, names in ACTIONS.items():
        assert set(names.split()) <= set(model(service)), service


@pytest.mark.parametrize("service", [*ALLOWED, *OTHERS])
def test_no_operation_that_is_not_listed_sends_a_byte(service: str, clients: Any, nobody: Nobody) -> None:
    client = clients(service)
    refused = 0
    for operation in sorted(set(model(service)) - ALLOWED.get(service, frozenset())):
        method = xform_name(operation)
        tries = [getattr(client, method), lambda method=method: client.generate_presigned_url(method)]
        if client.can_paginate(method):
            tries.append(lambda method=method: next(iter(client.get_paginator(method).paginate())))
        for attempt in tries:
            with pytest.raises(NotAllowed, match=re.escape(grant(service, operation))):
                attempt()
            refused += 1
    assert not nobody.has_come()
    assert refused >= 2 * (len(model(service)) - len(ALLOWED.get(service, ())))


def test_a_waiter_is_refused_too(clients: Any, nobody: Nobody) -> None:
    with pytest.raises(NotAllowed):
        clients("ec2").get_waiter("instance_running").wait()
    assert not nobody.has_come()


def test_whoever_comes_is_seen(nobody: Nobody) -> None:
    """Or else the proof above proves nothing."""
    assert not nobody.has_come()
    socket.create_connection(nobody.address).close()
    assert nobody.has_come()


async def test_what_is_listed_leaves(server: Server) -> None:
    with reading() as (sessions, _):
        assert await sessions.reader(near(server)).call("rds", "DescribeDBInstances") == {"DBInstances": []}
        assert len(server.came) == 1
        client = sessions.client(near(server), "rds")
        assert client.generate_presigned_url("describe_db_instances").startswith(server.url)


async def test_the_reader_refuses_in_the_same_words(server: Server) -> None:
    with reading() as (sessions, meter):
        reader = sessions.reader(near(server))
        with pytest.raises(NotAllowed, match="rds:RebootDBInstance is not on the list") as told:
            await reader.call("rds", "RebootDBInstance", DBInstanceIdentifier="orders", ForceFailover=True)
        assert "nothing was sent" in told.value.line()
        with pytest.raises(NotAllowed):
            async for _ in reader.pages("rds", "DescribeDBLogFiles", DBInstanceIdentifier="orders"):
                pass
        assert server.came == []
        assert meter.spent().requests == 0


def test_a_service_that_goes_by_another_name_in_iam() -> None:
    assert grant("resourcegroupstaggingapi", "GetResources") == "tag:GetResources"
    assert grant("cloudwatch", "GetMetricData") == "cloudwatch:GetMetricData"
