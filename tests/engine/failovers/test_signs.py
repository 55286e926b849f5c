"""What begins a failover that nobody asked for: AWS's first word of it, or another in the role than before."""

from __future__ import annotations

from dataclasses import replace

from collectors.readings import Described, Happened, ResourceId, Severity
from collectors.safe import Safe
from console.engine.failovers.concerned import about
from console.engine.failovers.signs import by_event, by_list
from console.estate.resource import Resource
from console.failover.observed import Kind
from tests.estate.builders import at, described

NAMES = ("orders", "shop-1", "shop-2", "shop", "orders-copy")
ORDERS, ONE, TWO, SHOP, COPY = (ResourceId(Safe(name)) for name in NAMES)
STANDBY = ((Safe("SecondaryAvailabilityZone"), Safe("eu-west-1b")),)


def instance(name: ResourceId, role: str = "primary", cluster: ResourceId | None = None, **more: object) -> Described:
    return replace(described(about=name), role=Safe(role), cluster=cluster, facts=(), **more)  # type: ignore[arg-type]


def node(name: ResourceId, role: str, shard: str = "0001") -> Described:
    facts = ((Safe("Shard"), Safe(shard)),)
    return replace(instance(name, role, SHOP), kind=Safe("cache"), engine=Safe("redis"), facts=facts)


MULTI_AZ = replace(instance(ORDERS), facts=STANDBY)
FOLLOWS = replace(instance(COPY, "replica"), facts=((Safe("ReadReplicaSource"), Safe("orders")),))
CLUSTER = replace(instance(SHOP, ""), kind=Safe("cluster"))
ESTATE = {
    each.about: Resource(each.about, each)
    for each in (MULTI_AZ, FOLLOWS, CLUSTER, instance(ONE, "writer", SHOP), instance(TWO, "reader", SHOP))
}
CACHES = {each.about: Resource(each.about, each) for each in (node(ONE, "primary"), node(TWO, "replica"))}


def told(name: ResourceId, text: str, seconds: float = 0, source: str = "rds") -> Happened:
    return Happened(name, at(seconds), Safe(text), Severity.HIGH, Safe(source))


def test_aws_s_first_word_begins_one_of_the_instance_or_of_the_cluster_of_a_member() -> None:
    one = by_event(told(ORDERS, "Multi-AZ instance failover started"), ESTATE, at(60))
    assert one is not None
    assert (one.resource, one.kind, one.at) == (ORDERS, Kind.STANDBY, at(0))
    other = by_event(told(TWO, "Started cross AZ failover to DB instance: shop-2"), ESTATE, at(60))
    assert other is not None
    assert (other.resource, other.kind) == (SHOP, Kind.CLUSTER)


def test_what_is_old_or_said_by_ourselves_or_no_sign_begins_none() -> None:
    started = "Multi-AZ instance failover started"
    assert by_event(told(ORDERS, started), ESTATE, at(601)) is None
    assert by_event(told(ORDERS, started, source="dbconsole"), ESTATE, at(1)) is None
    assert by_event(told(ORDERS, "DB instance restarted"), ESTATE, at(1)) is None
    assert by_event(told(COPY, "Replication for the Read Replica was terminated"), ESTATE, at(1)) is None


def test_swapped_zones_and_another_leader_are_seen_by_the_list() -> None:
    swapped = replace(MULTI_AZ, az=Safe("eu-west-1b"), observed=at(60))
    one = by_list(MULTI_AZ, swapped, ESTATE)
    assert one is not None
    assert one.sign == "its zone was eu-west-1a, is now eu-west-1b"
    writer = by_list(instance(TWO, "reader", SHOP), instance(TWO, "writer", SHOP), ESTATE)
    assert writer is not None
    assert (writer.resource, writer.sign) == (SHOP, "shop-2 was reader, is now writer")
    primary = by_list(node(TWO, "replica"), node(TWO, "primary"), CACHES)
    assert primary is not None
    assert (primary.resource, primary.kind) == (TWO, Kind.CACHE)


def test_a_status_says_it_where_no_event_does() -> None:
    failing = replace(MULTI_AZ, status=Safe("failing-over"))
    begun = by_list(MULTI_AZ, failing, ESTATE)
    assert begun is not None
    assert begun.sign == f"AWS says that {MULTI_AZ.about} is failing over"
    assert by_list(failing, failing, ESTATE) is None, "it is told once"
    assert by_list(failing, MULTI_AZ, ESTATE) is None


def test_a_first_listing_another_zone_without_a_standby_and_a_demotion_are_no_failover() -> None:
    assert by_list(None, MULTI_AZ, ESTATE) is None
    assert by_list(MULTI_AZ, replace(MULTI_AZ, az=Safe("eu-west-1c")), ESTATE) is None
    assert by_list(instance(ONE, "writer", SHOP), instance(ONE, "reader", SHOP), ESTATE) is None
    assert by_list(FOLLOWS, replace(FOLLOWS, role=Safe("primary")), ESTATE) is None, "a promotion is no failover"


def test_who_is_concerned_is_the_family_and_nobody_else() -> None:
    assert about(ESTATE[ORDERS], Kind.STANDBY, ESTATE) == (ORDERS, COPY)
    assert about(ESTATE[SHOP], Kind.CLUSTER, ESTATE) == (SHOP, ONE, TWO)
    assert about(ESTATE[COPY], Kind.PROMOTION, ESTATE) == (COPY, ORDERS)
    other = node(ORDERS, "primary", "0002")
    shards = {**CACHES, ORDERS: Resource(ORDERS, other)}
    assert about(CACHES[ONE], Kind.CACHE, shards) == (ONE, TWO)
