"""The inventory where AWS refuses, leaves out, breaks off, or has a thousand of them: answers by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collectors.aws.inventory.collector import Inventory
from collectors.aws.inventory.dynamodb import MOST_A_PASS
from collectors.aws.known import Known
from collectors.aws.place import Place
from collectors.aws.selection import Choice, Selection
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import ResourceId
from collectors.safe import Safe
from tests.collectors.aws.asked import (
    ABROAD,
    HOME,
    NOW,
    NUMBER,
    Answers,
    ByHand,
    a_failing_pass,
    described,
    gone,
    one_pass,
)

RDS = ("rds", "DescribeDBInstances")
CLUSTERS = ("rds", "DescribeDBClusters")
CACHES = ("elasticache", "DescribeCacheClusters")
GROUPS = ("elasticache", "DescribeReplicationGroups")
TABLES = ("dynamodb", "ListTables")
TABLE = ("dynamodb", "DescribeTable")
TAGS = ("resourcegroupstaggingapi", "GetResources")


def denied(grant: str) -> Denied:
    return Denied(f"This identity may not ask {grant}.", grant=grant, mend=f"Allow {grant}.")


def instances(*names: str, **more: Any) -> dict[str, Any]:
    return {"DBInstances": [{"DBInstanceIdentifier": name, **more} for name in names]}


def caches(*names: str, **more: Any) -> dict[str, Any]:
    return {"CacheClusters": [{"CacheClusterId": name, "Engine": "redis", **more} for name in names]}


def table(name: str) -> dict[str, Any]:
    arn = f"arn:aws:dynamodb:eu-west-1:{NUMBER}:table/{name}"
    return {"Table": {"TableName": name, "TableArn": arn, "TableStatus": "ACTIVE"}}


def estate() -> Answers:
    return {
        RDS: instances("orders", "billing"),
        CACHES: caches("sessions-001"),
        TABLES: {"TableNames": ["carts"]},
        TABLE: lambda TableName: [table(TableName)],  # noqa: N803 - AWS's spelling
    }


class Case:
    """An inventory of one place, whose answers a test changes between passes."""

    def __init__(self, answers: Answers, selection: Selection | None = None, seen_before: tuple[str, ...] = ()) -> None:
        self.answers = answers
        self.reader = ByHand(answers)
        self.known = Known()
        before = [ResourceId(Safe(name)) for name in seen_before]
        self.collector = Inventory(
            lambda _: self.reader, self.known, selection or Selection(), lambda: NOW, seen_before=before
        )

    def names(self, place: Place = HOME) -> list[str]:
        return [each.name for each in self.known.of(place)]


# --- trouble with one service


@pytest.mark.parametrize(
    ("refused", "grant", "left"),
    [
        (RDS, "rds:DescribeDBInstances", {"sessions-001", "carts"}),
        (CACHES, "elasticache:DescribeCacheClusters", {"orders", "billing", "carts"}),
        (TABLES, "dynamodb:ListTables", {"orders", "billing", "sessions-001"}),
        (GROUPS, "elasticache:DescribeReplicationGroups", {"orders", "billing", "sessions-001", "carts"}),
    ],
)
async def test_a_service_that_refuses_hides_nothing_of_the_others(
    refused: tuple[str, str], grant: str, left: set[str]
) -> None:
    case = Case(estate() | {refused: denied(grant)})
    readings, trouble = await a_failing_pass(case.collector)
    assert set(described(readings)) == left
    assert isinstance(trouble, Denied)
    assert trouble.grant == grant


@pytest.mark.parametrize("refused", [RDS, CACHES, TABLES])
async def test_what_a_service_listed_before_is_not_gone_because_it_refuses(refused: tuple[str, str]) -> None:
    case = Case(estate())
    await one_pass(case.collector)
    everything = case.names()
    case.answers[refused] = CannotCollect("It was not answered.")
    readings, _ = await a_failing_pass(case.collector)
    assert gone(readings) == []
    assert case.names() == everything


async def test_a_list_that_breaks_off_adds_and_takes_nothing_away() -> None:
    case = Case(estate())
    await one_pass(case.collector)
    case.answers[RDS] = [instances("wages", "orders"), Throttled("Too often.")]
    readings, trouble = await a_failing_pass(case.collector)
    assert gone(readings) == []
    assert {"wages", "orders"} <= set(described(readings))
    assert isinstance(trouble, Throttled)
    assert sorted(case.names()) == ["billing", "carts", "orders", "sessions-001", "wages"]
    case.answers[RDS] = instances("wages", "orders")
    assert gone(await one_pass(case.collector)) == ["billing"]


async def test_several_refusals_are_told_in_one_with_every_grant() -> None:
    grants = ("elasticache:DescribeCacheClusters", "dynamodb:ListTables")
    case = Case(estate() | {CLUSTERS: Throttled("Too often."), CACHES: denied(grants[0]), TABLES: denied(grants[1])})
    readings, trouble = await a_failing_pass(case.collector)
    assert set(described(readings)) == {"orders", "billing"}
    assert isinstance(trouble, Denied)
    assert trouble.grant == "elasticache:DescribeCacheClusters, dynamodb:ListTables"
    assert trouble.what == f"This identity may not ask {grants[0]}. This identity may not ask {grants[1]}. Too often."


async def test_credentials_that_ended_end_the_pass() -> None:
    case = Case(estate())
    await one_pass(case.collector)
    everything, case.answers[CLUSTERS] = case.names(), Expired("The sign-in has ended.")
    case.reader.asked.clear()
    readings, trouble = await a_failing_pass(case.collector)
    assert (readings, type(trouble)) == ([], Expired)
    assert case.reader.operations() == ["DescribeDBClusters"]
    assert case.names() == everything


async def test_credentials_that_end_among_the_tables_are_told_as_that() -> None:
    case = Case(estate() | {GROUPS: denied("elasticache:DescribeReplicationGroups"), TABLE: Expired("It ended.")})
    _, trouble = await a_failing_pass(case.collector)
    assert isinstance(trouble, Expired)


# --- answers that leave out, or are odd


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {RDS: {}, CLUSTERS: {"DBClusters": None}, CACHES: {"CacheClusters": []}, TABLES: {}, GROUPS: {"Marker": "x"}},
        {RDS: {"DBInstances": "none"}, TABLES: {"TableNames": None}},
    ],
)
async def test_an_account_without_anything_has_nothing(answers: Answers) -> None:
    case = Case(answers)
    assert await one_pass(case.collector) == []
    assert "GetResources" not in case.reader.operations()


async def test_resources_of_which_aws_says_nothing_but_the_name() -> None:
    case = Case(
        {
            RDS: instances("orders"),
            CLUSTERS: {"DBClusters": [{"DBClusterIdentifier": "catalogue"}]},
            CACHES: {"CacheClusters": [{"CacheClusterId": "sessions-001"}]},
            TABLES: {"TableNames": ["carts"]},
        }
    )
    found = described(await one_pass(case.collector))
    assert set(found) == {"orders", "catalogue", "sessions-001", "carts"}
    assert [each.status for each in found.values()] == [""] * 4
    assert all(each.region == "eu-west-1" for each in found.values())


async def test_a_resource_without_a_name_is_reported_and_hides_no_other() -> None:
    odd = [{"Engine": "mysql"}, {}, None, {"DBInstanceIdentifier": "orders"}]
    case = Case(estate() | {RDS: {"DBInstances": odd}})
    readings, trouble = await a_failing_pass(case.collector)
    assert "orders" in described(readings)
    assert "DescribeDBInstances answered with 1 that cannot be read." in trouble.what
    assert "DescribeDBInstances answered with 2 that cannot be read." in trouble.what


async def test_texts_are_safe_to_show() -> None:
    odd = {
        "Engine": "my\x1b[31msql",
        "DBInstanceStatus": "a\u202eb",
        "TagList": [{"Key": "k\x07", "Value": "v\x1b]0;x"}],
    }
    found = described(await one_pass(Case({RDS: instances("orders", **odd)}).collector))["orders"]
    assert (found.engine, found.status) == ("my␛[31msql", "a⟨U+202E⟩b")
    assert found.tags == (("k␇", "v␛]0;x"),)
    assert all(isinstance(part, Safe) for tag in found.tags for part in tag)


# --- clusters and groups


async def test_a_cluster_that_may_not_be_asked_about_still_is_its_members_cluster() -> None:
    refused = denied("rds:DescribeDBClusters")
    case = Case({CLUSTERS: refused, RDS: instances("catalogue-1", DBClusterIdentifier="catalogue")})
    readings, _ = await a_failing_pass(case.collector)
    found = described(readings)["catalogue-1"]
    assert (found.cluster, found.role) == ("catalogue", "")


@pytest.mark.parametrize("answer", [CannotCollect("It was not answered."), {"DBClusters": []}])
async def test_roles_stay_what_they_were_only_while_clusters_cannot_be_read(answer: Any) -> None:
    members = [{"DBInstanceIdentifier": "catalogue-1", "IsClusterWriter": True}]
    clusters = {"DBClusters": [{"DBClusterIdentifier": "catalogue", "DBClusterMembers": members}]}
    case = Case({CLUSTERS: clusters, RDS: instances("catalogue-1", DBClusterIdentifier="catalogue")})
    assert described(await one_pass(case.collector))["catalogue-1"].role == "writer"
    case.answers[CLUSTERS] = answer
    failed = isinstance(answer, Exception)
    readings = (await a_failing_pass(case.collector))[0] if failed else await one_pass(case.collector)
    assert described(readings)["catalogue-1"].role == ("writer" if failed else "")


async def test_a_replication_group_is_no_cluster_of_the_same_name() -> None:
    members = [{"CacheClusterId": "orders-001", "CurrentRole": "primary"}]
    case = Case(
        {
            CLUSTERS: {"DBClusters": [{"DBClusterIdentifier": "orders"}]},
            GROUPS: {"ReplicationGroups": [{"NodeGroups": [{"NodeGroupMembers": members}]}]},
            CACHES: caches("orders-001", ReplicationGroupId="orders"),
        }
    )
    found = described(await one_pass(case.collector))
    assert (found["orders-001"].role, found["orders-001"].cluster) == ("primary", "orders.group")
    assert found["orders"].kind == "cluster"


# --- tags and what they choose


def tags_of_carts(**tags: str) -> dict[str, Any]:
    arn = f"arn:aws:dynamodb:eu-west-1:{NUMBER}:table/carts"
    return {
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ]
    }


BY_TAG = Selection(include=(Choice(kinds=("instance",)), Choice(tags=(("team", "shop"),))))


async def test_tags_that_may_not_be_read_are_told_and_what_needs_none_is_listed() -> None:
    case = Case(estate() | {TAGS: denied("tag:GetResources")})
    readings, trouble = await a_failing_pass(case.collector)
    assert set(described(readings)) == {"orders", "billing", "sessions-001", "carts"}
    assert isinstance(trouble, Denied)
    assert (trouble.grant, trouble.what) == ("tag:GetResources", "This identity may not ask tag:GetResources.")


async def test_what_tags_would_choose_cannot_be_told_without_them() -> None:
    case = Case(estate() | {TAGS: denied("tag:GetResources")}, BY_TAG)
    readings, trouble = await a_failing_pass(case.collector)
    assert set(described(readings)) == {"orders", "billing"}
    assert isinstance(trouble, Denied)
    assert trouble.what.endswith("it cannot be told which caches and tables belong to the estate.")


async def test_what_tags_chose_stays_while_they_cannot_be_read() -> None:
    case = Case(estate() | {TAGS: tags_of_carts(team="shop")}, BY_TAG)
    assert set(described(await one_pass(case.collector))) == {"orders", "billing", "carts"}
    case.answers |= {TAGS: CannotCollect("It was not answered."), TABLES: {"TableNames": ["carts", "wages"]}}
    readings, _ = await a_failing_pass(case.collector)
    assert gone(readings) == []
    assert set(described(readings)) == {"orders", "billing", "carts"}
    case.answers[TAGS] = tags_of_carts(team="office")
    assert gone(await one_pass(case.collector)) == ["carts"]


async def test_what_no_tag_left_out_stays_while_tags_cannot_be_read() -> None:
    case = Case(estate(), Selection(exclude=(Choice(tags=(("team", "office"),)),)))
    await one_pass(case.collector)
    case.answers |= {TAGS: CannotCollect("It was not answered."), TABLES: {"TableNames": ["carts", "wages"]}}
    readings, _ = await a_failing_pass(case.collector)
    assert gone(readings) == []
    assert "wages" not in described(readings), "it may well be the office's"


async def test_a_table_that_cannot_belong_is_not_asked_about() -> None:
    case = Case(estate() | {TABLES: {"TableNames": ["carts", "logs"]}}, Selection(exclude=(Choice(ids=("logs",)),)))
    assert "logs" not in described(await one_pass(case.collector))
    assert [asked["TableName"] for _, name, asked in case.reader.asked if name == "DescribeTable"] == ["carts"]


# --- many


async def test_a_thousand_tables_are_all_listed_at_once_and_described_in_turns() -> None:
    names = [f"table-{number:04}" for number in range(1000)]
    case = Case(estate() | {TABLES: [{"TableNames": names[at : at + 100]} for at in range(0, 1000, 100)]})
    for turn in range(1, 11):
        case.reader.asked.clear()
        found = described(await one_pass(case.collector))
        assert len(found) == 1003
        assert case.reader.operations().count("DescribeTable") == MOST_A_PASS
        assert [about for about, each in found.items() if each.status == "ACTIVE"] == names[: turn * MOST_A_PASS]
    asked_last = [asked["TableName"] for _, name, asked in case.reader.asked if name == "DescribeTable"]
    assert sorted(asked_last) == names[900:]


@pytest.mark.parametrize("refusal", [denied("dynamodb:DescribeTable"), CannotCollect("It was not answered.")])
async def test_tables_that_cannot_be_described_are_there_all_the_same(refusal: CannotCollect) -> None:
    case = Case(estate() | {TABLE: refusal, TABLES: {"TableNames": [f"t{n}" for n in range(50)]}})
    readings, trouble = await a_failing_pass(case.collector)
    assert len(described(readings)) == 53
    assert type(trouble) is type(refusal)
    assert case.reader.operations().count("DescribeTable") <= 8


async def test_one_table_that_may_not_be_described_keeps_no_other_waiting() -> None:
    def answer(TableName: str) -> list[Any]:  # noqa: N803 - AWS's spelling
        return [denied("dynamodb:DescribeTable") if TableName == "t00" else table(TableName)]

    case = Case(estate() | {TABLE: answer, TABLES: {"TableNames": [f"t{n:02}" for n in range(30)]}})
    for _ in range(2):
        readings, _trouble = await a_failing_pass(case.collector)
    undescribed = [about for about, each in described(readings).items() if each.kind == "table" and not each.status]
    assert undescribed == ["t00"]


async def test_a_thousand_instances_come_over_pages() -> None:
    pages = [instances(*(f"db-{at + number:04}" for number in range(100))) for at in range(0, 1000, 100)]
    case = Case({RDS: pages})
    assert len(described(await one_pass(case.collector))) == 1000
    case.answers[RDS] = pages[1:]
    assert gone(await one_pass(case.collector)) == [f"db-{number:04}" for number in range(100)]


# --- what was there before this process


def both_places(seen_before: tuple[str, ...]) -> tuple[Inventory, dict[Place, Answers]]:
    answers: dict[Place, Answers] = {HOME: {RDS: instances("orders")}, ABROAD: {RDS: instances("billing")}}
    readers: Callable[[Place], ByHand] = lambda place: ByHand(answers[place], place)  # noqa: E731
    before = [ResourceId(Safe(name)) for name in seen_before]
    return Inventory(readers, Known(), Selection(), lambda: NOW, seen_before=before), answers


async def test_what_was_seen_before_is_gone_once_every_place_was_listed_without_it() -> None:
    collector, _ = both_places(("orders", "billing", "wages"))
    collector.expect((HOME, ABROAD))
    assert gone(await one_pass(collector, HOME)) == []
    assert gone(await one_pass(collector, ABROAD)) == ["wages"]
    assert gone(await one_pass(collector, HOME)) == []


async def test_what_was_seen_before_stays_while_a_place_could_not_be_listed_whole() -> None:
    collector, answers = both_places(("wages",))
    collector.expect((HOME, ABROAD))
    answers[HOME][CACHES] = denied("elasticache:DescribeCacheClusters")
    readings, _ = await a_failing_pass(collector, HOME)
    assert gone(readings) == gone(await one_pass(collector, ABROAD)) == []
    del answers[HOME][CACHES]
    assert gone(await one_pass(collector, HOME)) == ["wages"]


async def test_what_was_seen_before_stays_until_it_is_known_where_to_look() -> None:
    collector, _ = both_places(("wages",))
    assert gone(await one_pass(collector, HOME)) == gone(await one_pass(collector, ABROAD)) == []
    collector.expect((HOME, ABROAD))
    assert gone(await one_pass(collector, HOME)) == ["wages"]


async def test_a_pass_that_is_left_off_tells_the_rest_in_the_next() -> None:
    case = Case({RDS: instances("a", "b", "c")})
    await one_pass(case.collector)
    case.answers[RDS] = instances()
    left_off = case.collector.collect(HOME)
    assert [(await anext(left_off)).about] == ["a"]
    await left_off.aclose()  # type: ignore[attr-defined]
    assert gone(await one_pass(case.collector)) == ["b", "c"]
