"""What keeps a pane from being believed is said with its reason and its remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.safe import Safe
from console.protocol.res import Res
from console.protocol.status import CollectorState, Status
from console.screen.condition import Kind, condition
from console.screen.picture import Picture

NOW = 1_000_000_000
ORDERS = Safe("orders")


def res() -> Res:
    words = {name: Safe(name) for name in ("role", "status", "az", "account")}
    return Res(kind=Safe("instance"), engine=Safe("sqlserver-se"), region=Safe("eu-west-1"), seen=NOW, **words)


def collector(state: str, target: str = "orders", **more: object) -> CollectorState:
    return CollectorState.model_validate(
        {"name": "waits", "target": target, "state": state, "since": NOW - 60_000, **more}
    )


def picture(*collectors: CollectorState, paused: bool = False) -> Picture:
    status = Status(online=True, collectors=collectors, paused=paused)
    return Picture("live", 5.0, NOW, 0.0, None, status, {ORDERS: res()}, {})


def test_what_is_well_has_no_condition() -> None:
    assert condition(picture(collector("ok")), ORDERS, "waits") is None


def test_a_collector_of_the_place_counts_as_one_of_the_resource() -> None:
    assert condition(picture(collector("ok", "eu-west-1.default")), ORDERS, "waits") is None
    found = condition(picture(collector("failing", "us-east-1.default")), ORDERS, "waits")
    assert found is not None
    assert found.kind is Kind.ABSENT


def test_denied_names_since_when_the_grant_and_the_remedy() -> None:
    denied = collector("denied", error="AWS says no.", grant="cloudwatch:GetMetricData", mend="Ask for it.")
    found = condition(picture(denied), ORDERS, "waits")
    assert found is not None
    assert found.kind is Kind.DENIED
    assert found.words == "waits is denied for 1m: AWS says no. It needs cloudwatch:GetMetricData."
    assert found.mend == "Ask for it."


@pytest.mark.parametrize(("state", "kind"), [("failing", Kind.BROKEN), ("late", Kind.STALE), ("pending", Kind.LOADING)])
def test_each_state_is_a_kind_of_its_own(state: str, kind: Kind) -> None:
    found = condition(picture(collector(state)), ORDERS, "waits")
    assert found is not None
    assert found.kind is kind


def test_of_two_collectors_the_worse_one_is_told() -> None:
    both = picture(collector("ok"), collector("failing", "eu-west-1.default", error="It broke."))
    found = condition(both, ORDERS, "waits")
    assert found is not None
    assert "It broke." in found.words


def test_a_pause_goes_before_everything_that_follows_from_it() -> None:
    found = condition(picture(collector("failing"), paused=True), ORDERS, "waits")
    assert found is not None
    assert found.kind is Kind.PAUSED
    one = condition(picture(collector("late", paused=True)), ORDERS, "waits")
    assert one is not None
    assert one.words == "waits is paused."


def test_a_lost_engine_makes_all_stale_and_a_resource_that_went_is_gone() -> None:
    lost = condition(replace(picture(collector("ok")), contact="lost", contact_s=12.0), ORDERS, "waits")
    assert lost is not None
    assert (lost.kind, "12s" in lost.words) == (Kind.STALE, True)
    gone = condition(picture(), "billing", "waits")
    assert gone is not None
    assert gone.kind is Kind.GONE


def test_where_nobody_asks_it_says_what_it_waits_for() -> None:
    found = condition(picture(), ORDERS, "activity")
    assert found is not None
    assert found.words == "Waits for a collector of activity: this engine has none for sqlserver-se."


def test_a_sql_server_that_nobody_looks_into_is_told_how_it_could_be() -> None:
    found = condition(picture(), ORDERS, "sessions")
    assert found is not None
    assert (found.kind, found.mend) == (Kind.ABSENT, "[[sqlserver]] of the profile says how it is logged in to.")


@pytest.mark.parametrize(
    ("engine", "section"),
    [("sqlserver-ee", "sqlserver"), ("aurora-postgresql", "postgres"), ("mariadb", "mysql"), ("valkey", "redis")],
)
def test_of_replication_any_engine_could_tell_that_is_logged_in_to(engine: str, section: str) -> None:
    seen = replace(picture(), resources={ORDERS: res().model_copy(update={"engine": Safe(engine)})})
    found = condition(seen, ORDERS, "replica-lag")
    assert found is not None
    assert found.mend == f"[[{section}]] of the profile says how it is logged in to."
