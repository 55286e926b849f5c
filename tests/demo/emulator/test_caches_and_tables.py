"""ElastiCache, DynamoDB, tags over all services, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.emulating import START, Emulating, code, emulating


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating(size=40) as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.now = START
    return served


def test_each_node_is_a_cache_of_its_own(world: Emulating) -> None:
    caches = world.client("elasticache").describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]
    machines = {m.id: m for m in world.model.machines.values() if m.kind == "cache"}
    assert [each["CacheClusterId"] for each in caches] == sorted(machines)
    for each in caches:
        machine = machines[each["CacheClusterId"]]
        assert each["PreferredAvailabilityZone"] == machine.az
        assert (each["ReplicationGroupId"], each["CacheNodeType"]) == (machine.cluster, machine.klass)
        (node,) = each["CacheNodes"]
        assert (node["CacheNodeId"], node["CustomerAvailabilityZone"]) == ("0001", machine.az)
    addresses = {each["CacheNodes"][0]["Endpoint"]["Address"] for each in caches}
    assert len(addresses) == len(caches)


def test_nodes_are_told_only_where_they_are_asked_for(world: Emulating) -> None:
    client = world.client("elasticache")
    assert "CacheNodes" not in client.describe_cache_clusters()["CacheClusters"][0]
    assert client.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"] == []


def test_a_group_knows_who_is_primary(world: Emulating) -> None:
    asked = world.client("elasticache").describe_replication_groups(ReplicationGroupId="sessions")
    (group,) = asked["ReplicationGroups"]
    (shard,) = group["NodeGroups"]
    assert {each["CacheClusterId"]: each["CurrentRole"] for each in shard["NodeGroupMembers"]} == {
        "sessions-001": "primary",
        "sessions-002": "replica",
    }
    assert group["MemberClusters"] == ["sessions-001", "sessions-002"]
    assert shard["PrimaryEndpoint"]["Port"] == 6379


def test_tags_of_a_node_and_of_its_group(world: Emulating) -> None:
    client = world.client("elasticache")
    for name in ("cluster:sessions-001", "replicationgroup:sessions"):
        tags = client.list_tags_for_resource(ResourceName=f"arn:aws:elasticache:eu-west-1:111122223333:{name}")
        assert {"Key": "app", "Value": "sessions"} in tags["TagList"]


def test_caches_that_are_not_there(world: Emulating) -> None:
    client = world.client("elasticache")
    with pytest.raises(client.exceptions.CacheClusterNotFoundFault):
        client.describe_cache_clusters(CacheClusterId="nobody")
    with pytest.raises(client.exceptions.ReplicationGroupNotFoundFault):
        client.describe_replication_groups(ReplicationGroupId="nobody")


def test_tables_page_by_page(world: Emulating) -> None:
    client = world.client("dynamodb")
    names = [name for m in world.model.machines.values() if m.kind == "table" for name in [str(m.id)]]
    pages = list(client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1}))
    assert len(pages) == len(names)
    assert [name for page in pages for name in page["TableNames"]] == sorted(names)


def test_a_table_and_how_far_back_it_goes(world: Emulating) -> None:
    client = world.client("dynamodb")
    table = client.describe_table(TableName="carts")["Table"]
    assert (table["TableStatus"], table["TableArn"].rpartition(":")[2]) == ("ACTIVE", "table/carts")
    backups = client.describe_continuous_backups(TableName="carts")["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    plan = world.model.plan(next(m.id for m in world.model.machines.values() if m.id == "carts"))
    assert recovery["LatestRestorableDateTime"].timestamp() == plan.restorable_until(world.t)
    assert recovery["RecoveryPeriodInDays"] == 35
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert {"Key": "estate", "Value": "resilient-database"} in tags


def test_a_table_says_what_its_metrics_say(world: Emulating) -> None:
    bought = world.client("dynamodb").describe_table(TableName="carts")["Table"]["ProvisionedThroughput"]
    metrics = world.model.metrics(next(m for m in world.model.machines if m == "carts"), world.t)
    assert bought["ReadCapacityUnits"] == metrics["ProvisionedReadCapacityUnits"]
    assert bought["WriteCapacityUnits"] == metrics["ProvisionedWriteCapacityUnits"]


def test_tables_that_are_not_there_and_limits_that_are_none(world: Emulating) -> None:
    client = world.client("dynamodb")
    for ask in (client.describe_table, client.describe_continuous_backups):
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            ask(TableName="nobody")


def test_tags_over_all_services(world: Emulating) -> None:
    client = world.client("resourcegroupstaggingapi")
    pages = client.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": "estate", "Values": ["resilient-database"]}], PaginationConfig={"PageSize": 10}
    )
    mapped = [each for page in pages for each in page["ResourceTagMappingList"]]
    groups = {m.cluster for m in world.model.machines.values() if m.kind == "cache"}
    assert len({each["ResourceARN"] for each in mapped}) == len(mapped) == 40 + len(groups)
    tables = client.get_resources(ResourceTypeFilters=["dynamodb:table"])["ResourceTagMappingList"]
    assert {each["ResourceARN"].rpartition("/")[2][:5] for each in tables} == {"carts"}
    assert client.get_resources(TagFilters=[{"Key": "estate", "Values": ["other"]}])["ResourceTagMappingList"] == []
    billing = client.get_resources(TagFilters=[{"Key": "app", "Values": ["billing"]}])["ResourceTagMappingList"]
    assert [each["ResourceARN"].rpartition(":")[2] for each in billing] == ["billing"]


def test_a_token_that_was_never_given(world: Emulating) -> None:
    with pytest.raises(ClientError) as caught:
        world.client("resourcegroupstaggingapi").get_resources(PaginationToken="mine")
    assert code(caught.value) == "PaginationTokenExpiredException"


def test_who_is_asking(world: Emulating) -> None:
    caller = world.client("sts").get_caller_identity()
    assert caller["Account"] == "111122223333"
    assert caller["Arn"].startswith("arn:aws:sts::111122223333:assumed-role/")
