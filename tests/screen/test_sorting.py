"""Do the rows stand where they are expected, and stay there while somebody reads them?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.protocol.res import Backup, Replication, Res, Value
from console.screen.sorting import KEPT_S, KEYS, Order, in_order, ordered
from tests.screen.estate import NOW, res, with_cpu


def names(resources: dict[str, Res], column: str = "level", *, reverse: bool = False) -> list[str]:
    return [name for name, _ in in_order(resources.items(), column, reverse=reverse)]


def test_the_worst_stands_first_then_what_cannot_be_seen_then_clusters_together() -> None:
    estate = {
        "a-well": with_cpu(1),
        "b-unseen": with_cpu(None),
        "c-warning": with_cpu(1, level="warning"),
        "d-critical": with_cpu(1, level="critical"),
        "m-member-2": with_cpu(1, cluster="b"),
        "b": with_cpu(1),
        "k-well": with_cpu(1),
    }
    assert names(estate) == ["d-critical", "c-warning", "b-unseen", "a-well", "b", "m-member-2", "k-well"]


def test_by_a_value_what_has_none_stands_at_the_end_either_way() -> None:
    estate = {"idle": with_cpu(1), "busy": with_cpu(90), "table": res(kind="table"), "unseen": with_cpu(None)}
    assert names(estate, "cpu") == ["busy", "idle", "unseen", "table"]
    assert names(estate, "cpu", reverse=True) == ["idle", "busy", "unseen", "table"]


def test_the_oldest_backup_and_the_latest_turn_stand_first() -> None:
    old, new = (Backup(retention_s=1, restorable=NOW - age) for age in (9_000, 1_000))
    assert names({"new": res(backup=new), "old": res(backup=old), "none": res()}, "backup") == ["old", "new", "none"]
    assert names({"long": res(since=NOW - 9), "just": res(since=NOW), "well": res()}, "since")[0] == "just"


def test_equals_stand_as_they_do_by_level() -> None:
    estate = {"a": res(), "b": res(level="high"), "c": res(engine="mysql", level="warning")}
    assert names(estate, "engine") == ["c", "b", "a"]


busy = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 100) | st.none(), min_size=1)


@given(busy, st.sampled_from(sorted(KEYS)), st.booleans())
def test_each_column_sorts_everything_there_is(values: dict[str, float | None], column: str, reverse: bool) -> None:
    estate = {name: with_cpu(value) for name, value in values.items()}
    assert sorted(names(estate, column, reverse=reverse)) == sorted(estate)


def by_cpu(before: Order | None, now: float, **values: float | None) -> Order:
    return ordered(before, [(name, with_cpu(value)) for name, value in values.items()], "cpu", now)


def test_rows_do_not_change_places_each_second_and_do_after_ten() -> None:
    first = by_cpu(None, 100.0, a=50, b=40)
    assert by_cpu(first, 101.0, a=30, b=40).names == ("a", "b")
    assert by_cpu(first, 100.0 + KEPT_S, a=30, b=40).names == ("b", "a")


def test_a_level_that_changes_or_a_row_that_comes_is_no_reason_to_wait() -> None:
    first = by_cpu(None, 100.0, a=50, b=40)
    worse = ordered(first, [("a", with_cpu(30)), ("b", with_cpu(40, level="high"))], "cpu", 101.0)
    assert worse.names == ("b", "a")
    assert by_cpu(first, 101.0, a=30, b=40, c=99).names == ("c", "b", "a")


def test_asking_for_another_order_gives_it_at_once() -> None:
    first = by_cpu(None, 100.0, a=50, b=40)
    pairs = [("a", with_cpu(30)), ("b", with_cpu(40))]
    assert ordered(first, pairs, "name", 101.0).names == ("a", "b")
    assert ordered(first, pairs, "cpu", 101.0, reverse=True).names == ("a", "b")


def test_what_does_not_move_is_never_out_of_order() -> None:
    first = ordered(None, [("a", res()), ("b", res(cluster="a"))], "level", 100.0)
    assert ordered(first, [("a", res()), ("b", with_cpu(None))], "level", 100.1).names == ("b", "a")


@pytest.mark.parametrize("speed", [0.3, 1.0, 4.0])
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=30))
def test_two_changes_of_places_are_ten_seconds_apart(speed: float, values: list[tuple[float, float]]) -> None:
    order, turns = None, []
    for step, (a, b) in enumerate(values):
        new = by_cpu(order, step * speed, a=a, b=b)
        if order is not None and new.names != order.names:
            turns.append(step * speed)
        order = new
    assert all(after - before >= KEPT_S for before, after in pairwise([0.0, *turns]))


def test_a_dead_link_is_further_behind_than_any_number() -> None:
    def behind(state: str, lag: float | None) -> Res:
        value = Value(v=lag, t=0, u=Safe("Seconds"))
        return res(replication=Replication(source="x", state=state), values={"replica.lag_s": value})

    pairs = [("near", behind("behind", 1.0)), ("far", behind("behind", 900.0)), ("dead", behind("silent", None))]
    assert [name for name, _ in in_order([*pairs, ("none", res())], "lag")] == ["dead", "far", "near", "none"]
