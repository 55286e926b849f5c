"""The shipped failovers: slow, never over, refused, and those that nobody asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.scenario.load import load
from console.demo.ways import ways
from tests.demo.emulator.emulating import code, emulating

START = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
T = START.timestamp()
OBJECTIVE_S = 60.0


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def played(name: str) -> Model:
    return model_of(name, seed=1, size=None, start=START)


def test_a_slow_one_is_longer_than_was_promised_and_ends() -> None:
    model = played("failover-slow")
    (turn,) = model.turns.all
    dark, opens = turn.door(turn.about, Door.DARK), turn.opens(turn.about)
    assert dark is not None
    assert opens is not None
    assert opens - dark > 2 * OBJECTIVE_S
    assert opens < turn.shown < turn.safe < T + load("failover-slow").seconds
    for name in ("orders-primary", "catalogue", "sessions-001"):
        way = ways(model.set_of(named(name), T + 1), T + 1)
        assert (way.dark_s or 0) + (way.recovery_s or 0) > OBJECTIVE_S


def test_one_that_never_ends_is_shut_for_as_long_as_it_is_played_and_no_event_tells_of_it() -> None:
    model = played("failover-never-ends")
    (turn,) = model.turns.all
    assert turn.opens(turn.about) is None
    end = T + load("failover-never-ends").seconds
    assert model.door(turn.about, end) is Door.RECOVERING
    assert model.status(turn.about, end) == "failing-over"
    assert not [each for each in model.happenings(T, end) if each.machine.id == turn.about]
    assert ways(model.set_of(named("orders-primary"), T + 1), T + 1).never_ends


def test_nobody_asked_for_three_and_each_is_over_and_told_in_its_own_way() -> None:
    model = played("failover-unplanned")
    end = T + load("failover-unplanned").seconds
    assert [turn.about for turn in model.turns.all] == ["catalogue", "sessions-001", "billing"]
    for turn in model.turns.all:
        assert turn.opens(turn.about) is not None
        assert turn.shown < end
    texts = [each.text for each in model.happenings(T, end) if "ailover" in each.text]
    assert texts.index("Multi-AZ instance failover completed") < texts.index("Multi-AZ instance failover started.")
    assert sum("to replica node sessions-002" in text for text in texts) == 4  # of node and group, each twice
    assert not any("DB instance: catalogue" in text for text in texts)


@pytest.mark.parametrize("name", ["orders-primary", "customers"])
def test_aws_has_the_last_word(name: str) -> None:
    with emulating("failover-refused") as world:
        world.forward(10)
        rds, refused = world.client("rds"), ""
        try:
            rds.reboot_db_instance(DBInstanceIdentifier=name, ForceFailover=True)
        except rds.exceptions.InvalidDBInstanceStateFault as error:
            refused = code(error)
        world.forward(60)
        told = rds.describe_events(SourceIdentifier=name, SourceType="db-instance", Duration=5)["Events"]
        (described,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert described["DBInstanceStatus"] == "available"
    assert bool(refused) is (name == "orders-primary")
    assert ["recently occurred" in each["Message"] for each in told] == ([] if refused else [True])
