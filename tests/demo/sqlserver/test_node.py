"""Which node answers, through a failover and as a scenario has it."""

from __future__ import annotations

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.causes import FAILOVER_S
from console.demo.scenario.script import Entry, Given, Script
from console.demo.sqlserver.node import node

START = 1_773_223_200.0
ORDERS = ResourceId(Safe("orders-primary"))


def model(*entries: Entry) -> Model:
    return Model(1, START, MACHINES, Script(entries))


def test_after_a_failover_the_other_node_answers_with_counters_of_its_own() -> None:
    played = model(Entry(START + 60, ORDERS, cause="failover"))
    before, during, after = (node(played, ORDERS, START + t) for t in (59, 61, 60 + FAILOVER_S))
    assert before == during
    assert before.name != after.name
    assert before.started < after.started < START


def test_a_scenario_names_the_node_and_turns_its_clock() -> None:
    sets = {
        "server.ComputerNamePhysicalNetBIOS": Given("EC2AMAZ-OTHER"),
        "server.wait_stats_cleared": Given(1),
        "server.clock_offset_s": Given(-300),
    }
    found = node(model(Entry(START + 60, ORDERS, sets=sets)), ORDERS, START + 61)
    assert (found.name, found.clears, found.clock_offset_s) == ("EC2AMAZ-OTHER", 1.0, -300.0)
