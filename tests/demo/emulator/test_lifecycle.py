"""What a database goes through, as scripts: pure, and asked at any time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.demo.emulator.journal import Journal
from console.demo.emulator.ledger import Done, Ledger
from console.demo.emulator.lifecycle import Course, cluster_failover, failover, restart, snapshot
from console.demo.inventory import MACHINES
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import named

T = 1_795_262_417.0
PRIMARY = next(m for m in MACHINES if m.id == "orders-primary")
CATALOGUE = next(m for m in MACHINES if m.id == "catalogue")
begun = st.floats(min_value=1.7e9, max_value=1.9e9)


def courses(t: float) -> dict[str, Course]:
    return {
        "restart": restart("orders-primary", t),
        "failover": failover("orders-primary", t),
        "cluster": cluster_failover("catalogue", t, named("catalogue-1"), named("catalogue-2"), crosses=True),
        "snapshot": snapshot("billing", t, told=("begins", "ends"), seconds=60),
    }


@given(begun)
def test_a_course_goes_in_its_order_and_ends(t: float) -> None:
    for course in courses(t).values():
        times = [step.after for step in course.steps]
        assert times == sorted(times)
        assert times[0] == 0
        assert course.status(0) is not None
        assert course.status(course.length) is None
        assert course.status(-0.001) is None


@given(begun)
def test_the_same_beginning_has_the_same_course(t: float) -> None:
    assert courses(t) == courses(t)


@given(begun)
def test_zones_change_after_the_failover_is_told_complete_and_before_it_is_over(t: float) -> None:
    course = failover("orders-primary", t)
    told = {text: at - t for at, text, _ in course.events(t)}
    completed = told["Multi-AZ instance failover completed"]
    assert told["Multi-AZ instance failover started"] < told["DB instance restarted"] < completed
    assert not course.has_switched(completed)
    assert course.has_switched(course.length)
    assert not any(restart("orders-primary", t).has_switched(since) for since in (0, 50, 500))


@given(begun)
def test_of_a_cluster_the_old_writer_restarts_and_the_new_one_is_named(t: float) -> None:
    events = list(courses(t)["cluster"].events(t))
    assert [about for _, text, about in events if text.startswith("DB instance")] == ["catalogue-1", "catalogue-1"]
    assert [text for _, text, about in events if about is None] == [
        "Started cross AZ failover to DB instance: catalogue-2",
        "Completed failover to DB instance: catalogue-2",
    ]


@given(st.lists(st.floats(min_value=0, max_value=10_000), min_size=1, max_size=6), st.floats(0, 12_000))
def test_an_even_number_of_failovers_is_none(starts: list[float], later: float) -> None:
    ledger = Ledger(Model(1, T), Journal())
    for start in starts:
        ledger.enter(Done(T + start, PRIMARY, "RebootDBInstance", failover(PRIMARY.id, T + start)))
    over = sum(failover(PRIMARY.id, T + s).has_switched(later - s) for s in starts)
    assert ledger.is_other_way_round(PRIMARY.id, T + later) is (over % 2 == 1)
    assert ledger.is_other_way_round(CATALOGUE.id, T + later) is False


def test_the_latest_failover_of_a_cluster_decides() -> None:
    ledger = Ledger(Model(1, T), Journal())
    one, two = named("catalogue-1"), named("catalogue-2")
    for n, (writer, reader) in enumerate([(one, two), (two, one)]):
        t = T + 100 * n
        course = cluster_failover(CATALOGUE.id, t, writer, reader, crosses=True)
        ledger.enter(Done(t, CATALOGUE, "FailoverDBCluster", course, target=reader))
    assert [ledger.writer(CATALOGUE.id, T + after) for after in (0, 60, 100, 160)] == [None, two, two, one]


def test_the_past_does_not_know_what_was_done_later() -> None:
    model = Model(1, T)
    ledger = Ledger(model, Journal())
    ledger.enter(Done(T, PRIMARY, "RebootDBInstance", restart(PRIMARY.id, T)))
    assert ledger.status(PRIMARY.id, T - 1) is None
    assert ledger.status(PRIMARY.id, T) == "rebooting"
    assert list(ledger.happenings(model, T - 100, T)) == []
    shutdown, restarted = ledger.happenings(model, T, T + 600)
    assert (shutdown.text, restarted.text) == ("DB instance shutdown", "DB instance restarted")
    assert list(ledger.happenings(model, shutdown.t, restarted.t)) == [restarted]
