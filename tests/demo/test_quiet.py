"""An estate without a scenario is well: no threshold of its shipped profile is crossed, at any minute of a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.readings import ResourceId
from collectors.safe import Safe
from console import profiles
from console.demo.estates import ESTATES, machines_of
from console.demo.inventory import Machine
from console.demo.load import DAY
from console.demo.model import Model
from console.estate.levels import Limit
from console.profile_errors import shipped

MINUTE = 60
WEEK = 7 * 1440  # in minutes
MONDAY = datetime(2026, 11, 16, tzinfo=UTC).timestamp()
STRAY = 1.025  # a minute's maximum is a little beyond its middle, its minimum a little below
LIMITS = {name: profiles.limits(shipped(name)) for name in ESTATES}
BUSY_HOURS = (10, 11, 16)


def values(model: Model, machine: Machine, t: float) -> dict[str, float | None]:
    found: dict[str, float | None] = {f"cloudwatch.{name}": n for name, n in model.metrics(machine.id, t).items()}
    if machine.engine.startswith("sqlserver"):
        found |= {f"wait.{name}": rate.ms_per_s for name, rate in model.waits(machine.id, t).items()}
    return found | {"replica.lag_s": model.lag(machine.id, t)}


def crossed(model: Model, limits: list[Limit], t: float) -> Iterator[tuple[ResourceId, Safe, float]]:
    for machine in model.machines.values():
        found = values(model, machine, t)
        for limit in limits:
            value = found.get(str(limit.value))
            if value is None or not limit.concern.fits(machine.id, machine.engine, machine.kind):
                continue
            if value * STRAY >= limit.bound if limit.above else value <= limit.bound * STRAY:
                yield machine.id, limit.value, value


@pytest.mark.parametrize("name", tuple(ESTATES))
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, WEEK), st.lists(st.integers(0, WEEK), min_size=6, max_size=6))
def test_nothing_is_beyond_a_bound_at_any_minute(name: str, seed: int, begin: int, minutes: list[int]) -> None:
    start = MONDAY + MINUTE * begin
    model = Model(seed, start, machines_of(name))
    for minute in minutes:
        assert not list(crossed(model, LIMITS[name], start + MINUTE * minute + MINUTE / 2))


@pytest.mark.parametrize("name", tuple(ESTATES))
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 4), st.sampled_from(BUSY_HOURS), st.integers(0, 59))
def test_nor_in_the_busiest_hours(name: str, seed: int, day: int, hour: int, minute: int) -> None:
    model = Model(seed, MONDAY, machines_of(name))
    for later in range(0, 30, 5):
        t = MONDAY + DAY * day + 3600 * hour + MINUTE * (minute + later)
        assert not list(crossed(model, LIMITS[name], t))


@pytest.mark.parametrize("name", tuple(ESTATES))
def test_the_bounds_are_about_what_is_there(name: str) -> None:
    """Else the tests above would hold of an estate that nobody judges."""
    model = Model(1, MONDAY, machines_of(name))
    judged = {
        limit.value
        for machine in model.machines.values()
        for limit in LIMITS[name]
        if str(limit.value) in values(model, machine, MONDAY)
        and limit.concern.fits(machine.id, machine.engine, machine.kind)
    }
    assert len(judged) >= 13
    assert {"replica.lag_s", "cloudwatch.ReplicaLag", "cloudwatch.WriteThrottleEvents"} <= judged
