"""Rates from a plan cache in which plans come and go: never below nothing, never more than was run."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.queries.cache import MOST_ROWS, PlanCache
from collectors.sqlserver.queries.looked import Looked
from tests.collectors.sqlserver.queries.cached_plans import CachedPlans

BILLING = ResourceId(Safe("billing"))
STATEMENT = st.integers(0, 4)
RUN = st.tuples(st.just("run"), STATEMENT, st.integers(1, 1_000))
STEADY = st.one_of(RUN, st.tuples(st.just("another_plan"), STATEMENT, st.just(0)))
ANYTHING = st.one_of(
    RUN,
    RUN,
    st.tuples(st.just("another_plan"), STATEMENT, st.just(0)),
    st.tuples(st.just("evict"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("recompile"), st.integers(0, 9), st.just(0)),
    st.tuples(st.sampled_from(["clear", "fail_over"]), st.just(0), st.just(0)),
)
PAUSE_S = st.sampled_from([60.0, 60.0, 60.0, 30.0, 400.0])


def do(server: CachedPlans, step: tuple[str, int, int]) -> None:
    what, n, times = step
    server.t += 0.5
    match what:
        case "run":
            server.run(n, times, 700)
        case "clear" | "fail_over":
            getattr(server, what)()
        case _:
            getattr(server, what)(n)


async def look(cache: PlanCache, server: CachedPlans, passed: float | None) -> Looked:
    server.t += 0.5
    found = (await cache.look(server, BILLING, passed)).looked
    server.t += 0.5
    return found


def executions(looked: Looked) -> dict[int, float]:
    seconds = looked.interval_s or 0.0
    return {int(ran.hash, 16): rate.executions * seconds for ran, rate in looked.rates.items()}


@given(st.lists(st.tuples(st.lists(ANYTHING, max_size=12), PAUSE_S), max_size=12))
@settings(deadline=None)
async def test_no_rate_is_negative_and_none_is_more_than_was_run(
    history: list[tuple[list[tuple[str, int, int]], float]],
) -> None:
    server, cache, passed = CachedPlans(), PlanCache(), None
    for steps, pause in history:
        for step in steps:
            do(server, step)
        looked = await look(cache, server, passed)
        for statement, told in executions(looked).items():
            assert 0 < told <= server.ran.get(statement, 0) * (1 + 1e-9)
        for ran, rate in looked.rates.items():
            assert min(rate.cpu_ms, rate.elapsed_ms, rate.reads, rate.rows) >= 0
            run_ms = 0.7 * server.ran[int(ran.hash, 16)]
            assert rate.cpu_ms * (looked.interval_s or 0.0) <= run_ms * (1 + 1e-9)
        server.ran.clear()
        server.t += pause
        passed = pause + 2


@given(st.lists(st.tuples(st.lists(STEADY, max_size=12), PAUSE_S), max_size=12))
@settings(deadline=None)
async def test_all_that_was_run_is_told_where_no_plan_was_thrown_out(
    history: list[tuple[list[tuple[str, int, int]], float]],
) -> None:
    server, cache, passed = CachedPlans(), PlanCache(), None
    for steps, pause in history:
        for step in steps:
            do(server, step)
        looked = await look(cache, server, passed)
        if passed is not None:
            assert {n: round(told) for n, told in executions(looked).items()} == server.ran
        server.ran.clear()
        server.t += pause
        passed = pause + 20  # what was run is half a second each


async def test_the_first_look_has_nothing_to_compare_with_and_neither_has_the_first_at_another_node() -> None:
    server, cache = CachedPlans(), PlanCache()
    server.run(1, 50, 700)
    first = await look(cache, server, None)
    assert (first.interval_s, dict(first.rates)) == (None, {})
    server.t += 60
    server.fail_over()
    server.run(1, 5_000, 700)
    server.t += 1
    other = await look(cache, server, 60)
    assert (other.interval_s, dict(other.rates)) == (None, {})


async def test_what_one_node_has_counted_is_no_baseline_for_the_other() -> None:
    server, cache = CachedPlans(), PlanCache()
    server.run(1, 1_000, 700)
    server.t += 50_000
    server.fail_over()
    server.run(1, 10, 700)
    server.t += 1
    await look(cache, server, None)
    server.t += 1_000
    server.fail_over()  # where the statement has not run lately
    assert executions(await look(cache, server, 1_000)) == {}
    server.t += 30
    server.run(1, 3, 700)
    assert executions(await look(cache, server, 30)) == {}


async def test_a_statement_that_slept_comes_back_with_what_it_ran_and_not_with_its_history() -> None:
    server, cache = CachedPlans(), PlanCache()
    server.run(1, 1_000_000, 700)
    await look(cache, server, None)
    for _ in range(10):
        server.t += 60
        assert executions(await look(cache, server, 60)) == {}
    server.t += 30
    server.run(1, 7, 700)
    server.t += 30
    assert {n: round(told) for n, told in executions(await look(cache, server, 60)).items()} == {1: 7}


async def test_what_was_forgotten_because_the_answer_was_cut_makes_no_spike() -> None:
    server, cache = CachedPlans(), PlanCache()
    server.run(0, 1_000_000, 700)
    server.t += 1
    await look(cache, server, None)
    server.t += 200
    for n in range(1, MOST_ROWS + 1):
        server.run(n, 1, 700)
    assert not (await look(cache, server, 200)).is_whole
    server.t += 60
    server.plans = server.plans[:1]
    server.run(0, 3, 700)
    assert executions(await look(cache, server, 60)) == {}


async def test_it_asks_only_for_what_ended_lately() -> None:
    server, cache = CachedPlans(), PlanCache()
    await look(cache, server, None)
    await look(cache, server, 60)
    (first, wide), (second, narrow) = server.asked
    assert str(first).startswith("9999")
    assert str(second).startswith("2023-11-14")
    assert (wide, narrow) == (-86_400, -180)
