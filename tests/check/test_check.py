from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.check import demo_document, document, exit_code, nagios_line, verdict
from console.estate.estate import Estate
from console.estate.levels import DOWN
from console.estate.render import res_body
from console.estate.states import Source
from console.estate.times import to_ms
from console.protocol.meta import Meta
from console.protocol.res import Backup, Replication, Res, Value
from console.protocol.status import CollectorState, Cost, Status
from tests.demo.played import NOON, Stage

NOW = to_ms(NOON)
META = Meta(schema_version=1, started=NOW, version=Safe("0"), estate=Safe("resilient-database"), mode="demo")


def collector(state: str = "ok", **more: Any) -> CollectorState:
    return CollectorState.model_validate({"name": "cloudwatch", "target": "orders-primary", "state": state, **more})


def status(*states: str, **more: Any) -> Status:
    return Status(online=True, collectors=tuple(map(collector, states or ("ok",))), **more)


def res(values: dict[str, Value] | None = None, **more: Any) -> Res:
    place = {"az": "eu-west-1a", "region": "eu-west-1", "account": "111122223333"}
    what = {"kind": "instance", "engine": "sqlserver-ee", "role": "primary", "status": "available"}
    return Res.model_validate({**what, **place, "seen": NOW, "values": values or {}, **more})


def test_the_check_document_has_the_keys_that_were_promised() -> None:
    cpu = Value(v=41.0, t=NOW - 60_000, u=Safe("Percent"))
    values = {
        "cloudwatch.CPUUtilization": cpu,
        "wait.WRITELOG": Value(v=640.0, t=NOW, u=Safe("ms/s"), g=Safe("Tran Log IO")),
        "replica.lag_s": Value(v=0.2, t=NOW, u=Safe("Seconds")),
    }
    whole = res(
        values,
        replication=Replication(source=Safe("orders"), state=Safe("replicating")),
        backup=Backup(retention_s=1, restorable=NOW - 240_500, snapshot=NOW - 32_400_000),
    )
    told = document(META, status(cost=Cost(requests=3, metrics=40, usd=0.02)), {"orders-primary": whole}, NOW)
    assert told == {
        "schema_version": 1,
        "estate": "resilient-database",
        "at": "2026-03-11T12:00:00Z",
        "status": "OK",
        "resources": [
            {
                "id": "orders-primary",
                "kind": "instance",
                "engine": "sqlserver-ee",
                "role": "primary",
                "status": "available",
                "az": "eu-west-1a",
                "level": None,
                "why": [],
                "metrics": {
                    "CPUUtilization": {
                        "value": 41.0,
                        "unit": "Percent",
                        "at": "2026-03-11T11:59:00Z",
                        "state": "fresh",
                        "level": None,
                    }
                },
                "waits": [
                    {
                        "category": "Tran Log IO",
                        "type": "WRITELOG",
                        "ms_per_s": 640.0,
                        "percent": 100.0,
                        "state": "fresh",
                    }
                ],
                "replication": {"lag_s": 0.2, "state": "replicating"},
                "backup": {"rpo_s": 240, "last_snapshot": "2026-03-11T03:00:00Z", "restore_proof": None},
            }
        ],
        "findings": [],
        "alerts": [],
        "collectors": [{"name": "cloudwatch", "target": "orders-primary", "state": "ok", "error": None}],
        "cost": {
            "requests": 3,
            "metrics": 40,
            "usd": 0.02,
            "usd_today": 0.0,
            "usd_per_day": None,
            "budget_usd": None,
        },
        "notices": [],
    }


def test_the_document_of_a_play_has_the_keys_that_were_promised() -> None:
    assert demo_document(status("failing"), 600) == {
        "schema_version": 1,
        "scenario": None,
        "simulated_seconds": 600,
        "findings": [],
        "alerts": [],
        "actions": [],
        "collectors": [{"name": "cloudwatch", "target": "orders-primary", "state": "failing", "error": None}],
        "expect": {"met": True, "missing": [], "unexpected": []},
    }
    assert demo_document(None, 1, "log-volume-throttled")["scenario"] == "log-volume-throttled"


def test_what_does_not_apply_is_null_and_what_has_no_data_is_not_zero() -> None:
    values = {
        "cloudwatch.CPUUtilization": Value(v=None, t=NOW, s="none"),
        "cloudwatch.ReadIOPS": Value(v=0.0, t=NOW),
        "counter.User Connections": Value(v=7, t=NOW),
        "replica.lag_s": Value(v=3.0, t=NOW - 600_000, s="stale"),
        "wait.WRITELOG": Value(v=None, t=NOW, s="none"),
    }
    replica = res(values, replication=Replication(state=Safe("replicating")), backup=Backup(retention_s=0))
    bare, told = document(META, status(), {"a": res(), "b": replica}, NOW)["resources"]
    assert (bare["replication"], bare["backup"], bare["waits"], bare["metrics"]) == (None, None, [], {})
    assert told["metrics"]["CPUUtilization"]["value"] is None
    assert told["metrics"]["ReadIOPS"]["value"] == 0.0
    assert told["metrics"]["counter.User Connections"]["value"] == 7
    assert told["replication"] == {"lag_s": None, "state": "replicating"}  # an old lag is not the present one
    assert told["backup"]["rpo_s"] is None
    assert told["waits"] == []


def test_waits_come_from_the_most_waited_for_and_an_idle_server_waits_for_nothing() -> None:
    busy = {f"wait.{name}": Value(v=rate, t=NOW) for name, rate in (("A", 100.0), ("B", 300.0), ("C", 0.0))}
    idle = {"wait.A": Value(v=0.0, t=NOW)}
    first, second = document(META, status(), {"busy": res(busy), "idle": res(idle)}, NOW)["resources"]
    assert [(w["type"], w["percent"]) for w in first["waits"]] == [("B", 75.0), ("A", 25.0), ("C", 0.0)]
    assert [(w["category"], w["percent"]) for w in second["waits"]] == [("Unknown", 0.0)]


@pytest.mark.parametrize(
    ("told", "resources", "expected"),
    [
        (status(), {"a": res()}, "OK"),
        (status("ok", "late"), {"a": res()}, "OK"),
        (status("ok").model_copy(update={"unnamed": {"ok": 900, "late": 1}}), {"a": res()}, "OK"),
        (status("ok").model_copy(update={"unnamed": {"ok": 900, "denied": 1}}), {"a": res()}, "UNKNOWN"),
        (status("ok", "failing"), {"a": res()}, "UNKNOWN"),
        (status("ok", "denied"), {"a": res()}, "UNKNOWN"),
        (status("ok", "pending"), {"a": res()}, "UNKNOWN"),
        (status(), {}, "UNKNOWN"),
        (Status(online=True), {"a": res()}, "UNKNOWN"),
        (Status(online=False, collectors=(collector(),)), {"a": res()}, "UNKNOWN"),
        (None, {"a": res()}, "UNKNOWN"),
        (status(), {"a": res(status="backing-up")}, "OK"),
        (status(), {"a": res(), "b": res(status="storage-full")}, "CRITICAL"),
        (status("failing"), {"a": res(status="failed")}, "CRITICAL"),
    ],
)
def test_nothing_is_well_that_nobody_looks_at(told: Status | None, resources: dict[str, Res], expected: str) -> None:
    assert verdict(told, resources) == expected
    assert document(META, told, resources, NOW)["status"] == expected


def test_collectors_are_told_in_one_order_whoever_answered_first() -> None:
    names = [("waits", "a"), ("cloudwatch", "b"), ("cloudwatch", "a")]
    told = Status(online=True, collectors=tuple(collector(name=name, target=target) for name, target in names))
    assert [(c["name"], c["target"]) for c in demo_document(told, 1)["collectors"]] == sorted(names)


def test_a_source_whose_clock_is_ahead_loses_nothing_less_than_nothing() -> None:
    ahead = res(backup=Backup(retention_s=1, restorable=NOW + 30_000))
    assert document(META, status(), {"a": ahead}, NOW)["resources"][0]["backup"]["rpo_s"] == 0


def test_exit_codes_are_those_of_monitoring_systems() -> None:
    assert [exit_code(each) for each in ("OK", "WARNING", "CRITICAL", "UNKNOWN")] == [0, 1, 2, 3]


def test_what_keeps_the_engine_from_its_work_is_in_the_line() -> None:
    told = document(META, Status(online=True, notices=(Safe("No region is known."),)), {}, NOW)
    assert told["status"] == "UNKNOWN"
    assert "No region is known." in nagios_line(told)


@pytest.mark.parametrize(
    ("level", "said", "code"),
    [("critical", "CRITICAL", 2), ("high", "CRITICAL", 2), ("warning", "WARNING", 1), ("info", "OK", 0)],
)
def test_a_threshold_that_is_crossed_gives_the_verdict_and_is_named(level: str, said: str, code: int) -> None:
    crossed = res(level=level, why=("CPUUtilization over 90.0%",))
    told = document(META, status(), {"orders": crossed, "billing": res()}, NOW)
    assert told["status"] == said
    assert exit_code(told["status"]) == code
    assert f"orders {level}: CPUUtilization over 90.0%" in nagios_line(told)
    assert "beyond=1" in nagios_line(told)


def test_the_nagios_line_says_what_is_wrong_before_its_figures() -> None:
    assert nagios_line(document(META, status(), {"a": res()}, NOW)) == (
        "DBCONSOLE OK - resilient-database: 1 resources; 1 collectors answer "
        "| resources=1 beyond=0 down=0 collectors=1 blind=0"
    )
    denied = Status(online=True, collectors=(collector("denied", error="needs cloudwatch:GetMetricData | x\n\x1b[2J"),))
    line = nagios_line(document(META, denied, {"a": res(status="storage-full")}, NOW))
    assert line == (
        "DBCONSOLE CRITICAL - resilient-database: a is storage-full; 1 resources; 1 of 1 collectors do not see their "
        "target: cloudwatch of orders-primary is denied (needs cloudwatch:GetMetricData ¦ x␊␛[2J) "
        "| resources=1 beyond=0 down=1 collectors=1 blind=1"
    )


def test_the_nagios_line_counts_the_collectors_that_a_large_estate_does_not_name() -> None:
    many = status("ok").model_copy(update={"unnamed": {"ok": 900, "denied": 2}})
    line = nagios_line(document(META, many, {"a": res()}, NOW))
    assert "2 of 903 collectors do not see their target |" in line
    assert line.endswith("collectors=903 blind=2")


def test_the_nagios_line_of_many_troubles_stays_a_line() -> None:
    failing = Status(online=True, collectors=tuple(collector("failing", target=f"db-{n}") for n in range(40)))
    line = nagios_line(document(META, failing, {"a": res()}, NOW))
    assert "and 37 more" in line
    assert len(line) < 400


def test_where_no_engine_spoke_there_is_a_document_all_the_same() -> None:
    told = document(None, None, {}, NOW)
    assert (told["status"], told["estate"], told["resources"], told["collectors"]) == ("UNKNOWN", "", [], [])
    assert nagios_line(told).startswith("DBCONSOLE UNKNOWN - no estate: 0 resources")


async def test_the_embedded_estate_is_told_in_one_document_without_a_word_lost() -> None:
    stage, estate = Stage(), Estate()
    for reading in (*await stage.one_round(), *await stage.second_round("waits")):
        estate.fold(reading)
    sources = {collector.name: Source(collector.every, "ok") for collector, _ in stage.sources}
    bodies: dict[str, Res] = {about: res_body(each, NOW, sources) for about, each in estate.resources.items()}
    told = document(META, status(), bodies, NOW)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    by_id = {each["id"]: each for each in told["resources"]}
    assert len(by_id) == 12
    primary, replica = by_id["orders-primary"], by_id["orders-replica-1"]
    assert sum(wait["percent"] for wait in primary["waits"]) == pytest.approx(100, abs=0.1)
    assert primary["replication"] is None
    assert 0 < primary["backup"]["rpo_s"] < 600
    assert replica["replication"]["lag_s"] > 0
    assert replica["backup"] is None
    assert {metric["state"] for each in by_id.values() for metric in each["metrics"].values()} <= {"fresh", "none"}


finite = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.dictionaries(st.text(max_size=6).map("wait.".__add__), finite.map(lambda v: v if v is None else abs(v))))
def test_shares_of_waiting_are_between_nothing_and_all(rates: dict[str, float | None]) -> None:
    values = {name: Value(v=rate, t=NOW) for name, rate in rates.items()}
    (told,) = document(META, status(), {"a": res(values)}, NOW)["resources"]
    assert all(0 <= wait["percent"] <= 100 for wait in told["waits"])
    assert sum(wait["percent"] for wait in told["waits"]) <= 100 + 0.01 * len(rates)
    json.dumps(told, allow_nan=False)


@given(st.sampled_from(sorted(DOWN)), st.lists(st.sampled_from(["ok", "late", "failing", "denied", "pending"])))
def test_a_resource_that_aws_calls_down_is_critical_whoever_looks(word: str, states: list[str]) -> None:
    assert verdict(status(*states), {"a": res(), "b": res(status=word)}) == "CRITICAL"
