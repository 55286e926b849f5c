"""What a database goes through, as scripts: pure, and asked at any time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.knock.knock import Door
from console.demo.architect import GROUPS
from console.demo.course import Course
from console.demo.emulator.journal import Journal
from console.demo.emulator.ledger import Done, Ledger
from console.demo.inventory import MACHINES
from console.demo.lifecycle import cache_failover, cluster_failover, failover, promotion, restart, snapshot
from console.demo.model import Model
from console.demo.ways import Ways
from tests.demo.emulator.cloudwatch_answering import named

T = 1_795_262_417.0
COMPLETED = "Multi-AZ instance failover completed"
PRIMARY = next(m for m in MACHINES if m.id == "orders-primary")
CATALOGUE = next(m for m in MACHINES if m.id == "catalogue")
REPLICA = next(m for m in MACHINES if m.id == "orders-replica-1")
NODE = next(m for m in MACHINES if m.id == "sessions-001")
LEDGER = next(m for group in GROUPS for m in group if m.id == "ledger")
begun = st.floats(min_value=1.7e9, max_value=1.9e9)


def courses(t: float) -> dict[str, Course]:
    return {
        "restart": restart(PRIMARY, t),
        "failover": failover(PRIMARY, t),
        "by itself": failover(PRIMARY, t, by_itself=True),
        "of postgres": failover(LEDGER, t),
        "cluster": cluster_failover(CATALOGUE, t, named("catalogue-1"), named("catalogue-2"), crosses=True),
        "cache": cache_failover(NODE, t, named("sessions-002")),
        "promotion": promotion(REPLICA, t, backs_up=True),
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
    for machine in (PRIMARY, LEDGER):
        course = failover(machine, t)
        completed = next(told.t - t for told in course.events(t) if told.text == COMPLETED)
        assert not course.has_switched(completed)
        assert course.has_switched(course.length)
        assert course.status(course.switches_at or 0) == "rebooting"
    assert not any(restart(PRIMARY, t).has_switched(since) for since in (0, 50, 500))


@given(begun)
def test_of_a_cluster_the_old_writer_restarts_and_the_new_one_is_named(t: float) -> None:
    events = list(courses(t)["cluster"].events(t))
    assert [told.about for told in events if told.text.startswith("DB instance")] == ["catalogue-1", "catalogue-1"]
    assert [told.text for told in events if told.about is None] == [
        "Started cross AZ failover to DB instance: catalogue-2",
        "Completed failover to DB instance: catalogue-2",
    ]


@given(st.lists(st.floats(min_value=0, max_value=10_000), min_size=1, max_size=6), st.floats(0, 12_000))
def test_an_even_number_of_failovers_is_none(starts: list[float], later: float) -> None:
    model = Model(1, T)
    ledger = Ledger(model, Journal())
    for start in starts:
        ledger.enter(Done(T + start, PRIMARY, "RebootDBInstance", failover(PRIMARY, T + start)))
    over = sum(failover(PRIMARY, T + s).has_switched(later - s) for s in starts)
    assert (model.az(PRIMARY.id, T + later) == PRIMARY.standby_az) is (over % 2 == 1)


def test_the_latest_failover_of_a_cluster_decides() -> None:
    model = Model(1, T)
    ledger = Ledger(model, Journal())
    one, two = named("catalogue-1"), named("catalogue-2")
    for n, (writer, reader) in enumerate([(one, two), (two, one)]):
        t = T + 100 * n
        course = cluster_failover(CATALOGUE, t, writer, reader, crosses=True)
        ledger.enter(Done(t, CATALOGUE, "FailoverDBCluster", course, target=reader))
    for shown in (model.shown_at, model.all_at):
        writers = [[m.id for m in shown(T + after).values() if m.role == "writer"] for after in (0, 60, 100, 160)]
        assert writers == [[one], [two], [two], [one]]


def test_the_past_does_not_know_what_was_done_later() -> None:
    model = Model(1, T)
    ledger = Ledger(model, Journal())
    ledger.enter(Done(T, PRIMARY, "RebootDBInstance", restart(PRIMARY, T)))
    assert ledger.status(PRIMARY.id, T - 1) is None
    assert ledger.status(PRIMARY.id, T) == "rebooting"
    assert list(ledger.happenings(model, T - 100, T, T)) == []
    shutdown, restarted = ledger.happenings(model, T, T + 600, T + 600)
    assert (shutdown.text, restarted.text) == ("DB instance shutdown", "DB instance restarted")
    assert list(ledger.happenings(model, shutdown.t, restarted.t, T + 600)) == [restarted]


@given(begun)
def test_every_door_that_shuts_opens_again_and_goes_from_shut_to_open(t: float) -> None:
    for course in courses(t).values():
        for endpoint in {spell.endpoint for spell in course.doors}:
            spells = [spell for spell in course.doors if spell.endpoint == endpoint]
            doors = [spell.door for spell in spells]
            assert [spell.after for spell in spells] == sorted(spell.after for spell in spells)
            assert (doors[0], doors[-1]) == (Door.DARK, None)
            assert doors[1:-1] in ([], [Door.RECOVERING], [Door.RECOVERING, Door.READ_ONLY])


@given(begun, st.floats(0, 300), st.floats(0.1, 900), st.floats(0.1, 60))
def test_each_length_is_as_it_is_set(t: float, dark: float, recovery: float, reads: float) -> None:
    way = Ways(dark_s=dark, recovery_s=recovery, read_only_s=reads, swap_s=700, standby_sync_s=1000)
    for machine in (PRIMARY, LEDGER):
        course = failover(machine, t, way)
        begins, recovers, read_only, opens = (spell.after for spell in course.doors)
        assert [round(recovers - begins, 6), round(read_only - recovers, 6)] == [round(dark, 6), round(recovery, 6)]
        assert round(opens - read_only, 6) == round(reads, 6)
        assert course.switches_at == opens + 700
        assert course.safe == opens + 1000
        assert course.status(opens + 600) is None  # available, and AWS shows the old zones still


def test_one_that_never_ends_recovers_for_ever_and_nobody_has_the_role() -> None:
    way = Ways(never_ends=True)
    one, two = named("catalogue-1"), named("catalogue-2")
    found = {
        "rebooting": failover(PRIMARY, T, way),
        "failing-over": cluster_failover(CATALOGUE, T, one, two, way, crosses=True),
        "modifying": cache_failover(NODE, T, named("sessions-002"), way),
    }
    for status, course in found.items():
        assert course.status(30 * 86_400) == status
        assert course.switches_at is None
        assert not any(spell.door in (None, Door.OPEN) for spell in course.doors)
        assert not any("ompleted" in told.text for told in course.events(T))


def test_events_come_in_each_way_that_a_scenario_may_want() -> None:
    usual = [(told.t - T, told.text) for told in failover(LEDGER, T).events(T)]

    def told(way: Ways) -> list[tuple[float, str]]:
        return [(each.t - T, each.text) for each in failover(LEDGER, T, way).events(T)]

    assert told(Ways(events="missing")) == []
    doubled = told(Ways(events="doubled"))
    assert sorted(text for _, text in doubled) == sorted(text for _, text in usual for _ in range(2))
    disordered = told(Ways(events="disordered"))
    assert [text for _, text in disordered] == [text for _, text in reversed(usual)]
    assert [after for after, _ in disordered] == [after for after, _ in usual]
    late = list(failover(LEDGER, T, Ways(events="late")).events(T))
    assert [(each.t - T, each.text) for each in late] == usual
    assert {round(each.seen - each.t) for each in late} == {3600}


def test_one_that_is_not_attempted_changes_nothing_and_says_so() -> None:
    course = failover(PRIMARY, T, Ways(not_attempted=True))
    assert (course.doors, course.moves, course.switches_at, course.status(1)) == ((), None, None, None)
    (told,) = course.events(T)
    assert told.text.startswith("Amazon RDS is not attempting a requested failover because a failover recently")
