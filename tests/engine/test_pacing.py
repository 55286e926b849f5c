"""State is published on change, at most once a second for each topic, every minute anyway, and never in a burst."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.engine.pacing import LEAST_APART_S, MOST_PER_S, REFRESH_S, Pacing


def test_a_topic_that_changes_twice_in_a_second_waits_for_the_next() -> None:
    pacing = Pacing()
    assert pacing.due(["res/a"], 0.0) == ["res/a"]
    assert pacing.due(["res/a"], 0.5) == []
    assert pacing.due(["res/a"], 1.0) == ["res/a"]


def test_what_finds_no_room_comes_with_the_next_second() -> None:
    pacing = Pacing()
    wanted = [f"res/{n}" for n in range(200)]
    first = pacing.due(wanted, 0.0)
    second = pacing.due([t for t in wanted if t not in first], 1.0)
    assert len(first) == len(second) == MOST_PER_S
    assert not set(first) & set(second)


def test_every_topic_is_refreshed_within_about_a_minute_and_never_all_at_once() -> None:
    pacing = Pacing()
    topics = [f"res/{n}" for n in range(60)]
    pacing.due(topics, 0.0)
    refreshed: list[str] = []
    for second in range(1, int(REFRESH_S) + 1):
        now = pacing.due([], float(second))
        assert len(now) <= 2
        refreshed += now
    assert set(refreshed) == set(topics)


@given(st.lists(st.tuples(st.sets(st.integers(0, 300)), st.floats(0.0, 5.0)), max_size=60))
def test_no_history_of_wishes_breaks_the_limits(history: list[tuple[set[int], float]]) -> None:
    pacing, now, last = Pacing(), 0.0, dict[str, float]()
    for wanted, pause in history:
        now += pause
        chosen = pacing.due([f"res/{n}" for n in sorted(wanted)], now)
        assert len(chosen) <= MOST_PER_S
        assert len(set(chosen)) == len(chosen)
        for topic in chosen:
            assert now - last.get(topic, -LEAST_APART_S) >= LEAST_APART_S
            last[topic] = now
