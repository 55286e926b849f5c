"""Whatever fails over, asked for or by itself: roles, doors, nodes and numbers of the model tell one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collectors.errors import CannotCollect
from collectors.knock.knock import Door, Knock
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.waits.collector import WaitStats
from console.demo import architect, lifecycle
from console.demo.inventory import MACHINES, Machine
from console.demo.kept import nights
from console.demo.knocking import ModelKnocker
from console.demo.model import Model
from console.demo.mysql.moment import Moment as MySqlMoment
from console.demo.postgres.answers import ANSWERS
from console.demo.postgres.log import Log
from console.demo.redis.said import said
from console.demo.scenario.script import Entry, Given, Script, Setting
from console.demo.sqlserver.following import copies, following
from console.demo.sqlserver.memory import page_life_s
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.node import node
from console.demo.sqlserver.server import ModelServers
from console.demo.turns import Turn
from console.demo.ways import Ways

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
T = NOON.timestamp()
ARCHITECTS = tuple(machine for group in architect.GROUPS for machine in group)


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


ORDERS, CATALOGUE, ONE, TWO = (named(each) for each in ("orders-primary", "catalogue", "catalogue-1", "catalogue-2"))
FIRST, SECOND = named("sessions-001"), named("sessions-002")
LEDGER_REPLICA, SHOP, SHOP_REPLICA = named("ledger-replica-1"), named("shop"), named("shop-replica-1")


def played(*entries: Entry, machines: tuple[Machine, ...] = MACHINES) -> Model:
    return Model(1, T, machines, Script(entries))


def rebooted(model: Model, begun: float, ways: Ways = lifecycle.AS_USUAL, about: ResourceId = ORDERS) -> Turn:
    return Turn(begun, about, "RebootDBInstance", lifecycle.failover(model.machines[about], begun, ways))


def promoted(model: Model, begun: float, about: ResourceId) -> Turn:
    course = lifecycle.promotion(model.machines[about], begun, backs_up=True)
    return Turn(begun, about, "PromoteReadReplica", course, retention_days=3)


def shard_tested(model: Model, begun: float) -> Turn:
    course = lifecycle.cache_failover(model.as_at(FIRST, begun), begun, SECOND)
    return Turn(begun, FIRST, "TestFailover", course, SECOND)


async def knocked(model: Model, about: ResourceId, t: float) -> Knock:
    return await ModelKnocker(model, about, lambda: datetime.fromtimestamp(t, UTC)).knock()


async def doors(model: Model, about: ResourceId, since: float, until: float, step: float = 0.25) -> list[Door]:
    """Each that it goes through."""
    found: list[Door] = []
    for n in range(int((until - since) / step)):
        door = (await knocked(model, about, since + n * step)).door
        found += [door] if found[-1:] != [door] else []
    return found


async def test_asked_for_or_by_itself_an_instance_is_dark_recovers_can_be_read_and_is_open() -> None:
    asked, alone = played(), played(Entry(T + 60, ORDERS, cause="failover"))
    asked.take([rebooted(asked, T + 60)])
    for model in (asked, alone):
        seen = await doors(model, ORDERS, T + 50, T + 200)
        assert seen == [Door.OPEN, Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN]
        before, after = await knocked(model, ORDERS, T), await knocked(model, ORDERS, T + 300)
        assert before.node == node(model, ORDERS, T).name != after.node
        assert before.address != after.address


async def test_a_knock_tells_in_the_servers_words_why_nobody_is_let_in() -> None:
    model = played()
    model.take([rebooted(model, T, Ways(dark_s=20, recovery_s=20))])
    begins = model.turns.all[0].door(ORDERS, Door.DARK) or 0.0
    dark, recovering = await knocked(model, ORDERS, begins + 1), await knocked(model, ORDERS, begins + 21)
    assert (dark.said, dark.may_log_in, dark.node) == ("The connection was refused.", None, "")
    assert recovering.said.startswith("18456")
    assert recovering.may_log_in is False


async def test_in_process_servers_answer_when_the_door_is_open_and_at_no_other_time() -> None:
    model = played()
    model.take([rebooted(model, T)])
    now = NOON
    waits = WaitStats(ModelServers(model, lambda: now), lambda: now)
    for second in range(120):
        now = NOON + timedelta(seconds=second)
        door = model.door(ORDERS, now.timestamp())
        try:
            [_ async for _ in waits.collect(ORDERS)]
            answers = True
        except CannotCollect:
            answers = False
        assert answers is (door in (Door.OPEN, Door.READ_ONLY))


async def test_a_postgresql_with_a_standby_says_when_it_began_and_is_reached_elsewhere() -> None:
    model, ledger = played(machines=ARCHITECTS), named("ledger")
    model.take([rebooted(model, T, about=ledger)])
    assert await doors(model, ledger, T - 5, T + 120) == [
        *(Door.OPEN, Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN)
    ]
    before, after = await knocked(model, ledger, T), await knocked(model, ledger, T + 120)
    assert before.address != after.address
    (here,) = ANSWERS["replication"](Log(model, ledger, T + 120)).each()
    assert here["started"] == datetime.fromtimestamp(model.turns.all[0].moved, UTC)
    shut = model.turns.all[0].door(ledger, Door.DARK) or 0.0
    assert Log(model, LEDGER_REPLICA, shut + 5).dead_since == shut


def test_counters_begin_anew_on_whoever_was_restarted_and_a_failover_back_finds_it_so() -> None:
    model = played()
    model.take([rebooted(model, T + 100), rebooted(model, T + 1000)])
    first, second, third = (node(model, ORDERS, T + after) for after in (0, 500, 1500))
    assert (first.name, first.name == second.name) == (third.name, False)
    assert first.started < second.started < T
    assert third.started == model.turns.all[0].moved


def test_a_standby_is_in_step_again_as_late_as_it_is_set() -> None:
    model = played()
    model.take([rebooted(model, T, Ways(standby_sync_s=300))])
    (turn,) = model.turns.all
    opens = turn.opens(ORDERS) or 0.0

    def states(t: float) -> set[str]:
        return {each.synchronisation for each in following(model, next(copies(model, ORDERS, t)), t)}

    assert "SYNCHRONIZING" in states(opens + 1)
    assert "SYNCHRONIZING" in states(opens + 299)
    assert states(opens + 301) == {"SYNCHRONIZED"}
    assert turn.safe == opens + 300


def test_no_number_leaps_over_a_failover() -> None:
    usual, turned = played(), played()
    turned.take([rebooted(turned, T)])
    for second in range(0, 400, 5):
        before, now = usual.metrics(ORDERS, T + second), turned.metrics(ORDERS, T + second)
        assert before.keys() == now.keys()
        for name in ("CPUUtilization", "DatabaseConnections", "WriteIOPS"):
            assert (now[name] or 0) <= 1.0001 * (before[name] or 0), name
        assert (now["ReadIOPS"] or 0) <= 1.81 * (before["ReadIOPS"] or 0)  # of a cold cache
    assert turned.metrics(ORDERS, T + 1200) == usual.metrics(ORDERS, T + 1200)


async def test_memory_is_cold_after_a_failover_and_warms() -> None:
    model = played()
    model.take([rebooted(model, T, Ways(dark_s=10, recovery_s=10))])
    (turn,) = model.turns.all
    opens = turn.opens(ORDERS) or 0.0
    usual = played()
    times = [opens + after for after in (1, 90, 900)]
    reads = [model.activity(ORDERS, t).reads / usual.activity(ORDERS, t).reads for t in times]
    assert reads[0] > 1.5 > reads[1] > reads[2] == 1
    lives = [page_life_s(Moment.of(model, ORDERS, opens + after)) for after in (1, 100)]
    assert [life is not None and life < 200 for life in lives] == [True, True]
    assert (page_life_s(Moment.of(model, ORDERS, T)) or 0) > 200


def test_a_node_that_is_dark_is_asked_nothing() -> None:
    model = played()
    model.take([shard_tested(model, T)])
    (turn,) = model.turns.all
    dark = (turn.door(FIRST, Door.DARK) or 0.0) + 1
    numbers = model.metrics(FIRST, dark)
    assert [numbers[name] for name in ("CurrConnections", "CacheHits", "NetworkBytesIn")] == [0, 0, 0]
    assert (model.metrics(SECOND, dark)["CurrConnections"] or 0) > 0


async def test_a_cluster_s_endpoint_follows_its_writer_who_was_its_reader() -> None:
    model = played()
    course = lifecycle.cluster_failover(model.machines[CATALOGUE], T, ONE, TWO, crosses=True)
    model.take([Turn(T, CATALOGUE, "FailoverDBCluster", course, TWO)])
    assert await doors(model, CATALOGUE, T - 5, T + 90) == [
        *(Door.OPEN, Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN)
    ]
    assert [(await knocked(model, CATALOGUE, T + after)).node for after in (0, 90)] == [ONE, TWO]
    assert await doors(model, ONE, T - 5, T + 90) == [Door.OPEN, Door.DARK, Door.RECOVERING, Door.READ_ONLY]
    assert await doors(model, TWO, T - 5, T + 90) == [Door.READ_ONLY, Door.OPEN]
    assert [model.lag(each, T + 90) is None for each in (ONE, TWO)] == [False, True]
    commits = [model.activity(each, T + 90).commits for each in (ONE, TWO)]
    assert commits[0] == 0 < commits[1]


async def test_a_group_s_door_follows_its_primary_and_the_nodes_tell_the_same_roles() -> None:
    model = played()
    model.take([shard_tested(model, T)])
    (turn,) = model.turns.all
    assert await doors(model, FIRST, T - 5, T + 400) == [Door.OPEN, Door.DARK, Door.OPEN]
    assert [(await knocked(model, FIRST, T + after)).node for after in (0, 400)] == [FIRST, SECOND]
    before, after = ({n: said(model, n, t)["role"] for n in (FIRST, SECOND)} for t in (T, T + 400))
    assert (before, after) == ({FIRST: "master", SECOND: "slave"}, {FIRST: "slave", SECOND: "master"})
    assert said(model, SECOND, T + 400)["connected_slaves"] == "1"
    loading = turn.door(FIRST, Door.RECOVERING) or 0.0
    assert said(model, FIRST, loading + 1)["loading"] == "1"
    assert said(model, SECOND, loading + 1)["connected_slaves"] == "0"
    offsets = [int(said(model, SECOND, T + second)["master_repl_offset"]) for second in range(0, 400, 10)]
    assert offsets == sorted(offsets)
    assert said(model, FIRST, T)["run_id"] != said(model, FIRST, T + 400)["run_id"]


async def test_who_is_promoted_follows_nobody_ever_again() -> None:
    model = played(machines=ARCHITECTS)
    model.take([promoted(model, T, LEDGER_REPLICA), promoted(model, T, SHOP_REPLICA)])
    for about in (LEDGER_REPLICA, SHOP_REPLICA):
        seen = await doors(model, about, T - 5, T + 200)
        assert seen == [Door.READ_ONLY, Door.DARK, Door.RECOVERING, Door.OPEN]
        assert (model.lag(about, T) is None, model.lag(about, T + 200) is None) == (False, True)
        assert model.retention_days(about, T + 200) == 3
    (first,) = nights(model, SHOP_REPLICA, T + 400)
    assert (model.restorable_until(SHOP_REPLICA, T + 60), nights(model, SHOP_REPLICA, T + 60)) == (None, [])
    assert (model.restorable_until(SHOP_REPLICA, T + 400) or 0) >= first.begins > T
    copy = Log(model, named("ledger-replica-2"), T + 200)
    assert copy.source == LEDGER_REPLICA
    ends = [Log(model, LEDGER_REPLICA, T + second).end or 0 for second in range(0, 200, 5)]
    assert ends == sorted(ends)
    assert [each.about for each in MySqlMoment(model, SHOP, T).followers] == [SHOP_REPLICA]
    assert MySqlMoment(model, SHOP, T + 200).followers == []
    assert MySqlMoment(model, SHOP_REPLICA, T + 200).source is None


@pytest.mark.parametrize("about", [ORDERS, CATALOGUE, FIRST])
def test_by_itself_each_kind_of_machine_fails_over_and_back(about: ResourceId) -> None:
    twice = [Entry(T + 10, about, cause="failover"), Entry(T + 600, about, clears=True)]
    model = played(*twice, Entry(T + 700, about, cause="failover"))
    kept = (ORDERS, ONE, FIRST)
    before, between, after = (
        [(model.as_at(each, t).role, node(model, each, t).name) for each in kept] for t in (T, T + 650, T + 1500)
    )
    assert before == after != between
    assert len([h for h in model.happenings(T, T + 1500) if "ailover" in h.text]) >= 4


def test_a_scenario_says_how_long_it_takes_and_what_is_told_of_it() -> None:
    sets: dict[str, Setting] = {
        "failover.recovery_s": Given(300),
        "failover.swap_s": Given(500),
        "failover.events": Given("late"),
    }
    model = played(Entry(T, ORDERS, sets=sets), Entry(T + 10, ORDERS, cause="failover"))
    (turn,) = model.turns.all
    assert round((turn.opens(ORDERS) or 0) - T) == 10 + 45 + 300 + 2
    assert model.az(ORDERS, T + 850) == "eu-west-1a"
    assert model.az(ORDERS, T + 860) == "eu-west-1b"
    assert not [h for h in model.happenings(T, T + 1000) if h.machine.id == ORDERS]
    told = [h.t for h in model.happenings(T, T + 5000) if h.machine.id == ORDERS and "failover started" in h.text]
    assert told == [T + 12]


def test_one_that_is_cleared_meanwhile_never_was() -> None:
    model = played(Entry(T, ORDERS, cause="failover"), Entry(T + 20, ORDERS, clears=True))
    assert [model.door(ORDERS, T + after) for after in (10, 19, 21, 100)] == [
        *(Door.DARK, Door.DARK, Door.OPEN, Door.OPEN)
    ]
    assert model.az(ORDERS, T + 300) == "eu-west-1a"
    assert node(model, ORDERS, T + 300) == node(model, ORDERS, T)


def test_what_is_taken_later_stands_in_place_of_what_was_taken_before() -> None:
    model = played()
    model.take([rebooted(model, T)])
    model.take([shard_tested(model, T + 5)])
    assert [turn.operation for turn in model.turns.all] == ["TestFailover"]
    assert Moment.of(model, ORDERS, T + 500).node == node(played(), ORDERS, T + 500)
