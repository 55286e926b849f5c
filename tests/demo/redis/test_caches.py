"""The demo's caches tell the same lag as the model that CloudWatch's numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.errors import Denied, Trouble
from collectors.inside.replication import LinkState, Replication
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.redis.info import followers, node
from collectors.redis.replica_lag import RedisLag
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.redis.caches import ModelCaches
from console.demo.redis.said import said
from console.demo.scenario.load import load
from tests.demo.played import NOON

PRIMARY, REPLICA = ResourceId(Safe("sessions-001")), ResourceId(Safe("sessions-002"))
FIVE_S = timedelta(seconds=5)
HEAD = 'name = "mine"\nestate = "resilient-database"\n'


class Play:
    """Both nodes, asked at the pace of the collector."""

    def __init__(self, model: Model, now: datetime = NOON) -> None:
        self.model, self.now = model, now
        self.collector = RedisLag(ModelCaches(model, lambda: self.now), lambda: self.now)

    async def asked(self) -> Mapping[ResourceId, list[Reading]]:
        return {about: [each async for each in self.collector.collect(about)] for about in (PRIMARY, REPLICA)}

    async def until(self, seconds: float) -> tuple[Replication, Replication, ReplicaLag]:
        """What is told at that time after the beginning: by the primary, by the replica, and as a series."""
        while True:
            told = await self.asked()
            if self.now >= NOON + timedelta(seconds=seconds):
                break
            self.now += FIVE_S
        (of_primary,) = told[PRIMARY]
        of_replica, lag = told[REPLICA]
        assert isinstance(of_primary, Replication)
        assert isinstance(of_replica, Replication)
        assert isinstance(lag, ReplicaLag)
        return of_primary, of_replica, lag


def play(scenario: str, text: str = "", folder: Path | None = None) -> Play:
    if folder is None:
        return Play(model_of(scenario, seed=1, size=12, start=NOON))
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    script = load(str(path)).script(NOON.timestamp(), {machine.id: machine for machine in MACHINES})
    return Play(Model(1, NOON.timestamp(), MACHINES, script))


def setting(folder: Path, about: str, text: str) -> Play:
    return play("", f'[[at]]\nseconds = 0\nresource = "{about}"\nset = {{ {text} }}\n', folder)


async def test_on_an_ordinary_day_a_replica_is_a_moment_behind() -> None:
    stage = play("resilient-database")
    for second in range(5, 120, 5):
        primary, replica, lag = await stage.until(second)
        assert (primary.role, replica.role) == ("primary", "replica")
        (link,) = primary.downstream
        assert (link.source, link.copy) == ("sessions-001", "sessions-002")
        assert link.state in (LinkState.IN_STEP, LinkState.BEHIND)
        assert lag.source == "sessions-001"
        assert lag.lag is not None
        assert lag.lag.total_seconds() == pytest.approx(stage.model.lag(REPLICA, stage.now.timestamp()), abs=0.01)


@pytest.mark.parametrize("at", [360, 500, 695])
async def test_the_cache_that_is_full_leaves_its_replica_behind_as_far_as_the_model_says(at: int) -> None:
    stage = play("cache-memory-pressure")
    primary, replica, lag = await stage.until(at)
    expected = stage.model.lag(REPLICA, stage.now.timestamp())
    assert expected is not None
    assert expected > 25
    assert lag.lag is not None
    assert lag.lag.total_seconds() == pytest.approx(expected, abs=0.1)
    assert [link.state for link in (*primary.downstream, *replica.upstream)] == [LinkState.BEHIND] * 2
    assert (primary.downstream[0].lag.bytes or 0) > 1_000_000


async def test_afterwards_it_has_caught_up() -> None:
    _, _, lag = await play("cache-memory-pressure").until(720)
    assert lag.lag is not None
    assert lag.lag < timedelta(seconds=2)


async def test_a_play_that_is_looked_at_late_knows_the_lag_after_two_looks() -> None:
    stage = play("cache-memory-pressure")
    stage.now = NOON + timedelta(seconds=600)
    await stage.asked()
    _, _, lag = await stage.until(605)
    assert lag.lag is not None
    assert lag.lag.total_seconds() == pytest.approx(stage.model.lag(REPLICA, stage.now.timestamp()), abs=5)


async def test_a_scenario_sets_what_info_says(tmp_path: Path) -> None:
    down = '"redis.master_link_status" = "down", "redis.master_link_down_since_seconds" = 40'
    _, replica, lag = await setting(tmp_path, "sessions-002", down).until(5)
    (link,) = replica.upstream
    assert (link.state, link.lag.seconds, link.lag.at_least) == (LinkState.BROKEN, 40, True)
    assert (lag.lag, lag.state) == (None, "broken")
    _, replica, _ = await setting(tmp_path, "sessions-002", '"redis.master_last_io_seconds_ago" = 30').until(5)
    assert replica.upstream[0].state is LinkState.SILENT
    late = '"redis.slave0" = "ip=10.0.0.9,port=6379,state=online,offset=7,lag=30"'
    primary, _, _ = await setting(tmp_path, "sessions-001", late).until(5)
    assert (primary.downstream[0].copy, primary.downstream[0].state) == ("10.0.0.9:6379", LinkState.SILENT)


@pytest.mark.parametrize(
    ("about", "text", "words"),
    [
        ("sessions-001", '"redis.maxmemory_policy" = "noeviction"', "no collector yet"),
        ("billing", '"redis.master_link_status" = "down"', "billing is no cache"),
        ("sessions-002", '"redis.master_link_status" = 3', "is no text"),
        ("sessions-002", '"redis.master_last_io_seconds_ago" = "long"', "is not a number"),
    ],
)
def test_what_nothing_reads_or_can_be_read_is_refused(tmp_path: Path, about: str, text: str, words: str) -> None:
    with pytest.raises(Trouble) as wrong:
        setting(tmp_path, about, text)
    assert words in wrong.value.line()


async def test_a_fault_of_the_scenario_is_met_and_what_was_known_is_unknown(tmp_path: Path) -> None:
    text = '[[at]]\nseconds = 20\nresource = "sessions-002"\nfault = "access-denied"\n'
    stage = play("", text, tmp_path)
    await stage.until(15)
    stage.now += FIVE_S
    asked = stage.collector.collect(REPLICA)
    replication, lag = await anext(asked), await anext(asked)
    with pytest.raises(Denied):
        await anext(asked)
    assert isinstance(replication, Replication)
    assert isinstance(lag, ReplicaLag)
    assert (replication.upstream[0].state, replication.notes) == (LinkState.UNKNOWN, ("+info is missing",))
    assert (lag.lag, lag.state) == (None, "unknown")


async def test_a_primary_that_is_gone_leaves_a_link_that_is_down(tmp_path: Path) -> None:
    text = '[[at]]\nseconds = 20\nresource = "sessions-001"\ncause = "instance-gone"\n'
    stage = play("", text, tmp_path)
    await stage.until(15)
    stage.now = NOON + timedelta(hours=1)
    told = [each async for each in stage.collector.collect(REPLICA)]
    assert isinstance(told[0], Replication)
    assert told[0].upstream[0].state is LinkState.BROKEN


def test_both_ends_speak_of_the_same_history() -> None:
    model = model_of("resilient-database", seed=1, size=12, start=datetime(2026, 3, 1, tzinfo=UTC))
    t = model.start + 7
    top, copy = (said(model, about, t) for about in (PRIMARY, REPLICA))
    (follower,) = followers(top)
    assert node(top).master_replid == node(copy).master_replid
    assert node(top).run_id != node(copy).run_id
    assert follower.offset == node(copy).slave_repl_offset
    assert (node(top).master_repl_offset or 0) >= follower.offset
