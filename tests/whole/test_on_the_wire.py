"""The demo's SQL Servers asked over TDS: the same estate, by each driver, and what the header says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rig.dbconsole import environment, run
from tests.rig.tds import FREETDS, MICROSOFT, driver
from tests.rig.terminal import wait_until
from tests.whole.running import demo, one_line

INSIDE = {
    *("waits", "sessions", "files", "memory", "counters", "deadlocks", "queries", "indexes", "platform"),
    *("replica-lag", "backups-inside"),
}


@pytest.mark.parametrize("name", [FREETDS, MICROSOFT])
def test_each_driver_answers_every_collector(folder: Path, name: str) -> None:
    asked_by = ("--wire", "--driver", driver(name).named)
    done = run("demo", "--check", "--json", "--seconds", "90", *asked_by, env=environment(folder))
    assert (done.returncode, done.stderr) == (0, "")
    told = [each for each in json.loads(done.stdout)["collectors"] if each["name"] in INSIDE]
    assert {each["name"] for each in told} == INSIDE
    assert [each for each in told if each["state"] != "ok"] == []


def test_the_header_says_so_and_the_cost_screen_by_which_driver(folder: Path) -> None:
    named = driver(FREETDS).named
    with demo(folder, "--wire", "--driver", named) as terminal:
        terminal.wait_for("DEMO TDS")
        terminal.press("6")
        terminal.wait_for("libtdsodbc.so: The connection is not encrypted")
        terminal.press("q", "q")
        assert terminal.status() == 0


def test_a_driver_that_is_not_there_is_said_and_the_demo_answers_in_process(folder: Path) -> None:
    with demo(folder, "--wire", "--driver", "No Such Driver") as terminal:
        terminal.wait_for("The demo answers in process: There is no ODBC driver named No Such Driver.")
        terminal.press("6")
        wait_until(lambda: "in process" in terminal.text(), terminal.text)
        terminal.press("q", "q")
        assert terminal.status() == 0


def test_a_driver_without_the_wire_is_a_mistake(folder: Path) -> None:
    done = run("demo", "--check", "--driver", "FreeTDS", env=environment(folder))
    assert done.returncode == 3
    one_line(done.stderr, "`--driver` goes with `--wire`.", "Add `--wire`")


def test_a_fault_of_the_scenario_is_met_on_the_wire(folder: Path) -> None:
    driver(FREETDS)
    scenario = folder / "denied.toml"
    scenario.write_text(
        'name = "denied"\nestate = "resilient-database"\n'
        '[[at]]\nseconds = 30\nresource = "billing"\nfault = "access-denied"\ncollector = "waits"\n',
        encoding="utf-8",
    )
    done = run("demo", str(scenario), "--check", "--json", "--seconds", "90", "--wire", env=environment(folder))
    told = {(each["name"], each["target"]): each for each in json.loads(done.stdout)["collectors"]}
    denied = told["waits", "billing"]
    assert denied["state"] == "denied"
    assert "VIEW SERVER STATE" in denied["error"]
    assert told["sessions", "billing"]["state"] == told["waits", "customers"]["state"] == "ok"
