"""What is made of one description: of each engine, of what is pending, of anything at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws import ties
from collectors.aws.inventory import dynamodb, elasticache, rds
from collectors.aws.inventory.collector import Inventory
from collectors.aws.inventory.listed import Listed
from collectors.aws.inventory.tags import tagged
from collectors.aws.known import Known
from collectors.aws.selection import Selection
from collectors.errors import CannotCollect
from collectors.readings import Described
from collectors.safe import Safe
from tests.collectors.aws.asked import HOME, NOW, NUMBER, ByHand, one_pass

REGION = HOME.region


def told(row: Listed | None) -> dict[str, str]:
    assert row is not None
    return {str(name): str(value) for name, value in row.facts}


def instance(**more: Any) -> Listed:
    row = rds.instance({"DBInstanceIdentifier": "orders", **more}, {})
    assert row is not None
    return row


def cache(**more: Any) -> Listed:
    row = elasticache.cache({"CacheClusterId": "sessions-001", **more}, {})
    assert row is not None
    return row


def test_what_is_pending_is_told_and_no_password() -> None:
    waiting = {"DBInstanceClass": "db.r6i.xlarge", "MultiAZ": True, "MasterUserPassword": "hunter2"}
    row = instance(PendingModifiedValues=waiting, MasterUsername="sa_user", MasterUserSecret={"SecretArn": "arn:x"})
    assert told(row) == {"PendingModifiedValues": "DBInstanceClass: db.r6i.xlarge, MultiAZ: yes"}


@pytest.mark.parametrize(
    ("engine", "namespace"),
    [("sqlserver-ee", "AWS/RDS"), ("aurora-postgresql", "AWS/RDS"), ("docdb", "AWS/DocDB"), ("neptune", "AWS/Neptune")],
)
def test_engines_that_share_the_api_have_metrics_of_their_own(engine: str, namespace: str) -> None:
    cluster = rds.cluster({"DBClusterIdentifier": "catalogue", "Engine": engine}, REGION)
    assert cluster is not None
    assert (cluster.namespace, cluster.engine, cluster.kind) == (namespace, engine, "cluster")
    assert cluster.dimensions == (("DBClusterIdentifier", "catalogue"),)
    assert instance(Engine=engine).namespace == namespace


def test_a_volume_that_grows_by_itself_has_no_size() -> None:
    assert "AllocatedStorage" not in told(instance(AllocatedStorage=1, StorageType="aurora"))
    assert told(instance(AllocatedStorage=100, MaxAllocatedStorage=500)) == {
        "AllocatedStorage": "100 GiB",
        "MaxAllocatedStorage": "500 GiB",
    }


def test_where_an_instance_takes_connections() -> None:
    assert instance(Endpoint={"Address": "orders.db", "Port": 1433}).endpoint == ("orders.db", 1433)
    assert instance().endpoint is None
    assert instance(Endpoint={"Port": 1433}).endpoint is None
    row = rds.cluster({"DBClusterIdentifier": "orders", "Endpoint": "orders.cluster", "Port": 5432}, REGION)
    assert row is not None
    assert row.endpoint == ("orders.cluster", 5432)


def test_a_replica_of_another_region_or_of_a_cluster_is_one() -> None:
    arn = f"arn:aws:rds:us-east-1:{NUMBER}:db:orders"
    assert instance(ReadReplicaSourceDBInstanceIdentifier=arn).role == "replica"
    assert told(instance(ReadReplicaSourceDBClusterIdentifier="catalogue"))["ReadReplicaSource"] == "catalogue"
    assert instance().role == "primary"
    assert instance(DBClusterIdentifier="catalogue").role == ""


def test_the_nodes_of_all_shards_have_their_roles() -> None:
    def shard(name: str, *members: tuple[str, str]) -> dict[str, Any]:
        told = [{"CacheClusterId": name, "CurrentRole": role} for name, role in members]
        return {"NodeGroupId": name, "NodeGroupMembers": told}

    shards = [
        shard("0001", ("s-0001-001", "primary"), ("s-0001-002", "replica")),
        shard("0002", ("s-0002-001", "replica")),
    ]
    assert ties.members({"NodeGroups": [*shards, {"NodeGroupMembers": [{"CacheClusterId": "s-0003-001"}]}]}) == {
        "s-0001-001": ties.Member("primary", "0001"),
        "s-0001-002": ties.Member("replica", "0001"),
        "s-0002-001": ties.Member("replica", "0002"),
        "s-0003-001": ties.Member("", ""),
    }


def test_a_cache_of_one_node_is_measured_by_its_node_and_of_several_as_a_whole() -> None:
    node = {"CacheNodes": [{"Endpoint": {"Address": "s.cache", "Port": 6379}}]}
    assert cache(Engine="redis", NumCacheNodes=1, **node).dimensions == (
        ("CacheClusterId", "sessions-001"),
        ("CacheNodeId", "0001"),
    )
    several = cache(Engine="memcached", NumCacheNodes=3, ConfigurationEndpoint={"Address": "s.cfg", "Port": 1}, **node)
    assert several.dimensions == (("CacheClusterId", "sessions-001"),)
    assert told(several)["Endpoint"] == "s.cfg:1"
    assert told(cache(**node))["Endpoint"] == "s.cache:6379"


def test_a_cache_of_one_node_is_asked_at_its_node() -> None:
    one = {"Endpoint": {"Address": "s.cache", "Port": 6379}}
    assert cache(CacheNodes=[one]).endpoint == ("s.cache", 6379)
    others: list[list[object]] = [[], [one, one], [{}], [{"Endpoint": {"Address": "s.cache"}}]]
    for nodes in others:
        assert cache(CacheNodes=nodes).endpoint is None


def test_a_node_knows_where_the_primary_of_its_shard_answers_whoever_that_is() -> None:
    shard = {"NodeGroupId": "0001", "NodeGroupMembers": [{"CacheClusterId": "sessions-001"}]}
    endpoint = {"Address": "master.sessions", "Port": 6379}
    for more, door in (({"PrimaryEndpoint": endpoint}, ("master.sessions", 6379)), ({}, None)):
        members = ties.members({"NodeGroups": [{**shard, **more}]})
        row = elasticache.cache({"CacheClusterId": "sessions-001"}, members)
        assert row is not None
        assert row.ties.door == door


async def test_a_groups_tags_are_its_members_too_where_they_have_no_own() -> None:
    def mapped(rest: str, **tags: str) -> dict[str, Any]:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        return {"ResourceARN": f"arn:aws:elasticache:eu-west-1:{NUMBER}:{rest}", "Tags": pairs}

    member = {"CacheClusterId": "sessions-001", "ReplicationGroupId": "sessions"}
    rows = [mapped("replicationgroup:sessions", team="shop", stage="live"), mapped("cluster:sessions-001", team="own")]
    answers = {
        ("elasticache", "DescribeCacheClusters"): {"CacheClusters": [member]},
        ("resourcegroupstaggingapi", "GetResources"): {"ResourceTagMappingList": rows},
    }
    collector = Inventory(lambda _: ByHand(answers), Known(), Selection(), lambda: NOW)
    (found,) = await one_pass(collector)
    assert isinstance(found, Described)
    assert dict(found.tags) == {"stage": "live", "team": "own"}


@pytest.mark.parametrize(
    ("arn", "named"),
    [
        (f"arn:aws:dynamodb:eu-west-1:{NUMBER}:table/carts", ("table", "carts")),
        (f"arn:aws-cn:elasticache:cn-north-1:{NUMBER}:cluster:s-001", ("cache", "s-001")),
        (f"arn:aws:elasticache:eu-west-1:{NUMBER}:replicationgroup:s", ("group", "s")),
        (f"arn:aws:elasticache:eu-west-1:{NUMBER}:snapshot:s", None),
        ("carts", None),
        ("", None),
    ],
)
def test_whose_tags_they_are(arn: str, named: tuple[str, str] | None) -> None:
    assert list(tagged([{"ResourceARN": arn}])) == ([named] if named else [])


def test_how_a_table_is_paid_for() -> None:
    def paid(**more: Any) -> str | None:
        return told(dynamodb.table("carts", more, REGION, Safe(""))).get("BillingMode")

    assert (
        paid(BillingModeSummary={"BillingMode": "PAY_PER_REQUEST"}, ProvisionedThroughput={"x": 0}) == "PAY_PER_REQUEST"
    )
    assert paid(ProvisionedThroughput={"ReadCapacityUnits": 5}) == "PROVISIONED"
    assert paid() is None


def test_a_table_is_encrypted_also_where_aws_says_nothing_of_it() -> None:
    def encryption(**more: Any) -> str | None:
        return told(dynamodb.table("carts", more, REGION, Safe(""))).get("StorageEncryption")

    arn = f"arn:aws:dynamodb:eu-west-1:{NUMBER}:table/carts"
    assert encryption(TableArn=arn, SSEDescription={"SSEType": "KMS"}) == "KMS"
    assert encryption(TableArn=arn) == "AWS owned key"
    assert encryption() is None


# --- anything at all

MEMBERS = st.sampled_from(
    [
        *("DBInstances", "DBClusters", "CacheClusters", "ReplicationGroups", "TableNames", "ResourceTagMappingList"),
        *("DBInstanceIdentifier", "DBClusterIdentifier", "CacheClusterId", "TableName", "ResourceARN", "Engine", "ARN"),
        *("Endpoint", "Address", "Port", "TagList", "Key", "Value", "Tags", "DBClusterMembers", "NodeGroups"),
        *("NodeGroupMembers", "PendingModifiedValues", "CacheNodes", "ConfigurationEndpoint", "NumCacheNodes", "Table"),
        *(
            "DBInstanceArn",
            "AvailabilityZones",
            "AllocatedStorage",
            "Replicas",
            "BillingModeSummary",
            "DBInstanceStatus",
        ),
    ]
)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.just(datetime(2026, 11, 21, tzinfo=UTC)),
    st.just(f"arn:aws:rds:eu-west-1:{NUMBER}:db:x"),
)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(MEMBERS, inner, max_size=4)),
    max_leaves=12,
)
NAMES = st.sampled_from(["DBInstanceIdentifier", "DBClusterIdentifier", "CacheClusterId", "ReplicationGroupId"])
NAMED = st.dictionaries(NAMES, st.one_of(st.sampled_from(["a", "b"]), ANYTHING), min_size=2)
ROW = st.builds(lambda some, named: some | named, st.dictionaries(MEMBERS, ANYTHING, max_size=8), NAMED)
ROWS = st.lists(st.one_of(ANYTHING, ROW), max_size=3)
LISTS = {
    ("rds", "DescribeDBInstances"): "DBInstances",
    ("rds", "DescribeDBClusters"): "DBClusters",
    ("elasticache", "DescribeCacheClusters"): "CacheClusters",
    ("elasticache", "DescribeReplicationGroups"): "ReplicationGroups",
    ("dynamodb", "ListTables"): "TableNames",
    ("dynamodb", "DescribeTable"): "Table",
    ("resourcegroupstaggingapi", "GetResources"): "ResourceTagMappingList",
}


@given(st.fixed_dictionaries({asked: st.one_of(ROWS, ANYTHING) for asked in LISTS}))
async def test_no_answer_whatever_raises_what_nobody_can_act_on(answers: dict[tuple[str, str], Any]) -> None:
    given_pages = {asked: [{LISTS[asked]: answer}] for asked, answer in answers.items()}
    collector = Inventory(lambda _: ByHand(given_pages), Known(), Selection(), lambda: NOW)
    seen: list[Described] = []
    try:
        async for reading in collector.collect(HOME):
            if isinstance(reading, Described):  # or gone: its name was another's too
                seen.append(reading)  # noqa: PERF401 - those before an error count
    except CannotCollect as trouble:
        assert "cannot be read" in trouble.what  # noqa: PT017 - it may raise or not
    for each in seen:
        texts = (each.about, each.kind, each.engine, each.role, each.status, each.az, each.region, each.account)
        assert all(
            isinstance(text, Safe) for text in (*texts, *(part for fact in (*each.facts, *each.tags) for part in fact))
        )
