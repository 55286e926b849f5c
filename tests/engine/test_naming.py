"""Which collectors does a status name, where there are more than a message holds?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.job import Job
from collectors.safe import Safe, sanitise
from collectors.schedule.health import Health, State
from console.engine.naming import MOST_NAMED, UNWELL, Named, named

STATES: tuple[State, ...] = ("ok", "pending", *UNWELL)
PLACE = "eu-west-1.default"


def of(target: str, state: State = "ok", *, paused: bool = False) -> Health:
    return Health(Safe("waits"), sanitise(target), timedelta(seconds=5), state=state, paused=paused)


def choose(there: list[Health], *seen: str) -> Named:
    return named(there, lambda target: target == PLACE, lambda target: target in seen)


def test_all_are_named_as_long_as_they_fit() -> None:
    there = [of(f"db-{n}") for n in range(MOST_NAMED)]
    found = choose(there)
    assert tuple(found.healths) == tuple(there)
    assert not found.unnamed


def test_what_ails_what_is_paused_places_and_what_is_looked_at_are_named_before_the_rest() -> None:
    there = [of(f"db-{n}") for n in range(4 * MOST_NAMED)]
    there += [of("sick", "failing"), of("held", paused=True), of(PLACE), of("open")]
    found = choose(there, "open")
    assert [health.target for health in found.healths][-4:] == ["sick", "held", PLACE, "open"]
    assert len(found.healths) == MOST_NAMED
    assert found.unnamed == {"ok": 3 * MOST_NAMED + 4}


def test_where_everything_fails_what_is_looked_at_is_still_named() -> None:
    there = [of(f"db-{n}", "failing") for n in range(3 * MOST_NAMED)]
    found = choose([*there, of(PLACE), of("open")], "open")
    assert {PLACE, "open"} <= {str(health.target) for health in found.healths}
    assert found.unnamed == {"failing": 2 * MOST_NAMED + 2}


def test_long_errors_leave_room_for_fewer_and_first_for_whom_one_looks_at() -> None:
    there = [replace(of(f"db-{n}", "failing"), error=sanitise("x" * 4000)) for n in range(2 * MOST_NAMED)]
    found = choose([*there, of("open")], "open")
    assert 5 < len(found.healths) < 20
    assert found.healths[-1].target == "open"
    assert found.unnamed.total() == len(there) + 1 - len(found.healths)


@given(st.lists(st.sampled_from(STATES), min_size=MOST_NAMED - 3, max_size=MOST_NAMED + 200))
def test_none_is_lost_and_none_is_counted_twice(states: list[State]) -> None:
    there = [replace(of(f"db-{n}"), state=state) for n, state in enumerate(states)]
    found = choose(there)
    assert len(found.healths) + found.unnamed.total() == len(there)
    jobs = [Job(health.name, health.target) for health in found.healths]
    assert jobs == sorted(set(jobs), key=[Job(each.name, each.target) for each in there].index)
