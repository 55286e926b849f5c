"""Each metric that is asked for is one that AWS has for that resource."""

from __future__ import annotations

import pytest

from collectors.aws.cloudwatch.wanted import ESSENTIAL, USUAL, wanted
from collectors.aws.known import Found
from collectors.aws.metrics import SLOW, metrics
from tests.collectors.aws.cloudwatch.cloud import found

DOCDB, NEPTUNE = {"engine": "docdb", "namespace": "AWS/DocDB"}, {"engine": "neptune", "namespace": "AWS/Neptune"}
ALL = (
    found("a", storage="gp2"),
    found("b", role="replica"),
    found("c", engine="postgres"),
    found("d", engine="aurora-postgresql", role="writer"),
    found("e", engine="aurora-mysql", role="reader"),
    found("f", "cluster"),
    found("g", "cache", role="primary"),
    found("h", "cache", "valkey", role="replica"),
    found("i", "cache", "memcached"),
    found("j", "table"),
    found("k", role="reader", **DOCDB),
    found("l", "cluster", **DOCDB),
    found("m", role="reader", **NEPTUNE),
    found("n", "cluster", **NEPTUNE),
)


def names(one: Found) -> set[str]:
    return {each.metric for each in wanted(one)}


def test_each_name_in_the_table_is_one_that_aws_has_and_none_is_misspelt() -> None:
    for namespace, _, _, of_these in USUAL:
        for name in of_these:
            assert (namespace, name) in metrics()
    assert {name for _, _, _, of_these in USUAL for name in of_these} >= ESSENTIAL


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.kind}-{one.engine}-{one.role}")
def test_all_of_the_table_that_holds_for_a_resource_is_asked_for_with_its_unit_and_dimensions(one: Found) -> None:
    usual = [
        name
        for namespace, kind, holds, of_these in USUAL
        if (namespace, kind) == (one.namespace, one.kind) and holds(one)
        for name in of_these
    ]
    asked = wanted(one)
    assert [each.metric for each in asked] == usual
    assert len(set(usual)) == len(usual)
    assert any(each.essential for each in asked)
    for each in asked:
        fact = metrics()[each.namespace, each.metric]
        assert (each.unit, each.period, each.statistic) == (fact.unit, fact.period, fact.statistic)
        if each.metric != "AuroraReplicaLagMaximum":  # of all members, by their cluster
            assert tuple(name for name, _ in each.dimensions) == fact.dimensions


def test_what_only_some_have_is_asked_of_them_alone() -> None:
    assert "BurstBalance" in names(found("a", storage="gp2"))
    assert "BurstBalance" not in names(found("a", storage="gp3"))
    assert "ReplicaLag" in names(found("a", role="replica"))
    assert "ReplicaLag" not in names(found("a", role="primary"))
    assert "FailedSQLServerAgentJobsCount" not in names(found("a", engine="postgres"))
    assert "FreeStorageSpace" not in names(found("a", engine="aurora-mysql"))
    assert "AuroraReplicaLag" in names(found("a", engine="aurora-mysql", role="reader"))
    assert "AuroraReplicaLagMaximum" in names(found("a", "cluster"))
    assert names(found("a", "cluster", "mysql")) == set()
    assert "ReplicationLag" in names(found("a", "cache", role="replica"))
    assert "EngineCPUUtilization" not in names(found("a", "cache", "memcached"))


def test_a_tables_latency_is_that_of_one_operation() -> None:
    (latency,) = (each for each in wanted(found("carts", "table")) if each.metric == "SuccessfulRequestLatency")
    assert latency.dimensions == (("TableName", "carts"), ("Operation", "GetItem"))


def test_what_comes_every_five_minutes_is_known_to() -> None:
    slow = {each.metric for one in ALL for each in wanted(one) if each.period == SLOW}
    assert slow == {
        "VolumeReadIOPs",
        "VolumeWriteIOPs",
        "ProvisionedReadCapacityUnits",
        "ProvisionedWriteCapacityUnits",
    }


def test_a_threshold_adds_what_the_resource_can_have_as_essential_and_nothing_twice() -> None:
    extra = ("cloudwatch.CPUUtilization", "cloudwatch.ReadLatency.p99", "cloudwatch.Evictions", "wait.WRITELOG")
    asked = wanted(found("a"), extra)
    assert len(asked) == len(wanted(found("a"))) + 1
    assert (asked[-1].name, asked[-1].statistic) == ("cloudwatch.ReadLatency.p99", "p99")
    assert asked[-1].essential


def test_a_threshold_about_every_engine_adds_nothing_to_those_that_cannot_have_it() -> None:
    lags = ("cloudwatch.AuroraReplicaLag", "cloudwatch.ReplicaLag", "cloudwatch.BurstBalance.Average")
    assert len(wanted(found("a"), lags)) == len(wanted(found("a")))
    assert len(wanted(found("a", role="replica"), lags)) == len(wanted(found("a", role="replica")))
    assert [each.name for each in wanted(found("a", storage="gp2"), lags)][-1] == "cloudwatch.BurstBalance.Average"
    assert "CPUCreditBalance" in {each.metric for each in wanted(found("a"), ("cloudwatch.CPUCreditBalance",))}
