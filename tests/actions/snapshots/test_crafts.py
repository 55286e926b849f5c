"""What is looked at before a snapshot, what is sent for it, and how it is known again: by real answers of all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.errors import CannotCollect
from console.actions.check import Override, Verdict
from console.actions.craft import Way
from console.actions.crafts import crafts
from tests.actions.failovers.inside import Inside
from tests.actions.given import NOW
from tests.actions.no_hands import NoHands
from tests.actions.recorded import recorded
from tests.actions.refusals import target_of
from tests.actions.snapshots.looking import Looking, looking

EACH = [("instance", "billing"), ("cluster", "catalogue"), ("cache", "sessions-002"), ("table", "carts")]
TAGGED = EACH[:3]  # a backup of a table has no tags
STATUSES = {"instance": "DBInstanceStatus", "cluster": "Status", "cache": "CacheClusterStatus", "table": "TableStatus"}
TROUBLE = """
name = "trouble"
title = "Snapshots that do not become what they should"
estate = "resilient-database"
"""
CAUSES = {"customers": "snapshot-failed", "catalogue": "snapshot-stalled", "reporting": "key-disabled"}


@pytest.fixture(scope="module")
def served() -> Iterator[Looking]:
    with looking() as found:
        yield found


@pytest.fixture
def look(served: Looking) -> Looking:
    served.forward(1200)  # what a test began is over when the next begins
    served.values.clear()
    return served


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    path = Path(tmp_path_factory.mktemp("scenario")) / "trouble.toml"
    causes = "".join(f'[[at]]\nseconds = 60\nresource = "{name}"\ncause = "{c}"\n' for name, c in CAUSES.items())
    path.write_text(TROUBLE + causes)
    with looking(path) as found:
        found.forward(120)
        yield found


@pytest.mark.parametrize(("kind", "name"), EACH)
async def test_what_is_well_stops_at_no_check(look: Looking, kind: str, name: str) -> None:
    look.values[name, "DatabaseMemoryUsagePercentage"] = 40.0
    sight = await look.sight(kind, name)
    assert [each.name for each in sight.checks if each.verdict in (Verdict.BLOCK, Verdict.UNKNOWN)] == []
    assert dict(sight.fingerprint)[STATUSES[kind]].lower() in ("available", "active")
    assert sight.az


@pytest.mark.parametrize(("kind", "name"), EACH)
async def test_its_request_is_taken_and_what_it_makes_is_followed_to_its_end(
    look: Looking, kind: str, name: str
) -> None:
    plan = await look.plan(kind, name)
    assert (await look.progress(kind, plan)).way is Way.ABSENT
    await look.send(kind, plan)
    begun = await look.progress(kind, plan)
    assert (begun.way, begun.is_ours) == (Way.UNDER_WAY, True)
    if kind != "table":  # DynamoDB goes on writing as if nothing were made
        assert (await look.check(kind, name, "status")).verdict is Verdict.BLOCK
    creating = await look.check(kind, name, "creating")
    assert (creating.verdict, creating.override) == (Verdict.BLOCK, Override.NEVER)
    assert look.craft(kind).makes(plan) in creating.seen
    look.forward(600)
    over = await look.progress(kind, plan)
    assert (over.way, over.is_ours) == (Way.DONE, True)
    assert over.proof
    assert all(over.proof)


@pytest.mark.parametrize(("kind", "name"), EACH)
async def test_the_same_plan_is_the_same_request_and_names_what_it_touches(look: Looking, kind: str, name: str) -> None:
    plan, craft = await look.plan(kind, name), look.craft(kind)
    assert craft.request(plan) == craft.request(plan)
    assert craft.makes(plan) in map(str, craft.request(plan).values())
    arns = craft.arns(plan)
    assert arns[0] == plan.target.arn
    assert all(re.fullmatch(r"arn:aws:[a-z]+:eu-west-1:111122223333:[^*?]+", arn) for arn in arns)


@pytest.mark.parametrize(("kind", "name"), TAGGED)
async def test_what_another_made_by_the_same_name_is_not_ours(look: Looking, kind: str, name: str) -> None:
    plan = await look.plan(kind, name)
    await look.send(kind, plan, Tags=[{"Key": "op_id", "Value": "01KSOMEBODYELSES"}])
    assert not (await look.progress(kind, plan)).is_ours
    look.forward(600)
    assert not (await look.progress(kind, plan)).is_ours


async def test_a_member_of_aurora_is_refused_and_its_cluster_is_named(look: Looking) -> None:
    member = await look.check("instance", "catalogue-1", "member")
    assert (member.verdict, member.override) == (Verdict.BLOCK, Override.NEVER)
    assert member.what == "catalogue-1 is a member of catalogue."
    assert member.mend == "Take it of catalogue."


async def test_with_no_quota_left_it_is_refused_and_with_few_it_is_said() -> None:
    for most, verdict in ((0, Verdict.BLOCK), (3, Verdict.WARN), (50, Verdict.PASS)):
        with looking(manual_snapshots=most) as look:
            for kind, name in EACH[:2]:
                quota = await look.check(kind, name, "quota")
                assert quota.verdict is verdict
                assert f"0 of {most}" in quota.seen


async def test_a_key_that_is_disabled_is_refused(troubled: Looking) -> None:
    key = await troubled.check("instance", "reporting", "key")
    assert (key.verdict, key.override) == (Verdict.BLOCK, Override.NEVER)
    assert key.what == "Its key is Disabled."
    assert key.seen.startswith("arn:aws:kms:")


async def test_one_that_fails_is_told_as_that(troubled: Looking) -> None:
    plan = await troubled.plan("instance", "customers")
    await troubled.send("instance", plan)
    troubled.forward(900)
    failed = await troubled.progress("instance", plan)
    assert (failed.way, failed.said) == (Way.FAILED, "failed")


async def test_one_that_stands_still_is_under_way(troubled: Looking) -> None:
    plan = await troubled.plan("cluster", "catalogue")
    await troubled.send("cluster", plan)
    seen = []
    for _ in range(3):
        troubled.forward(3600)
        seen.append(await troubled.progress("cluster", plan))
    assert [each.way for each in seen] == [Way.UNDER_WAY] * 3
    assert len({each.percent for each in seen}) == 1


@pytest.mark.parametrize(("kind", "name"), EACH)
async def test_what_is_not_there_any_more_cannot_be_looked_at(look: Looking, kind: str, name: str) -> None:
    with pytest.raises(CannotCollect):
        await look.sight(kind, "nobody")


async def test_single_az_and_sql_server_say_that_their_io_may_stop(look: Looking) -> None:
    for name, cpu, verdict in (
        ("reporting", None, Verdict.WARN),
        ("reporting", 30.0, Verdict.WARN),
        ("reporting", 60.0, Verdict.BLOCK),
        ("customers", 95.0, Verdict.BLOCK),  # Multi-AZ, and SQL Server all the same
    ):
        look.values.clear()
        if cpu is not None:
            look.values[name, "CPUUtilization"] = cpu
        pause = await look.check("instance", name, "pause")
        assert (pause.verdict, pause.override) == (verdict, Override.REASON)


async def test_a_cache_wants_room_to_fork_and_a_replica_to_be_taken_of(look: Looking) -> None:
    for used, verdict in ((None, Verdict.UNKNOWN), (75.0, Verdict.PASS), (75.1, Verdict.BLOCK)):
        look.values.clear()
        if used is not None:
            look.values["sessions-002", "DatabaseMemoryUsagePercentage"] = used
        assert (await look.check("cache", "sessions-002", "memory")).verdict is verdict
    primary = await look.check("cache", "sessions-001", "replica")
    assert (primary.verdict, primary.override) == (Verdict.BLOCK, Override.REASON)
    assert "sessions-002" in primary.mend
    assert (await look.check("cache", "sessions-002", "replica")).verdict is Verdict.PASS


@pytest.mark.parametrize(("hours", "verdict"), [(23, Verdict.BLOCK), (24, Verdict.PASS)])
async def test_what_is_made_of_a_cache_by_hand_in_a_day_is_counted(hours: int, verdict: Verdict) -> None:
    made = {"NodeSnapshots": [{"SnapshotCreateTime": NOW - timedelta(hours=hours)}]}
    twenty = [{"SnapshotSource": "manual", **made}] * 20 + [{"SnapshotSource": "automated", **made}] * 20
    reader = recorded({"DescribeSnapshots": {"Snapshots": twenty}})
    craft = crafts(lambda *_: None, Inside(), NoHands())["snapshot.cache"]
    sight = await craft.look(reader, target_of("snapshot.cache"), NOW)
    assert next(each for each in sight.checks if each.name == "quota").verdict is verdict


async def test_who_is_hit_is_said_from_live_values(look: Looking) -> None:
    look.values["billing", "DatabaseConnections"] = 181.0
    assert (await look.sight("instance", "billing")).radius == ("181 clients are connected to it.",)
    assert "items" in (await look.sight("table", "carts")).radius[0]
