"""The inventory against an emulator of AWS, asked through botocore over a socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from collectors.aws.inventory.collector import Inventory
from collectors.aws.known import Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.selection import Choice, Selection
from tests.collectors.aws.asked import ABROAD, NOW, Moto, described, facts, gone, one_pass

Readers = Callable[[Place], Reader]


def make_instance(client: Any, name: str, engine: str = "sqlserver-ee", **more: Any) -> None:
    login = {} if "DBClusterIdentifier" in more else {"MasterUsername": "sa_user", "MasterUserPassword": "not-a-secret"}
    storage = {} if "DBClusterIdentifier" in more else {"AllocatedStorage": 100}
    kind = "db.r6i.large"
    client.create_db_instance(
        DBInstanceIdentifier=name, DBInstanceClass=kind, Engine=engine, **login, **storage, **more
    )


def make_cluster(client: Any, name: str, members: int) -> None:
    login = {"MasterUsername": "pg_user", "MasterUserPassword": "not-a-secret"}
    client.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-postgresql", **login)
    for number in range(1, members + 1):
        make_instance(client, f"{name}-{number}", "aurora-postgresql", DBClusterIdentifier=name)


def make_table(client: Any, name: str, **tags: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def make_cache(client: Any, name: str, **tags: str) -> None:
    client.create_cache_cluster(
        CacheClusterId=name,
        CacheNodeType="cache.t3.micro",
        Engine="redis",
        NumCacheNodes=1,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def inventory(readers: Readers, known: Known | None = None, selection: Selection | None = None) -> Inventory:
    return Inventory(readers, known or Known(), selection or Selection(), lambda: NOW)


async def test_every_kind_is_listed_with_what_aws_says_of_it(moto: Moto, readers: Readers) -> None:
    make_instance(moto.client("rds"), "orders", Tags=[{"Key": "team", "Value": "shop"}])
    make_cluster(moto.client("rds"), "catalogue", members=2)
    make_cache(moto.client("elasticache"), "sessions-001", team="shop")
    make_table(moto.client("dynamodb"), "carts", team="shop")
    found = described(await one_pass(inventory(readers), moto.place()))
    assert {(str(each.kind), about) for about, each in found.items()} == {
        ("instance", "orders"),
        ("cluster", "catalogue"),
        ("instance", "catalogue-1"),
        ("instance", "catalogue-2"),
        ("cache", "sessions-001"),
        ("table", "carts"),
    }
    orders = found["orders"]
    told = facts(orders)
    assert (orders.engine, orders.role, orders.status) == ("sqlserver-ee", "primary", "available")
    assert (orders.az, orders.region, orders.account) == ("eu-west-1a", "eu-west-1", "123456789012")
    assert (told["DBInstanceClass"], told["AllocatedStorage"], told["MultiAZ"]) == ("db.r6i.large", "100 GiB", "no")
    assert told["Endpoint"].startswith("orders.")
    assert told["Endpoint"].endswith(":1433")
    assert "LatestRestorableTime" not in told
    for name in ("orders", "sessions-001", "carts"):
        assert ("team", "shop") in found[name].tags
    assert (found["catalogue-1"].role, found["catalogue-2"].role) == ("writer", "reader")
    assert found["catalogue-1"].cluster == "catalogue"


async def test_a_failover_of_a_cluster_changes_the_roles(moto: Moto, readers: Readers) -> None:
    make_cluster(moto.client("rds"), "catalogue", members=2)
    known, place = Known(), moto.place()
    collector = inventory(readers, known)
    await one_pass(collector, place)
    moto.client("rds").failover_db_cluster(DBClusterIdentifier="catalogue", TargetDBInstanceIdentifier="catalogue-2")
    found = described(await one_pass(collector, place))
    assert (found["catalogue-1"].role, found["catalogue-2"].role) == ("reader", "writer")
    assert {each.name: each.role for each in known.of(place)} == {
        "catalogue": "",
        "catalogue-1": "reader",
        "catalogue-2": "writer",
    }


async def test_a_replica_is_one_and_names_its_source(moto: Moto, readers: Readers) -> None:
    make_instance(moto.client("rds"), "orders", "mysql")
    moto.client("rds").create_db_instance_read_replica(
        DBInstanceIdentifier="orders-replica", SourceDBInstanceIdentifier="orders", DBInstanceClass="db.r6i.large"
    )
    replica = described(await one_pass(inventory(readers), moto.place()))["orders-replica"]
    assert replica.role == "replica"
    assert facts(replica)["ReadReplicaSource"] == "orders"


async def test_what_appears_is_described_and_what_vanishes_is_gone(moto: Moto, readers: Readers) -> None:
    rds, tables = moto.client("rds"), moto.client("dynamodb")
    make_instance(rds, "orders")
    make_table(tables, "carts")
    known, place = Known(), moto.place()
    collector = inventory(readers, known)
    assert gone(await one_pass(collector, place)) == []
    make_instance(rds, "billing")
    rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    tables.delete_table(TableName="carts")
    readings = await one_pass(collector, place)
    assert gone(readings) == ["orders", "carts"]
    assert set(described(readings)) == {"billing"}
    assert [each.id for each in known.of(place)] == ["billing"]


async def test_tags_choose_over_all_services(moto: Moto, readers: Readers) -> None:
    for name, team in (("orders", "shop"), ("wages", "office")):
        make_instance(moto.client("rds"), name, Tags=[{"Key": "team", "Value": team}])
        make_cache(moto.client("elasticache"), f"{name}-cache", team=team)
        make_table(moto.client("dynamodb"), f"{name}-table", team=team)
    make_table(moto.client("dynamodb"), "untagged")
    chosen = Selection(include=(Choice(tags=(("team", "sh*"),)),))
    found = described(await one_pass(inventory(readers, selection=chosen), moto.place()))
    assert set(found) == {"orders", "orders-cache", "orders-table"}


async def test_a_name_in_two_regions_is_told_with_its_place(moto: Moto, readers: Readers) -> None:
    make_instance(moto.client("rds"), "orders")
    make_instance(moto.client("rds"), "billing")
    here, there = moto.place(), moto.place(ABROAD.region)
    known = Known()
    collector = inventory(readers, known)
    assert set(described(await one_pass(collector, here))) == {"orders", "billing"}
    make_instance(moto.client("rds", ABROAD.region), "orders")
    assert set(described(await one_pass(collector, there))) == {"orders@us-east-1.shop"}
    readings = await one_pass(collector, here)
    assert gone(readings) == ["orders"]
    assert set(described(readings)) == {"orders@eu-west-1.shop", "billing"}
    assert [each.region for each in described(readings).values()] == ["eu-west-1", "eu-west-1"]
    moto.client("rds", ABROAD.region).delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert gone(await one_pass(collector, there)) == ["orders@us-east-1.shop"]
    readings = await one_pass(collector, here)
    assert gone(readings) == ["orders@eu-west-1.shop"]
    assert set(described(readings)) == {"orders", "billing"}
    assert sorted(each.name for each in known.of(here)) == ["billing", "orders"]
