"""One pass over a place: which links there are, whose they are, and what is made of what others have asked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from collectors.aws.cloudwatch.collectors import CloudWatch
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.replication.collector import ReplicationAsAwsTells
from collectors.aws.ties import Elsewhere, Ties, Word
from collectors.errors import CannotCollect, Denied
from collectors.inside.replication import Link, LinkState, ReplicationByAws
from collectors.readings import Reading, ReplicaLag
from collectors.safe import Safe
from tests.collectors.aws.cloudwatch import cloud as clouds
from tests.collectors.aws.cloudwatch.cloud import PLACE, Cloud, found

MINUTE = timedelta(minutes=1)


@dataclass
class Stage:
    """What the inventory found, what CloudWatch says, and a clock."""

    cloud: Cloud
    there: list[Found]
    known: Known = field(default_factory=Known)
    collector: ReplicationAsAwsTells = field(init=False)
    metrics: CloudWatch = field(init=False)

    def __post_init__(self) -> None:
        desk = clouds.Stage(self.cloud, known=self.known).desk
        self.collector = ReplicationAsAwsTells(self.known, desk, lambda: self.cloud.now)
        self.metrics = CloudWatch(desk)

    async def one_pass(self, place: Place = PLACE) -> list[Reading]:
        for each in {one.place for one in self.there}:
            self.known.put(each, [one for one in self.there if one.place == each])
        with contextlib.suppress(CannotCollect):
            async for _ in self.metrics.collect(place):
                pass
        return [reading async for reading in self.collector.collect(place)]

    async def after(self, minutes: int) -> list[Reading]:
        told: list[Reading] = []
        for _ in range(minutes):
            self.cloud.now += MINUTE
            told = await self.one_pass()
        return told


def facts(told: Iterable[Reading]) -> dict[str, ReplicationByAws]:
    return {str(each.about): each for each in told if isinstance(each, ReplicationByAws)}


def lags(told: Iterable[Reading]) -> dict[str, ReplicaLag]:
    return {str(each.about): each for each in told if isinstance(each, ReplicaLag)}


def only(links: tuple[Link, ...]) -> Link:
    (link,) = links
    return link


def replica(name: str, source: str, **more: object) -> Found:
    ties = Ties(source=source, word=Word("replicating"), az="eu-west-1b", **more)  # type: ignore[arg-type]
    return found(name, engine="postgres", role="replica", ties=ties)


PRIMARY = found("a", engine="postgres", role="primary", ties=Ties(az="eu-west-1a", standby_az="eu-west-1c"))
CASCADE = [PRIMARY, replica("b", "a"), replica("c", "b")]


def saying(**values: float | None) -> Cloud:
    return Cloud(value=lambda name, metric, _: values.get(f"{name}_{metric}", values.get(metric, 5000.0)))


async def test_a_cascade_leads_from_the_primary_over_a_replica_that_is_both() -> None:
    told = await Stage(saying(b_ReplicaLag=3.0, c_ReplicaLag=9.0), CASCADE).one_pass()
    a, b, c = facts(told)["a"], facts(told)["b"], facts(told)["c"]
    assert (a.role, b.role, c.role) == ("primary", "both", "replica")
    standby = next(link for link in a.downstream if link.copy == "a standby")
    assert (standby.state, standby.mode, dict(standby.more)) == (
        LinkState.UNKNOWN,
        "synchronous",
        {"AZ": "eu-west-1c", "Readable": "no"},
    )
    assert only(b.upstream) in a.downstream
    assert only(b.downstream) == only(c.upstream)
    assert (only(c.upstream).lag.seconds, only(c.upstream).told) == (9.0, "replicating")
    assert {name: (each.source, each.lag) for name, each in lags(told).items()} == {
        "b": ("a", timedelta(seconds=3)),
        "c": ("b", timedelta(seconds=9)),
    }
    assert not any(each.direct for each in lags(told).values())


async def test_nothing_is_asked_but_by_the_others() -> None:
    stage = Stage(saying(ReplicaLag=3.0), CASCADE)
    await stage.one_pass()
    before = len(stage.cloud.requests)
    assert [reading async for reading in stage.collector.collect(PLACE)]
    assert len(stage.cloud.requests) == before


async def test_before_anything_is_measured_no_lag_is_told_and_no_link_alive() -> None:
    stage = Stage(saying(), CASCADE)
    stage.known.put(PLACE, CASCADE)
    told = [reading async for reading in stage.collector.collect(PLACE)]
    assert not lags(told)
    assert only(facts(told)["c"].upstream).state is LinkState.UNKNOWN


async def test_a_link_that_breaks_is_at_least_as_far_behind_as_it_is_silent_and_lives_again() -> None:
    values: dict[str, float | None] = {"b_ReplicaLag": 2.0, "c_ReplicaLag": 2.0}
    stage = Stage(saying(), CASCADE)
    stage.cloud.value = lambda name, metric, _: values.get(f"{name}_{metric}", 5000.0)
    await stage.after(3)
    values["b_ReplicaLag"] = -1.0
    told = await stage.after(6)
    link = only(facts(told)["b"].upstream)
    assert link.state is LinkState.BROKEN
    assert link.heard is not None
    assert link.lag.at_least
    assert link.lag.seconds == pytest.approx((stage.cloud.now - link.heard).total_seconds() + 2)
    assert lags(told)["b"].lag is None
    assert lags(told)["b"].state == "broken"
    later = await stage.after(1)
    assert only(facts(later)["b"].upstream).lag.seconds == pytest.approx((link.lag.seconds or 0) + 60)
    values["b_ReplicaLag"] = 40.0
    told = await stage.after(6)
    assert only(facts(told)["b"].upstream).state is LinkState.BEHIND
    assert (lags(told)["b"].lag, lags(told)["b"].state) == (timedelta(seconds=40), "behind")


async def test_the_lag_is_told_again_in_the_pass_in_which_it_is_alive_again() -> None:
    """Of an older minute than the pass that told of the break: the series must not run backwards."""
    stage = Stage(saying(ReplicaLag=2.0), CASCADE)
    await stage.one_pass()
    broken = [
        replace(each, ties=replace(each.ties, word=Word("error", is_normal=False, message="1236")))
        for each in CASCADE[1:]
    ]
    stage.there = [PRIMARY, *broken]
    dead = await stage.after(1)
    stage.there = CASCADE
    alive = await stage.after(1)
    assert only(facts(dead)["b"].upstream).why == "1236"
    assert lags(dead)["b"].lag is None
    assert lags(alive)["b"].lag == timedelta(seconds=2)
    assert lags(alive)["b"].observed >= lags(dead)["b"].observed


async def test_an_idle_postgresql_is_not_behind_and_one_that_writes_is() -> None:
    told = await Stage(saying(ReplicaLag=250.0, a_TransactionLogsGeneration=40.0), CASCADE[:2]).one_pass()
    assert (only(facts(told)["b"].upstream).state, lags(told)["b"].lag) == (LinkState.IN_STEP, timedelta(0))
    told = await Stage(saying(ReplicaLag=250.0, a_TransactionLogsGeneration=4e6), CASCADE[:2]).one_pass()
    assert (only(facts(told)["b"].upstream).state, lags(told)["b"].lag) == (LinkState.BEHIND, timedelta(seconds=250))


@pytest.mark.parametrize("whole", [True, False], ids=["all metrics", "this one"])
async def test_what_may_not_be_read_is_unknown_with_the_grant(*, whole: bool) -> None:
    cloud = saying()
    if whole:
        cloud.error = Denied("It may not be read.", grant="cloudwatch:GetMetricData")
    else:
        cloud.codes = {"ReplicaLag": "Forbidden"}
    told = await Stage(cloud, CASCADE).one_pass()
    link = only(facts(told)["b"].upstream)
    assert link.state is LinkState.UNKNOWN
    assert "cloudwatch:GetMetricData" in link.why
    assert link.why in facts(told)["b"].notes


async def test_a_replica_of_another_region_names_it_and_meets_it_where_it_is_known() -> None:
    ireland, far = PRIMARY, Place(PLACE.account, "us-east-1")
    arn = "arn:aws:rds:eu-west-1:111122223333:db:a"
    copy = replace(replica("b", arn), place=far)
    told = await Stage(saying(ReplicaLag=1.5), [copy]).one_pass(far)
    assert only(facts(told)["b"].upstream).source == "a@eu-west-1"
    assert lags(told)["b"].source is None
    stage = Stage(saying(ReplicaLag=1.5), [replace(ireland, arn=arn), copy])
    assert only(facts(await stage.one_pass(far))["b"].upstream).source == "a"
    assert "b" in {link.copy for link in facts(await stage.one_pass(PLACE))["a"].downstream}


def member(name: str, role: str, tier: int, engine: str = "aurora-mysql") -> Found:
    return found(name, engine=engine, role=role, ties=Ties(group="cat", tier=tier, az="eu-west-1a"))


async def test_the_readers_of_a_cluster_are_measured_in_milliseconds_and_lose_nothing() -> None:
    stage = Stage(saying(r1_AuroraReplicaLag=18.4, r2_AuroraReplicaLag=2500.0), [
        member("w", "writer", 0), member("r1", "reader", 1), member("r2", "reader", 15)
    ])  # fmt: skip
    told = await stage.one_pass()
    near, far = only(facts(told)["r1"].upstream), only(facts(told)["r2"].upstream)
    assert (near.source, near.state, near.lag.fine, near.unsent.seconds) == ("w", LinkState.IN_STEP, True, 0.0)
    assert near.lag.seconds == pytest.approx(0.0184)
    assert (far.state, far.lag.seconds, dict(far.more)[Safe("PromotionTier")]) == (LinkState.BEHIND, 2.5, "15")
    assert set(facts(told)["w"].downstream) == {near, far}
    stage.there = [member("w", "reader", 0), member("r1", "writer", 1), member("r2", "reader", 15)]
    told = await stage.one_pass()
    assert {link.copy for link in facts(told)["r1"].downstream} == {"w", "r2"}
    assert not facts(told)["r1"].upstream


async def test_a_cluster_that_fails_over_has_no_writer_for_a_while() -> None:
    stage = Stage(saying(AuroraReplicaLag=20.0), [member("r1", "reader", 1), member("r2", "reader", 1)])
    assert only(facts(await stage.one_pass())["r1"].upstream).source == "cat"


async def test_a_reader_that_restarts_is_not_known_to_be_near() -> None:
    reader = member("r", "reader", 1)
    stage = Stage(saying(AuroraReplicaLag=20.0), [member("w", "writer", 1), reader])
    await stage.one_pass()
    stage.there[1] = replace(reader, ties=replace(reader.ties, status="rebooting"))
    told = await stage.after(1)
    assert (only(facts(told)["r"].upstream).state, lags(told)["r"].lag) == (LinkState.UNKNOWN, None)
    assert only(facts(told)["r"].upstream).why == "it is rebooting"


def node(name: str, role: str, shard: str = "0001") -> Found:
    return found(name, "cache", role=role, ties=Ties(group="s", shard=shard, az="eu-west-1a"))


async def test_the_replicas_of_each_shard_follow_its_own_primary() -> None:
    nodes = [node("p1", "primary"), node("c1", "replica"), node("p2", "primary", "0002"), node("c2", "replica", "0002")]
    told = await Stage(saying(c1_ReplicationLag=0.3, c2_ReplicationLag=7.0), nodes).one_pass()
    assert {name: only(facts(told)[name].upstream).source for name in ("c1", "c2")} == {"c1": "p1", "c2": "p2"}
    assert only(facts(told)["c2"].upstream).state is LinkState.BEHIND
    assert dict(only(facts(told)["c2"].upstream).more) == {"Shard": "0002", "AZ": "eu-west-1a"}


async def test_where_aws_keeps_the_roles_to_itself_it_says_so() -> None:
    told = await Stage(saying(), [node("n1", ""), node("n2", "")]).one_pass()
    assert facts(told)["n1"].role == "not told"
    assert facts(told)["n1"].notes
    assert not lags(told)


def table(*elsewhere: Elsewhere) -> Found:
    return found("t", "table", ties=Ties(elsewhere=elsewhere))


FRANKFURT, OHIO = Elsewhere("eu-central-1", Word("ACTIVE")), Elsewhere("us-east-2", Word("ACTIVE"))


async def test_a_table_is_as_far_behind_as_its_farthest_region() -> None:
    values: dict[str, float | None] = {
        "t@eu-central-1_ReplicationLatency": 800.0,
        "t@us-east-2_ReplicationLatency": 2400.0,
    }
    told = await Stage(saying(**values), [table(FRANKFURT, OHIO)]).one_pass()
    assert {link.copy: link.lag.seconds for link in facts(told)["t"].downstream} == {
        "t@eu-central-1": 0.8,
        "t@us-east-2": 2.4,
    }
    assert (lags(told)["t"].lag, lags(told)["t"].source) == (timedelta(seconds=2.4), None)


async def test_an_idle_table_is_in_step_without_a_number_and_one_whose_writes_arrive_nowhere_is_silent() -> None:
    stage = Stage(saying(ConsumedWriteCapacityUnits=0.0, ReplicationLatency=None), [table(FRANKFURT)])
    told = await stage.after(2)
    link = only(facts(told)["t"].downstream)
    assert (link.state, link.lag.is_known, lags(told)["t"].lag) == (LinkState.IN_STEP, False, None)
    assert (lags(told)["t"].state, bool(link.why)) == ("in step", True)
    stage = Stage(saying(ConsumedWriteCapacityUnits=600.0, ReplicationLatency=None), [table(FRANKFURT)])
    told = await stage.after(2)
    assert only(facts(told)["t"].downstream).state is LinkState.SILENT
    assert lags(told)["t"].lag is None


async def test_a_replica_that_aws_has_given_up_is_broken_however_quick_it_was() -> None:
    lost = Elsewhere("eu-central-1", Word("INACCESSIBLE_ENCRYPTION_CREDENTIALS", message="The key is gone."))
    told = await Stage(saying(ReplicationLatency=700.0), [table(lost)]).one_pass()
    link = only(facts(told)["t"].downstream)
    assert (link.state, link.told, link.why) == (LinkState.BROKEN, lost.word.status, "The key is gone.")


async def test_what_is_no_copy_any_more_says_so_once() -> None:
    stage = Stage(saying(ReplicaLag=1.0), CASCADE[:2])
    await stage.one_pass()
    stage.there = [replace(PRIMARY, ties=Ties()), found("b", engine="postgres", role="primary")]
    told = facts(await stage.after(1))
    assert (told["b"].role, told["b"].upstream, told["a"].downstream) == ("primary", (), ())
    assert not facts(await stage.after(1))
